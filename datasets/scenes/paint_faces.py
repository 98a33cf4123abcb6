"""Paints the nose (grille, intake, lamps) and the tail (lamps, strip, diffuser) of a car, and damage on them."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from datasets.scenes.canvas import Canvas, Maps, Mask, grown
from datasets.scenes.crash import draw_decal, sample
from datasets.scenes.paint_panels import BRIGHT, PIANO_BLACK
from datasets.scenes.spec import CarSpec, Impact, Lamp

Array: TypeAlias = npt.NDArray[np.floating]

HEAD_LAMP_TINT = (0.90, 0.92, 0.94)
TAIL_LAMP_TINT = (0.62, 0.018, 0.02)
RED = (0.36, 0.006, 0.008)
BARE_PLASTIC = (0.025, 0.025, 0.026)
PRIMER = (0.42, 0.41, 0.39)


def head_lamp_mask(lamp: Lamp, along: Array, y: Array, z: Array) -> Mask:
    """Which points of the left half belong to the head lamp; arrays of one shape, metres."""
    bottom, top = lamp.z0 + lamp.rise * along, lamp.z1 + lamp.rise * along * 0.9
    inner = lamp.inner + 0.5 * np.abs(z - (bottom + top) / 2 - 0.015)
    return np.asarray((along < lamp.depth) & (z > bottom) & (z < top) & (y > inner))


def tail_lamp_mask(lamp: Lamp, aft: Array, y: Array, z: Array) -> Mask:
    """Which points of the left half belong to the tail lamp; ``aft`` counts from the tail."""
    top = lamp.z1 + lamp.rise * aft
    inner = lamp.inner - 0.3 * (z - lamp.z0)
    return np.asarray((aft < lamp.depth - 0.6 * (z - lamp.z0)) & (z > lamp.z0) & (z < top) & (y > inner))


def paint_nose(canvas: Canvas, maps: Maps, spec: CarSpec) -> None:
    ahead = maps.along < 0.75
    grille, intake = spec.grille, spec.intake
    half = grille.half * (0.80 + 0.20 * (maps.z - grille.z0) / (grille.z1 - grille.z0))
    rim = (maps.y < half + 0.016) & (maps.z > grille.z0 - 0.016) & (maps.z < grille.z1 + 0.012)
    canvas.put(ahead & rim & (maps.station < 0.3), BRIGHT, 0.12, 1)
    opening = ahead & (maps.y < half) & (maps.z > grille.z0) & (maps.z < grille.z1) & (maps.station < 0.25)
    bars = (maps.z * 100) % 3.6 < 1.0
    canvas.put(opening, PIANO_BLACK, 0.4)
    canvas.put(opening & bars, (0.16, 0.16, 0.17), 0.2, 1)
    canvas.height[opening & ~bars] = 0
    badge = np.hypot(maps.y / 1.25, maps.z - grille.z1 + 0.055)
    canvas.put(ahead & (badge < 0.045), (0.75, 0.75, 0.77), 0.1, 1)
    canvas.put(ahead & (badge < 0.033), (0.03, 0.03, 0.04), 0.1, 0, 1)
    lower = ahead & (maps.y < intake.half - 0.3 * (maps.z - intake.z0)) & (maps.z > intake.z0) & (maps.z < intake.z1)
    canvas.put(lower, (0.008, 0.008, 0.009), 0.6)
    canvas.height[lower & ((maps.z * 100) % 4 < 1)] = 0
    _fog_lamp(canvas, maps, spec, ahead)
    lamp = head_lamp_mask(spec.head_lamp, maps.along, maps.y, maps.z)
    canvas.seam(grown(lamp, (lamp.shape[1], lamp.shape[0]), 0.006))
    canvas.put(lamp, PIANO_BLACK, 0.1, 0, 1)
    foot = spec.head_lamp.z0 + spec.head_lamp.rise * maps.along
    canvas.put_glass(lamp & (maps.z > foot + 0.006), HEAD_LAMP_TINT)
    daylight = lamp & (np.abs(maps.z - foot - 0.014) < 0.007) & (maps.along > 0.02)
    canvas.put(daylight, (0.85, 0.87, 0.90), 0.15, 0, 1)
    canvas.glow[daylight] = (0.55, 0.58, 0.62)


def _fog_lamp(canvas: Canvas, maps: Maps, spec: CarSpec, ahead: Mask) -> None:
    intake = spec.intake
    pocket = (maps.y > intake.half + 0.05) & (maps.y < intake.half + 0.22)
    pocket &= (maps.z > intake.z0 + 0.02) & (maps.z < intake.z1 + 0.03)
    canvas.put(ahead & pocket, (0.01, 0.01, 0.011), 0.5)
    disc = np.hypot(maps.y - intake.half - 0.13, maps.z - (intake.z0 + intake.z1) / 2 - 0.02) < 0.035
    canvas.put(ahead & disc, (0.7, 0.7, 0.72), 0.1, 0.8, 1)


def paint_tail(canvas: Canvas, maps: Maps, spec: CarSpec) -> None:
    behind = maps.aft < 0.75
    lid = spec.lid
    lamp = behind & tail_lamp_mask(spec.tail_lamp, maps.aft, maps.y, maps.z)
    canvas.seam(grown(lamp, (lamp.shape[1], lamp.shape[0]), 0.006))
    canvas.put(lamp, RED, 0.1, 0, 1)
    canvas.put_glass(grown(lamp, (lamp.shape[1], lamp.shape[0]), 0.001) & lamp, TAIL_LAMP_TINT)
    middle = (spec.tail_lamp.z0 + spec.tail_lamp.z1) / 2
    light = lamp & (np.abs(maps.z - middle + 0.035) < 0.016) & (maps.y > spec.tail_lamp.inner + 0.05)
    canvas.put(light, (0.70, 0.68, 0.66), 0.15, 0.2, 1)
    guide = lamp & (np.abs(maps.z - middle - 0.035) < 0.006)
    canvas.put(guide, (0.8, 0.03, 0.02), 0.15, 0, 1)
    canvas.glow[guide] = (0.45, 0.01, 0.01)
    between = (maps.y < lid.half * 0.78) & (np.abs(maps.z - spec.strip_z) < 0.011) & (maps.aft < 0.4)
    canvas.put(behind & between, BRIGHT, 0.1, 1)
    canvas.put(behind & (maps.z < spec.diffuser_z) & (maps.aft < 0.6), (0.012, 0.012, 0.013), 0.6)
    reflector = (maps.y > 0.58) & (maps.y < 0.80) & (np.abs(maps.z - spec.diffuser_z - 0.03) < 0.014) & (maps.aft < 0.5)
    canvas.put(behind & reflector, (0.40, 0.01, 0.01), 0.15, 0, 1)
    pipe = (maps.y > 0.5) & (maps.y < 0.62) & (np.abs(maps.z - spec.diffuser_z + 0.06) < 0.02) & (maps.aft < 0.4)
    canvas.put(behind & pipe, (0.7, 0.7, 0.7), 0.15, 1)
    recess = behind & (np.abs(maps.z - spec.rear_plate[1]) < 0.095) & (maps.y < 0.27) & (maps.aft < 0.4)
    canvas.height[recess] -= 0.35


def paint_damage(canvas: Canvas, maps: Maps, impact: Impact) -> None:
    """Scuffs with the other car's paint, bare plastic, cracks, and holes in the lamp's cover."""
    decal = draw_decal(impact)
    from_end = maps.along if impact.at_nose else maps.aft
    near = from_end < 0.65
    # The decal is seen along the car: it would smear on the flanks, so it fades round the corner.
    solid = near * (canvas.glass < 0.5) * np.clip((0.44 - from_end) / 0.2, 0, 1)
    scuff, primer, crack, hole = (
        np.where(near, sample(layer, maps.y, maps.z), 0).astype(np.float32)
        for layer in (decal.scuff, decal.primer, decal.crack, decal.hole)
    )
    for amount, colour in ((scuff * 0.8, impact.transfer), (primer, PRIMER)):
        weight = (amount * solid)[..., None]
        canvas.colour[...] = canvas.colour * (1 - weight) + np.asarray(colour, np.float32) * weight
        canvas.rough[...] = np.maximum(canvas.rough, 0.75 * weight[..., 0])
        canvas.coat[...] *= 1 - weight[..., 0]
    canvas.height[...] -= 0.25 * (scuff + primer) * solid
    canvas.put((solid > 0.4) & (crack > 0.5), BARE_PLASTIC, 0.8)
    canvas.height[near & (crack > 0.3)] = 0
    canvas.opaque[near & (hole > 0.5) & (canvas.glass > 0.5)] = 0
