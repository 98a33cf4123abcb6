"""Paints the tail: lamps, strips, lid, diffuser, badges."""

from __future__ import annotations

import numpy as np

from datasets.scenes.canvas import Canvas, Maps, Mask, grown
from datasets.scenes.paint_panels import BRIGHT
from datasets.scenes.spec import CarSpec
from datasets.scenes.vehicle_lamps import tail_lamp_mask

TAIL_LAMP_TINT = (0.62, 0.018, 0.02)
RED = (0.36, 0.006, 0.008)


def paint_tail(canvas: Canvas, maps: Maps, spec: CarSpec) -> None:
    """On the blank tail of either half; nothing is lit. The back of a lorry's cab stays blank."""
    if spec.build == "cab":
        return
    behind = maps.aft < 0.75
    _lamp(canvas, maps, spec, behind)
    lid = spec.lid
    between = (maps.y < lid.half * 0.78) & (np.abs(maps.z - spec.strip_z) < 0.011) & (maps.aft < 0.4)
    if spec.build == "car" or spec.style.badge % 2:
        canvas.put(behind & between, BRIGHT, 0.1, 1)
    if spec.style.light_bar:
        bar = (np.abs(maps.z - (spec.tail_lamp.z0 + spec.tail_lamp.z1) / 2) < 0.022) & (maps.y < spec.tail_lamp.inner)
        canvas.put(behind & bar & (maps.aft < 0.4), RED, 0.1, 0, 1)
    canvas.put(behind & (maps.z < spec.diffuser_z) & (maps.aft < 0.6), (0.012, 0.012, 0.013), 0.6)
    reflector = (maps.y > 0.58) & (maps.y < 0.80) & (np.abs(maps.z - spec.diffuser_z - 0.03) < 0.014) & (maps.aft < 0.5)
    canvas.put(behind & reflector, (0.40, 0.01, 0.01), 0.15, 0, 1)
    pipe = (maps.y > 0.5) & (maps.y < 0.62) & (np.abs(maps.z - spec.diffuser_z + 0.06) < 0.02) & (maps.aft < 0.4)
    canvas.put(behind & pipe, (0.7, 0.7, 0.7), 0.15, 1)
    recess = behind & (np.abs(maps.z - spec.rear_plate[1]) < 0.095) & (maps.y < 0.27) & (maps.aft < 0.4)
    canvas.height[recess] -= 0.35
    _badges(canvas, maps, spec, behind)


def brake_mask(maps: Maps, spec: CarSpec) -> Mask:
    """What shines when braking."""
    lamp = spec.tail_lamp
    middle = (lamp.z0 + lamp.z1) / 2
    inside = tail_lamp_mask(lamp, maps.aft, maps.y, maps.z)
    if lamp.z1 - lamp.z0 > 0.22:
        return np.asarray(inside & (maps.z > middle))
    return np.asarray(inside & (np.abs(maps.z - middle - 0.03) < 0.022))


def indicator_mask(maps: Maps, spec: CarSpec) -> Mask:
    """The rear indicator's part of the tail lamp."""
    lamp = spec.tail_lamp
    inside = tail_lamp_mask(lamp, maps.aft, maps.y, maps.z)
    tall = lamp.z1 - lamp.z0 > 0.22
    part = np.abs(maps.z - lamp.z0 - 0.30 * (lamp.z1 - lamp.z0)) < (0.05 if tall else 0.018)
    return np.asarray(inside & part & (maps.y > lamp.inner + (0.0 if tall else 0.12)))


def _lamp(canvas: Canvas, maps: Maps, spec: CarSpec, behind: Mask) -> None:
    lamp = behind & tail_lamp_mask(spec.tail_lamp, maps.aft, maps.y, maps.z)
    size = (lamp.shape[1], lamp.shape[0])
    canvas.seam(grown(lamp, size, 0.005))
    canvas.put(lamp, RED, 0.1, 0, 1)
    canvas.put_glass(lamp, TAIL_LAMP_TINT)
    tall = spec.tail_lamp.z1 - spec.tail_lamp.z0 > 0.22
    white = lamp & indicator_mask(maps, spec)
    canvas.put(white, (0.62, 0.60, 0.58) if spec.style.badge % 2 else (0.58, 0.20, 0.02), 0.15, 0.2, 1)
    middle = (spec.tail_lamp.z0 + spec.tail_lamp.z1) / 2
    guide = lamp & (np.abs(maps.z - middle - 0.035) < (0.012 if tall else 0.006))
    canvas.put(guide, (0.62, 0.03, 0.02), 0.15, 0, 1)
    ribs = lamp & ((maps.y * 100) % 2.0 < 0.8)
    canvas.height[ribs] -= 0.10


def _badges(canvas: Canvas, maps: Maps, spec: CarSpec, behind: Mask) -> None:
    z = spec.strip_z + 0.065
    emblem = np.hypot(maps.y, maps.z - z) < 0.040
    canvas.put(behind & emblem & (maps.aft < 0.4), (0.72, 0.72, 0.74), 0.12, 1)
    core = np.hypot(maps.y, maps.z - z) < 0.026
    canvas.put(behind & core & (maps.aft < 0.4), (0.03, 0.03, 0.04), 0.1, 0, 1)
    word = (np.abs(maps.z - spec.bumper_z - 0.07) < 0.013) & (maps.y > 0.40) & (maps.y < 0.58) & (maps.aft < 0.4)
    letters = (maps.y * 1000 % 26 < 17) & ~((np.abs(maps.z - spec.bumper_z - 0.07) < 0.005) & (maps.y * 1000 % 52 < 26))
    canvas.put(behind & word & letters, (0.7, 0.7, 0.72), 0.15, 1)
