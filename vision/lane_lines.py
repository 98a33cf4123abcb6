"""From cells that look painted to lane lines: pieces are strung together, and their shape tells solid from dashed.

A dashed line shows dashes with open gaps between them, where the network sees no paint and no vehicle stands. A solid
one shows a long piece without any, whose ends are accounted for: at the picture's edge, behind a vehicle, or so far
away that it is too thin to be followed. Anything else may be either, and the kind is left open: a wrong "dashed" would
put the blame on somebody. The network's own opinion of the kind can only lower the score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vision.geometry import from_letterbox
from vision.lane_chains import Piece, chained
from vision.lane_shape import dashed_01, doubled, solid_01
from vision.models.lane import LABELS, RoadCells
from vision.types import Box, Lane, LaneLine, LineColour, LineKind

PAINTED = 0.5
LEAST_CELLS = 4
FLOOR, MOST_LINES = 0.05, 12
FULL_LENGTH = 16.0
"""Cells of paint from which on a line's score is what the network says; shorter ones count for less."""
OPINION = 0.3
"""How much of a kind's score the network's own opinion may take away."""
OF_COLOUR = {
    LineColour.WHITE: (LineKind.SOLID_WHITE, LineKind.DASHED_WHITE),
    LineColour.YELLOW: (LineKind.SOLID_YELLOW, LineKind.DASHED_YELLOW, LineKind.DOUBLE_YELLOW),
}
DASHED = (LineKind.DASHED_WHITE, LineKind.DASHED_YELLOW)
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Told:
    kind: LineKind | None
    score: float


def lane_of(cells: RoadCells, hidden: Sequence[Box] = ()) -> Lane:
    """Lane lines of one photo. ``hidden``: boxes, in pixels of the photo, of what may stand before a line."""
    free = _uncovered(cells, hidden)
    lines = []
    for colour, kinds in OF_COLOUR.items():
        chains = chained(_pieces(cells.lines, kinds, free))
        for chain in chains:
            double = colour is LineColour.YELLOW and doubled(chain, chains)
            lines.append(_line(chain, colour, cells, hidden, double))
    lines = [line for line in lines if line.score >= FLOOR]
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


def _line(
    chain: Sequence[Piece], colour: LineColour, cells: RoadCells, hidden: Sequence[Box], double: bool
) -> LaneLine:
    points = np.concatenate([piece.cells for piece in chain])
    chances = cells.lines[:, points[:, 1].astype(np.intp), points[:, 0].astype(np.intp)].mean(1)
    score = float(cells.curve(chances[1:-1].sum() * min(1.0, sum(p.length for p in chain) / FULL_LENGTH)))
    votes = {kind: float(chances[LABELS.index(kind.value)]) for kind in OF_COLOUR[colour]}
    told = _told(votes, dashed_01(chain, cells, hidden), solid_01(chain, cells, hidden), double)
    course = from_letterbox(_course(points, chain), cells.square).clip(0, cells.size_wh)
    return LaneLine(colour, tuple((float(x), float(y)) for x, y in course), score, told.kind, told.score)


def _told(votes: dict[LineKind, float], dashed: float, solid: float, double: bool) -> Told:
    """The kind that the shape proves. A yellow line that seems single may be two in one: the network has a say."""
    if max(dashed, solid) <= 0:
        return Told(None, 0.0)
    fitting = {kind: vote for kind, vote in votes.items() if (kind in DASHED) == (dashed > solid)}
    kind = LineKind.DOUBLE_YELLOW if double and solid >= dashed else max(fitting, key=lambda k: fitting[k])
    agrees = sum(fitting.values()) / max(sum(votes.values()), 1e-6)
    among = fitting[kind] / max(sum(fitting.values()), 1e-6) if len(fitting) > 1 and not double else 1.0
    score = max(dashed, solid) * among * (1 - OPINION + OPINION * agrees)
    return Told(kind if score > 0 else None, score)


def _course(points: npt.NDArray[np.float64], chain: Sequence[Piece]) -> npt.NDArray[np.float64]:
    """Points along the middle of a line, from its one end to its other."""
    axis = chain[-1].end - chain[0].start
    along = points @ (axis / max(float(np.hypot(*axis)), 1e-6))
    edges = np.linspace(along.min(), along.max(), 7)
    slots = np.clip(np.searchsorted(edges, along, "right") - 1, 0, 5)
    middles = [points[slots == i].mean(0) for i in range(6) if (slots == i).any()]
    return np.array([chain[0].start, *middles[1:-1], chain[-1].end])
