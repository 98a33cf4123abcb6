"""The camera of a shot as a pinhole: what Blender renders and what the truth projects with. No Blender here."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from datasets.scenes.plan import Shot

Floats = npt.NDArray[np.float64]
SENSOR_MM = 36.0
NEAR_M = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Pinhole:
    """``axes`` (3, 3): rows are right, up and backward in the world. ``focal_px`` counts along the longer side."""

    eye: Floats
    axes: Floats
    focal_px: float
    size_wh: tuple[int, int]


def pinhole(shot: Shot) -> Pinhole:
    """The camera of a shot. A positive roll turns it counter-clockwise, so that the world turns clockwise.

    Raises ValueError when eye and target are the same point.
    """
    eye = np.asarray(shot.eye, np.float64)
    sight = np.asarray(shot.target, np.float64) - eye
    reach = float(np.linalg.norm(sight))
    if reach < 1e-6:
        raise ValueError("the camera looks at its own place")
    forward = sight / reach
    upright = np.array([0.0, 0.0, 1.0]) if abs(forward[2]) < 0.9999 else np.array([0.0, 1.0, 0.0])
    right = np.cross(forward, upright)
    right /= np.linalg.norm(right)
    up = np.cross(right, forward)
    c, s = math.cos(math.radians(shot.roll_deg)), math.sin(math.radians(shot.roll_deg))
    axes = np.stack([c * right + s * up, c * up - s * right, -forward])
    return Pinhole(eye, axes, shot.lens_mm / SENSOR_MM * max(shot.size_wh), shot.size_wh)


def project(camera: Pinhole, points: Floats) -> tuple[Floats, Floats]:
    """World points (n, 3) to pixels (n, 2) and depths (n,), metres; below a depth of `NEAR_M` pixels mean nothing."""
    inside = (np.asarray(points, np.float64) - camera.eye) @ camera.axes.T
    depth = -inside[:, 2]
    safe = np.maximum(depth, NEAR_M)
    width, height = camera.size_wh
    x = width / 2 + camera.focal_px * inside[:, 0] / safe
    y = height / 2 - camera.focal_px * inside[:, 1] / safe
    return np.stack([x, y], axis=1), depth


def sight_lines(camera: Pinhole, pixels: Floats) -> Floats:
    """Unit directions in the world (n, 3) of pixels (n, 2)."""
    width, height = camera.size_wh
    x, y = (pixels[:, 0] - width / 2) / camera.focal_px, (height / 2 - pixels[:, 1]) / camera.focal_px
    inside = np.stack([x, y, -np.ones_like(x)], axis=1)
    world = inside @ camera.axes
    return np.asarray(world / np.linalg.norm(world, axis=1, keepdims=True), np.float64)


def within(pixels: Floats, size_wh: tuple[int, int]) -> npt.NDArray[np.bool_]:
    """Which pixels (n, 2) lie in the picture."""
    return np.asarray(((pixels >= 0) & (pixels <= np.array(size_wh))).all(axis=1))
