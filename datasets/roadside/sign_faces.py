"""Faces of traffic signs (GB 5768 and its like), drawn flat: rings, bars, arrows, glyphs, boards of directions."""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image, ImageDraw

from datasets.documents.fonts import font
from datasets.roadside.sprites import Sprite

SIDE = 160
RED, BLUE, WHITE, BLACK, YELLOW, GREEN = (
    (196, 24, 32), (18, 74, 165), (238, 238, 236), (20, 20, 22), (245, 195, 20), (10, 110, 60),
)  # fmt: skip
Colour = tuple[int, int, int]
WORDS = "停让行慢学校注意事故多发路段前方施工出口中山人民北京南京东西南北站区省道高速"


def sign_face(random: np.random.Generator) -> tuple[Sprite, str]:
    """A face and its group: prohibition, indication, warning or guide."""
    group = str(random.choice(["prohibition", "indication", "warning", "guide"], p=(0.45, 0.3, 0.13, 0.12)))
    draw: dict[str, Callable[[np.random.Generator], Sprite]] = {
        "prohibition": _prohibition, "indication": _indication, "warning": _warning, "guide": _guide,
    }  # fmt: skip
    sprite = draw[group](random)
    fade = random.uniform(0.75, 1.05)
    grey = random.uniform(0, 0.3)
    colours = np.clip(sprite.colours * fade * (1 - grey) + 150 * grey, 0, 255)
    return Sprite(np.asarray(colours, np.float32), sprite.cover), group


def _canvas(colour: Colour = WHITE) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", (SIDE, SIDE), colour)
    return image, ImageDraw.Draw(image)


def _made(image: Image.Image, outline: list[tuple[float, float]] | None = None) -> Sprite:
    """``outline``: of the plate; null is a disc."""
    mask = Image.new("L", image.size, 0)
    pen = ImageDraw.Draw(mask)
    if outline is None:
        pen.ellipse((2, 2, image.width - 3, image.height - 3), 255)
    else:
        pen.polygon(outline, 255)
    return Sprite(np.asarray(image, np.float32), np.asarray(np.asarray(mask) / 255, np.float32))


def _prohibition(random: np.random.Generator) -> Sprite:
    kind = int(random.integers(10))
    image, pen = _canvas(RED)
    m, s = SIDE / 2, SIDE
    if kind <= 1:  # no entry
        pen.rectangle((s * 0.16, s * 0.42, s * 0.84, s * 0.58), WHITE)
        return _made(image)
    if kind == 2:  # stop
        corners = [
            (m + m * math.cos(a), m + m * math.sin(a)) for a in (math.pi / 8 + k * math.pi / 4 for k in range(8))
        ]
        _word(pen, "停" if random.random() < 0.7 else "STOP", random, WHITE, 0.5)
        return _made(image, corners)
    if kind == 3:  # give way
        pen.polygon([(s * 0.16, s * 0.1), (s * 0.84, s * 0.1), (m, s * 0.72)], WHITE)
        return _made(image, [(0, 0), (s, 0), (m, s * 0.9)])
    inner = BLUE if kind == 4 else WHITE
    edge = s * random.uniform(0.09, 0.13)
    pen.ellipse((edge, edge, s - edge, s - edge), inner)
    if kind == 4:  # no stopping or parking
        _bar(pen, 45, RED)
        if random.random() < 0.5:
            _bar(pen, -45, RED)
        return _made(image)
    if kind in (5, 6):  # limits of speed, height, weight
        _word(pen, str(random.choice(["5", "20", "30", "40", "50", "60", "80", "3.5", "10t"])), random, BLACK, 0.5)
        return _made(image)
    _arrow(pen, float(random.choice([0, 90, 180, 200])), BLACK, 0.62) if kind < 9 else _blob(pen, random, BLACK)
    _bar(pen, 45 if random.random() < 0.5 else -45, RED)
    return _made(image)


def _indication(random: np.random.Generator) -> Sprite:
    image, pen = _canvas(BLUE)
    kind = int(random.integers(5))
    if kind == 0:
        s = SIDE
        pen.polygon([(s / 2, s * 0.1), (s * 0.93, s * 0.86), (s * 0.07, s * 0.86)], WHITE)
        _blob(pen, random, BLACK)
    elif kind == 4:
        _blob(pen, random, WHITE)
    else:
        _arrow(pen, float(random.choice([0, 45, 90, 135, 180, 225])), WHITE, random.uniform(0.55, 0.85))
    square = [(0.0, 0.0), (SIDE, 0.0), (SIDE, SIDE), (0.0, SIDE)]
    return _made(image, None if kind in (2, 4) and random.random() < 0.7 else square)


def _warning(random: np.random.Generator) -> Sprite:
    image, pen = _canvas(BLACK)
    m, s = SIDE / 2, float(SIDE)
    pen.polygon([(m, s * 0.1), (s * 0.93, s * 0.86), (s * 0.07, s * 0.86)], YELLOW)
    _blob(pen, random, BLACK)
    return _made(image, [(m, 0), (s, s * 0.92), (0, s * 0.92)])


def _guide(random: np.random.Generator) -> Sprite:
    """A board of directions, wider than high."""
    ground = BLUE if random.random() < 0.6 else GREEN if random.random() < 0.7 else YELLOW
    ink = BLACK if ground == YELLOW else WHITE
    w, h = int(SIDE * random.uniform(1.1, 2.2)), SIDE
    image = Image.new("RGB", (w, h), ground)
    pen = ImageDraw.Draw(image)
    pen.rectangle((4, 4, w - 5, h - 5), outline=ink, width=3)
    for row in range(int(random.integers(1, 4))):
        text = "".join(random.choice(list(WORDS), int(random.integers(2, 5))))
        size = int(h * random.uniform(0.18, 0.3))
        face = font("noto-sans", size)
        pen.text((random.uniform(0.05, 0.4) * w, 10 + row * h * 0.3), text, ink, face)
    if random.random() < 0.6:
        x = w * random.uniform(0.6, 0.85)
        pen.line((x, h * 0.85, x, h * 0.3), ink, 8)
        pen.polygon([(x, h * 0.12), (x + 16, h * 0.34), (x - 16, h * 0.34)], ink)
    return _made(image, [(0, 0), (w, 0), (w, h), (0, h)])


def _bar(pen: ImageDraw.ImageDraw, degrees: float, colour: Colour) -> None:
    m, reach = SIDE / 2, SIDE * 0.42
    dx, dy = reach * math.cos(math.radians(degrees)), reach * math.sin(math.radians(degrees))
    pen.line((m - dx, m - dy, m + dx, m + dy), colour, int(SIDE * 0.1))


def _arrow(pen: ImageDraw.ImageDraw, degrees: float, colour: Colour, length: float) -> None:
    """0 points up, 90 to the right, 200 turns back."""
    m, half = SIDE / 2, SIDE * length / 2
    if degrees == 200:
        pen.arc((m - half * 0.6, m - half, m + half * 0.6, m + half * 0.4), 180, 360, colour, int(SIDE * 0.1))
        pen.line((m + half * 0.55, m - half * 0.3, m + half * 0.55, m + half), colour, int(SIDE * 0.1))
        tip = (m - half * 0.5, m + half * 0.8)
        pen.polygon([tip, (tip[0] - 22, tip[1] - 42), (tip[0] + 22, tip[1] - 42)], colour)
        return
    a = math.radians(degrees)
    ahead, aside = (math.sin(a), -math.cos(a)), (math.cos(a), math.sin(a))

    def at(forward: float, side: float) -> tuple[float, float]:
        return m + ahead[0] * forward + aside[0] * side, m + ahead[1] * forward + aside[1] * side

    pen.polygon([at(half, 0), at(half * 0.25, half * 0.55), at(half * 0.25, -half * 0.55)], colour)
    pen.polygon([at(half * 0.3, 9), at(half * 0.3, -9), at(-half, -9), at(-half, 9)], colour)


def _word(pen: ImageDraw.ImageDraw, text: str, random: np.random.Generator, colour: Colour, height: float) -> None:
    size = int(SIDE * height * min(1.0, 2.2 / max(len(text), 1)) * random.uniform(0.9, 1.1))
    face = font("noto-sans", size)
    pen.text((SIDE / 2, SIDE / 2), text, colour, face, anchor="mm", stroke_width=2, stroke_fill=colour)


def _blob(pen: ImageDraw.ImageDraw, random: np.random.Generator, colour: Colour) -> None:
    """A figure of no meaning: what is on a sign is too small to be told anyway."""
    for _ in range(int(random.integers(2, 5))):
        x, y = random.uniform(0.35, 0.6, 2) * SIDE + (0, SIDE * 0.08)
        w, h = random.uniform(0.05, 0.22, 2) * SIDE
        shape = pen.ellipse if random.random() < 0.5 else pen.rectangle
        shape((x - w, y - h, x + w, y + h), colour)


def board(random: np.random.Generator) -> Sprite:
    """A shop's board or a banner: bright, with words, and no traffic sign."""
    w, h = int(SIDE * random.uniform(1.2, 5)), int(SIDE * random.uniform(0.4, 1.0))
    ground, ink = (tuple(int(v) for v in random.integers(0, 256, 3)) for _ in range(2))
    image = Image.new("RGB", (w, h), ground)
    face = font("noto-sans", int(h * random.uniform(0.4, 0.8)))
    text = "".join(random.choice(list(WORDS), int(random.integers(2, 7))))
    ImageDraw.Draw(image).text((w / 2, h / 2), text, ink, face, anchor="mm")
    colours = cv2.GaussianBlur(np.asarray(image, np.float32), (0, 0), 1.0)
    return Sprite(np.asarray(colours, np.float32), np.ones((h, w), np.float32))
