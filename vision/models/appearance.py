"""What a vehicle looks like: its colour, and a short vector by which two pictures of one vehicle are near.

Both come from a histogram of the vehicle's box in CIE Lab, counted softly and finer near grey, where most vehicles
are. The graph is one product with matrices learnt from photos of one claim: no network looks at the pixels.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from itertools import product

import cv2
import numpy as np
import numpy.typing as npt

from vision.geometry import crop
from vision.models.session import Session
from vision.types import Box, Pixels, VehicleColour

Floats = npt.NDArray[np.float32]
SIDE = 96
BINS = 7
"""Of each axis of Lab."""
LIGHTNESS, CHROMA = (5.0, 95.0), 14.0
"""Ends of the lightness axis; the chroma axes are tanh(a / CHROMA), so that half of the bins lie within 8 of grey."""
LEAST_SIDE = 48
"""A box with a side of fewer pixels is not looked at."""
TOLD = 0.6
"""Below this chance the colour is not told."""


def histogram(pixels: Pixels, box: Box) -> Floats:
    """Square roots of the shares of the box's pixels in `BINS`³ cells of Lab, shape (343,), float32."""
    seen = cv2.resize(crop(pixels, box)[0], (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(seen.astype(np.float32) / 255, cv2.COLOR_RGB2LAB).reshape(-1, 3)
    low, high = LIGHTNESS
    places = np.stack(((lab[:, 0] - low) / (high - low), *((np.tanh(lab[:, k] / CHROMA) + 1) / 2 for k in (1, 2))))
    places = np.clip(places, 0, 1) * (BINS - 1)
    cells = np.minimum(places.astype(np.int64), BINS - 2)
    part = places - cells
    counts = np.zeros(BINS**3)
    for corner in product((0, 1), repeat=3):
        shares = np.prod([part[k] if corner[k] else 1 - part[k] for k in range(3)], axis=0)
        index = np.ravel_multi_index(tuple(cells[k] + corner[k] for k in range(3)), (BINS,) * 3)
        counts += np.bincount(index, shares, BINS**3)
    return np.asarray(np.sqrt(counts / SIDE**2), np.float32)


def large_enough(box: Box) -> bool:
    return min(box[2] - box[0], box[3] - box[1]) >= LEAST_SIDE


def packed(vector: Floats) -> str:
    """A vector of length 1 as base64 of signed bytes, in steps of 1/127."""
    return base64.b64encode(np.round(vector * 127).astype(np.int8).tobytes()).decode("ascii")


class Appearance:
    """The loaded matrices; labels are colours."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def raw(self, histograms: Floats) -> tuple[Floats, Floats]:
        """Vectors of length 1 and chances of the colours for histograms (n, 343). Raises `ModelError`."""
        vectors, chances = self.session.run(histograms)
        return vectors, chances

    def look(self, pixels: Pixels, boxes: Sequence[Box]) -> tuple[tuple[VehicleColour | None, float, str | None], ...]:
        """Colour, its chance, the packed vector of each box; nothing is told of small boxes. Raises `ModelError`."""
        large = [k for k, box in enumerate(boxes) if large_enough(box)]
        told: list[tuple[VehicleColour | None, float, str | None]] = [(None, 0.0, None)] * len(boxes)
        if large:
            vectors, chances = self.raw(np.stack([histogram(pixels, boxes[k]) for k in large]))
            for k, vector, chance in zip(large, vectors, chances, strict=True):
                best, score = int(chance.argmax()), float(chance.max())
                told[k] = (VehicleColour(self.session.labels[best]) if score >= TOLD else None, score, packed(vector))
        return tuple(told)
