"""Which part of the car a damage sits on, told from the damage's surroundings and from the whole photo.

Most claim photos are close-ups on which few parts are found whole, and a fender has no class of its own: the part
that overlaps a damage most is often not the one it is on. So a network of its own looks twice, at a square around the
damage and at the square that holds the photo, and pools what it sees of both at the damage's place.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from vision.errors import ModelError
from vision.geometry import GREY
from vision.models.session import Session, batches
from vision.types import Box, PartKind, Pixels

Floats = npt.NDArray[np.float32]
NONE = "none"
"""Label of damage on a fender, sill or roof: no class of ours covers it."""
LEAST = 0.5
"""Below this chance no part is told."""
SIDE = 224
BATCH = 8
TIMES, SHARE = 3.0, 0.3
"""The square around a damage: so many times its longer side, and at least such a share of the photo's."""


class DamagePart:
    """The loaded network; its labels are the parts and `NONE`."""

    def __init__(self, session: Session) -> None:
        """Raises `ModelError` for a label that is no part."""
        if strange := set(session.labels) - {NONE, *PartKind}:
            raise ModelError(f"no parts of vehicles: {sorted(strange)}")
        self.session = session

    def tell(
        self, pixels: Pixels, boxes: Sequence[Box], small: Pixels | None = None
    ) -> tuple[tuple[PartKind | None, float], ...]:
        """The part under each box of a photo, pixels, and the chance of that answer. Raises `ModelError`.

        None where no class covers the place, and where any one part is less likely right than wrong (`LEAST`).
        ``small``: the photo shrunk, where one is at hand, to look at the whole of it.
        """
        chances = self.chances(pixels, boxes, small)
        return tuple(
            self._answer(int(best), float(row[best])) for best, row in zip(chances.argmax(1), chances, strict=True)
        )

    def _answer(self, best: int, chance: float) -> tuple[PartKind | None, float]:
        label = self.session.labels[best]
        return (None if label == NONE or chance < LEAST else PartKind(label)), chance

    def chances(self, pixels: Pixels, boxes: Sequence[Box], small: Pixels | None = None) -> Floats:
        """Shape (boxes, labels), each row sums to 1; ``pixels`` RGB uint8, upright. Raises `ModelError`."""
        if not boxes:
            return np.zeros((0, len(self.session.labels)), np.float32)
        told: list[Floats] = []
        everything, shown = whole(pixels), pixels if small is None else small
        afar = seen(shown, whole(shown))[None]
        for part in batches(len(boxes), BATCH):
            windows = [around(box, pixels) for box in boxes[part]]
            near = np.stack([seen(pixels, window) for window in windows])
            places = [(placed(box, everything), placed(box, w)) for box, w in zip(boxes[part], windows, strict=True)]
            (found,) = self.session.run(afar, near, np.array(places, np.float32))
            told.append(np.asarray(found, np.float32))
        return np.concatenate(told)


def whole(pixels: Pixels) -> Box:
    """The square that holds the photo, in its middle; may reach beyond its borders."""
    height, width = pixels.shape[:2]
    half = max(width, height) / 2
    return width / 2 - half, height / 2 - half, width / 2 + half, height / 2 + half


def around(box: Box, pixels: Pixels) -> Box:
    """The square around a damage, of `TIMES` and `SHARE`; may reach beyond the photo's borders."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    half = max(TIMES * max(box[2] - box[0], box[3] - box[1]), SHARE * max(pixels.shape[:2])) / 2
    return x - half, y - half, x + half, y + half


def seen(pixels: Pixels, window: Box) -> Pixels:
    """What a window shows, (SIDE, SIDE, 3) uint8 RGB; grey where it reaches beyond the photo."""
    height, width = pixels.shape[:2]
    x0, y0, x1, y1 = window
    left, top = min(max(round(x0), 0), width - 1), min(max(round(y0), 0), height - 1)
    right, bottom = max(min(round(x1), width), left + 1), max(min(round(y1), height), top + 1)
    out = np.full((SIDE, SIDE, 3), GREY, np.uint8)
    at = [_cell(v, x0, x1) for v in (left, right)], [_cell(v, y0, y1) for v in (top, bottom)]
    (u0, u1), (v0, v1) = ((min(a, SIDE - 1), max(b, min(a, SIDE - 1) + 1)) for a, b in at)
    out[v0:v1, u0:u1] = cv2.resize(pixels[top:bottom, left:right], (u1 - u0, v1 - v0), interpolation=cv2.INTER_AREA)
    return out


def _cell(value: float, low: float, high: float) -> int:
    return min(max(round((value - low) / (high - low) * SIDE), 0), SIDE)


def placed(box: Box, window: Box) -> Box:
    """A box in shares of a window, 0..1."""
    wide, high = window[2] - window[0], window[3] - window[1]
    shares = np.clip(
        [(box[0] - window[0]) / wide, (box[1] - window[1]) / high,
         (box[2] - window[0]) / wide, (box[3] - window[1]) / high], 0, 1,
    )  # fmt: skip
    x0, y0, x1, y1 = (float(v) for v in shares)
    return x0, y0, x1, y1
