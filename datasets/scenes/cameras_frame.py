"""Choosing distance and aim so that points fill a picture up to a wished margin."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from datasets.scenes.cameras_project import direction_of, focal_px, project, turned
from datasets.scenes.pinhole import Floats
from datasets.scenes.plan import Shot

FARTHEST_M = 30.0


def margin_01(shot: Shot, points: Floats) -> float:
    """Distance of the points' box to the picture's nearest edge, as a share of that direction; negative when they
    are cut off, -1 when some are behind the camera."""
    pixels = project(shot, points)
    if np.isnan(pixels).any():
        return -1.0
    width, height = shot.size_wh
    (x0, y0), (x1, y1) = pixels[:, :2].min(axis=0), pixels[:, :2].max(axis=0)
    return float(min(x0 / width, y0 / height, 1 - x1 / width, 1 - y1 / height))


def aimed(shot: Shot, points: Floats, off_01: tuple[float, float] = (0.0, 0.0)) -> Shot:
    """The same camera, turned until the points' box lies in the picture's middle, or ``off_01`` of its size right of
    and below it."""
    upright = replace(shot, roll_deg=0.0)
    centre = points.mean(axis=0)
    yaw, pitch = direction_of(shot.eye, (float(centre[0]), float(centre[1]), float(centre[2])))
    reach = max(float(np.linalg.norm(centre - np.array(shot.eye))), 0.5)
    f, (width, height) = focal_px(shot), shot.size_wh
    for _ in range(3):
        upright = replace(upright, target=turned(shot.eye, yaw, pitch, reach))
        pixels = project(upright, points)[:, :2]
        low, high = np.nanmin(pixels, axis=0), np.nanmax(pixels, axis=0)
        x, y = (low + high) / 2
        yaw -= math.degrees(math.atan((x - width * (0.5 + off_01[0])) / f))
        pitch -= math.degrees(math.atan((y - height * (0.5 + off_01[1])) / f))
        pitch = min(max(pitch, -80.0), 80.0)
    return replace(upright, target=turned(shot.eye, yaw, pitch, reach), roll_deg=shot.roll_deg)


def framed(shot: Shot, points: Floats, anchor: tuple[float, float], azimuth_deg: float, margin: float) -> Shot:
    """The camera moved along ``azimuth_deg`` (seen from ``anchor``), at the height of its eye, to where the points
    just keep ``margin``. Raises ValueError where not even `FARTHEST_M` is far enough."""
    low, high = 0.5, FARTHEST_M
    best = _at(shot, points, anchor, azimuth_deg, high)
    if margin_01(best, points) < margin:
        raise ValueError("the points do not fit from any distance")
    for _ in range(9):
        middle = (low + high) / 2
        tried = _at(shot, points, anchor, azimuth_deg, middle)
        if margin_01(tried, points) >= margin:
            high, best = middle, tried
        else:
            low = middle
    return best


def _at(shot: Shot, points: Floats, anchor: tuple[float, float], azimuth_deg: float, distance: float) -> Shot:
    x = anchor[0] + distance * math.cos(math.radians(azimuth_deg))
    y = anchor[1] + distance * math.sin(math.radians(azimuth_deg))
    return aimed(replace(shot, eye=(x, y, shot.eye[2])), points)
