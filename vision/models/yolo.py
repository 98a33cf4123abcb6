"""Reading a YOLO detector: picture in a square, boxes out, non-maximum suppression per class.

The graph takes uint8 RGB (N, S, S, 3) and gives (N, 4 + classes, cells): centre x, centre y, width, height in pixels
of the square, then a score 0..1 per class (ultralytics' export without its own suppression). Its metadata may hold a
calibration, by which scores become chances.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vision.geometry import Letterbox, area, bounds, clip, from_letterbox, letterbox
from vision.models.calibration import AS_IT_IS, Platt, platt_of
from vision.models.outline import outline
from vision.models.session import Session, batches
from vision.types import Box, Pixels, Point

Floats = npt.NDArray[np.floating]
FLOOR = 0.05
"""Everything down to this score, before calibration, is told; limits belong to the checks."""
BATCH = 4


@dataclass(frozen=True, slots=True)
class Found:
    label: str
    box_xyxy: Box
    score: float
    polygon: tuple[Point, ...] = ()
    """Outline; empty where the network gives none."""


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What a network saw of one photo on the way to its finds, for those who ask about a place on it."""

    maps: tuple[Floats, ...]
    """(channels, h, w) each, over the whole square."""
    square: Letterbox
    side: int

    def placed(self, box: Box) -> Box:
        """A box in pixels of the photo as shares of the square."""
        scale, dx, dy = self.square.scale, self.square.pad_x, self.square.pad_y
        x0, x1 = ((x * scale + dx) / self.side for x in (box[0], box[2]))
        y0, y1 = ((y * scale + dy) / self.side for y in (box[1], box[3]))
        return x0, y0, x1, y1


def suppress(boxes: Floats, scores: Floats, limit: float) -> npt.NDArray[np.intp]:
    """Greedy non-maximum suppression: boxes (n, 4) xyxy, scores (n,); indices that stay, best first."""
    order = np.argsort(-scores, kind="stable")
    sizes = np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2], 0), axis=1)
    kept = []
    while order.size:
        first, order = order[0], order[1:]
        kept.append(first)
        low = np.maximum(boxes[order, :2], boxes[first, :2])
        high = np.minimum(boxes[order, 2:], boxes[first, 2:])
        both = np.prod(np.maximum(high - low, 0), axis=1)
        order = order[both <= limit * (sizes[order] + sizes[first] - both)]
    return np.array(kept, np.intp)


def decode(
    raw: Floats,
    labels: Sequence[str],
    square: Letterbox,
    size_wh: tuple[int, int],
    overlap: float,
    one_kind: bool = False,
    curve: Platt = AS_IT_IS,
    prototypes: Floats | None = None,
) -> tuple[Found, ...]:
    """One picture's output (4 + classes, cells) as boxes in pixels of the picture, best first.

    What lies in the grey beside the picture alone is no find: nothing of it is left within the picture.

    With ``prototypes`` (32, S / 4, S / 4) the output has 32 rows more, and finds have outlines.

    ``one_kind``: boxes of different classes suppress one another too, since a thing is of one class only.
    ``curve`` makes chances of scores; it changes neither what is found nor the order.
    """
    scores = slice(4, 4 + len(labels))
    rows = raw.T[raw[scores].max(0) >= FLOOR]
    if not len(rows):
        return ()
    label = rows[:, scores].argmax(1)
    score = rows[:, scores].max(1)
    half = rows[:, 2:4] / 2
    corners = np.concatenate([rows[:, :2] - half, rows[:, :2] + half], 1)
    # A shift of each class beyond the picture keeps classes from suppressing one another.
    apart = 0.0 if one_kind else 1e4
    kept = suppress(corners + label[:, None] * apart, score, overlap)
    chances = curve(score)
    points = from_letterbox(corners[kept].reshape(-1, 2, 2), square).reshape(-1, 4)
    found = []
    for i, (x0, y0, x1, y1) in zip(kept, points, strict=True):
        box = clip((float(x0), float(y0), float(x1), float(y1)), size_wh)
        if area(box) <= 0:
            continue
        within = None if prototypes is None else (rows[i, scores.stop :], prototypes)
        polygon = () if within is None else outline(*within, bounds(corners[i].reshape(2, 2)), square, size_wh)
        found.append(Found(labels[label[i]], box, float(chances[i]), polygon))
    return tuple(found)


class Detector:
    """A loaded YOLO detector; its labels and square come from the session."""

    def __init__(
        self, session: Session, *, overlap: float = 0.6, one_kind: bool = False, calibrated: bool = True
    ) -> None:
        """``calibrated`` False: scores as the network gives them. Raises `ModelError` for a wrong calibration."""
        self.session = session
        self.curve = platt_of(session.metadata) if calibrated else AS_IT_IS
        self.overlap = overlap
        self.one_kind = one_kind
        ((_, self.side, _, _),) = session.inputs.values()

    def detect(self, photos: Sequence[Pixels]) -> tuple[tuple[Found, ...], ...]:
        """Boxes of each photo (h, w, 3 uint8 RGB), in pixels of the photo. Raises `ModelError`."""
        found: list[tuple[Found, ...]] = []
        for part in batches(len(photos), BATCH):
            squares = [letterbox(p, int(self.side)) for p in photos[part]]
            raw, *more = self.session.run(np.stack([s[0] for s in squares]))
            outlines = more[0] if raw.shape[1] > 4 + len(self.session.labels) else (None,) * len(squares)
            for one, photo, square, masks in zip(raw, photos[part], squares, outlines, strict=True):
                size_wh = (photo.shape[1], photo.shape[0])
                labels, kind = self.session.labels, self.one_kind
                found.append(decode(one, labels, square[1], size_wh, self.overlap, kind, self.curve, masks))
        return tuple(found)

    def look(self, photo: Pixels) -> tuple[tuple[Found, ...], Sight]:
        """Boxes of a photo, and what the network saw of it. Raises `ModelError`."""
        pixels, square = letterbox(photo, int(self.side))
        (cells,), *maps = self.session.run(pixels[None])
        size_wh = (photo.shape[1], photo.shape[0])
        found = decode(cells, self.session.labels, square, size_wh, self.overlap, self.one_kind, self.curve)
        return found, Sight(tuple(m[0] for m in maps), square, int(self.side))
