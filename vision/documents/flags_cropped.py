"""Pages that go on outside the picture: a line runs into its edge, or the paper does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from vision.documents.flags_source import hull_of
from vision.documents.signs import Piece, box_of
from vision.types import Box, DocumentFlag, DocumentFlagKind, Pixels

EDGE_01 = 0.006
"""Text nearer to the picture's edge than this share of its long side is cut, or about to be."""
LOOK_PX = 256
"""Long side at which paper is compared: print and noise are averaged out."""
ROWS = 24
"""Places along each side of the text where the picture's border is compared with the paper."""
SAME_LIGHT, SAME_COLOUR = 0.45, 0.03
"""Half axes of the ellipse of log ratios, brightness and colour, in which the border is the paper itself."""
CUT_01 = 0.38
"""Share of a side's places where the paper reaches the border; whole drawn pages have .25 at most, 30 of 32 cut ones .5
and more."""
SCANNED_SIDES = 3
"""Paper at so many borders is a scan that fills its picture: nothing tells that its edges are missing."""
STRIP_01, PAPER_01 = 0.012, 0.25
"""Depth of the border's strip, and reach of the text's first stretch in which paper is looked for, of the width."""

Plane = npt.NDArray[np.float32]


def cropped_flags(pixels: Pixels, pieces: Sequence[Piece], *, framed: bool = True) -> Iterator[DocumentFlag]:
    """``cropped_edge`` at most once: where a line touches the border, else the text of a page cut beside it.

    ``framed``: something else lies around a whole page, other than on a screenshot. A desk of the paper's own colour
    and light cannot be told from the paper.
    """
    if not pieces:
        return
    cut = _line_at_edge(pixels, pieces)
    if cut is not None:
        yield DocumentFlag(DocumentFlagKind.CROPPED_EDGE, 0.9, cut)
        return
    if not framed:
        return
    shares = paper_at_borders(pixels, hull_of(pieces))
    if max(shares) > CUT_01 and sum(share > CUT_01 for share in shares) < SCANNED_SIDES:
        box = box_of([sign for piece in pieces for sign in piece])
        yield DocumentFlag(DocumentFlagKind.CROPPED_EDGE, min(1.0, 0.3 + 0.5 * max(shares)), box)


def _line_at_edge(pixels: Pixels, pieces: Sequence[Piece]) -> Box | None:
    height, width = pixels.shape[:2]
    margin = EDGE_01 * max(height, width)
    for piece in pieces:
        x0, y0, x1, y1 = box_of(piece)
        if x0 < margin or y0 < margin or x1 > width - 1 - margin or y1 > height - 1 - margin:
            return x0, y0, x1, y1
    return None


def paper_at_borders(pixels: Pixels, hull: npt.NDArray[np.float32]) -> tuple[float, float, float, float]:
    """Left, top, right, bottom: share of places beside the text where the border looks like the paper in the text.

    ``hull``: outline of the text, (N, 2) pixels.
    """
    scale = LOOK_PX / max(pixels.shape[:2])
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.float32)
    inside = np.zeros(small.shape[:2], np.uint8)
    cv2.fillConvexPoly(inside, (hull * scale).astype(np.int32), (1.0,))
    # np.rot90 brings the top to the left, then the right, then the bottom.
    left, top, right, bottom = (_paper_at_left(np.rot90(small, k), np.rot90(inside, k) > 0) for k in range(4))
    return left, top, right, bottom


def _paper_at_left(small: Plane, inside: npt.NDArray[np.bool_]) -> float:
    rows = np.flatnonzero(inside.any(axis=1))
    width = small.shape[1]
    same = []
    # The hull's corners are left out: there it is far from the page's edge.
    places = np.percentile(rows, np.linspace(10, 90, ROWS)).astype(int).tolist() if len(rows) else []
    for row in places:
        start = int(np.argmax(inside[row]))
        around = slice(max(0, row - 1), row + 2)
        stretch = small[around, start : start + max(2, int(PAPER_01 * width))].reshape(-1, 3)
        light = stretch.max(axis=1)
        paper = np.median(stretch[light >= np.percentile(light, 60)], axis=0) + 1
        border = np.median(small[around, : max(2, int(STRIP_01 * width))].reshape(-1, 3), axis=0) + 1
        ratio = np.log(border / paper)
        light_off = float(np.log(border.max() / paper.max()))
        colour_off = float(np.abs(ratio - ratio.mean()).max())
        same.append((light_off / SAME_LIGHT) ** 2 + (colour_off / SAME_COLOUR) ** 2 < 1)
    return float(np.mean(same)) if same else 0.0
