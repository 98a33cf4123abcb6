"""Where paint truly is on a picture whose lines are known only roughly, or may be hidden: it is lighter than the road.

Cells of which it is not clear are left out of the loss.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from datasets.lanes.camera import Floats
from datasets.lanes.draw import FINE, IGNORED, SIDE, Drawn, boxed, light_told, told
from datasets.lanes.markings import Classes
from vision.types import Pixels

Mask = npt.NDArray[np.bool_]
LEAST, OF_BEST, GAP = 6.0, 0.4, 0.15
"""Paint is at least so much lighter than what is round it (of 255), and than that share of its stretch's lightest
tenth; a gap between dashes is lighter by no more than `GAP` of that."""
BESIDE = 7
"""Pixels beside paint of which nobody is asked: two cells."""


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A picture and its truth pixel by pixel; the arrays are filled in place while it is made."""

    pixels: Pixels
    lighter: Floats
    """By how much a pixel is lighter than the middle of what is round it."""
    kinds: Classes
    ignored: Mask


def lighter(pixels: Pixels) -> Floats:
    """(h, w): the larger of red and green less its median over a thirteenth of the picture; yellow paint is light."""
    light = np.asarray(pixels[..., :2].max(2), np.uint8)
    around = cv2.medianBlur(light, max(pixels.shape[:2]) // 26 * 2 + 1)
    return np.asarray(cv2.GaussianBlur(light.astype(np.float32) - around, (0, 0), 0.7), np.float32)


def known(pixels: Pixels) -> Known:
    """A picture of which nothing is painted yet."""
    return Known(pixels, lighter(pixels), np.zeros(pixels.shape[:2], np.uint8), np.zeros(pixels.shape[:2], np.bool_))


def band_truth(truth: Known, band: Mask, points: npt.NDArray[np.int32], kind: int, dashed: bool) -> None:
    """Marks what is painted in a line's band; between dashes the road is bare, else what is not light is doubtful."""
    needed = np.full(band.shape, np.inf, np.float32)
    for start, end in pairwise(points):
        stretch = np.zeros(band.shape, np.uint8)
        half = max(int(np.abs(end - start).max() * 0.6), 8)
        x, y = (start + end) // 2
        stretch[max(y - half, 0) : y + half, max(x - half, 0) : x + half] = 1
        inside = band & (stretch > 0)
        if inside.any():
            best = float(np.percentile(truth.lighter[inside], 90))
            needed[inside] = np.minimum(needed[inside], max(LEAST, OF_BEST * best))
    painted = band & (truth.lighter >= needed)
    beside = cv2.dilate(painted.astype(np.uint8), np.ones((2 * BESIDE + 1,) * 2, np.uint8)) > 0
    bare = band & ~beside & (truth.lighter <= GAP / OF_BEST * needed) if dashed else np.zeros_like(band)
    truth.ignored[band & ~painted & ~bare] = True
    truth.ignored[painted] = False
    truth.kinds[painted] = kind


def part_of(truth: Known, random: np.random.Generator, least: float = 0.5) -> Drawn:
    """A random part of the picture, at least ``least`` of its sides, half of the time mirrored, in the square."""
    h, w = truth.kinds.shape
    share = float(random.uniform(least, 1.0)) if random.random() < 0.8 else 1.0
    ph, pw = int(h * share), int(w * share)
    y, x = int(random.integers(0, h - ph + 1)), int(random.integers(0, w - pw + 1))
    window = slice(y, y + ph), slice(x, x + pw)
    scale = SIDE / max(ph, pw)
    size = int(pw * scale) // 4 * 4, int(ph * scale) // 4 * 4
    fine = size[0] * FINE, size[1] * FINE
    pixels = np.asarray(cv2.resize(truth.pixels[window], size, interpolation=cv2.INTER_AREA), np.uint8)
    kinds = np.asarray(cv2.resize(truth.kinds[window], fine, interpolation=cv2.INTER_NEAREST), np.uint8)
    doubt = cv2.resize(truth.ignored[window].astype(np.float32), fine, interpolation=cv2.INTER_NEAREST)
    lines = told(kinds, (kinds > 0).astype(np.float32))
    cells = cv2.resize(doubt, (lines.shape[1], lines.shape[0]), interpolation=cv2.INTER_AREA)
    lines = np.where((cells >= 0.3) & (lines == 0), IGNORED, lines).astype(np.uint8)
    if random.random() < 0.5:
        pixels, lines = np.ascontiguousarray(pixels[:, ::-1]), np.ascontiguousarray(lines[:, ::-1])
    # Of lights nothing is known here.
    lamp = light_told(np.zeros((fine[1], fine[0]), np.float32))
    return boxed(pixels, lines, np.full_like(lamp, IGNORED))
