"""From cells that look painted to lane lines: pieces are strung together, and gaps tell solid from dashed.

Which kind a line is has to be said twice: by the network, and by its shape. A dashed line shows an open gap (one that
no vehicle stands in), a solid one a long piece without any; where the shape does not bear the network out, the kind is
left open. A wrong "dashed" would put the blame on somebody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from vision.geometry import Letterbox, from_letterbox
from vision.lane_chains import Piece, chained
from vision.models.lane import LABELS, RoadCells
from vision.types import Box, Lane, LaneLine, LineColour, LineKind

PAINTED = 0.5
LEAST_CELLS = 4
FLOOR, MOST_LINES = 0.05, 12
DASH_GAP, DASH_LENGTH = 2.0, 3.0
"""Cells: gaps and dashes shorter than that prove no dashed line."""
SOLID_RUN, SOLID_GAP = 0.16, 3.0
"""A solid line has a piece as long as this share of the square, and no longer gap than so many cells."""
FULL_LENGTH = 16.0
"""Cells of paint from which on a line's score is what the network says; shorter ones count for less."""
OF_COLOUR = {
    LineColour.WHITE: (LineKind.SOLID_WHITE, LineKind.DASHED_WHITE),
    LineColour.YELLOW: (LineKind.SOLID_YELLOW, LineKind.DASHED_YELLOW, LineKind.DOUBLE_YELLOW),
}
DASHED = (LineKind.DASHED_WHITE, LineKind.DASHED_YELLOW)
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shape:
    """What the shape of a line bears witness to."""

    dashed: bool
    solid: bool


def lane_of(cells: RoadCells, hidden: Sequence[Box] = ()) -> Lane:
    """Lane lines of one photo. ``hidden``: boxes, in pixels of the photo, of what may stand before a line."""
    lines = tuple(
        line
        for colour, kinds in OF_COLOUR.items()
        for chain in chained(_pieces(cells.lines, kinds, _uncovered(cells, hidden)))
        if (line := _line(chain, colour, cells, hidden)).score >= FLOOR
    )
    best = tuple(sorted(lines, key=lambda line: -line.score)[:MOST_LINES])
    return Lane(best, max((line.score * line.kind_score for line in best), default=0.0))


def _uncovered(cells: RoadCells, hidden: Sequence[Box]) -> npt.NDArray[np.bool_]:
    """(h, w): where no vehicle is; what looks like a line on one is its trim or a reflection."""
    free = np.ones(cells.lines.shape[1:], np.bool_)
    scale, pad_x, pad_y = cells.square.scale, cells.square.pad_x, cells.square.pad_y
    for x0, y0, x1, y1 in hidden:
        rows = slice(max(int(y0 * scale + pad_y), 0), max(int(y1 * scale + pad_y), 0))
        free[rows, max(int(x0 * scale + pad_x), 0) : max(int(x1 * scale + pad_x), 0)] = False
    return free


def _pieces(chances: Floats, kinds: Sequence[LineKind], free: npt.NDArray[np.bool_]) -> list[Piece]:
    """Connected painted cells of one colour, where nothing hides the road."""
    own = chances[[LABELS.index(k.value) for k in kinds]].sum(0)
    line = chances[1:-1].sum(0)
    mask = ((line >= PAINTED) & (own >= line / 2) & free).astype(np.uint8)
    count, numbers, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    pieces = []
    for i in range(1, count):
        if stats[i, cv2.CC_STAT_AREA] >= LEAST_CELLS:
            ys, xs = np.nonzero(numbers == i)
            pieces.append(Piece.of(np.stack([xs + 0.5, ys + 0.5], 1)))
    return pieces


def _line(chain: Sequence[Piece], colour: LineColour, cells: RoadCells, hidden: Sequence[Box]) -> LaneLine:
    points = np.concatenate([piece.cells for piece in chain])
    at = points[:, 1].astype(np.intp), points[:, 0].astype(np.intp)
    chances = cells.lines[:, at[0], at[1]].mean(1)
    score = float(chances[1:-1].sum()) * min(1.0, sum(p.length for p in chain) / FULL_LENGTH)
    votes = {kind: float(chances[LABELS.index(kind.value)]) for kind in OF_COLOUR[colour]}
    kind = max(votes, key=lambda k: votes[k])
    shape = _shape(chain, cells, hidden)
    borne_out = shape.dashed if kind in DASHED else shape.solid
    told = votes[kind] / max(sum(votes.values()), 1e-6)
    course = from_letterbox(_course(points, chain), cells.square).clip(0, cells.size_wh)
    return LaneLine(
        colour,
        tuple((float(x), float(y)) for x, y in course),
        score,
        kind if borne_out else None,
        told if borne_out else 0.0,
    )


def _shape(chain: Sequence[Piece], cells: RoadCells, hidden: Sequence[Box]) -> Shape:
    gaps = [
        float(np.hypot(*(after.start - before.end)))
        for before, after in pairwise(chain)
        if not _behind(before.end, after.start, cells.square, hidden)
    ]
    dashes = sum(piece.length >= DASH_LENGTH for piece in chain)
    run = max(piece.length for piece in chain)
    return Shape(
        dashed=dashes >= 2 and max(gaps, default=0.0) >= DASH_GAP,
        solid=run >= SOLID_RUN * cells.lines.shape[-1] and max(gaps, default=0.0) <= SOLID_GAP,
    )


def _behind(
    start: npt.NDArray[np.float64], end: npt.NDArray[np.float64], square: Letterbox, hidden: Sequence[Box]
) -> bool:
    """Whether something may stand before the gap between two pieces."""
    between = from_letterbox(start + np.linspace(0.1, 0.9, 5)[:, None] * (end - start), square)
    return any(x0 <= x <= x1 and y0 <= y <= y1 for x, y in between for x0, y0, x1, y1 in hidden)


def _course(points: npt.NDArray[np.float64], chain: Sequence[Piece]) -> npt.NDArray[np.float64]:
    """Points along the middle of a line, from its one end to its other."""
    axis = chain[-1].end - chain[0].start
    along = points @ (axis / max(float(np.hypot(*axis)), 1e-6))
    edges = np.linspace(along.min(), along.max(), 7)
    slots = np.clip(np.searchsorted(edges, along, "right") - 1, 0, 5)
    middles = [points[slots == i].mean(0) for i in range(6) if (slots == i).any()]
    return np.array([chain[0].start, *middles[1:-1], chain[-1].end])
