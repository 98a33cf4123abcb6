"""Collects many polygons into one mesh object: few objects render faster than many."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import bpy
import numpy as np
import numpy.typing as npt

from datasets.scenes.blender import BlenderObject, Material, Vector, place

BOX_FACES = ((0, 2, 6, 4), (1, 5, 7, 3), (0, 4, 5, 1), (2, 3, 7, 6), (0, 1, 3, 2), (4, 6, 7, 5))


class Heap:
    """Polygons of several materials. Every polygon has its own corners, so that each can have its own uv."""

    def __init__(self, *materials: Material) -> None:
        self._materials = materials
        self._points: list[npt.NDArray[np.float64]] = []
        self._uvs: list[npt.NDArray[np.float64]] = []
        self._counts: list[int] = []
        self._surfaces: list[int] = []
        self._tints: list[tuple[float, float, float]] = []

    def polygon(
        self, points: npt.ArrayLike, uv: npt.ArrayLike | None = None, surface: int = 0,
        tint: tuple[float, float, float] = (1, 1, 1),
    ) -> None:  # fmt: skip
        """``points`` (n, 3); ``uv`` (n, 2), metres seen from above when left out; ``surface`` counts materials."""
        corners = np.asarray(points, np.float64).reshape(-1, 3)
        self._points.append(corners)
        self._uvs.append(corners[:, :2] if uv is None else np.asarray(uv, np.float64).reshape(-1, 2))
        self._counts.append(len(corners))
        self._surfaces.append(surface)
        self._tints.append(tint)

    def rectangle(self, x0: float, y0: float, x1: float, y1: float, z: float, surface: int = 0) -> None:
        self.polygon([(x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z)], surface=surface)

    def box(
        self, centre: Vector, size: Vector, surface: int = 0, turn: float = 0.0,
        tint: tuple[float, float, float] = (1, 1, 1),
    ) -> None:  # fmt: skip
        """A box turned by ``turn`` radians about z."""
        signs = np.array([(a, b, c) for a in (-0.5, 0.5) for b in (-0.5, 0.5) for c in (-0.5, 0.5)])
        x, y, z = (signs * np.asarray(size)).T
        corners = np.stack([x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn), z], 1)
        corners += np.asarray(centre)
        for face in BOX_FACES:
            points = corners[list(face)]
            flat = points[:, :2] if face[0] in (0, 1) and face[1] in (2, 5) else points[:, [0, 2]] + points[:, [1, 1]]
            self.polygon(points, flat, surface, tint)

    def tube(self, points: Sequence[Vector], radii: Sequence[float], surface: int = 0, sides: int = 10,
             tint: tuple[float, float, float] = (1, 1, 1)) -> None:  # fmt: skip
        """A round bar along ``points``, closed at its end."""
        path = np.asarray(points, np.float64)
        rings = []
        for index, radius in enumerate(radii):
            along = path[min(index + 1, len(path) - 1)] - path[max(index - 1, 0)]
            along /= np.linalg.norm(along)
            side = np.cross(along, (0, 0, 1) if abs(along[2]) < 0.9 else (1, 0, 0))
            side /= np.linalg.norm(side)
            angles = np.arange(sides) * 2 * math.pi / sides
            ring = np.cos(angles)[:, None] * side + np.sin(angles)[:, None] * np.cross(along, side)
            rings.append(path[index] + ring * radius)
        for low, high in pairwise(rings):
            for a in range(sides):
                b = (a + 1) % sides
                self.polygon(
                    [low[a], low[b], high[b], high[a]], [(a, 0), (a + 1, 0), (a + 1, 1), (a, 1)], surface, tint
                )
        self.polygon(rings[-1], surface=surface, tint=tint)

    def mesh(self, name: str) -> Any:
        """Mesh data of all polygons, with the attributes UVMap and tint."""
        data = bpy.data.meshes.new(name)
        counts = np.asarray(self._counts, np.int64)
        starts = np.concatenate([[0], np.cumsum(counts)])
        faces = [range(int(a), int(b)) for a, b in pairwise(starts)]
        data.from_pydata(np.concatenate(self._points).tolist(), [], faces)
        data.uv_layers.new(name="UVMap").data.foreach_set("uv", np.concatenate(self._uvs).astype(np.float32).ravel())
        tints = np.concatenate([np.repeat(np.asarray(self._tints, np.float32), counts, axis=0),
                                np.ones((int(counts.sum()), 1), np.float32)], axis=1)  # fmt: skip
        data.attributes.new("tint", "BYTE_COLOR", "CORNER").data.foreach_set("color", tints.ravel())
        for material in self._materials:
            data.materials.append(material)
        data.polygons.foreach_set("material_index", self._surfaces)
        data.update()
        return data

    def build(self, name: str) -> BlenderObject | None:
        """Puts all of it into the scene as one object; nothing if nothing was collected."""
        return place(self.mesh(name), name) if self._points else None
