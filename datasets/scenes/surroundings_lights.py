"""Street lamps and headlights: posts to be seen, and lights that shine."""

from __future__ import annotations

import math
from typing import TypeAlias

import bpy

from datasets.scenes.blender import BlenderObject, material
from datasets.scenes.footprints import size_of
from datasets.scenes.plan import Model, Road, Scene
from datasets.scenes.road_lines import cross_half_width, half_width
from datasets.scenes.road_mesh import Heap
from datasets.scenes.surroundings_room import is_free

Colour: TypeAlias = tuple[float, float, float]
HEADLIGHT_WATTS = 220.0
LAMP_COLOURS: tuple[Colour, ...] = ((1.0, 0.72, 0.42), (1.0, 0.90, 0.76))
"""Sodium, and the white diodes that replace it."""


def lamp_places(road: Road) -> list[tuple[float, float, float]]:
    """Feet of the lamp posts, and where their arm points (radians)."""
    y = half_width(road) + 0.7
    made = []
    for index in range(-6, 7):
        for side in (-1, 1):
            x = index * 28 + 9 + 14 * (side > 0)
            if road.kind == "junction" and abs(x - road.crossing_x) < cross_half_width(road) + 4:
                continue
            made.append((float(x), side * y, -side * math.pi / 2))
    return made


def build_lamp_posts(scene: Scene, shine: float) -> None:
    """``shine``: watts of each lamp; 0 by day. Only lamps near the middle are lights, those far away only look lit."""
    colour = LAMP_COLOURS[scene.seed % 2]
    steel = material("steel", (0.32, 0.33, 0.34), 0.45, 0.5)
    glass = material("lamp_glass", (0.7, 0.7, 0.68), 0.3)
    if shine:
        shader = glass.node_tree.nodes["Principled BSDF"]
        shader.inputs["Emission Color"].default_value = (*colour, 1)
        shader.inputs["Emission Strength"].default_value = 60
    heap = Heap(steel, glass)
    for x, y, turn in lamp_places(scene.road):
        if not is_free(scene, x, y, 0.25):
            continue
        dx, dy = math.cos(turn), math.sin(turn)
        heap.tube([(x, y, 0.1), (x, y, 1.2), (x, y, 1.25), (x, y, 7.4), (x + dx * 0.5, y + dy * 0.5, 8.1),
                   (x + dx * 2.2, y + dy * 2.2, 8.4)], [0.11, 0.10, 0.075, 0.055, 0.045, 0.03])  # fmt: skip
        heap.box((x + dx * 2.5, y + dy * 2.5, 8.4), (0.75, 0.26, 0.1), 0, turn)
        heap.box((x + dx * 2.5, y + dy * 2.5, 8.34), (0.6, 0.2, 0.03), 1, turn)
        if shine and abs(x) < 75:
            _light((x + dx * 2.5, y + dy * 2.5, 8.25), shine, colour)
    heap.build("lamp_posts")


def build_headlights(scene: Scene) -> None:
    """The beams of the vehicles' lit headlamps; the lamps themselves belong to the vehicles."""
    for vehicle in scene.vehicles:
        if "head" in vehicle.lamps and vehicle.model is not Model.SCOOTER:
            size, way = size_of(vehicle), math.radians(vehicle.heading_deg)
            for side in (-0.32, 0.32):
                ahead, left = size.length / 2 + 0.04, size.width * side
                x = vehicle.xy[0] + ahead * math.cos(way) - left * math.sin(way)
                y = vehicle.xy[1] + ahead * math.sin(way) + left * math.cos(way)
                beam = _light((x, y, 0.68), HEADLIGHT_WATTS, (1.0, 0.95, 0.86))
                beam.data.spot_size, beam.data.shadow_soft_size = math.radians(58), 0.05
                beam.rotation_euler = (math.radians(87), 0, way - math.pi / 2)


def _light(place: tuple[float, float, float], watts: float, colour: Colour) -> BlenderObject:
    """A wide spot that looks down."""
    data = bpy.data.lights.new("lamp", "SPOT")
    data.energy, data.color, data.shadow_soft_size = watts, colour, 0.25
    data.spot_size, data.spot_blend = math.radians(155), 0.6
    made = bpy.data.objects.new("lamp", data)
    made.location = place
    bpy.context.scene.collection.objects.link(made)
    return made
