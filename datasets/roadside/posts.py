"""Drawn things that stand: posts, trunks, bollards, guard rails and walls, with the light from one side."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from datasets.roadside.sprites import Floats, Sprite
from vision.types import Box

STEEL = ((95, 97, 100), (140, 142, 145), (55, 58, 62), (60, 90, 70), (205, 205, 200), (150, 140, 120), (70, 60, 50))
BARK = ((88, 72, 58), (110, 98, 84), (66, 56, 48), (125, 115, 100))
BANDS = (
    ((190, 30, 30), (225, 225, 220)), ((235, 190, 20), (25, 25, 25)), ((225, 110, 20), (230, 230, 225)),
    ((120, 122, 124), (120, 122, 124)), ((40, 42, 45), (225, 200, 30)), ((170, 165, 155), (170, 165, 155)),
)  # fmt: skip


def _round(width: int, random: np.random.Generator) -> Floats:
    """How light a round thing is across its width: (width,)."""
    across = np.linspace(-1, 1, width)
    light, ground = random.uniform(-0.8, 0.8), random.uniform(0.35, 0.6)
    return np.asarray(ground + (1.1 - ground) * np.clip(1 - (across - light) ** 2 / 1.6, 0, 1), np.float32)


def pole(random: np.random.Generator, slender: float) -> Sprite:
    """A post that is ``slender`` times as high as it is wide at its foot, in one colour, with a wider foot at times."""
    w = 24
    h = int(w * slender)
    colour = np.array(STEEL[int(random.integers(len(STEEL)))], np.float32)
    colours = np.broadcast_to(colour * _round(w, random)[:, None], (h, w, 3)).copy()
    colours *= random.normal(1, 0.03, (h, 1, 1)).astype(np.float32)
    cover = _tapered(h, w, random.uniform(0.5, 1.0))
    if random.random() < 0.4:  # a foot that is wider than the post
        thin = 0.55
        high = int(h * random.uniform(0.08, 0.25))
        cover[: h - high] = _tapered(h - high, w, 0.8, thin)
    if random.random() < 0.2:  # a band of paint or a poster
        y = int(h * random.uniform(0.5, 0.85))
        colours[y : y + 2 * w] *= np.array(random.uniform(0.4, 1.6, 3), np.float32)
    return Sprite(np.clip(colours, 0, 255).astype(np.float32), cover)


def _tapered(h: int, w: int, top: float, foot: float = 1.0) -> Floats:
    share = np.linspace(top * foot, foot, h)[:, None]
    off = np.abs((np.arange(w) + 0.5) / w * 2 - 1)[None]
    return np.asarray(np.clip((share - off) * w / 2 + 0.5, 0, 1), np.float32)


def trunk(random: np.random.Generator, slender: float) -> Sprite:
    """The stem of a tree, at times limewashed below; it bends and is wider at the foot."""
    w = 64
    h = int(w * slender)
    grain = random.normal(0, 1, (h, w // 2)).astype(np.float32)
    grain = np.asarray(cv2.resize(cv2.GaussianBlur(grain, (0, 0), 1.0, sigmaY=5.0), (w, h)), np.float32)
    grain /= max(float(grain.std()), 1e-6)
    colour = np.array(BARK[int(random.integers(len(BARK)))], np.float32)
    colours = colour * _round(w, random)[None, :, None] * (1 + 0.22 * grain[..., None])
    if random.random() < 0.4:
        white = int(h * random.uniform(0.4, 0.75))
        colours[white:] = (0.35 * colours + 0.65 * 215 * _round(w, random)[None, :, None])[white:]
    rows = np.linspace(0, 1, h)[:, None]
    bend = random.normal(0, 0.12) * np.sin(rows * random.uniform(1.5, 4))
    half = random.uniform(0.5, 0.65) + 0.3 * np.clip((rows - 0.88) / 0.12, 0, 1) ** 2 + 0.02 * grain[:, :1]
    off = np.abs((np.arange(w) + 0.5)[None] / w * 2 - 1 - bend)
    cover = np.clip((half - off) * w / 2, 0, 1)
    return Sprite(np.clip(colours, 0, 255).astype(np.float32), np.asarray(cover, np.float32))


def bollard(random: np.random.Generator) -> Sprite:
    """A low post of steel or stone, in bands or plain."""
    slender = random.uniform(3.5, 9.0)
    w = 40
    h = int(w * slender)
    first, second = (np.array(c, np.float32) for c in BANDS[int(random.integers(len(BANDS)))])
    count = int(random.integers(2, 7))
    band = ((np.arange(h) * count // h) % 2 == int(random.integers(2)))[:, None, None]
    colours = np.where(band, first, second) * _round(w, random)[None, :, None]
    cover = np.ones((h, w), np.float32)
    if random.random() < 0.6:  # a round head
        ys, xs = np.mgrid[: w // 2, :w]
        cover[: w // 2] = (xs + 0.5 - w / 2) ** 2 + (ys + 0.5 - w / 2) ** 2 <= (w / 2) ** 2
    return Sprite(np.clip(colours, 0, 255).astype(np.float32), cover)


def guard_rail(base: Floats, random: np.random.Generator, dim: float) -> Box:
    """Draws a W-beam rail on posts along the road, near at one end; the box of it. ``base`` (h, w, 3) changes."""
    h, w = base.shape[:2]
    horizon = h * random.uniform(0.3, 0.5)
    near_x, far_x = (w * v for v in (random.uniform(-0.25, 0.3), random.uniform(0.45, 1.2)))
    if random.random() < 0.5:
        near_x, far_x = w - near_x, w - far_x
    near_h, far_h = h * random.uniform(0.1, 0.26), h * random.uniform(0.03, 0.1)
    near_top = horizon + (h - horizon) * random.uniform(0.15, 0.6)
    far_top = horizon + (near_top - horizon) * far_h / near_h
    grey = np.array(STEEL[int(random.integers(2))], np.float32) * dim * random.uniform(0.9, 1.4)
    ends = ((near_x, near_top, near_h), (far_x, far_top, far_h))
    for share in 1 / np.linspace(1, near_h / far_h, int(random.integers(3, 9))):  # even steps along the road
        t = (1 / share - 1) / max(near_h / far_h - 1, 1e-6)
        x, top, high = (a + (b - a) * (1 - share) / max(1 - far_h / near_h, 1e-6) for a, b in zip(*ends, strict=True))
        if t <= 1:
            _fill(base, [(x - high * 0.1, top), (x + high * 0.1, top), (x + high * 0.1, top + high * 1.9),
                         (x - high * 0.1, top + high * 1.9)], grey * 0.6)  # fmt: skip
    shades = 0.75 + 0.4 * np.abs(np.sin(np.linspace(0.2, 2 * np.pi, 9))) * random.uniform(0.6, 1.2)
    for k, shade in enumerate(shades):
        edges = [(x, top + high * (k + d) / len(shades)) for d in (0, 1.15) for x, top, high in ends]
        _fill(base, [edges[0], edges[1], edges[3], edges[2]], grey * shade)
    xs, ys = (near_x, far_x), (near_top, far_top, near_top + 1.9 * near_h, far_top + 1.9 * far_h)
    return max(min(xs), 0.0), max(min(ys), 0.0), min(max(xs), float(w)), min(max(ys), float(h))


def _fill(base: Floats, points: Sequence[tuple[float, float]], colour: Floats) -> None:
    corners = np.round(np.array(points) * 16).astype(np.int32)
    cv2.fillPoly(base, [corners], [float(v) for v in np.clip(colour, 0, 255)], cv2.LINE_8, 4)
