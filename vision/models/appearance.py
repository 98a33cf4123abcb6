"""What a vehicle looks like: a short vector by which two pictures of one vehicle are near.

It comes from a histogram of the vehicle's box in CIE Lab, counted softly and finer near grey, where most vehicles are,
and from what the parts network, which looks at the photo anyway, sees in the box. The graph is products with matrices
learnt from photos of one claim.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from itertools import product

import cv2
import numpy as np
import numpy.typing as npt

from vision.models.pooling import pool
from vision.models.session import Session
from vision.models.yolo import Sight
from vision.types import Box, Pixels

Floats = npt.NDArray[np.float32]
BINS = (5, 7, 7)
"""Of the three axes of Lab."""
LIGHTNESS = (5.0, 95.0)
"""Ends of the lightness axis."""
NEAR_GREY, STRONG, SHARE = 4.0, 30.0, 0.7
"""The chroma axes are SHARE tanh(a / NEAR_GREY) + (1 - SHARE) tanh(a / STRONG): red and orange stay apart."""


def histogram(cut: Pixels) -> Floats:
    """Square roots of the shares of a square's pixels (RGB uint8) in the cells of Lab: (245,), float32."""
    light, *chroma = cv2.cvtColor(cut.astype(np.float32) / 255, cv2.COLOR_RGB2LAB).reshape(-1, 3).T
    low, high = LIGHTNESS
    height = (light - low) / (high - low)
    fine = [(SHARE * np.tanh(a / NEAR_GREY) + (1 - SHARE) * np.tanh(a / STRONG) + 1) / 2 for a in chroma]
    return _counted(np.stack((height, *fine)), BINS)


def _counted(places: npt.NDArray[np.floating], bins: tuple[int, int, int]) -> Floats:
    """Roots of the shares of points (3, n) of the unit cube in each cell; a point counts for the eight around it."""
    last = np.array(bins)[:, None] - 1
    at = np.clip(places, 0, 1) * last
    cells = np.minimum(at.astype(np.int64), last - 1)
    above = at - cells
    sides, steps = (1 - above, above), (bins[1] * bins[2], bins[2], 1)
    first = steps @ cells
    counts = np.zeros(int(np.prod(bins)))
    for i, j, k in product((0, 1), repeat=3):
        shares = sides[i][0] * sides[j][1] * sides[k][2]
        counts += np.bincount(first + (i * steps[0] + j * steps[1] + k), shares, len(counts))
    return np.asarray(np.sqrt(counts / places.shape[1]), np.float32)


def features(cut: Pixels, sight: Sight, box: Box) -> Floats:
    """What is known of a vehicle: the histogram, then the means of the parts network's maps over its box.

    ``cut``: what `vision.models.squares.square` makes of the box; ``sight`` of the same photo; ``box`` in pixels of the
    photo. Float32, of the graph's input size.
    """
    place = sight.placed(box)
    return np.concatenate((histogram(cut), *(pool(values, place) for values in sight.maps)))


def packed(vector: Floats) -> str:
    """A vector of length 1 as base64 of signed bytes, in steps of 1/127."""
    return base64.b64encode(np.round(vector * 127).astype(np.int8).tobytes()).decode("ascii")


class Appearance:
    """The loaded matrices."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def raw(self, seen: Floats) -> Floats:
        """Vectors of length 1 for `features`, one a row. Raises `ModelError`."""
        (vectors,) = self.session.run(seen)
        return vectors

    def look(self, cuts: Sequence[Pixels | None], sight: Sight, boxes: Sequence[Box]) -> tuple[str | None, ...]:
        """The packed vector of each box; nothing is told of small boxes. Raises `ModelError`.

        ``cuts``: of each box, by `vision.models.squares.squares`; ``sight``: what the parts network saw of the photo.
        """
        seen = [(k, features(cut, sight, boxes[k])) for k, cut in enumerate(cuts) if cut is not None]
        told: list[str | None] = [None] * len(boxes)
        if seen:
            for (k, _), vector in zip(seen, self.raw(np.stack([one for _, one in seen])), strict=True):
                told[k] = packed(vector)
        return tuple(told)
