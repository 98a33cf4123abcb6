"""What a blow leaves: how far the skin is pushed in, and scratches, cracks and foreign paint on it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from datasets.scenes.body import Floats
from datasets.scenes.spec import Impact

DECAL_PX_PER_M = 1000
DECAL_SIZE = (1300, 1100)
"""Height and width of a decal in pixels: z 0..1.3 m, y 0..1.1 m."""


def push_in(impact: Impact, y: Floats, z: Floats, from_end: Floats) -> Floats:
    """How far points of the left half move towards the car's middle, metres >= 0.

    ``from_end`` is their distance from the struck end. The dent is deepest at the impact's middle, fades within its
    radii, has creases like folded sheet, and is nothing at the middle plane, so that both halves still meet.
    """
    ry, rz = (y - impact.y) / impact.radius_y, (z - impact.z) / impact.radius_z
    hollow = np.exp(-((ry**2 + rz**2) ** 1.4)) * np.exp(-np.clip(from_end, 0, None) / 0.45)
    folds = 1 - np.abs(np.sin(11 * y + 17 * z + impact.seed)) + 0.5 * np.sin(23 * z - 13 * y)
    fade = np.clip(y / 0.25, 0, 1) ** 2 * (3 - 2 * np.clip(y / 0.25, 0, 1))
    return np.clip(impact.depth * hollow * (0.85 + 0.30 * folds) * fade, 0, None)


@dataclass(frozen=True, slots=True, eq=False)
class Decal:
    """Marks in the (z, y) plane, each of shape `DECAL_SIZE`, 0..1; row = z, column = y in millimetres."""

    scuff: npt.NDArray[np.float32]
    primer: npt.NDArray[np.float32]
    crack: npt.NDArray[np.float32]
    hole: npt.NDArray[np.float32]


def draw_decal(impact: Impact) -> Decal:
    """Scuffs and scratches round the impact, cracks that run from it, and holes knocked into the lamp."""
    rng = np.random.default_rng(impact.seed)
    scuff, primer, crack, hole = (np.zeros(DECAL_SIZE, np.float32) for _ in range(4))
    middle = np.array([impact.y, impact.z])
    spread = np.array([impact.radius_y, impact.radius_z])
    for _ in range(90):
        start = middle + rng.normal(0, 0.45, 2) * spread
        run = np.array([rng.normal(0, 0.14), rng.normal(0, 0.02)])
        _stroke(scuff, start, start + run, rng.uniform(0.35, 0.95), int(rng.integers(1, 6)))
    for _ in range(26):
        start = middle + rng.normal(0, 0.4, 2) * spread
        run = np.array([rng.normal(0, 0.10), rng.normal(0, 0.025)])
        _stroke(primer, start, start + run, rng.uniform(0.5, 1.0), int(rng.integers(1, 5)))
    for _ in range(4):
        _crack(crack, middle + rng.normal(0, 0.35, 2) * spread, rng)
    for _ in range(0 if impact.lamp_z is None else 2):
        _hole(
            hole, crack, np.array([impact.y + rng.normal(0.02, 0.08), (impact.lamp_z or 0) + rng.normal(0, 0.03)]), rng
        )
    patches = _patches(rng, impact)
    scuff = np.clip(cv2.GaussianBlur(scuff, (0, 0), 1.1) + patches, 0, 1).astype(np.float32)
    return Decal(scuff, np.asarray(cv2.GaussianBlur(primer, (0, 0), 0.8), np.float32), crack, hole)


def sample(image: npt.NDArray[np.float32], y: npt.NDArray[np.float32], z: npt.NDArray[np.float32]) -> Floats:
    """A decal's values at points (metres); 0 outside of it."""
    columns, rows = (y * DECAL_PX_PER_M).astype(np.float32), (z * DECAL_PX_PER_M).astype(np.float32)
    return np.asarray(cv2.remap(image, columns, rows, cv2.INTER_LINEAR), np.float64)


def _px(point: Floats) -> tuple[int, int]:
    return round(float(point[0]) * DECAL_PX_PER_M), round(float(point[1]) * DECAL_PX_PER_M)


def _stroke(image: npt.NDArray[np.float32], start: Floats, end: Floats, value: float, width: int) -> None:
    cv2.line(image, _px(start), _px(end), float(value), width, cv2.LINE_AA)


def _crack(image: npt.NDArray[np.float32], start: Floats, rng: np.random.Generator) -> None:
    heading = rng.uniform(0, 2 * np.pi)
    for _ in range(int(rng.integers(5, 12))):
        heading += rng.normal(0, 0.5)
        end = start + np.array([np.cos(heading), np.sin(heading)]) * rng.uniform(0.015, 0.04)
        _stroke(image, start, end, 1.0, int(rng.integers(1, 3)))
        start = end


def _hole(
    hole: npt.NDArray[np.float32], crack: npt.NDArray[np.float32], middle: Floats, rng: np.random.Generator
) -> None:
    """A jagged gap with cracks round it."""
    angles = np.sort(rng.uniform(0, 2 * np.pi, 11))
    radii = rng.uniform(0.02, 0.065, 11)
    corners = middle + np.stack([np.cos(angles) * radii * 1.5, np.sin(angles) * radii], axis=1)
    cv2.fillPoly(hole, [np.round(corners * DECAL_PX_PER_M).astype(np.int32)], 1.0)
    for corner in corners[::5]:
        _crack(crack, corner, rng)


def _patches(rng: np.random.Generator, impact: Impact) -> Floats:
    """Cloudy areas of rubbed-off paint inside the impact, 0..1, shape `DECAL_SIZE`."""
    height, width = DECAL_SIZE
    noise = np.asarray(cv2.resize(rng.normal(0, 1, (90, 34)).astype(np.float32), (width, height)), np.float64)
    noise += 0.6 * np.asarray(cv2.resize(rng.normal(0, 1, (330, 100)).astype(np.float32), (width, height)))
    z, y = np.mgrid[0:height, 0:width] / DECAL_PX_PER_M
    near = np.exp(-(((y - impact.y) / impact.radius_y) ** 2 + ((z - impact.z) / impact.radius_z) ** 2) * 1.6)
    return np.asarray(np.clip((noise * 0.55 + 0.35) * near, 0, 0.85), np.float64)
