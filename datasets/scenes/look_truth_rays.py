"""Rays through the built scene: one search tree for each vehicle in its own coordinates and one for all that stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np
from mathutils.bvhtree import BVHTree

from datasets.scenes.blender import BlenderObject
from datasets.scenes.built import BuiltScene
from datasets.scenes.pinhole import Floats
from datasets.scenes.spread import spread_over

SPREAD = 4000
STANDING_REACH_M = 35.0
"""Farther from the contact nothing hides what pictures of an accident are about."""


@dataclass(frozen=True, slots=True, eq=False)
class Solid:
    """Triangles that rays meet. ``points`` (n, 3), the vertices, and the tree are in ``root``'s coordinates (the
    world's if None). ``surface``: points (k, 3) spread evenly over a vehicle's triangles, none for what stands."""

    tree: Any
    points: Floats
    surface: Floats
    root: BlenderObject | None

    def pose(self) -> tuple[Floats, Floats]:
        """Rotation (3, 3) and place (3,) in the world, as it stands now."""
        if self.root is None:
            return np.eye(3), np.zeros(3)
        matrix = np.array(self.root.matrix_world)
        return matrix[:3, :3], matrix[:3, 3]

    def to_world(self, points: Floats) -> Floats:
        turn, place = self.pose()
        return np.asarray(points @ turn.T + place, np.float64)

    def to_own(self, points: Floats) -> Floats:
        turn, place = self.pose()
        return np.asarray((points - place) @ turn, np.float64)

    def distances(self, eye: Floats, directions: Floats, limits: Floats | float = np.inf) -> Floats:
        """Along unit ``directions`` (n, 3) from ``eye`` (3,) to the first triangle, metres; inf beyond ``limits``."""
        turn, _ = self.pose()
        origin = tuple(self.to_own(eye[None])[0])
        rays = (directions @ turn).tolist()
        reach = np.broadcast_to(np.minimum(limits, 1e6), len(rays)).tolist()
        cast = self.tree.ray_cast
        found = [cast(origin, ray, far)[3] if far > 0 else None for ray, far in zip(rays, reach, strict=True)]
        return np.array([np.inf if d is None else d for d in found], np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """Solids of a scene's vehicles, in their order, and of all that stands. They stay right when a vehicle moves."""

    vehicles: tuple[Solid, ...]
    standing: Solid

    @property
    def every(self) -> tuple[Solid, ...]:
        return (*self.vehicles, self.standing)


def search_trees(built: BuiltScene, near: tuple[float, float]) -> Trees:
    """Trees of a built scene; of what stands only `STANDING_REACH_M` round ``near``."""
    roots = [vehicle.root for vehicle in built.vehicles]
    return Trees(tuple(vehicle_solid(root) for root in roots), standing_solid(roots, near))


def vehicle_solid(root: BlenderObject) -> Solid:
    """All meshes below ``root``, in its coordinates."""
    inverse = np.linalg.inv(np.array(root.matrix_world))
    rows = [(o, inverse @ np.array(o.matrix_world)) for o in root.children_recursive if o.type == "MESH"]
    return _solid([(_evaluated(o), matrix) for o, matrix in rows if not o.hide_render], root)


def standing_solid(roots: Iterable[BlenderObject], near: tuple[float, float]) -> Solid:
    """Everything else within `STANDING_REACH_M` of ``near``, in the world's coordinates."""
    moving = {child.name for root in roots for child in root.children_recursive}
    found = []
    for instance in bpy.context.evaluated_depsgraph_get().object_instances:
        item = instance.object
        name = item.original.name
        if item.type != "MESH" or name in moving or item.hide_render:
            continue
        matrix = np.array(instance.matrix_world)
        corners = np.array(item.bound_box) @ matrix[:3, :3].T + matrix[:3, 3]
        if _gap(corners.min(axis=0), corners.max(axis=0), near) < STANDING_REACH_M:
            found.append((item, matrix))
    return _solid(found, None, near)


def _gap(low: Floats, high: Floats, near: tuple[float, float]) -> Floats:
    """Distance on the ground between ``near`` and boxes (..., 3)."""
    away = np.maximum(np.maximum(low[..., :2] - near, near - high[..., :2]), 0)
    return np.asarray(np.hypot(away[..., 0], away[..., 1]), np.float64)


def _evaluated(item: BlenderObject) -> BlenderObject:
    return item.evaluated_get(bpy.context.evaluated_depsgraph_get())


def _solid(
    items: Iterable[tuple[Any, Floats]], root: BlenderObject | None, near: tuple[float, float] | None = None
) -> Solid:
    """One tree of all items; with ``near`` only of the triangles that reach within `STANDING_REACH_M` of it."""
    points, triangles, count = [np.zeros((0, 3))], [np.zeros((0, 3), np.int64)], 0
    for item, matrix in items:
        own, corners = _triangles(item)
        own = own @ matrix[:3, :3].T + matrix[:3, 3]
        if near is not None:
            shapes = own[corners]
            corners = corners[_gap(shapes.min(axis=1), shapes.max(axis=1), near) < STANDING_REACH_M]
            used, corners = np.unique(corners, return_inverse=True)
            own, corners = own[used], corners.reshape(-1, 3)
        points.append(own)
        triangles.append(corners + count)
        count += len(own)
    together, faces = np.concatenate(points), np.concatenate(triangles)
    tree = BVHTree.FromPolygons(together.tolist(), faces.tolist(), all_triangles=True)
    return Solid(tree, together, np.zeros((0, 3)) if root is None else spread_over(together[faces], SPREAD), root)


def _triangles(item: Any) -> tuple[Floats, Any]:
    data = item.to_mesh()
    points = np.empty(len(data.vertices) * 3)
    data.vertices.foreach_get("co", points)
    data.calc_loop_triangles()
    corners = np.empty(len(data.loop_triangles) * 3, np.int32)
    data.loop_triangles.foreach_get("vertices", corners)
    item.to_mesh_clear()
    return points.reshape(-1, 3), corners.reshape(-1, 3).astype(np.int64)
