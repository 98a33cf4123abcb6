"""Draws ground floors: shops under coloured boards. RGBA 0..1 in sRGB; alpha is 1 where glass mirrors."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from datasets.scenes.surroundings_facades import METRES_PER_PX, Grey, Pixels, weather

SIGN_FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"
SIGNS = (
    "便利店", "五金建材", "大药房", "兰州拉面", "鲜果园", "美发沙龙", "文具办公", "家常菜馆", "洗衣店", "茶叶",
    "手机维修", "烟酒商行", "早餐包子", "房产中介", "眼镜店", "汽车美容", "宠物医院", "母婴用品", "火锅", "银行",
    "打印复印", "干洗",
)  # fmt: skip
BOARDS = ((150, 30, 28), (28, 84, 60), (30, 60, 128), (205, 160, 40), (90, 60, 44), (225, 225, 220), (60, 62, 66),
          (176, 78, 28), (30, 110, 130), (120, 24, 60))  # fmt: skip
SHOP_HIGH, SHOP_PX, SHOP_WIDE_PX = 4.2, 192, 2048
SHOP_WIDE = SHOP_WIDE_PX * METRES_PER_PX * 0.7
"""Metres that the drawing covers."""
LOOKS = 48
"""Different drawings there are; a scene uses a few."""


def draw_shops(seed: int) -> tuple[Pixels, Grey]:
    """A ground floor, shape (192, 2048, 4): windows full of goods under boards; and what is lit at night.

    Each has its own width of shops, height of boards (some all of one colour) and share of shut ones.
    """
    rng = np.random.default_rng([4, seed])
    image = np.zeros((SHOP_PX, SHOP_WIDE_PX, 4), np.float32)
    image[..., :3] = rng.uniform(0.3, 0.66) * rng.uniform(0.92, 1.0, 3)
    narrow, shut = int(rng.integers(110, 230)), float(rng.choice([0.08, 0.2, 0.5]))
    alike = BOARDS[int(rng.integers(len(BOARDS)))] if rng.random() < 0.4 else None
    low, top = int(rng.integers(44, 74)), int(rng.integers(4, 18))
    lit = np.zeros((SHOP_PX, SHOP_WIDE_PX), np.float32)
    left = 0
    while left < SHOP_WIDE_PX - 60:
        right = min(SHOP_WIDE_PX, left + int(rng.integers(narrow, 2 * narrow)))
        if rng.random() < 0.9:
            _board(image[top:low, left + 5 : right - 5], rng, alike)
            lit[top:low, left + 5 : right - 5] = rng.choice([0.0, 0.5, 0.9])
        window = slice(low + 6, 188), slice(left + 10, right - 8)
        if rng.random() < shut:
            image[window] = (*(rng.uniform(0.34, 0.62) * rng.uniform(0.94, 1.0, 3)), 0)
            image[low + 6 : 188 : 6, left + 10 : right - 8, :3] *= 0.78
        else:
            _window(image[window], rng)
            lit[window] = rng.choice([0.15, 0.7, 1.0])
        left = right
    image[..., :3] *= weather((SHOP_PX, SHOP_WIDE_PX), rng)[..., None]
    return np.clip(image, 0, 1), lit


def _window(part: Pixels, rng: np.random.Generator) -> None:
    """Shelves with goods behind glass, a door, posters."""
    height, width = part.shape[:2]
    part[..., :3], part[..., 3] = rng.uniform(0.08, 0.2), 0.9
    bright, mood, pitch = rng.uniform(0.10, 0.4), rng.uniform(0.1, 0.8), int(rng.integers(18, 34))
    first = 26 if rng.random() < 0.5 else int(rng.integers(60, 110))
    for shelf in range(first, height - 12, pitch):
        x = 4
        while x < width - 14:
            wide = int(rng.integers(5, 24))
            tone = bright * rng.uniform(0.15, 1) * (mood * rng.uniform(0.6, 1, 3) + (1 - mood) * rng.uniform(0.6, 1))
            part[shelf + int(rng.integers(2, 10)) : shelf + pitch - 4, x : x + wide, :3] = tone
            x += wide + int(rng.integers(1, 12))
        part[shelf + pitch - 4 : shelf + pitch - 2, :, :3] = 0.5 * bright + 0.1
    if rng.random() < 0.6:
        x = int(rng.integers(0, max(1, width - 60)))
        part[20:95, x : x + int(rng.integers(30, 56))] = (*(rng.uniform(0.25, 0.7) * rng.uniform(0.72, 1.0, 3)), 0.3)
    door = int(rng.integers(4, max(5, width - 60)))
    part[:, door : door + 52, :3] *= 0.45
    for x in (door, door + 26, door + 52, 0, width - 4):
        part[:, x : x + 3] = (0.66, 0.67, 0.68, 0)


def _board(part: Pixels, rng: np.random.Generator, alike: tuple[int, int, int] | None) -> None:
    """A shop's name on a board, of the colour ``alike`` where the street has but one."""
    height, width = part.shape[:2]
    colour = np.asarray(alike or BOARDS[int(rng.integers(len(BOARDS)))]) / 255 * rng.uniform(0.8, 1.05)
    part[..., :3] = colour
    mask = Image.new("L", (width, height), 0)
    words = SIGNS[int(rng.integers(len(SIGNS)))]
    font = ImageFont.truetype(SIGN_FONT, int(np.clip(height * rng.uniform(0.5, 0.78), 14, 44)))
    ImageDraw.Draw(mask).text((width * rng.uniform(0.42, 0.58), height / 2), words, font=font, fill=255, anchor="mm")
    ink = np.asarray(mask, np.float32)[..., None] / 255
    tone = 0.2 if colour.mean() > 0.62 else 0.93
    part[..., :3] = part[..., :3] * (1 - ink) + np.array([tone, tone, tone * rng.choice([1, 0.4])]) * ink
