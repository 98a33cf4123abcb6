"""Boxes, letterbox and its inverse, four-corner warp, crops with their origin. Boxes are pixel xyxy, floats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from vision.types import Box, Corners, Pixels

GREY = 114
"""Fill of a letterbox: the grey that the detectors were trained with."""


@dataclass(frozen=True, slots=True)
class Letterbox:
    """How a picture was put into a square: ``x_in_square = x * scale + pad_x``."""

    scale: float
    pad_x: float
    pad_y: float

    def on(self, factor: float) -> Letterbox:
        """The same square for the picture ``factor`` times as large."""
        return Letterbox(self.scale / factor, self.pad_x, self.pad_y)


def clip(box: Box, size_wh: tuple[int, int]) -> Box:
    """The part of a box inside a picture of that size; may be empty."""
    w, h = size_wh
    x0, x1 = (min(max(v, 0.0), float(w)) for v in (box[0], box[2]))
    y0, y1 = (min(max(v, 0.0), float(h)) for v in (box[1], box[3]))
    return x0, y0, x1, y1


def area(box: Box) -> float:
    return max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0)


def overlap(a: Box, b: Box) -> float:
    """Area of the intersection, pixels squared."""
    return area((max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])))


def iou(a: Box, b: Box) -> float:
    """Intersection over union, 0..1; 0 for empty boxes."""
    both = overlap(a, b)
    union = area(a) + area(b) - both
    return both / union if union > 0 else 0.0


def grow(box: Box, share: float, size_wh: tuple[int, int]) -> Box:
    """The box with ``share`` of its width and height added on each side, clipped to the picture."""
    dx, dy = (box[2] - box[0]) * share, (box[3] - box[1]) * share
    return clip((box[0] - dx, box[1] - dy, box[2] + dx, box[3] + dy), size_wh)


def crop(pixels: Pixels, box: Box) -> tuple[Pixels, tuple[int, int]]:
    """View of the whole pixels a box touches, and its origin (x, y). At least one pixel large."""
    h, w = pixels.shape[:2]
    x0, y0 = min(int(max(box[0], 0)), w - 1), min(int(max(box[1], 0)), h - 1)
    x1, y1 = max(min(int(np.ceil(box[2])), w), x0 + 1), max(min(int(np.ceil(box[3])), h), y0 + 1)
    return pixels[y0:y1, x0:x1], (x0, y0)


def scaled(box: Box, factor: float) -> Box:
    """The box on a picture that is ``factor`` times as large."""
    return box[0] * factor, box[1] * factor, box[2] * factor, box[3] * factor


MOST_HALVINGS = 2


def shrunk(pixels: Pixels, side: int) -> Pixels:
    """The picture with its longer side ``side`` pixels, by area mean; itself if it is no larger than that.

    Halved first, up to twice, while four times too large and even: of 12 megapixels in half the time, the same but for
    rounding. Each halving rounds by up to half a level, so more of them would be seen as a shift of brightness.
    """
    h, w = pixels.shape[:2]
    scale = side / max(h, w)
    if scale >= 1:
        return pixels
    for _ in range(MOST_HALVINGS):
        if max(pixels.shape[:2]) < 4 * side or pixels.shape[0] % 2 or pixels.shape[1] % 2:
            break
        half_wh = (pixels.shape[1] // 2, pixels.shape[0] // 2)
        pixels = np.asarray(cv2.resize(pixels, half_wh, interpolation=cv2.INTER_AREA), np.uint8)
    size_wh = (max(round(w * scale), 1), max(round(h * scale), 1))
    return np.asarray(cv2.resize(pixels, size_wh, interpolation=cv2.INTER_AREA), np.uint8)


def letterbox(pixels: Pixels, side: int, small: Pixels | None = None) -> tuple[Pixels, Letterbox]:
    """Scales the longer side to ``side`` and centres the picture in a grey square: (side, side, 3) uint8.

    ``small``: the picture as `shrunk` makes it, where one is at hand; of another size than asked for it is left aside.
    """
    h, w = pixels.shape[:2]
    scale = side / max(h, w)
    nw, nh = max(round(w * scale), 1), max(round(h * scale), 1)
    if small is None or small.shape[:2] != (nh, nw):
        small = shrunk(pixels, side) if scale <= 1 else _enlarged(pixels, (nw, nh))
    left, top = (side - nw) // 2, (side - nh) // 2
    square = np.full((side, side, 3), GREY, np.uint8)
    square[top : top + nh, left : left + nw] = small
    return square, Letterbox(scale, left, top)


def _enlarged(pixels: Pixels, size_wh: tuple[int, int]) -> Pixels:
    return np.asarray(cv2.resize(pixels, size_wh, interpolation=cv2.INTER_LINEAR), np.uint8)


def from_letterbox(points: npt.NDArray[np.floating], box: Letterbox) -> npt.NDArray[np.float64]:
    """Points (..., 2) in the square, back in pixels of the picture."""
    return (np.asarray(points, np.float64) - (box.pad_x, box.pad_y)) / box.scale


def warp(pixels: Pixels, corners: Corners, size_wh: tuple[int, int]) -> Pixels:
    """The four-cornered region as an upright rectangle of ``size_wh``: (h, w, 3) uint8."""
    w, h = size_wh
    target = np.array([(0, 0), (w, 0), (w, h), (0, h)], np.float32)
    matrix = cv2.getPerspectiveTransform(np.array(corners, np.float32), target)
    return cast(Pixels, cv2.warpPerspective(pixels, matrix, size_wh, flags=cv2.INTER_LINEAR))


def bounds(points: npt.ArrayLike) -> Box:
    """Smallest box around points (n, 2), n >= 1."""
    array = np.asarray(points, np.float64)
    (x0, y0), (x1, y1) = array.min(0), array.max(0)
    return float(x0), float(y0), float(x1), float(y1)
