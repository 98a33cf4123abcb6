"""What a single vehicle ran into. Every part is an object whose name starts with object_hit."""

from __future__ import annotations

import math
from itertools import pairwise

import bpy
import numpy as np

from datasets.scenes.blender import material
from datasets.scenes.plan import Scene
from datasets.scenes.road_mesh import Heap
from datasets.scenes.surroundings_trees import tree_shape


def build_object_hit(scene: Scene) -> None:
    """Raises ValueError for an object it does not know; does nothing where nothing was hit."""
    if not scene.object_hit:
        return
    builders = {"bollard": _bollard, "guardrail": _guardrail, "tree": _tree, "lamp_post": _lamp_post, "wall": _wall}
    if scene.object_hit not in builders:
        raise ValueError(f"no such object to run into: {scene.object_hit!r}")
    x, y = scene.object_xy
    builders[scene.object_hit](x, y, scene)


def _facing(scene: Scene) -> float:
    """The heading of the vehicle that hit it, radians."""
    return math.radians(scene.vehicles[0].heading_deg) if scene.vehicles else 0.0


def _bollard(x: float, y: float, scene: Scene) -> None:
    heap = Heap(material("bollard_steel", (0.55, 0.10, 0.05), 0.4), material("bollard_band", (0.75, 0.72, 0.66), 0.4))
    way = _facing(scene)
    lean = np.array([math.cos(way), math.sin(way), 0]) * 0.10
    foot, top = np.array([x, y, 0.0]), np.array([x, y, 0.82]) + lean
    at = [foot + (top - foot) * share for share in (0, 0.3, 0.45, 0.7, 0.85, 1)]
    for index, (low, high) in enumerate(pairwise(at)):
        heap.tube([tuple(low), tuple(high)], [0.057, 0.057], index % 2, 20)
    heap.build("object_hit_bollard")


def _guardrail(x: float, y: float, scene: Scene) -> None:
    """A W-beam along the vehicle's way, bent outwards where it was struck."""
    way = _facing(scene)
    along, aside = np.array([math.cos(way), math.sin(way)]), np.array([-math.sin(way), math.cos(way)])
    vehicle = np.asarray(scene.vehicles[0].xy) if scene.vehicles else np.zeros(2)
    away = 1.0 if float(np.dot((x, y) - vehicle, aside)) >= 0 else -1.0
    heap = Heap(material("rail_steel", (0.50, 0.52, 0.54), 0.38, 0.7))
    profile = [(0.43, 0.0), (0.49, 0.07), (0.55, 0.0), (0.60, 0.0), (0.66, 0.07), (0.72, 0.0)]
    reaches = np.linspace(-18, 18, 73)
    bend = 0.14 * np.exp(-((reaches / 0.9) ** 2)) * away
    lines = [
        [(x, y) + along * r + aside * (b - away * out) for r, b in zip(reaches, bend, strict=True)]
        for _, out in profile
    ]
    for row in range(5):
        for i in range(len(reaches) - 1):
            corners = [
                (lines[row][i], row),
                (lines[row][i + 1], row),
                (lines[row + 1][i + 1], row + 1),
                (lines[row + 1][i], row + 1),
            ]
            heap.polygon([(*xy, profile[r][0]) for xy, r in corners], [(0, 0)] * 4)
    for r in np.arange(-16, 17, 4.0):
        px, py = (x, y) + along * r + aside * away * 0.1
        heap.tube([(px, py, 0), (px, py, 0.78)], [0.07, 0.07], sides=12)
    heap.build("object_hit_guardrail")


def _tree(x: float, y: float, scene: Scene) -> None:
    made = bpy.data.objects.new("object_hit_tree", tree_shape(scene.seed + 77))
    made.location, made.scale = (x, y, 0.05), (1.15, 1.15, 1.1)
    bpy.context.scene.collection.objects.link(made)


def _lamp_post(x: float, y: float, scene: Scene) -> None:
    heap = Heap(material("post_steel", (0.34, 0.35, 0.36), 0.45, 0.5))
    way = _facing(scene)
    lean = 0.25
    tip = (x + math.cos(way) * lean, y + math.sin(way) * lean)
    heap.tube([(x, y, 0), (x, y, 1.0), (x, y, 1.05), (*tip, 7.6)], [0.13, 0.12, 0.09, 0.06], sides=20)
    heap.box((x, y, 0.14), (0.36, 0.36, 0.04))
    inwards = -1.0 if y > 0 else 1.0
    heap.tube(
        [(*tip, 7.5), (tip[0], tip[1] + inwards * 1.0, 8.1), (tip[0], tip[1] + inwards * 2.2, 8.3)], [0.05, 0.045, 0.03]
    )
    heap.box((tip[0], tip[1] + inwards * 2.5, 8.3), (0.26, 0.75, 0.1))
    heap.build("object_hit_lamp_post")


def _wall(x: float, y: float, scene: Scene) -> None:
    """A rendered brick wall 1.4 m high, across the vehicle's way, with plaster knocked off."""
    way = _facing(scene)
    plaster, brick = material("plaster", (0.52, 0.50, 0.45), 0.9), material("brick", (0.30, 0.13, 0.085), 0.9)
    heap = Heap(plaster, brick, material("coping", (0.36, 0.35, 0.34), 0.9))
    ahead = np.array([math.cos(way), math.sin(way)])
    aside = np.array([-ahead[1], ahead[0]])
    # the given place is the middle of the struck face
    middle = np.array([x, y]) + ahead * 0.13
    heap.box((*middle, 0.70), (0.26, 9.0, 1.40), 0, way)
    heap.box((*middle, 1.44), (0.34, 9.1, 0.09), 2, way)
    rng = np.random.default_rng(scene.seed)
    angles = np.linspace(0, 2 * math.pi, 17)[:-1]
    for _ in range(6):
        across, high, size = rng.normal(0, 0.5), rng.uniform(0.35, 0.75), rng.uniform(0.08, 0.28)
        radii = size * rng.uniform(0.6, 1.2, 16)
        spot = [(x, y) + aside * (across + r * math.cos(a)) - ahead * 0.003 for r, a in zip(radii, angles, strict=True)]
        heap.polygon(
            [(*p, high + 0.7 * r * math.sin(a)) for p, r, a in zip(spot, radii, angles, strict=True)], surface=1
        )
    heap.build("object_hit_wall")
