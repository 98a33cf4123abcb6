"""Marks of a blow on flat bodywork that has no painted texture: a sheet with the marks, a hair's breadth before it."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from datasets.scenes.blender import BlenderObject, image_node, material, mesh
from datasets.scenes.plan import Blow
from datasets.scenes.vehicle_marks import MARGIN, draw_marks

_BARE = (0.35, 0.35, 0.34)
_DUST = (0.10, 0.09, 0.08)


def add_decal(
    root: BlenderObject, blow: Blow, y: float, x_range: tuple[float, float], z_range: tuple[float, float], x0: float,
    path: Path,
) -> None:  # fmt: skip
    """On a plane at ``y`` that looks outwards, within both ranges; the blow's middle is at ``x0``. Writes ``path``."""
    half = np.array([blow.width, blow.height]) * MARGIN / 2
    low = np.array([max(x0 - half[0], x_range[0]), max(blow.z - half[1], z_range[0])])
    high = np.array([min(x0 + half[0], x_range[1]), min(blow.z + half[1], z_range[1])])
    if (high - low < 0.02).any():
        return
    _write(blow, path)
    (u0, v0), (u1, v1) = (low - (x0, blow.z)) / (2 * half) + 0.5, (high - (x0, blow.z)) / (2 * half) + 0.5
    points = [(low[0], y, low[1]), (high[0], y, low[1]), (high[0], y, high[1]), (low[0], y, high[1])]
    uv = [(u0, v0), (u1, v0), (u1, v1), (u0, v1)]
    surface = material("decal", (1, 1, 1), 0.6)
    picture = image_node(surface, path)
    shader = surface.node_tree.nodes["Principled BSDF"]
    surface.node_tree.links.new(picture.outputs[0], shader.inputs["Base Color"])
    surface.node_tree.links.new(picture.outputs[1], shader.inputs["Alpha"])
    mesh("decal", points, [(0, 1, 2, 3)], surface, uv=uv, parent=root)


def _write(blow: Blow, path: Path) -> None:
    marks = draw_marks(blow)
    colour = np.empty((*marks.rub.shape, 3), np.float32)
    colour[:] = _DUST
    colour[marks.foreign > 0.2] = blow.transfer
    colour[np.maximum(marks.primer, marks.bare) > 0.5] = _BARE
    alpha = np.clip(np.maximum.reduce([marks.rub * 0.3, marks.foreign, marks.primer, marks.bare]), 0, 1)
    srgb = np.clip(colour, 0, 1) ** (1 / 2.2)
    picture = np.dstack([srgb[..., ::-1], alpha])[::-1]
    if not cv2.imwrite(str(path), (picture * 255).astype(np.uint8), [cv2.IMWRITE_PNG_COMPRESSION, 1]):
        raise OSError(f"cannot write {path}")
