"""What a blow leaves on the skin: rubbed and chipped paint, foreign paint, scratches, cracks, holes in lamps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from datasets.scenes.body import Floats
from datasets.scenes.plan import Blow
from datasets.scenes.vehicle_blow import MARKS_REACH, SIDES, TEARS_M, Local

PX_PER_M = 640
MARGIN = 1.5
"""A decal is this much larger than the struck area."""

Layer = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Layers over the face's plane, one shape (rows = v upwards, columns = u), 0..1.

    ``rub`` dulled paint, ``foreign`` the other's paint, ``primer`` and ``bare`` what shows where paint is gone,
    ``crack`` breaks in plastic, ``hole`` gaps (1) and cracks (0.5) in lamp covers; ``near`` the marked area as a whole,
    ``area_bare`` the part of it where much paint is gone; ``tear`` holes torn into a bumper.
    """

    rub: Layer
    foreign: Layer
    primer: Layer
    bare: Layer
    crack: Layer
    hole: Layer
    near: Layer
    area_bare: Layer
    tear: Layer


@lru_cache(maxsize=64)
def draw_marks(blow: Blow) -> Marks:
    """The same for the same blow."""
    rng = np.random.default_rng([blow.seed, 3])
    shape = (round(blow.height * MARGIN * PX_PER_M), round(blow.width * MARGIN * PX_PER_M))
    shape = (max(shape[0], 64), max(shape[1], 64))
    v, u = np.mgrid[-1 : 1 : shape[0] * 1j, -1 : 1 : shape[1] * 1j] * MARGIN
    near = _bands(rng, u, v, blow.face in SIDES)
    grain = _grain(rng, shape)
    fine = _grain(rng, shape, 0.5)
    level = grain * 0.30 + near * 1.6 - 0.93
    rub = np.clip(level * 2.5, 0, 1)
    foreign = ((level * 0.8 + fine * 0.33 - 0.14) > 0) * (near > 0.15) * np.clip(0.55 + 0.25 * fine, 0, 1)
    primer = (level * 0.9 + _grain(rng, shape, 1.6) * 0.24 - 0.33) > 0
    bare = (level + _grain(rng, shape, 0.8) * 0.22 - 0.52) > 0
    strokes = _scratches(rng, shape, near, 90 if blow.face in SIDES else 60)
    deep = _scratches(rng, shape, near, 26 if blow.face in SIDES else 16, 2)
    crack, hole = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for _ in range(4 if blow.depth > 0.04 else 1 if blow.depth > 0 else 0):
        _crack(crack, rng.normal(0, 0.22, 2) * shape[::-1] / 2 / MARGIN + np.array(shape[::-1]) / 2, rng, 0.05)
    if blow.broken_lamp:
        _holes(hole, rng)
    tear = np.zeros(shape, np.float32)
    if blow.hanging_bumper or blow.depth > TEARS_M:
        _tears(tear, crack, rng)
    touched = np.maximum.reduce([rub > 0.3, foreign > 0.2, strokes > 0.3, primer, bare]).astype(np.float32)
    gone = cv2.GaussianBlur(np.maximum(primer, bare).astype(np.float32), (0, 0), 0.018 * PX_PER_M) > 0.30
    around = cv2.GaussianBlur(touched, (0, 0), 0.018 * PX_PER_M) > 0.16
    return Marks(
        rub.astype(np.float32), np.maximum(foreign, strokes * 0.75).astype(np.float32),
        np.maximum(primer, deep).astype(np.float32), bare.astype(np.float32), crack, hole,
        around.astype(np.float32), gone.astype(np.float32), tear,
    )  # fmt: skip


def look_up(layer: Layer, blow: Blow, where: Local, smooth: bool = True) -> Floats:
    """A layer's values at points; 0 outside the decal."""
    rows, columns = layer.shape
    x = (where.u / (blow.width * MARGIN / 2) + 1) / 2 * (columns - 1)
    y = (where.v / (blow.height * MARGIN / 2) + 1) / 2 * (rows - 1)
    flat = (x.astype(np.float32).reshape(1, -1), y.astype(np.float32).reshape(1, -1)) if x.ndim != 2 else (
        x.astype(np.float32), y.astype(np.float32))  # fmt: skip
    found = cv2.remap(layer, *flat, cv2.INTER_LINEAR if smooth else cv2.INTER_NEAREST)
    return np.asarray(found, np.float64).reshape(x.shape)


def reach(blow: Blow, where: Local) -> Floats:
    """Weight of marks by the distance behind the struck surface, 0..1."""
    far = MARKS_REACH[1] if blow.face in SIDES else MARKS_REACH[0]
    return np.asarray(np.clip((far - where.deep) / (0.35 * far), 0, 1) * where.side)


def _bands(rng: np.random.Generator, u: Floats, v: Floats, side: bool) -> Floats:
    """Where the other's bumper, lamp and panel edges rubbed: a few bands along the face within the struck area."""
    near = np.zeros_like(u)
    for _ in range(3 if side else 4):
        middle, thick = rng.uniform(-0.7, 0.7), rng.uniform(0.08, 0.24)
        start, run = rng.uniform(-0.5, 0.5), rng.uniform(0.45, 0.9)
        slope = rng.normal(0, 0.10)
        band = np.exp(-(((v - middle - slope * u) / thick) ** 2)) * np.exp(-(((u - start) / run) ** 4))
        near = np.maximum(near, band * rng.uniform(0.55, 1.0))
    blob = 0.55 * np.exp(-((u / 0.75) ** 2 + (v / 0.75) ** 2))
    return np.asarray(np.maximum(near, blob * rng.uniform(0.4, 1.0)) * (np.hypot(u, v) < 1.45))


def _grain(rng: np.random.Generator, shape: tuple[int, int], scale: float = 1.0) -> Floats:
    """Noise drawn out along u, as sliding leaves it: mean 0, spread about 1."""
    total = np.zeros(shape, np.float32)
    for fine, share in ((1, 0.7), (3, 0.5), (9, 0.4), (27, 0.35)):
        rows, columns = max(4, round(shape[0] * fine / 70 / scale)), max(4, round(shape[1] * fine / 640 / scale))
        noise = rng.normal(0, 1, (rows, columns)).astype(np.float32)
        total += share * cv2.resize(noise, shape[::-1], interpolation=cv2.INTER_CUBIC)
    return np.asarray(total, np.float64)


def _scratches(rng: np.random.Generator, shape: tuple[int, int], near: Floats, count: int, width: int = 1) -> Floats:
    drawn = np.zeros(shape, np.float32)
    rows, columns = np.nonzero(near > 0.3)
    if not len(rows):
        return np.asarray(drawn, np.float64)
    for _ in range(count):
        k = int(rng.integers(len(rows)))
        run = rng.gamma(1.6, 0.10) * PX_PER_M
        slope, bend = rng.normal(0, 0.05), rng.normal(0, 0.03)
        t = np.linspace(-0.5, 0.5, 9)
        line = np.stack([columns[k] + run * t, rows[k] + run * (slope * t + bend * t * t)], axis=-1)
        cv2.polylines(
            drawn, [np.round(line * 16).astype(np.int32)], False, float(rng.uniform(0.35, 1)), width, cv2.LINE_AA, 4
        )
    return np.asarray(drawn, np.float64)


def _crack(image: Layer, start: Floats, rng: np.random.Generator, step_m: float, value: float = 1.0) -> None:
    heading, point = rng.uniform(0, 2 * np.pi), np.asarray(start, np.float64)
    for _ in range(int(rng.integers(4, 9))):
        heading += rng.normal(0, 0.45)
        end = point + np.array([np.cos(heading), np.sin(heading)]) * rng.uniform(0.4, 1) * step_m * PX_PER_M
        line = np.round(np.stack([point, end])).astype(np.int32)
        cv2.polylines(image, [line], False, value, int(rng.integers(1, 3)), cv2.LINE_AA)
        point = end


def _tears(tear: Layer, crack: Layer, rng: np.random.Generator) -> None:
    """One or two long jagged holes near the middle, with cracks that run on from their ends."""
    rows, columns = tear.shape
    for _ in range(int(rng.integers(1, 3))):
        middle = np.array([columns, rows]) * rng.uniform(0.35, 0.65, 2)
        size = np.array([rng.uniform(0.04, 0.10), rng.uniform(0.012, 0.035)]) * PX_PER_M
        corners = _jagged(middle, size, rng.normal(0, 0.35), rng)
        cv2.fillPoly(tear, [np.round(corners).astype(np.int32)], 1.0)
        for corner in corners[::6]:
            _crack(crack, corner, rng, 0.04)


def _holes(hole: Layer, rng: np.random.Generator) -> None:
    """Jagged gaps (1) and cracks round them (0.5), mostly in the upper half; they only show on lamp covers."""
    rows, columns = hole.shape
    gaps = []
    for _ in range(max(3, columns // 70)):
        middle = np.array([rng.uniform(0.05, 0.95) * columns, rng.uniform(0.3, 0.98) * rows])
        gaps.append(_jagged(middle, np.array([0.12, 0.08]) * PX_PER_M, 0.0, rng))
        for corner in gaps[-1][::3]:
            _crack(hole, corner, rng, 0.03, 0.5)
    for corners in gaps:
        cv2.fillPoly(hole, [np.round(corners).astype(np.int32)], 1.0)


def _jagged(middle: Floats, size: Floats, tilt: float, rng: np.random.Generator) -> Floats:
    """Corners (11, 2) of a torn hole, pixels; ``size`` its half extents."""
    angles = np.sort(rng.uniform(0, 2 * np.pi, 11))
    ray = np.stack([np.cos(angles), np.sin(angles)], axis=1) * size * rng.uniform(0.35, 1.2, (11, 1))
    turn = np.array([[np.cos(tilt), np.sin(tilt)], [-np.sin(tilt), np.cos(tilt)]])
    return np.asarray(middle + ray @ turn)
