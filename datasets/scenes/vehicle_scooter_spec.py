"""Measures of the electric scooter and which of its points are wheels. Pure numpy."""

from __future__ import annotations

import numpy as np

from datasets.scenes.body import Floats

LENGTH, WIDTH, HEIGHT = 1.78, 0.68, 1.12
WHEEL_RADIUS = 0.215
AXLES_X = (0.66, -0.62)


def scooter_part_at(points_xyz: Floats) -> list[str | None]:
    """Only wheels and mirrors are parts that have a name."""
    points = np.asarray(points_xyz, np.float64).reshape(-1, 3)
    names: list[str | None] = []
    for x, y, z in points:
        wheel = any(np.hypot(x - axle, z - WHEEL_RADIUS) < WHEEL_RADIUS + 0.01 for axle in AXLES_X) and abs(y) < 0.07
        mirror = z > HEIGHT - 0.03 and abs(y) > 0.18
        side = "left" if y > 0 else "right"
        names.append("wheel" if wheel else f"{side}_mirror" if mirror else None)
    return names
