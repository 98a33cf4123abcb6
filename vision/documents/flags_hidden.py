"""A finger over the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from vision.documents.flags_source import hull_of
from vision.documents.signs import Piece, height_of
from vision.types import Box, DocumentFlag, DocumentFlagKind, Pixels

LOOK_PX = 320
"""Long side of the page when it is looked at."""
SKIN_LOW, SKIN_HIGH = (25, 140, 80), (255, 185, 125)
"""Skin in Y, Cr, Cb (Chai and Ngan 1999, here with more red: paper in warm light is no skin)."""
AREA = 3.5
"""Least area, in squares of the line height: more than a field's print."""
THICK = 1.1
"""A finger is thicker than this many lines: edges of a wooden table beside the page are not."""
MOST_SHARE = 0.45
"""A page that is skin-coloured all over is paper in warm light."""


def hidden_flags(pixels: Pixels, pieces: Sequence[Piece]) -> Iterator[DocumentFlag]:
    """``occluded_field`` with the place of what lies over the page."""
    for share, box in fingers(pixels, pieces):
        yield DocumentFlag(DocumentFlagKind.OCCLUDED_FIELD, min(1.0, 0.5 + share), box)


def fingers(pixels: Pixels, pieces: Sequence[Piece]) -> tuple[tuple[float, Box], ...]:
    """Skin-coloured shapes that reach over the text from outside the page: (share of the text, box); largest first.

    A portrait, its coat too, ends inside the page and is none.
    """
    if len(pieces) < 3:
        return ()
    hull, line = hull_of(pieces), float(np.median([height_of(piece) for piece in pieces]))
    low = np.maximum(hull.min(axis=0) - 3 * line, 0).astype(int)
    high = np.ceil(hull.max(axis=0) + 3 * line).astype(int)
    crop = pixels[low[1] : high[1], low[0] : high[0]]
    scale = min(1.0, LOOK_PX / max(crop.shape[:2]))
    small = cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8)
    inside = np.zeros(small.shape[:2], np.uint8)
    # The rectangle around the text: what is hidden in its corner is not in its hull.
    frame = cv2.boxPoints(cv2.minAreaRect(((hull - low) * scale).astype(np.float32)))
    cv2.fillConvexPoly(inside, np.asarray(frame, np.int32), (1.0,))
    skin = cv2.inRange(cv2.cvtColor(small, cv2.COLOR_RGB2YCrCb), SKIN_LOW, SKIN_HIGH)
    thick = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * round(THICK * line * scale / 2) + 1,) * 2)
    shapes = (cv2.morphologyEx(skin, cv2.MORPH_OPEN, thick) > 0).astype(np.uint8)
    return _shapes(shapes, inside, scale, (int(low[0]), int(low[1])), AREA * (line * scale) ** 2)


def _shapes(
    mask: npt.NDArray[np.uint8], inside: npt.NDArray[np.uint8], scale: float, at: tuple[int, int], least: float
) -> tuple[tuple[float, Box], ...]:
    count, marks = cv2.connectedComponents(mask)
    page = int(inside.sum())
    rim = np.unique(np.concatenate([marks[0], marks[-1], marks[:, 0], marks[:, -1]]))
    found = []
    for index in range(1, count):
        ys, xs = np.nonzero((marks == index) & (inside > 0))
        if len(xs) < max(least, 1) or len(xs) > MOST_SHARE * page or index not in rim:
            continue
        low, high = (xs.min(), ys.min()), (xs.max() + 1, ys.max() + 1)
        x0, y0, x1, y1 = (float(o + v / scale) for o, v in zip(at * 2, (*low, *high), strict=True))
        found.append((len(xs) / page, (x0, y0, x1, y1)))
    return tuple(sorted(found, reverse=True))
