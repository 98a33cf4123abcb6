"""Boxes of vehicles cut out as small squares, once for all that look at their paint."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from vision.geometry import crop
from vision.types import Box, Pixels

SIDE = 96
LEAST_SIDE = 48
"""A box with a side of fewer pixels is not looked at."""


def square(pixels: Pixels, box: Box) -> Pixels:
    """The box of a photo, pixels, squeezed into a square: (96, 96, 3) uint8 RGB."""
    return np.asarray(cv2.resize(crop(pixels, box)[0], (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8)


def squares(pixels: Pixels, boxes: Sequence[Box]) -> tuple[Pixels | None, ...]:
    """The square of each box; null for small ones."""
    return tuple(square(pixels, box) if large_enough(box) else None for box in boxes)


def large_enough(box: Box) -> bool:
    return min(box[2] - box[0], box[3] - box[1]) >= LEAST_SIDE
