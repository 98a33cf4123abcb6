"""The clipped hedge of a median: a dense dark body under small leaves that lie close on it."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from datasets.scenes.blender import grid_faces, place
from datasets.scenes.plan import Road
from datasets.scenes.road_lines import FAR, MEDIAN_M, stop_reach
from datasets.scenes.road_mesh import Heap
from datasets.scenes.surroundings_leaves import tinted, unit, with_leaves

Floats: TypeAlias = npt.NDArray[np.float64]
PIECE_M = 2.0
LEAVES = 42000
"""Of a piece: they cover its body three times over."""
HIGH_M = 0.56


def plant_hedge(road: Road, rng: np.random.Generator) -> None:
    """Pieces of two shapes along the whole median, up to the stop lines."""
    shapes = [_piece(rng) for _ in range(2)]
    for x in np.arange(-FAR, FAR, PIECE_M):
        if stop_reach(road) == 0 or abs(x - road.crossing_x) > stop_reach(road) + 1.2:
            made = place(shapes[int(rng.integers(2))], "hedge")
            made.location, made.rotation_euler = (float(x), 0, 0.1), (0, 0, math.pi * int(rng.integers(2)))


def _piece(rng: np.random.Generator) -> object:
    points, normals = _body(rng)
    core = Heap(tinted("twigs", 0.9))
    flat, tones = points.reshape(-1, 3), rng.uniform(0.5, 1.3, len(points) * points.shape[1])
    for face in grid_faces(*points.shape[:2]):
        tone = float(tones[face[0]])
        core.polygon(flat[face], tint=(0.020 * tone, 0.034 * tone, 0.011 * tone))
    corners, tints = _leaves(flat, normals.reshape(-1, 3), rng)
    return with_leaves(core.mesh("hedge"), corners, tints, (tinted("twigs", 0.9), tinted("hedge_leaf", 0.45)))


def _body(rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Points and outward normals (rows along x, columns across, 3) of a box with round shoulders, a little uneven."""
    half = MEDIAN_M / 2 - 0.10
    fine = np.linspace(0, math.pi, 2001)
    outline = np.stack([half * np.sign(np.cos(fine)) * np.abs(np.cos(fine)) ** 0.45,
                        HIGH_M * np.abs(np.sin(fine)) ** 0.45])  # fmt: skip
    way = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(outline)))])
    angle = np.interp(np.linspace(0, way[-1], 45), way, fine)
    across, up = (np.interp(angle, fine, values) for values in outline)
    x = np.linspace(-PIECE_M / 2 - 0.03, PIECE_M / 2 + 0.03, 61)
    normals = np.stack([np.zeros_like(angle), np.cos(angle), np.sin(angle) + 0.05], axis=-1)
    normals = np.broadcast_to(unit(normals), (len(x), len(angle), 3))
    uneven = rng.normal(0, 0.012, (len(x), len(angle)))
    points = np.stack(np.broadcast_arrays(x[:, None], across[None], up[None]), axis=-1) + normals * uneven[..., None]
    return points, np.asarray(normals, np.float64)


def _leaves(points: Floats, normals: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Corners (n, 4, 3) and colours (n, 3) of leaves two to four centimetres long, none further than 3 cm away."""
    which = rng.integers(len(points), size=LEAVES)
    out, spread = normals[which], rng.normal(0, 0.018, (LEAVES, 3)) * (1, 1, 1.6)
    high = rng.uniform(-0.012, 0.026, (LEAVES, 1))
    middle = points[which] + spread + out * high
    middle[:, 2] = np.clip(middle[:, 2], 0.01, None)
    long = unit(rng.normal(size=(LEAVES, 3)) + 0.5 * out)
    wide = unit(np.cross(long, out + 0.6 * rng.normal(size=(LEAVES, 3))))
    size = rng.uniform(0.010, 0.021, LEAVES)[:, None]
    corners = np.stack([middle - long * size, middle + wide * size * 0.55, middle + long * size,
                        middle - wide * size * 0.55], axis=1)  # fmt: skip
    tone = 0.75 + 14 * high + rng.normal(0, 0.18, (LEAVES, 1))
    hue = rng.uniform(0, 1, (LEAVES, 1)) ** 2
    colour = tone * (np.array([0.060, 0.115, 0.030]) * (1 - hue) + np.array([0.14, 0.17, 0.045]) * hue)
    return corners, np.clip(colour, 0.004, 0.4)
