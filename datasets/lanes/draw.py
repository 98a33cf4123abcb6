"""One drawn training picture: a road with paint, vehicles that stand on it, a backdrop, perhaps a traffic light."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from datasets.lanes.camera import Camera, Floats, phone
from datasets.lanes.cutouts import Cutout
from datasets.lanes.lights import DrawnLight, draw_light
from datasets.lanes.markings import LABELS, NONE, Classes, classes, layout
from datasets.lanes.surface import Colours, look, painted, photographed, shaded, weathered
from vision.types import Pixels

SIDE, CELLS = 320, 160
"""Side of the network's square and of what it tells."""
IGNORED = 255
FINE = 2
"""Pictures are drawn so many times as large."""
SEEN_FROM, DOUBTFUL_FROM = 0.25, 0.08
"""Share of a cell under paint from which on it is a line; in between nobody asks."""
SIZES = ((SIDE, SIDE * 3 // 4), (SIDE * 3 // 4, SIDE), (SIDE, SIDE), (SIDE, SIDE * 9 // 16))
"""Sizes (w, h) of pictures in the square: 4:3, upright 3:4, 1:1 and 16:9."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    pixels: Pixels
    """(SIDE, SIDE, 3) in a letterbox, RGB."""
    lines: Classes
    """(CELLS, CELLS): a class of `markings.LABELS`, or IGNORED."""
    light: Classes
    """(CELLS, CELLS): 1 on a traffic light, IGNORED around it."""


@dataclass(slots=True, eq=False)
class _Canvas:
    colours: Colours
    kinds: Classes
    left: Floats
    """How much of the paint is there and in sight, 0..1."""
    light: Floats


def drawn(backdrops: Sequence[Pixels], vehicles: Sequence[Cutout], random: np.random.Generator) -> Drawn:
    """``backdrops``: any pictures whose upper part may stand behind a road."""
    size = SIZES[int(random.choice(len(SIZES), p=(0.55, 0.15, 0.2, 0.1)))]
    camera = phone(random, (size[0] * FINE, size[1] * FINE))
    canvas = _road(camera, random)
    _backdrop(canvas, camera, backdrops[int(random.integers(len(backdrops)))], random)
    if random.random() < 0.35:
        put_light(canvas.colours, canvas.light, random, FINE)
    for _ in range(int(random.choice(4, p=(0.2, 0.3, 0.3, 0.2)))):
        _vehicle(canvas, camera, vehicles[int(random.integers(len(vehicles)))], random)
    small = np.asarray(cv2.resize(canvas.colours, size, interpolation=cv2.INTER_AREA), np.float32)
    lines, light = told(canvas.kinds, canvas.left), light_told(canvas.light)
    return boxed(photographed(small, random), lines, light)


def _road(camera: Camera, random: np.random.Generator) -> _Canvas:
    x, y, distance = camera.ground()
    road, style = layout(random), look(random)
    kinds = classes(road, x, y)
    kinds[~np.isfinite(distance) | (distance > 120)] = NONE
    colours, left = painted(kinds, road, x, y, style, random)
    shaded(colours, x, y, random)
    colours = weathered(colours, distance, style, random)
    if style.fog:
        left *= np.exp(-style.fog * np.minimum(distance, 300)) > 0.25
    # Paint that is hardly there is asked for by nobody.
    return _Canvas(colours, kinds, left, np.zeros(left.shape, np.float32))


def _backdrop(canvas: _Canvas, camera: Camera, picture: Pixels, random: np.random.Generator) -> None:
    """A real picture's upper part from the horizon (or some way off) upwards."""
    _, _, distance = camera.ground()
    above = distance > random.uniform(25, 90)
    rows = np.flatnonzero(above.any(1))
    if not rows.size:
        return
    h, w = rows.max() + 1, above.shape[1]
    part = picture[: int(picture.shape[0] * random.uniform(0.35, 0.6))]
    if random.random() < 0.5:
        part = part[:, ::-1]
    stretched = cv2.resize(np.ascontiguousarray(part), (w, int(h)), interpolation=cv2.INTER_LINEAR).astype(np.float32)
    level = canvas.colours[above].mean() / max(stretched.mean(), 1) if random.random() < 0.5 else 1.0
    canvas.colours[:h][above[:h]] = (stretched * np.clip(level, 0.3, 1.3))[above[:h]]
    canvas.left[above] = 0


def _vehicle(canvas: _Canvas, camera: Camera, cutout: Cutout, random: np.random.Generator) -> None:
    """A vehicle on the road with a soft shadow below it; paint behind it is out of sight."""
    ahead, aside = float(np.exp(random.uniform(1.1, 3.0))), float(random.normal(0, 2.5))
    c, s = np.cos(camera.yaw), np.sin(camera.yaw)
    place = ahead * c - aside * s, camera.y_m + ahead * s + aside * c, 0.0
    spot = camera.project(place)
    if spot is None:
        return
    u, v, depth = spot
    height = int(camera.focal_px * random.uniform(1.3, 1.9) / depth)
    width = int(height * cutout.mask.shape[1] / cutout.mask.shape[0])
    h, w = canvas.left.shape
    if not (8 < height < 1.5 * h and width < 2.5 * w and -0.3 * w < u < 1.3 * w and v < 1.4 * h):
        return
    body, mask = (cv2.resize(a, (width, height), interpolation=cv2.INTER_AREA) for a in (cutout.pixels, cutout.mask))
    if random.random() < 0.5:
        body, mask = body[:, ::-1], mask[:, ::-1]
    gain = canvas.colours.mean() / max(float(body.mean()), 1) if random.random() < 0.5 else 1.0
    x0, y0 = int(u - width / 2), int(v - height)
    _shadow(canvas.colours, (u, v), (width, height))
    at, cut = _overlap((x0, y0), (width, height), (w, h))
    if at is None:
        return
    share = np.asarray(mask[cut], np.float32)
    colour = body[cut].astype(np.float32) * np.clip(gain, 0.25, 1.2)
    canvas.colours[at] = canvas.colours[at] * (1 - share[..., None]) + colour * share[..., None]
    canvas.left[at] *= share < 0.5
    canvas.light[at] *= share < 0.5


def _shadow(colours: Colours, foot: tuple[float, float], size_wh: tuple[int, int]) -> None:
    shade = np.zeros(colours.shape[:2], np.float32)
    axes = (int(size_wh[0] * 0.5), max(int(size_wh[1] * 0.09), 1))
    cv2.ellipse(shade, (int(foot[0]), int(foot[1] - axes[1] * 0.5)), axes, 0, 0, 360, 0.55, -1)
    colours *= 1 - cv2.blur(shade, (2 * (axes[1] // 2) + 1,) * 2)[..., None]


def _overlap(
    at: tuple[int, int], size: tuple[int, int], canvas: tuple[int, int]
) -> tuple[tuple[slice, slice] | None, tuple[slice, slice]]:
    """Slices of the canvas and of the patch where a patch at ``at`` lies in it; null where it does not."""
    x0, y0 = max(at[0], 0), max(at[1], 0)
    x1, y1 = min(at[0] + size[0], canvas[0]), min(at[1] + size[1], canvas[1])
    cut = slice(y0 - at[1], max(y1 - at[1], 0)), slice(x0 - at[0], max(x1 - at[0], 0))
    return ((slice(y0, y1), slice(x0, x1)) if x1 > x0 and y1 > y0 else None), cut


def put_light(colours: Colours, light: Floats, random: np.random.Generator, fine: int) -> None:
    """Puts one to three drawn lights into the upper part of a picture, in place; ``light`` is 1 on them."""
    h, w = light.shape
    size = int(np.exp(random.uniform(np.log(8), np.log(64)))) * fine
    for _ in range(int(random.integers(1, 4))):
        one: DrawnLight = draw_light(random, max(int(size * random.uniform(0.8, 1.2)), 6))
        size_wh = one.mask.shape[1], one.mask.shape[0]
        place = int(random.integers(0, w)) - size_wh[0] // 2, int(random.uniform(0, 0.55) * h) - size_wh[1] // 4
        at, cut = _overlap(place, size_wh, (w, h))
        if at is None:
            continue
        share = one.mask[cut][..., None]
        gain = random.uniform(0.7, 1.0)
        colours[at] = colours[at] * (1 - share) + one.pixels[cut] * gain * share
        light[at] = np.maximum(light[at], one.housing[cut].astype(np.float32))


def told(kinds: Classes, left: Floats) -> Classes:
    """Cells (h / 4, w / 4) of fine classes and of how much of the paint is there: a class, NONE or IGNORED."""
    size = kinds.shape[1] // (2 * FINE), kinds.shape[0] // (2 * FINE)
    shares = [
        np.asarray(cv2.resize(np.where(kinds == k, left, 0), size, interpolation=cv2.INTER_AREA), np.float32)
        for k in range(1, len(LABELS))
    ]
    stack = np.stack(shares)
    whole = stack.sum(0)
    out = np.where(whole >= SEEN_FROM, stack.argmax(0) + 1, np.where(whole >= DOUBTFUL_FROM, IGNORED, NONE))
    return out.astype(np.uint8)


def light_told(light: Floats) -> Classes:
    """Cells of a fine mask: 1 from half on, IGNORED where a little is."""
    size = light.shape[1] // (2 * FINE), light.shape[0] // (2 * FINE)
    share = cv2.resize(light, size, interpolation=cv2.INTER_AREA)
    return np.where(share >= 0.4, 1, np.where(share >= 0.1, IGNORED, 0)).astype(np.uint8)


def boxed(pixels: Pixels, lines: Classes, light: Classes) -> Drawn:
    """Picture and truth in the middle of a square, as `vision.geometry.letterbox` does it."""
    square = np.full((SIDE, SIDE, 3), 114, np.uint8)
    cells: list[npt.NDArray[np.uint8]] = [np.zeros((CELLS, CELLS), np.uint8) for _ in range(2)]
    h, w = pixels.shape[:2]
    top, left = (SIDE - h) // 2, (SIDE - w) // 2
    square[top : top + h, left : left + w] = pixels
    for cell, truth in zip(cells, (lines, light), strict=True):
        ch, cw = truth.shape
        cell[top // 2 : top // 2 + ch, left // 2 : left // 2 + cw] = truth
    return Drawn(square, cells[0], cells[1])
