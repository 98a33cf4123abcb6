"""Finds plates with their four corners: a YOLO pose model whose four keypoints are the corners.

The graph takes uint8 RGB (N, S, S, 3) and gives (N, 4 + rows + 12, cells): centre x, centre y, width, height, a score
0..1 for plates of one row and of two, then x, y, visibility of each corner, all in pixels of the square. Its metadata
may hold a calibration, by which scores become chances.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt

from vision.errors import ModelError
from vision.geometry import Letterbox, area, bounds, clip, from_letterbox, letterbox
from vision.models.calibration import AS_IT_IS, Platt, platt_of
from vision.models.session import Session, batches
from vision.models.yolo import BATCH, FLOOR, suppress
from vision.types import Corners, Pixels

LABELS = ("single", "double")
OVERLAP = 0.5


@dataclass(frozen=True, slots=True)
class FoundPlate:
    corners: Corners
    """In pixels of the picture; a corner may lie a little outside."""
    score: float
    """0..1, that this is a plate."""
    double: bool
    """Two rows of characters."""


def as_corners(points: npt.NDArray[np.floating]) -> Corners:
    """Points (4, 2) as a tuple of pairs of floats."""
    return cast(Corners, tuple((float(x), float(y)) for x, y in points))


def convex(points: npt.NDArray[np.floating]) -> bool:
    """Whether corners (4, 2) run clockwise (y down) around a convex region of more than a pixel."""
    edges = np.roll(points, -1, 0) - points
    after = np.roll(edges, -1, 0)
    return bool((edges[:, 0] * after[:, 1] - edges[:, 1] * after[:, 0] > 1.0).all())


def decode(raw: npt.NDArray[np.floating], square: Letterbox, curve: Platt = AS_IT_IS) -> tuple[FoundPlate, ...]:
    """One picture's output (4 + 2 + 12, cells) as plates in pixels of the picture, best first; ``curve`` makes
    chances of scores.
    """
    scores = raw[4:6].max(0)
    keep = scores >= FLOOR
    rows, scores = raw.T[keep], scores[keep]
    if not len(rows):
        return ()
    chances = curve(scores)
    half = rows[:, 2:4] / 2
    boxes = np.concatenate([rows[:, :2] - half, rows[:, :2] + half], 1)
    kept = suppress(boxes, scores, OVERLAP)
    points = from_letterbox(rows[kept, 6:18].reshape(-1, 4, 3)[..., :2], square)
    # Corners that make no plate's shape say less than the box does.
    sides = from_letterbox(boxes[kept][:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2), square)
    points = np.array([p if convex(p) else box for p, box in zip(points, sides, strict=True)])
    return tuple(
        FoundPlate(as_corners(p), float(chances[i]), bool(rows[i, 5] > rows[i, 4]))
        for i, p in zip(kept, points, strict=True)
    )


class PlateDetector:
    """The loaded detector. No state but the session."""

    def __init__(self, session: Session) -> None:
        """Raises `ModelError` if the session is not a plate detector or its calibration is wrong."""
        if session.labels != LABELS:
            raise ModelError(f"not a plate detector: labels {session.labels}")
        self.session = session
        self.curve = platt_of(session.metadata)
        ((_, side, _, _),) = session.inputs.values()
        self.side = int(side)

    def detect(self, pictures: Sequence[Pixels], small: Pixels | None = None) -> tuple[tuple[FoundPlate, ...], ...]:
        """Plates on each picture (h, w, 3 uint8 RGB) down to a score of .05, none of them wholly beside it.

        ``small``: the first picture as `vision.geometry.shrunk` makes it, where one is at hand. Raises `ModelError`.
        """
        at_hand = (small, *[None] * len(pictures))
        found: list[tuple[FoundPlate, ...]] = []
        for part in batches(len(pictures), BATCH):
            squares = [letterbox(p, self.side, s) for p, s in zip(pictures[part], at_hand[part], strict=True)]
            (raw,) = self.session.run(np.stack([s[0] for s in squares]))
            told = [decode(one, square, self.curve) for one, (_, square) in zip(raw, squares, strict=True)]
            found += [_within(plates, picture) for plates, picture in zip(told, pictures[part], strict=True)]
        return tuple(found)


def _within(plates: Sequence[FoundPlate], picture: Pixels) -> tuple[FoundPlate, ...]:
    """The plates of which something lies on the picture: the reader would be shown its edge, smeared out."""
    size_wh = (picture.shape[1], picture.shape[0])
    return tuple(plate for plate in plates if area(clip(bounds(plate.corners), size_wh)) > 0)
