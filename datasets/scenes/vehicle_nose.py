"""Paints the nose: grille, intake, fog lamps, head lamps."""

from __future__ import annotations

import numpy as np

from datasets.scenes.canvas import Canvas, Maps, Mask, grown
from datasets.scenes.paint_panels import BRIGHT, PIANO_BLACK, SEAM
from datasets.scenes.spec import CarSpec
from datasets.scenes.vehicle_lamps import head_lamp_mask

HEAD_LAMP_TINT = (0.90, 0.92, 0.94)
_PLASTIC = (0.010, 0.010, 0.011)


def paint_nose(canvas: Canvas, maps: Maps, spec: CarSpec) -> None:
    """On the blank nose of either half; nothing is lit."""
    ahead = maps.along < 0.75
    _grille(canvas, maps, spec, ahead)
    _badge(canvas, maps, spec, ahead)
    _bumper(canvas, maps, spec, ahead)
    lamp = head_lamp_mask(spec.head_lamp, maps.along, maps.y, maps.z)
    canvas.seam(grown(lamp, (lamp.shape[1], lamp.shape[0]), 0.005))
    canvas.put(lamp, PIANO_BLACK, 0.1, 0, 1)
    foot = spec.head_lamp.z0 + spec.head_lamp.rise * maps.along
    canvas.put_glass(lamp & (maps.z > foot + 0.005), HEAD_LAMP_TINT)
    daylight = lamp & daylight_mask(maps, spec)
    canvas.put(daylight, (0.72, 0.74, 0.76), 0.18, 0, 1)


def daylight_mask(maps: Maps, spec: CarSpec) -> Mask:
    """The daytime running light, wherever it lies; empty for a lamp that has none."""
    lamp = spec.head_lamp
    if spec.style.daylight == "none":
        return np.zeros(maps.z.shape, bool)
    foot, top = lamp.z0 + lamp.rise * maps.along, lamp.z1 + lamp.rise * maps.along * 0.9
    line = foot + 0.015 if spec.style.daylight == "under" else top - 0.014
    return np.asarray((np.abs(maps.z - line) < 0.006) & (maps.along > 0.02))


def _grille(canvas: Canvas, maps: Maps, spec: CarSpec, ahead: Mask) -> None:
    grille, kind = spec.grille, spec.style.grille
    if kind == "closed":
        panel = ahead & (maps.y < grille.half * 0.98) & (np.abs(maps.z - grille.z1 + 0.012) < SEAM)
        canvas.seam(panel & (maps.station < 0.2))
        return
    half = grille.half * (0.80 + 0.20 * (maps.z - grille.z0) / (grille.z1 - grille.z0))
    rim = (maps.y < half + 0.014) & (maps.z > grille.z0 - 0.014) & (maps.z < grille.z1 + 0.011)
    bright = spec.build != "cab" and spec.style.badge % 2 == 0
    canvas.put(ahead & rim & (maps.station < 0.3), BRIGHT if bright else PIANO_BLACK, 0.12, float(bright), 1)
    opening = ahead & (maps.y < half) & (maps.z > grille.z0) & (maps.z < grille.z1) & (maps.station < 0.25)
    canvas.put(opening, (0.004, 0.004, 0.004), 0.6)
    if kind == "mesh":
        bars = (((maps.z + 0.6 * maps.y) * 100 % 3.0) < 0.8) | (((maps.z - 0.6 * maps.y) * 100 % 3.0) < 0.8)
    elif kind == "slats":
        bars = (maps.z * 100) % 6.5 < 3.2
    else:
        bars = (maps.z * 100) % 3.6 < 1.3
    canvas.put(
        opening & bars, (0.10, 0.10, 0.105) if kind == "bars" else (0.02, 0.02, 0.021), 0.25, float(kind == "bars")
    )
    canvas.height[opening & ~bars] = 0


def _badge(canvas: Canvas, maps: Maps, spec: CarSpec, ahead: Mask) -> None:
    z = maps.z - spec.grille.z1 + (0.05 if spec.style.grille != "closed" else -0.02)
    shape = spec.style.badge
    if shape == 0:
        outer, inner = np.hypot(maps.y / 1.25, z) < 0.045, np.hypot(maps.y / 1.25, z) < 0.034
    elif shape == 1:
        outer, inner = np.maximum(maps.y / 1.6, np.abs(z)) < 0.035, np.maximum(maps.y / 1.6, np.abs(z)) < 0.024
    elif shape == 2:
        outer, inner = maps.y + np.abs(z) < 0.05, maps.y + np.abs(z) < 0.033
    else:
        outer, inner = np.hypot(maps.y, z) < 0.046, (np.hypot(maps.y, z) < 0.038) & (maps.y > 0.006)
    canvas.put(ahead & outer, (0.75, 0.75, 0.77), 0.1, 1)
    canvas.put(ahead & inner, (0.03, 0.03, 0.04), 0.1, 0, 1)


def _bumper(canvas: Canvas, maps: Maps, spec: CarSpec, ahead: Mask) -> None:
    intake = spec.intake
    lower = ahead & (maps.y < intake.half - 0.3 * (maps.z - intake.z0)) & (maps.z > intake.z0) & (maps.z < intake.z1)
    canvas.put(lower, (0.008, 0.008, 0.009), 0.6)
    canvas.height[lower & ((maps.z * 100) % 4 < 1)] = 0
    if spec.build == "cab":
        bumper = ahead & (maps.z < spec.bumper_z) & (maps.station < 0.3)
        canvas.put(bumper & ~lower, (0.30, 0.30, 0.30), 0.55)
        canvas.seam(ahead & (np.abs(maps.z - spec.bumper_z) < SEAM * 1.5))
    else:  # the bumper's edge under the lamp, towards the wheel arch
        limit = spec.axles[0] - spec.wheel_radius - 0.06
        seam = spec.head_lamp.z0 + spec.head_lamp.rise * np.clip(maps.along, 0, None) - 0.008
        outer = (maps.y > spec.head_lamp.inner + 0.1) & (maps.along > spec.head_lamp.depth * 0.8)
        canvas.seam((np.abs(maps.z - seam) < SEAM * 0.8) & (maps.along < limit + 0.05) & outer & (maps.section > 3))
    _fog_lamp(canvas, maps, spec, ahead)


def _fog_lamp(canvas: Canvas, maps: Maps, spec: CarSpec, ahead: Mask) -> None:
    intake = spec.intake
    pocket = (maps.y > intake.half + 0.05) & (maps.y < intake.half + 0.22 - 0.4 * np.abs(maps.z - intake.z1))
    pocket &= (maps.z > intake.z0 + 0.02) & (maps.z < intake.z1 + 0.05)
    canvas.put(ahead & pocket, _PLASTIC, 0.5)
    if spec.style.lamp != "led":
        disc = np.hypot(maps.y - intake.half - 0.12, maps.z - (intake.z0 + intake.z1) / 2 - 0.02) < 0.034
        canvas.put(ahead & disc, (0.45, 0.45, 0.47), 0.12, 0.8, 1)
    sensor = np.hypot(maps.y - spec.grille.half - 0.1, maps.z - (intake.z1 + spec.head_lamp.z0) / 2) < 0.011
    canvas.height[ahead & sensor] -= 0.4
