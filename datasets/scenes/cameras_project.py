"""Where world points fall on the picture of a `Shot`, and directions of sight. Pure geometry, no Blender."""

from __future__ import annotations

import math

import numpy as np

from datasets.scenes import pinhole
from datasets.scenes.pinhole import NEAR_M, Floats
from datasets.scenes.plan import Point, Shot


def project(shot: Shot, points: Floats) -> Floats:
    """World points (n, 3) to (n, 3): pixels x and y (down) and the depth ahead in metres. Points nearer than `NEAR_M`
    or behind the camera get the pixels NaN."""
    pixels, depth = pinhole.project(pinhole.pinhole(shot), points)
    seen = np.where((depth > NEAR_M)[:, None], pixels, np.nan)
    return np.concatenate([seen, depth[:, None]], axis=1)


def focal_px(shot: Shot) -> float:
    return pinhole.pinhole(shot).focal_px


def turned(eye: Point, yaw_deg: float, pitch_deg: float, reach: float) -> Point:
    """The point ``reach`` metres away from ``eye`` in a direction: yaw from +x, pitch upward."""
    flat = reach * math.cos(math.radians(pitch_deg))
    return (
        eye[0] + flat * math.cos(math.radians(yaw_deg)),
        eye[1] + flat * math.sin(math.radians(yaw_deg)),
        eye[2] + reach * math.sin(math.radians(pitch_deg)),
    )


def direction_of(eye: Point, target: Point) -> tuple[float, float]:
    """Yaw and pitch of the sight, degrees."""
    dx, dy, dz = (t - e for t, e in zip(target, eye, strict=True))
    return math.degrees(math.atan2(dy, dx)), math.degrees(math.atan2(dz, math.hypot(dx, dy)))
