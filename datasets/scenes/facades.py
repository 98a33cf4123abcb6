"""Draws the fronts of houses: flats with balconies, offices with glass bands, shops on the ground floor."""

from __future__ import annotations

from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

Pixels: TypeAlias = npt.NDArray[np.uint8]
STOREY_PX = 96
SIGN_FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
SIGNS = ("便利店", "五金建材", "药房", "面馆", "鲜果", "理发", "文具", "家常菜", "洗衣", "茶叶")
STOREYS = 8
WIDTH_PX = 1024
METRES_PER_PX = 3.0 / STOREY_PX


def draw_facade(seed: int) -> Pixels:
    """A tile of eight storeys, RGB, shape (768, 1024, 3): repeats sideways; the ground floor is `draw_shops`."""
    rng = np.random.default_rng(seed)
    wall = np.array([1.0, rng.uniform(0.90, 0.99), rng.uniform(0.78, 0.95)]) * rng.uniform(130, 215)
    image = np.empty((STOREY_PX * STOREYS, WIDTH_PX, 3), np.float32)
    image[:] = wall
    offices = seed % 3 == 2
    bays = int(rng.integers(6, 10))
    widths = rng.dirichlet(np.full(bays, 9.0)) * WIDTH_PX
    styles = rng.integers(0, 3, bays)
    for storey in range(STOREYS):
        top = storey * STOREY_PX
        if offices:
            _glass_band(image, top, rng)
            continue
        left = 0.0
        for width, style in zip(widths, styles, strict=True):
            _bay(image, round(left), top, round(width), int(style), wall, rng)
            left += width
    return _weather(image, rng)


def _glass_band(image: npt.NDArray[np.float32], top: int, rng: np.random.Generator) -> None:
    image[top + 18 : top + 84] = (70, 92, 108)
    for x in range(0, WIDTH_PX, 64):
        image[top + 18 : top + 84, x + 3 : x + 61] *= rng.uniform(0.65, 1.25)
        image[top + 18 : top + 84, x : x + 4] = (150, 152, 155)


def _bay(
    image: npt.NDArray[np.float32], left: int, top: int, width: int, style: int, wall: npt.NDArray[np.float64],
    rng: np.random.Generator,
) -> None:  # fmt: skip
    """One window of a flat; style 1 has a balcony, style 2 a box for the air conditioner."""
    x0, x1 = left + width // 5, left + width - width // 5
    y0, y1 = top + 22, top + 74
    image[y0 - 4 : y1 + 4, x0 - 4 : x1 + 4] = wall * 0.86
    image[y0:y1, x0:x1] = np.array([58, 66, 74]) * rng.uniform(0.5, 1.7)
    if rng.random() < 0.5:
        image[y0 : y0 + int(rng.integers(12, 50)), x0 : (x0 + x1) // 2] = np.array([190, 182, 168]) * rng.uniform(
            0.6, 1.1
        )
    image[y0:y1, (x0 + x1) // 2 - 2 : (x0 + x1) // 2 + 2] = (205, 205, 205)
    image[(y0 + y1) // 2 - 1 : (y0 + y1) // 2 + 1, x0:x1] = (205, 205, 205)
    if style == 1:
        image[y1 - 18 : y1 + 8, x0 - 10 : x1 + 10] = wall * 0.72
        image[y1 - 18 : y1 - 15, x0 - 10 : x1 + 10] = wall * 1.05
        for x in range(x0 - 8, x1 + 10, 7):
            image[y1 - 15 : y1 + 4, x : x + 2] = wall * 0.5
    elif style == 2 and rng.random() < 0.7:
        image[y1 - 8 : y1 + 14, x1 + 4 : x1 + 26] = (196, 196, 192)
        cv2.circle(image, (x1 + 13, y1 + 3), 8, (110, 110, 110), 2)
    else:
        image[y1 : y1 + 5, x0 - 6 : x1 + 6] = wall * 0.62


def draw_shops(seed: int) -> Pixels:
    """A ground floor, RGB, shape (128, 1024, 3): shop windows under coloured boards, roller shutters, doors."""
    rng = np.random.default_rng(seed)
    image = np.empty((128, WIDTH_PX, 3), np.float32)
    image[:] = 150
    boards = ((150, 30, 28), (28, 84, 60), (30, 60, 128), (205, 160, 40), (90, 60, 44), (225, 225, 220))
    left = 0
    while left < WIDTH_PX:
        right = min(WIDTH_PX, left + int(rng.integers(110, 190)))
        image[10:42, left + 4 : right - 4] = boards[int(rng.integers(len(boards)))]
        _sign(image[10:42, left + 4 : right - 4], SIGNS[int(rng.integers(len(SIGNS)))])
        if rng.random() < 0.25:
            image[46:124, left + 6 : right - 6] = 165
            image[46:124:5, left + 6 : right - 6] = 125
        else:
            image[46:124, left + 6 : right - 6] = np.array([44, 48, 50]) * rng.uniform(0.7, 1.6)
            image[70:118, left + 14 : right - 40] *= rng.uniform(1.0, 1.7)
            image[46:124, right - 40 : right - 36] = (180, 180, 180)
        left = right
    return _weather(image, rng)


def _sign(board: npt.NDArray[np.float32], words: str) -> None:
    """Writes ``words`` in the middle of a board, in place."""
    height, width = board.shape[:2]
    mask = Image.new("L", (width, height), 0)
    font = ImageFont.truetype(SIGN_FONT, 24)
    ImageDraw.Draw(mask).text((width / 2, height / 2), " ".join(words), font=font, fill=255, anchor="mm")
    ink = np.asarray(mask, np.float32)[..., None] / 255
    dark = board.mean() > 170
    board[:] = board * (1 - ink) + (60 if dark else 235) * ink


def _weather(image: npt.NDArray[np.float32], rng: np.random.Generator) -> Pixels:
    """Streaks of rain and an uneven tone."""
    height, width = image.shape[:2]
    streaks = cv2.resize(rng.normal(1, 0.045, (4, width // 3)).astype(np.float32), (width, height))
    clouds = cv2.resize(rng.normal(1, 0.05, (8, 10)).astype(np.float32), (width, height))
    grain = rng.normal(0, 3, (height, width, 1))
    return np.clip(image * (streaks * clouds)[..., None] + grain, 0, 255).astype(np.uint8)
