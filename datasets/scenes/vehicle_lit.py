"""Lamps that burn: rows of bright points behind a lens that glows less towards its rim. Paints a car's half."""

from __future__ import annotations

import cv2
import numpy as np

from datasets.scenes.canvas import Canvas, Map, Maps, Mask
from datasets.scenes.plan import PlannedVehicle
from datasets.scenes.spec import CarSpec, Colour
from datasets.scenes.vehicle_lamps import head_lamp_mask
from datasets.scenes.vehicle_nose import daylight_mask
from datasets.scenes.vehicle_tail import brake_mask, indicator_mask

GLOW = 8.0
"""Light of a glow of 1."""
AMBER = (1.0, 0.30, 0.01)
PITCH_M, POINT_M = 0.026, 0.0075
"""Distance and radius of the bright points."""


def light_lamps(canvas: Canvas, maps: Maps, spec: CarSpec, planned: PlannedVehicle, side: int) -> None:
    """``side`` 1 is the left half, -1 the right one."""
    lamps = planned.lamps
    lamp = head_lamp_mask(spec.head_lamp, maps.along, maps.y, maps.z)
    tail = spec.build != "cab"
    if "head" in lamps:
        _shine(canvas, maps, lamp & daylight_mask(maps, spec), (0.9, 0.95, 1.0), 5.0)
        middle = spec.tail_lamp.z0 * 0.5 + spec.tail_lamp.z1 * 0.5
        if tail:
            line = np.abs(maps.z - middle - 0.03) < 0.014
            _shine(canvas, maps, brake_mask(maps, spec) & line, (0.9, 0.02, 0.015), 0.9)
    if "brake" in lamps and tail:
        _shine(canvas, maps, brake_mask(maps, spec), (1.0, 0.025, 0.015), 3.2)
    if f"indicator_{'left' if side > 0 else 'right'}" in lamps:
        if tail:
            _shine(canvas, maps, indicator_mask(maps, spec), AMBER, 3.2)
        foot = spec.head_lamp.z0 + spec.head_lamp.rise * maps.along
        strip = lamp & (maps.along > 0.35 * spec.head_lamp.depth) & (np.abs(maps.z - foot - 0.032) < 0.02)
        _shine(canvas, maps, strip, AMBER, 3.2)


def _shine(canvas: Canvas, maps: Maps, where: Mask, colour: Colour, strength: float) -> None:
    """``strength`` is that of the lens between the points; they are three times as bright and paler."""
    if not where.any():
        return
    inside = cv2.distanceTransform(where.astype(np.uint8), cv2.DIST_L2, 3)
    rim = np.clip(inside / max(float(inside.max()), 1.0), 0, 1)[where] ** 0.7
    points = _points(maps, where)
    level = strength * (0.10 + 0.42 * rim + 2.6 * points * (0.35 + 0.65 * rim))
    pale = (0.55 * points)[:, None]
    tint = np.asarray(colour, np.float32) * (1 - pale) + np.asarray((1.0, 0.72, 0.5), np.float32) * pale
    if min(colour) > 0.5:
        tint = np.broadcast_to(np.asarray(colour, np.float32), tint.shape)
    red, green, blue = colour
    canvas.put(where, (0.45 * red, 0.45 * green, 0.45 * blue), 0.2)
    canvas.glow[where] = np.clip(tint * level[:, None] / GLOW, 0, 1)


def _points(maps: Maps, where: Mask) -> Map:
    """0..1: points in rows along the lamp, which runs across the end and on along the flank."""
    along = np.minimum(maps.along, maps.aft)[where] - maps.y[where]
    across = maps.z[where] - float(maps.z[where].mean())
    off = np.stack([(values + PITCH_M / 2) % PITCH_M - PITCH_M / 2 for values in (along, across)])
    return np.asarray(np.exp(-(off**2).sum(axis=0) / (2 * POINT_M**2)), np.float32)
