"""Trees along the pavement: many small leaves round branches, a few shapes placed often."""

from __future__ import annotations

import math
from typing import Any

import bpy
import numpy as np

from datasets.scenes.blender import lathe, mesh, place
from datasets.scenes.body import Floats
from datasets.scenes.ground import noise_material

LEAVES = 9000


def plant_trees(seed: int) -> None:
    """Two rows of trees, 7 m apart, at the edge of both pavements."""
    rng = np.random.default_rng(seed)
    leaf = noise_material("leaf", (0.012, 0.042, 0.008), (0.075, 0.14, 0.03), 5, 0.7)
    bark = noise_material("bark", (0.05, 0.035, 0.02), (0.12, 0.09, 0.06), 8, 0.9)
    shapes = [_crown(np.random.default_rng(seed + index), leaf) for index in range(3)]
    trunk = _take(lathe("trunk", [(0.14, 0), (0.11, 0.4), (0.10, 2), (0.06, 4.5)], bark, 12))
    for index in range(-14, 15):
        for side in (1, -1):
            spot = (index * 7 + rng.uniform(-1, 1), side * 8.4, 0.1)
            size = float(rng.uniform(0.85, 1.25))
            crown = place(shapes[int(rng.integers(3))], "crown")
            crown.location, crown.rotation_euler, crown.scale = spot, (0, 0, float(rng.uniform(0, 6))), (size,) * 3
            stem = place(trunk, "trunk")
            stem.location, stem.rotation_euler, stem.scale = spot, (math.pi / 2, 0, 0), (size,) * 3


def _take(made: Any) -> Any:
    """The mesh of an object that was only made to get it."""
    data = made.data
    bpy.data.objects.remove(made)
    return data


def _crown(rng: np.random.Generator, leaf: Any) -> Any:
    """Leaves on the shells of blobs of different size."""
    blobs = rng.uniform((-1.2, -1.2, 3.2), (1.2, 1.2, 5.8), (11, 3))
    radii = rng.uniform(0.55, 1.15, 11)
    which = rng.integers(0, 11, LEAVES)
    away = _unit(rng.normal(size=(LEAVES, 3)))
    middle = blobs[which] + away * (radii[which] * rng.uniform(0.55, 1.08, LEAVES) ** 0.6)[:, None]
    long = _unit(rng.normal(size=(LEAVES, 3)) + np.array([0, 0, -0.4]))
    wide = _unit(np.cross(long, rng.normal(size=(LEAVES, 3))))
    size = rng.uniform(0.045, 0.10, LEAVES)[:, None]
    corners = np.stack(
        [middle - long * size, middle + wide * size * 0.5, middle + long * size, middle - wide * size * 0.5], axis=1
    )
    made = mesh("crown", corners.reshape(-1, 3), np.arange(LEAVES * 4).reshape(-1, 4), leaf)
    return _take(made)


def _unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), np.float64)
