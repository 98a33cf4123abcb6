"""What the shape of a chain of painted pieces proves: that the line is dashed, that it is solid, or neither."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from vision.geometry import from_letterbox
from vision.lane_chains import Piece, Vector
from vision.models.lane import RoadCells
from vision.types import Box

DASH_GAP, DASH_LENGTH = 2.0, 3.0
"""Cells: gaps and dashes shorter than that prove no dashed line."""
EVEN = 4.0
"""A gap is at most so many times its longer neighbour: dashes far apart may be two lines' remains."""
LEAST_GAP = 0.6
"""A gap is at least so many times its shorter neighbour (GB 5768.3 asks for 1.5 to 2); less is worn paint."""
LIKE = 6.0
"""Two dashes that lie apart are no more unlike in length than this, far and near."""
ONE_GAP = 0.8
"""Certainty of a dashed line with one open gap; two or more leave no doubt of the shape."""
SOLID_RUN, SOLID_GAP = 0.16, 3.0
"""A solid line has a piece as long as this share of the square, and no longer gap than so many cells."""
THIN = 1.8
"""Cells: a line that ends so thin goes on beyond what can be followed."""
PARALLEL = 0.97
"""Least cosine between the two lines of a double one."""
NEAR = 3.0
"""Cells from the picture's edge or a vehicle within which an end is accounted for."""


def dashed_01(chain: Sequence[Piece], cells: RoadCells, hidden: Sequence[Box]) -> float:
    """Certainty that the line is dashed: how surely its gaps hold no paint, in the weakest of those that count."""
    open_gaps = [
        1 - _paint_between(before.end, after.start, cells)
        for before, after in pairwise(chain)
        if _like_dashes(before, after)
        and not any(_hides(spot, cells, hidden, 0.0) for spot in _between(before.end, after.start))
    ]
    if not open_gaps:
        return 0.0
    surest = sorted(open_gaps)[-2:]
    return surest[0] if len(surest) == 2 else ONE_GAP * surest[0]


def _like_dashes(before: Piece, after: Piece) -> bool:
    """Whether lengths and gap are those of dashes, in whatever perspective."""
    short, long = sorted((before.length, after.length))
    gap = _gap(before, after)
    return short >= DASH_LENGTH and long <= LIKE * short and max(DASH_GAP, LEAST_GAP * short) <= gap <= EVEN * long


def doubled(chain: Sequence[Piece], others: Sequence[Sequence[Piece]]) -> bool:
    """Whether another line of the colour runs beside the longest piece, within three times its width."""
    piece = max(chain, key=lambda p: p.length)
    width = len(piece.cells) / piece.length
    across = np.array([-piece.axis[1], piece.axis[0]])
    for other in (p for pieces in others if pieces is not chain for p in pieces):
        along = sorted(float((spot - piece.start) @ piece.axis) for spot in (other.start, other.end))
        shared = min(along[1], piece.length) - max(along[0], 0.0)
        off = max(abs(float((spot - piece.start) @ across)) for spot in (other.start, other.end))
        if shared >= 0.5 * piece.length and abs(float(other.axis @ piece.axis)) >= PARALLEL and off <= 3 * width + 2:
            return True
    return False


def solid_01(chain: Sequence[Piece], cells: RoadCells, hidden: Sequence[Box]) -> float:
    """Certainty that the line is solid: how surely its long piece is painted all along."""
    gaps = [
        _gap(before, after)
        for before, after in pairwise(chain)
        if not any(_hides(spot, cells, hidden, 0.0) for spot in _between(before.end, after.start))
    ]
    longest = max(chain, key=lambda piece: piece.length)
    if longest.length < SOLID_RUN * cells.lines.shape[-1] or max(gaps, default=0.0) > SOLID_GAP:
        return 0.0
    ends = (chain[0].start, chain[0]), (chain[-1].end, chain[-1])
    if not all(_accounted_for(end, piece, cells, hidden) for end, piece in ends):
        return 0.0
    rows, columns = longest.cells[:, 1].astype(np.intp), longest.cells[:, 0].astype(np.intp)
    return float(cells.lines[1:-1, rows, columns].sum(0).mean())


def _gap(before: Piece, after: Piece) -> float:
    return float(np.hypot(*(after.start - before.end)))


def _between(start: Vector, end: Vector) -> Vector:
    return start + np.linspace(0.15, 0.85, 5)[:, None] * (end - start)


def _paint_between(start: Vector, end: Vector, cells: RoadCells) -> float:
    """Chance of paint in a gap, at its likeliest spot."""
    spots = _between(start, end).astype(np.intp).clip(0, cells.lines.shape[-1] - 1)
    return float(1 - cells.lines[0, spots[:, 1], spots[:, 0]].min())


def _hides(spot: Vector, cells: RoadCells, hidden: Sequence[Box], margin: float) -> bool:
    """Whether a vehicle covers a cell, or is within ``margin`` cells of it."""
    x, y = from_letterbox(spot, cells.square)
    more = margin / cells.square.scale
    return any(x0 - more <= x <= x1 + more and y0 - more <= y <= y1 + more for x0, y0, x1, y1 in hidden)


def _accounted_for(end: Vector, piece: Piece, cells: RoadCells, hidden: Sequence[Box]) -> bool:
    """Whether it is clear why a line is not seen beyond its end."""
    if _hides(end, cells, hidden, NEAR):
        return True
    x, y = from_letterbox(end, cells.square)
    w, h = cells.size_wh
    if min(x, y, w - x, h - y) * cells.square.scale <= NEAR:
        return True
    return _width_at(end, piece) <= THIN


def _width_at(end: Vector, piece: Piece, along: float = 5.0) -> float:
    """Cells across the line, over its last few."""
    off: npt.NDArray[np.float64] = np.abs((piece.cells - end) @ piece.axis)
    return float((off <= along).sum() / min(along, piece.length))
