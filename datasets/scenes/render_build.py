"""Builds a planned scene in Blender, ready to be photographed and looked at."""

from __future__ import annotations

import math
from pathlib import Path

import bpy
import numpy as np
from mathutils import Matrix

from datasets.scenes.air import set_air
from datasets.scenes.blender import BlenderObject, empty_scene
from datasets.scenes.built import BuiltScene, BuiltVehicle
from datasets.scenes.cycles import settings
from datasets.scenes.fittings import make_trim
from datasets.scenes.pinhole import SENSOR_MM, pinhole
from datasets.scenes.plan import PlannedVehicle, Scene, Shot
from datasets.scenes.render_device import use_gpu
from datasets.scenes.render_things import object_hit, signals, signs
from datasets.scenes.surroundings import build_surroundings
from datasets.scenes.vehicle import build_vehicle

PARTY_TEXTURE, BYSTANDER_TEXTURE = 2048, 1024
"""Width of the textures of each half of a vehicle, pixels."""


def build_scene(scene: Scene, shared: Path, textures: Path, samples: int, threads: int) -> BuiltScene:
    """An empty Blender file filled with the scene.

    ``shared`` and ``textures`` are folders for pictures of the surroundings, which other scenes use too, and of the
    vehicles; both have to last while it is rendered.
    """
    blender_scene = empty_scene()
    settings(blender_scene, samples, threads, scene.seed)
    use_gpu(blender_scene)
    camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
    camera.data.sensor_width, camera.data.sensor_fit = SENSOR_MM, "AUTO"
    blender_scene.collection.objects.link(camera)
    blender_scene.camera = camera
    trim = make_trim()
    vehicles = []
    for index, planned in enumerate(scene.vehicles):
        width = PARTY_TEXTURE if planned.party else BYSTANDER_TEXTURE
        made = build_vehicle(planned, trim, textures, (width, width // 2), index)
        vehicles.append(BuiltVehicle(planned, made.root, made.part_at, made.damage_at, made.plates))
    build_surroundings(scene, shared)
    set_air(scene, blender_scene)
    bpy.context.view_layer.update()
    return BuiltScene(tuple(vehicles), signals(scene), signs(scene), object_hit(scene))


def stand(planned: PlannedVehicle, root: BlenderObject, back_m: float) -> None:
    """Puts a vehicle where it was planned, ``back_m`` behind that along its heading; its builder turned it already."""
    heading = math.radians(planned.heading_deg)
    x, y = planned.xy
    place = (x - back_m * math.cos(heading), y - back_m * math.sin(heading), 0.0)
    if math.dist(place, root.location) > 1e-5:  # what did not move need not be sent to the renderer again
        root.location = place


def aim(built: BuiltScene, shot: Shot) -> None:
    """Sets the camera up for a shot and drives B back as far as it asks."""
    blender_scene = bpy.context.scene
    camera = pinhole(shot)
    width, height = shot.size_wh
    blender_scene.render.resolution_x, blender_scene.render.resolution_y = width, height
    blender_scene.render.resolution_percentage = 100
    pose = np.eye(4)
    pose[:3, :3], pose[:3, 3] = camera.axes.T, camera.eye
    blender_scene.camera.matrix_world = Matrix(pose.tolist())
    blender_scene.camera.data.lens = shot.lens_mm
    for vehicle in built.vehicles:
        stand(vehicle.planned, vehicle.root, shot.apart_m if vehicle.planned.party == "B" else 0.0)
    bpy.context.view_layer.update()
