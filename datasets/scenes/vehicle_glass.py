"""Cracks in glass: a star on the windscreen, the rear window or a side window. Pure numpy."""

from __future__ import annotations

import numpy as np

from datasets.scenes.body import Floats
from datasets.scenes.plan import Blow, Face
from datasets.scenes.spec import CarSpec
from datasets.scenes.vehicle_blow import SIDES
from datasets.scenes.vehicle_spec import half_width

STAR_M = 0.34
"""The longest cracks reach so far."""


def crack_plane(spec: CarSpec, blow: Blow, points: Floats) -> Floats:
    """Coordinates (..., 2) in the pane's plane, metres from the star's middle; infinite on panes it is not on."""
    x, y, z = points[..., 0], points[..., 1], points[..., 2]
    rng = np.random.default_rng([blow.seed, 21])
    if blow.face in SIDES:
        sign = 1 if blow.face is Face.LEFT else -1
        belt = spec.profile.belt[len(spec.profile.belt) // 2][1]
        x0 = np.clip(
            blow.at * spec.front, spec.front - spec.glazing.sides[1] + 0.4, spec.front - spec.glazing.sides[0] - 0.5
        )
        found = np.stack([x - x0, z - belt - 0.2], axis=-1)
        found[(sign * y < 0.3) | (z < belt)] = np.inf
        return np.asarray(found)
    window = spec.glazing.windscreen if blow.face is Face.FRONT else spec.glazing.rear_window
    along = spec.front - sum(window) / 2 + rng.uniform(-0.1, 0.1)
    run = np.sign(x - along) * np.hypot(x - along, z - _screen_height(spec, window))
    found = np.stack([y - blow.at * 0.55 * half_width(spec), run], axis=-1)
    off = (x < spec.front - window[1] - 0.2) | (x > spec.front - window[0] + 0.1)
    found[off] = np.inf
    return np.asarray(found)


def crack_lines(blow: Blow, plane: Floats) -> Floats:
    """How much of a crack is at each point, 0..1; shape of ``plane`` without its last axis."""
    rng = np.random.default_rng([blow.seed, 22])
    r = np.hypot(plane[..., 0], plane[..., 1])
    inside = np.isfinite(r) & (r < STAR_M * 1.3)
    r = np.where(inside, r, 9.0)
    theta = np.arctan2(np.where(inside, plane[..., 1], 0), np.where(inside, plane[..., 0], 1))
    shown = np.zeros(r.shape)
    for _ in range(30):
        angle, length = rng.uniform(-np.pi, np.pi), STAR_M * (0.15 + 1.1 * rng.random() ** 2)
        start = 0.0 if rng.random() < 0.7 else length * 0.4
        bent = angle + 0.02 * np.sin(r * rng.uniform(15, 40) + rng.uniform(0, 6)) + rng.normal(0, 0.25) * r
        away = np.abs(np.angle(np.exp(1j * (theta - bent)))) * r
        line = np.clip(1.5 - away / 0.0013, 0, 1) * (r < length) * (r >= start)
        shown = np.maximum(shown, line * rng.uniform(0.5, 1.0))
    for k in range(9):
        ring = rng.uniform(0.015, 0.11) * (1 + 0.05 * np.sin(theta * 5 + k))
        middle, run = rng.uniform(-np.pi, np.pi), rng.uniform(0.2, 0.9)
        arc = np.abs(np.angle(np.exp(1j * (theta - middle)))) < run / 2
        shown = np.maximum(shown, 0.7 * np.clip(1.4 - np.abs(r - ring) / 0.0012, 0, 1) * arc)
    return np.asarray(np.maximum(shown, np.clip(1.6 - r / 0.012, 0, 1)))


def _screen_height(spec: CarSpec, window: tuple[float, float]) -> float:
    stations, heights = zip(*spec.profile.top, strict=True)
    return float(np.interp(sum(window) / 2, stations, heights))
