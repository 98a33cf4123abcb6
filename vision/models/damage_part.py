"""Which part of the car a damage sits on, told from what the parts network sees there and around.

Most claim photos are close-ups on which few parts are found whole, and a fender has no class of its own: the part
that overlaps a damage most is often not the one it is on. So a small network of its own looks at the parts network's
maps and at its evidence for each part, at the damage's place. Pooling: average over the cells that a box covers, by
their covered share (after Ren et al., Faster R-CNN, NeurIPS 2015, and He et al., Mask R-CNN, ICCV 2017, RoIAlign).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from vision.models.session import Session
from vision.models.yolo import Sight
from vision.types import Box, PartKind

Floats = npt.NDArray[np.float32]
NONE = "none"
"""Label of damage on a fender, sill or roof: no class of ours covers it."""
LEAST = 0.5
"""Below this chance no part is told. On 65 validation damages the chances average .845, and .846 are right."""
NEAR, WIDE = (2.0, 0.2), (3.0, 0.4)
"""Surroundings: so many times the damage's box, and at least such a share of the square."""


class DamagePart:
    """The loaded network; its labels are the parts and `NONE`."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def tell(self, sight: Sight, boxes: Sequence[Box]) -> tuple[tuple[PartKind | None, float], ...]:
        """The part under each box of a photo, pixels, and the chance of that answer. Raises `ModelError`.

        None where no class covers the place, and where any one part is less likely right than wrong (`LEAST`).
        """
        chances = self.chances(sight, boxes)
        return tuple(
            self._answer(int(best), float(row[best])) for best, row in zip(chances.argmax(1), chances, strict=True)
        )

    def _answer(self, best: int, chance: float) -> tuple[PartKind | None, float]:
        label = self.session.labels[best]
        return (None if label == NONE or chance < LEAST else PartKind(label)), chance

    def chances(self, sight: Sight, boxes: Sequence[Box]) -> Floats:
        """Shape (boxes, labels), each row sums to 1. Raises `ModelError`."""
        if not boxes:
            return np.zeros((0, len(self.session.labels)), np.float32)
        (found,) = self.session.run(np.stack([features(sight, box) for box in boxes]))
        return np.asarray(found, np.float32)


def features(sight: Sight, box: Box) -> Floats:
    """What is known of one place: a vector of `vision.models.damage_part.DamagePart`'s input size, float32.

    ``sight`` of the parts network, with its middle (1/16) and coarse (1/32) maps; ``box`` in pixels of the photo.
    """
    middle, coarse = sight.maps
    place = sight.placed(box)
    near, wide = around(place, *NEAR), around(place, *WIDE)
    x0, y0, x1, y1 = place
    w, h = x1 - x0, y1 - y0
    shape = [(x0 + x1) / 2, (y0 + y1) / 2, w, h, np.sqrt(w * h), np.log(w / max(h, 1e-6) + 1e-6)]
    pooled = [pool(middle, place), pool(coarse, place), pool(middle, near), pool(coarse, wide)]
    return np.concatenate([shape, *pooled, np.sqrt(evidence(sight, place))]).astype(np.float32)


def around(place: Box, times: float, least: float) -> Box:
    """The place grown about its middle, cut to the square; all in shares of the square."""
    x, y = (place[0] + place[2]) / 2, (place[1] + place[3]) / 2
    w, h = max((place[2] - place[0]) * times, least) / 2, max((place[3] - place[1]) * times, least) / 2
    return max(x - w, 0.0), max(y - h, 0.0), min(x + w, 1.0), min(y + h, 1.0)


def covered(low: float, high: float, cells: int) -> Floats:
    """How much of each of ``cells`` on 0..1 lies between the two, as shares of 1; a point takes its one cell."""
    edges = np.arange(cells + 1) / cells
    shares = np.clip(np.minimum(edges[1:], high) - np.maximum(edges[:-1], low), 0, None)
    if shares.sum() <= 0:
        shares[min(max(int((low + high) / 2 * cells), 0), cells - 1)] = 1
    return np.asarray(shares / shares.sum(), np.float32)


def pool(values: npt.NDArray[np.floating], place: Box) -> Floats:
    """Mean of a map (channels, h, w) over a place in shares of the square: (channels,)."""
    _, h, w = values.shape
    rows, columns = covered(place[1], place[3], h), covered(place[0], place[2], w)
    return np.asarray((values @ columns) @ rows, np.float32)


def evidence(sight: Sight, place: Box) -> Floats:
    """Of each class the largest score anywhere, and the largest of score times overlap with the place: (4 x classes,).

    Overlaps: with the place's area, with the union's, and with the smaller of both.
    """
    x, y, w, h = sight.cells[:4] / sight.side
    scores = sight.cells[4:]
    wide = np.minimum(x + w / 2, place[2]) - np.maximum(x - w / 2, place[0])
    high = np.minimum(y + h / 2, place[3]) - np.maximum(y - h / 2, place[1])
    both = np.clip(wide, 0, None) * np.clip(high, 0, None)
    own, theirs = max((place[2] - place[0]) * (place[3] - place[1]), 1e-9), np.maximum(w * h, 1e-9)
    shares = (both / own, both / (own + w * h - both + 1e-9), np.maximum(both / own, both / theirs))
    return np.concatenate([scores.max(1), *((scores * share).max(1) for share in shares)]).astype(np.float32)
