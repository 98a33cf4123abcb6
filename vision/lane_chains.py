"""Strings pieces of paint that lie on one line together, as dashes and what shows on both sides of a vehicle do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]
NARROW = 0.12
"""Sideways drift allowed, as a share of the gap, beside `SLACK` cells."""
SLACK = 1.5
TURN = 0.97
"""Least cosine between two pieces that are long enough to have a direction."""
HAS_DIRECTION = 5.0
"""Cells: pieces shorter than that are blots that may lie any way."""
REACH, FAR = 2.5, 6.0
"""A gap is at most so many times the longer neighbour, and some cells more."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Connected cells. ``start`` and ``end`` lie on its main axis."""

    cells: Vector
    """(n, 2), x and y of their middles."""
    start: Vector
    end: Vector

    @staticmethod
    def of(cells: Vector) -> Piece:
        middle = cells.mean(0)
        _, _, axes = np.linalg.svd(cells - middle, full_matrices=False)
        along = (cells - middle) @ axes[0]
        # The outermost tenths, pushed to the very ends, so that the ends of a bent piece lie on it too.
        first, last = along <= np.quantile(along, 0.1), along >= np.quantile(along, 0.9)
        low = cells[first].mean(0) + axes[0] * (along.min() - along[first].mean())
        high = cells[last].mean(0) + axes[0] * (along.max() - along[last].mean())
        return Piece(cells, low, high)

    @property
    def length(self) -> float:
        return float(np.hypot(*(self.end - self.start))) + 1.0

    @property
    def axis(self) -> Vector:
        return (self.end - self.start) / max(float(np.hypot(*(self.end - self.start))), 1e-6)

    def turned(self) -> Piece:
        return Piece(self.cells, self.end, self.start)


def chained(pieces: Sequence[Piece]) -> tuple[tuple[Piece, ...], ...]:
    """Chains of pieces, each in the order along its line; every piece is in exactly one."""
    left = sorted(pieces, key=lambda piece: -piece.length)
    chains = []
    while left:
        chain = [left.pop(0)]
        _grow(chain, left)
        chain = [piece.turned() for piece in reversed(chain)]
        _grow(chain, left)
        chains.append(tuple(chain))
    return tuple(chains)


def _grow(chain: list[Piece], left: list[Piece]) -> None:
    """Appends what follows at the chain's end, nearest first; both lists change."""
    while True:
        fits = [
            (float(np.hypot(*(way.start - chain[-1].end))), i, way)
            for i, piece in enumerate(left)
            for way in (piece, piece.turned())
            if _follows(chain, way)
        ]
        if not fits:
            return
        _, i, way = min(fits, key=lambda fit: fit[:2])
        chain.append(way)
        del left[i]


def _follows(chain: Sequence[Piece], after: Piece) -> bool:
    """Whether a piece lies ahead of the chain's end, on its line, and near enough."""
    before = chain[-1]
    # The direction of two pieces is surer than that of one, if they are short.
    axis = before.axis if len(chain) < 2 or before.length >= 2 * HAS_DIRECTION else _unit(before.end - chain[-2].start)
    step = after.start - before.end
    ahead, gap = float(step @ axis), float(np.hypot(*step))
    aside = abs(float(step[0] * axis[1] - step[1] * axis[0]))
    if ahead < -1 or gap > REACH * max(before.length, after.length) + FAR or aside > SLACK + NARROW * gap:
        return False
    return after.length < HAS_DIRECTION or before.length < HAS_DIRECTION or float(after.axis @ axis) >= TURN


def _unit(step: Vector) -> Vector:
    return step / max(float(np.hypot(*step)), 1e-6)
