"""What makes a half of a car its own: lit lamps, blows, dirt. Works on a copy of the clean half."""

from __future__ import annotations

from dataclasses import fields

import cv2
import numpy as np

from datasets.scenes.body import Floats
from datasets.scenes.canvas import Canvas, Map, Maps, Mask
from datasets.scenes.plan import Blow, Face, PlannedVehicle
from datasets.scenes.spec import CarSpec
from datasets.scenes.vehicle_blow import SIDES, envelope, local
from datasets.scenes.vehicle_glass import crack_lines, crack_plane
from datasets.scenes.vehicle_lamps import head_lamp_mask
from datasets.scenes.vehicle_lit import light_lamps
from datasets.scenes.vehicle_marks import draw_marks, look_up, reach
from datasets.scenes.vehicle_paint import paint_bus_doors
from datasets.scenes.vehicle_parts import Where, front_bumper, rear_bumper

BARE_PLASTIC = (0.018, 0.018, 0.019)
BARE_METAL = (0.50, 0.49, 0.48)
PRIMER = ((0.56, 0.56, 0.54), (0.13, 0.13, 0.135))
"""Under dark paint and under light paint: what is rubbed off shows."""
LIGHT_PAINT = 0.3
DUST = (0.20, 0.18, 0.15)


def finish_half(clean: Canvas, maps: Maps, spec: CarSpec, planned: PlannedVehicle, side: int) -> Canvas:
    """``side`` 1 is the left half, -1 the right one. ``clean`` stays as it is."""
    canvas = Canvas(*(getattr(clean, f.name).copy() for f in fields(Canvas)))
    if spec.build == "bus" and side < 0:
        paint_bus_doors(canvas, maps, spec)
    light_lamps(canvas, maps, spec, planned, side)
    rng = np.random.default_rng([planned.seed, 5, side + 1])
    points = np.stack([spec.front - maps.along, side * maps.y, maps.z], axis=-1)
    _dirt(canvas, maps, spec, planned.dirt_01, rng)
    for blow in planned.blows:
        _strike(canvas, maps, spec, blow, points)
        if blow.cracked_glass:
            _crack_glass(canvas, spec, blow, points, side)
    return canvas


def _strike(canvas: Canvas, maps: Maps, spec: CarSpec, blow: Blow, points: Floats) -> None:
    where = local(spec, blow, points)
    box = _window(envelope(blow, where) * reach(blow, where) > 0.001)
    if box is None:
        return
    view = Canvas(*(getattr(canvas, f.name)[box] for f in fields(Canvas)))
    place = local(spec, blow, points[box])
    weight = reach(blow, place)
    marks = draw_marks(blow)
    rub, foreign, primer, bare, crack, hole, tear = (
        (look_up(layer, blow, place) * weight).astype(np.float32)
        for layer in (marks.rub, marks.foreign, marks.primer, marks.bare, marks.crack, marks.hole, marks.tear)
    )
    part = Where(
        maps.along[box], maps.aft[box], maps.y[box], maps.z[box], maps.station[box], maps.section[box], maps.belt[box]
    )
    plastic = front_bumper(spec, part) | rear_bumper(spec, part)
    solid = (view.glass < 0.5).astype(np.float32)
    _blend(view, solid * rub * 0.3, DUST, 0.7)
    _blend(view, solid * foreign * 0.9, blow.transfer, 0.55)
    _blend(view, solid * primer, PRIMER[int(float(np.mean(spec.paint)) > LIGHT_PAINT)], 0.75)
    _blend(view, solid * bare * ~plastic, BARE_METAL, 0.4, 0.8)
    _blend(view, solid * bare * plastic, BARE_PLASTIC, 0.8)
    view.height[...] -= 0.30 * np.maximum(primer, bare) * solid
    broken = (crack > 0.4) & (solid > 0) & plastic
    view.put(broken, (0.006, 0.006, 0.006), 0.9)
    view.height[broken] = 0
    view.put((tear > 0.12) & plastic, (0.03, 0.03, 0.031), 0.7)
    view.opaque[(tear > 0.5) & plastic] = 0
    lamp = head_lamp_mask(spec.head_lamp, part.along, part.y, part.z) | (
        (part.aft < 0.6) & (view.glass > 0.5) & (part.z < part.belt)
    )
    if blow.broken_lamp:
        view.opaque[lamp & (hole > 0.75)] = 0
        view.put(lamp & (hole > 0.3) & (hole <= 0.75), (0.5, 0.5, 0.5), 0.5)
    view.put((view.glass > 0.5) & ~lamp & (primer > 0.5) & (blow.depth > 0.1), (0.6, 0.62, 0.62), 0.4)


def _crack_glass(canvas: Canvas, spec: CarSpec, blow: Blow, points: Floats, side: int) -> None:
    pane = canvas.glass > 0.3
    if blow.face in SIDES and (blow.face is Face.LEFT) != (side > 0):
        return
    lines = np.zeros(pane.shape)
    lines[pane] = crack_lines(blow, crack_plane(spec, blow, points[pane]))
    shown = lines > 0.4
    canvas.put(shown, (0.40, 0.44, 0.43), 0.3)
    canvas.glass[shown] = 1 - np.clip(lines[shown], 0.4, 0.85)


def _blend(canvas: Canvas, amount: Map, colour: tuple[float, float, float], rough: float, metal: float = 0.0) -> None:
    weight = amount[..., None]
    canvas.colour[...] = canvas.colour * (1 - weight) + np.asarray(colour, np.float32) * weight
    canvas.rough[...] = canvas.rough * (1 - amount) + rough * amount
    canvas.metal[...] = canvas.metal * (1 - amount) + metal * amount
    canvas.coat[...] *= 1 - amount


def _window(mask: Mask) -> tuple[slice, slice] | None:
    rows, columns = np.nonzero(mask.any(axis=1))[0], np.nonzero(mask.any(axis=0))[0]
    if not len(rows):
        return None
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def _dirt(canvas: Canvas, maps: Maps, spec: CarSpec, dirt: float, rng: np.random.Generator) -> None:
    """Dust that gathers low, behind the wheels and on the tail, runs of dirty water, and an uneven shine."""
    noise = (
        _cloud(rng, maps.z.shape, 24) * 0.35
        + _cloud(rng, maps.z.shape, 90) * 0.3
        + _cloud(rng, maps.z.shape, 420) * 0.3
    )
    spray = np.zeros_like(maps.z)
    for axle in spec.axles:
        behind = maps.along - axle - spec.wheel_radius
        spray = np.maximum(spray, np.exp(-(((behind - 0.12) / 0.28) ** 2)) * np.clip((0.85 - maps.z) / 0.5, 0, 1))
    low = np.clip((0.70 - maps.z) / 0.55, 0, 1) ** 1.4
    runs = np.clip(_streaks(rng, maps.z.shape) - 0.8, 0, 1) * (maps.section < 14)
    tail = 0.35 * np.clip((0.35 - maps.aft) / 0.3, 0, 1) * (maps.z < 1.3)
    wanted = dirt * (
        0.10
        + 0.08 * np.clip(noise, -1, 2)
        + 1.25 * low * (0.55 + 0.5 * noise)
        + spray * (0.9 + 0.6 * noise)
        + tail
        + 0.25 * runs
    )
    amount = np.clip(wanted, 0, 0.75).astype(np.float32)
    solid = amount * (canvas.glass < 0.5)
    _blend(canvas, solid, DUST, 0.8)
    canvas.rough[...] = np.clip(canvas.rough + 0.015 * np.clip(noise, -1, 2), 0.02, 1)
    film = (canvas.glass > 0.5) & (maps.z > maps.belt)
    thin = np.where(film, np.clip(0.35 * amount + 0.25 * dirt * np.clip(0.25 + 0.3 * noise, 0, 1), 0, 0.3), 0).astype(
        np.float32
    )
    canvas.glass[...] -= thin * _unwiped(maps, spec)
    dusty = thin > 0.0
    canvas.rough[dusty] = 0.6


def _unwiped(maps: Maps, spec: CarSpec) -> Map:
    """1 where no wiper sweeps, less on the windscreen's swept part."""
    start, end = spec.glazing.windscreen
    swept = (
        (maps.station > start + 0.1)
        & (maps.station < end - 0.12)
        & (maps.section > 12.2)
        & (maps.y < maps.roof_half - 0.12)
    )
    return np.where(swept, 0.25, 1).astype(np.float32)


def _cloud(rng: np.random.Generator, shape: tuple[int, ...], cells: int) -> Map:
    coarse = rng.normal(0, 1, (cells // 2, cells)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), np.float32)


def _streaks(rng: np.random.Generator, shape: tuple[int, ...]) -> Map:
    coarse = rng.normal(0, 1, (9, 420)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), np.float32)
