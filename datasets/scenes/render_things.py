"""Finds by their names what the surroundings' builders put up: traffic lights, signs, the object hit."""

from __future__ import annotations

import bpy
import numpy as np

from datasets.scenes.blender import BlenderObject
from datasets.scenes.built import Thing
from datasets.scenes.pinhole import Floats
from datasets.scenes.plan import Scene
from datasets.scenes.spread import spread_over

AHEAD_OF_DRIVERS = (-1.0, 0.0, 0.0)
"""Signs look at who drives towards +x."""
HIT_REACH_M, HIT_HEIGHT_M = 2.5, 3.0
MOST_POINTS = 400
SURFACE_POINTS = 20_000


def signals(scene: Scene) -> tuple[Thing, ...]:
    """Heads over the far side of the junction, each facing the drivers who come from the other one."""
    road = scene.road
    found = [] if not road.signal else [_points(item) for item in _named(f"signal_{road.signal}_")]
    return tuple(
        Thing(road.signal, points, (1.0 if points[:, 0].mean() < road.crossing_x else -1.0, 0.0, 0.0))
        for points in found
    )


def signs(scene: Scene) -> tuple[Thing, ...]:
    return tuple(Thing(kind, _points(i), AHEAD_OF_DRIVERS) for kind in scene.road.signs for i in _named(f"sign_{kind}"))


def object_hit(scene: Scene) -> Thing | None:
    """Points on its surface near where it was hit: of a rail, a wall or a tree only that part."""
    found = [_surface(item) for item in _named("object_hit_")]
    if not found:
        return None
    points = np.concatenate(found)
    away = np.hypot(*(points[:, :2] - np.array(scene.object_xy)).T)
    near = points[(away < HIT_REACH_M) & (points[:, 2] < HIT_HEIGHT_M)]
    return Thing(scene.object_hit, _thinned(near, MOST_POINTS)) if len(near) else None


def _named(beginning: str) -> list[BlenderObject]:
    return [item for item in bpy.data.objects if item.name.startswith(beginning) and item.type == "MESH"]


def _surface(item: BlenderObject) -> Floats:
    """Points drawn evenly over its triangles, always the same."""
    data = item.data
    data.calc_loop_triangles()
    corners = np.empty(len(data.loop_triangles) * 3, np.int32)
    data.loop_triangles.foreach_get("vertices", corners)
    shapes = _points(item, len(data.vertices))[corners.reshape(-1, 3)]
    return spread_over(shapes, SURFACE_POINTS)


def _points(item: BlenderObject, most: int = MOST_POINTS) -> Floats:
    own = np.empty(len(item.data.vertices) * 3)
    item.data.vertices.foreach_get("co", own)
    matrix = np.array(item.matrix_world)
    return np.asarray(_thinned(own.reshape(-1, 3), most) @ matrix[:3, :3].T + matrix[:3, 3], np.float64)


def _thinned(points: Floats, most: int) -> Floats:
    return points[:: max(1, -(-len(points) // most))]
