"""Draws the fronts of houses: blocks of flats, offices. RGBA 0..1 in sRGB; alpha is 1 where glass mirrors."""

from __future__ import annotations

from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from datasets.scenes.textures import noise

Grey: TypeAlias = npt.NDArray[np.float32]
Pixels: TypeAlias = npt.NDArray[np.float32]
STOREY_PX, STOREYS, WIDTH_PX = 96, 12, 1024
METRES_PER_PX = 3.0 / STOREY_PX
TILE_WH = (WIDTH_PX * METRES_PER_PX, STOREYS * 3.0)
LOOKS = 36
"""Different drawings there are; a scene uses a few."""


def draw_facade(seed: int) -> tuple[Pixels, Grey]:
    """Twelve storeys, shape (1152, 1024, 4), repeating sideways, and which windows are lit at night, (1152, 1024)."""
    rng = np.random.default_rng([3, seed])
    size = (STOREY_PX * STOREYS, WIDTH_PX)
    image = np.zeros((*size, 4), np.float32)
    wall = _wall_colour(seed, rng)
    image[..., :3] = wall
    lit = np.zeros(size, np.float32)
    if seed % 3 == 1:
        _tiles(image, rng)
    bays = int(rng.integers(5, 9))
    cuts = np.round(np.concatenate([[0], np.cumsum(rng.dirichlet(np.full(bays, 14.0)))]) * WIDTH_PX).astype(int)
    styles = rng.integers(0, 4, bays)
    for storey in range(STOREYS):
        top = storey * STOREY_PX
        if seed % 3 == 2:
            _glass_band(image, lit, top, rng)
            continue
        for left, right, style in zip(cuts, cuts[1:], styles, strict=False):
            _bay(image, lit, (int(left), top, int(right)), int(style), wall, rng)
    image[..., :3] *= weather(size, rng)[..., None]
    return np.clip(image, 0, 1), lit


def _wall_colour(seed: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    colours = ((0.78, 0.74, 0.66), (0.72, 0.70, 0.69), (0.62, 0.63, 0.64), (0.66, 0.47, 0.38), (0.83, 0.80, 0.72),
               (0.55, 0.56, 0.58), (0.74, 0.66, 0.54), (0.80, 0.79, 0.77), (0.48, 0.50, 0.54))  # fmt: skip
    return np.asarray(colours[seed % len(colours)]) * rng.uniform(0.92, 1.04, 3)


def _tiles(image: Pixels, rng: np.random.Generator) -> None:
    """Small wall tiles, as blocks of the nineties have."""
    rows, columns = image.shape[0] // 8, image.shape[1] // 16
    tone = 1 + 0.035 * rng.standard_normal((rows, columns, 1)).astype(np.float32)
    image[..., :3] *= np.repeat(np.repeat(tone, 8, 0), 16, 1)


def _glass_band(image: Pixels, lit: Grey, top: int, rng: np.random.Generator) -> None:
    low, high = top + 14, top + 88
    image[low:high, :, :3], image[low:high, :, 3] = (0.16, 0.21, 0.25), 1
    for x in range(0, WIDTH_PX, 64):
        image[low:high, x + 3 : x + 64, :3] *= rng.uniform(0.6, 1.4)
        if rng.random() < 0.3:
            blind = low + int(rng.integers(10, 60))
            image[low:blind, x + 4 : x + 63, :3], image[low:blind, x + 4 : x + 63, 3] = (0.58, 0.57, 0.54), 0.4
        if rng.random() < 0.4:
            lit[low:high, x + 4 : x + 63] = rng.uniform(0.3, 1)
        image[low:high, x : x + 4] = (0.55, 0.56, 0.57, 0)
    image[low + 48 : low + 51] = (0.5, 0.51, 0.52, 0)


def _bay(
    image: Pixels, lit: Grey, place: tuple[int, int, int], style: int, wall: npt.NDArray[np.float64],
    rng: np.random.Generator,
) -> None:  # fmt: skip
    """One flat's window. Style 1: open balcony, 2: air conditioner, 3: balcony closed with glass."""
    left, top, right = place
    width = right - left
    inset = width // (9 if style in (1, 3) else 4)
    x0, x1, y0, y1 = left + inset, right - inset, top + (14 if style == 3 else 24), top + (86 if style == 3 else 74)
    image[y0 - 4 : y1 + 5, x0 - 4 : x1 + 5, :3] = wall * rng.uniform(0.84, 0.9)
    _glass(image, lit, (x0, y0, x1, y1), rng)
    panes = 2 if style in (0, 2) else 4
    frame = 0.82 if rng.random() < 0.7 else 0.3
    for index in range(panes + 1):
        x = x0 + (x1 - x0) * index // panes
        image[y0:y1, x - 1 : x + 2] = (frame, frame, frame, 0)
    image[y0 : y0 + 3, x0:x1] = image[y1 - 3 : y1, x0:x1] = (frame, frame, frame, 0)
    image[y0 - 7 : y0 - 3, x0 - 6 : x1 + 6, :3] *= 1.12
    image[y0 : y0 + 8, x0:x1, :3] *= 0.55  # the lintel's shadow
    if style == 1:
        _balcony(image, (x0 - 6, y1 - 26, x1 + 6, y1 + 10), wall, rng)
    elif style == 3:
        image[y1 - 24 : y1, x0:x1, :3], image[y1 - 24 : y1, x0:x1, 3] = wall * 0.93, 0
    else:
        image[y1 : y1 + 5, x0 - 6 : x1 + 6, :3] = wall * 0.95
        image[y1 + 5 : y1 + 12, x0 - 6 : x1 + 6, :3] *= 0.72
    if style == 2 or rng.random() < 0.25:
        _air_conditioner(image, min(x1 + 5, right - 30), y1 - 12)


def _glass(image: Pixels, lit: Grey, box: tuple[int, int, int, int], rng: np.random.Generator) -> None:
    """A dark room behind glass, now and then curtains or a lamp."""
    x0, y0, x1, y1 = box
    room = np.linspace(1.3, 0.6, y1 - y0)[:, None, None] * rng.uniform(0.5, 1.7)
    image[y0:y1, x0:x1, :3], image[y0:y1, x0:x1, 3] = room * np.array([0.17, 0.19, 0.21]), 1
    for side in (0, 1):
        if rng.random() < 0.42:
            reach = int((x1 - x0) * rng.uniform(0.15, 0.5))
            a, b = (x0, x0 + reach) if side == 0 else (x1 - reach, x1)
            cloth = rng.uniform(0.35, 0.7) * np.array([1, rng.uniform(0.88, 1), rng.uniform(0.7, 0.98)])
            folds = 1 + 0.12 * np.sin(np.arange(b - a) * 1.1)
            image[y0:y1, a:b, :3], image[y0:y1, a:b, 3] = cloth * folds[None, :, None], 0.6
    if rng.random() < 0.38:
        lit[y0:y1, x0:x1] = rng.uniform(0.25, 1)


def _balcony(
    image: Pixels, box: tuple[int, int, int, int], wall: npt.NDArray[np.float64], rng: np.random.Generator
) -> None:
    x0, y0, x1, y1 = box
    image[y0:y1, x0:x1, :3], image[y0:y1, x0:x1, 3] = wall * 0.68, 0
    bars = rng.random() < 0.5
    for x in range(x0, x1, 6):
        image[y0 + 3 : y1 - 6, x : x + 2, :3] = wall * (0.4 if bars else 0.62)
    image[y0 : y0 + 3, x0:x1, :3] = wall * 1.05
    image[y1 - 6 : y1, x0:x1, :3] = wall * 0.95
    for _ in range(int(rng.integers(0, 5))):  # washing
        x = int(rng.integers(x0, max(x0 + 1, x1 - 12)))
        image[y0 - 26 : y0 - 2, x : x + 9, :3], image[y0 - 26 : y0 - 2, x : x + 9, 3] = rng.uniform(0.2, 0.85, 3), 0


def _air_conditioner(image: Pixels, x: int, y: int) -> None:
    image[y : y + 24, x : x + 27] = (0.76, 0.76, 0.74, 0)
    image[y + 24 : y + 30, x : x + 27, :3] *= 0.6
    for radius, tone in ((9, 0.35), (6, 0.5), (2, 0.3)):
        cv2.circle(image, (x + 11, y + 12), radius, (tone, tone, tone, 0), -1, cv2.LINE_AA)


def weather(size: tuple[int, int], rng: np.random.Generator) -> Grey:
    """Streaks below sills and an uneven tone."""
    streaks = cv2.resize(rng.normal(1, 0.035, (6, size[1] // 4)).astype(np.float32), size[::-1])
    return np.asarray(streaks * (1 + 0.045 * noise(size, 1, 60, 0.9, rng)), np.float32)
