"""Text lines as signs in an upright frame: tilt and the fan of perspective taken out, each sign with its own place."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from vision.types import Box, TextLine

LONG_LINE_RATIO = 4.0
"""Width to height from which a line's direction can be trusted."""
HOLE = 0.8
"""Gap inside a value, in line heights, from which a character must be missing."""
WIDE_GAP = 3.0
"""Widest gap inside one value, in line heights."""
NARROW, SLIM = 0.56, 0.35
"""Widths of Latin letters and of thin signs, in widths of a Chinese character."""
SLIM_SIGNS = frozenset(" .,:;'|!ilIj()-·")


@dataclass(frozen=True, slots=True)
class Sign:
    """One character: ``u0..u1`` along the line and ``v`` across it, upright frame; ``box_xyxy`` on the picture."""

    text: str
    u0: float
    u1: float
    v: float
    height: float
    score: float
    box_xyxy: Box


Piece: TypeAlias = tuple[Sign, ...]
"""Signs of one line, left to right, without spaces; never empty."""


def text_of(piece: Sequence[Sign]) -> str:
    return "".join(sign.text for sign in piece)


def score_of(piece: Sequence[Sign]) -> float:
    """Mean score of the lines that the signs came from."""
    return sum(sign.score for sign in piece) / len(piece) if piece else 0.0


def box_of(piece: Sequence[Sign]) -> Box:
    """Smallest box on the picture around signs; at least one sign."""
    boxes = np.array([sign.box_xyxy for sign in piece])
    low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def row_of(piece: Sequence[Sign]) -> float:
    """Height of the line's middle in the frame."""
    return sum(sign.v for sign in piece) / len(piece)


def height_of(piece: Sequence[Sign]) -> float:
    return max(sign.height for sign in piece)


def rows_of(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces grouped into rows, top to bottom."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=row_of):
        if rows and row_of(piece) - row_of(rows[-1][0]) < 0.5 * height_of(piece):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return rows


def has_hole(piece: Sequence[Sign]) -> bool:
    """Whether two neighbours on one row stand so far apart that a character must be missing between them."""
    return any(
        right.u0 - left.u1 > HOLE * max(left.height, right.height) and abs(right.v - left.v) < 0.5 * left.height
        for left, right in pairwise(piece)
    )


def until_gap(piece: Piece) -> Piece:
    """Signs up to the first wide gap: what stands behind it belongs to a label that was not found."""
    for index, (left, right) in enumerate(pairwise(piece), start=1):
        if right.u0 - left.u1 > WIDE_GAP * max(left.height, right.height):
            return piece[:index]
    return piece


def pieces_of(lines: Sequence[TextLine]) -> tuple[Piece, ...]:
    """Lines as pieces in the upright frame of the picture."""
    straight = _frame(lines)
    return tuple(piece for line in lines if (piece := _piece(line, straight)))


@dataclass(frozen=True, slots=True)
class _Frame:
    cos: float
    sin: float
    slope: float
    """How the direction of lines changes with height: radians per pixel, perspective's fan."""
    offset: float
    middle: float

    def place(self, point: npt.NDArray[np.float64]) -> tuple[float, float]:
        u = float(point[0]) * self.cos + float(point[1]) * self.sin
        v = -float(point[0]) * self.sin + float(point[1]) * self.cos
        return u, v - (u - self.middle) * (self.slope * v + self.offset)


def _frame(lines: Sequence[TextLine]) -> _Frame:
    tops = [np.subtract(line.corners[1], line.corners[0]) for line in lines]
    sizes = [
        (np.hypot(*top), math.dist(line.corners[0], line.corners[3])) for top, line in zip(tops, lines, strict=True)
    ]
    long = [i for i, (width, height) in enumerate(sizes) if width > LONG_LINE_RATIO * max(height, 1)]
    if not long:
        return _Frame(1.0, 0.0, 0.0, 0.0, 0.0)
    angles = np.array([_direction(lines[i]) for i in long])
    turn = float(np.median(angles))
    frame = _Frame(math.cos(turn), math.sin(turn), 0.0, 0.0, 0.0)
    centres = np.array([frame.place(np.mean(lines[i].corners, axis=0)) for i in long])
    slope, offset = _fan(centres[:, 1], angles - turn, np.array([sizes[i][0] for i in long]))
    return _Frame(frame.cos, frame.sin, slope, offset, float(np.median(centres[:, 0])))


def _direction(line: TextLine) -> float:
    """Angle of a line's middle axis, radians."""
    left = np.mean([line.corners[0], line.corners[3]], axis=0)
    right = np.mean([line.corners[1], line.corners[2]], axis=0)
    return math.atan2(right[1] - left[1], right[0] - left[0])


def _fan(
    heights: npt.NDArray[np.float64], angles: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]
) -> tuple[float, float]:
    """Line fitted through angle over height, outliers left out; (0, 0) where too few lines tell."""
    good = np.abs(angles) < math.radians(6)
    if good.sum() < 6 or np.ptp(heights[good]) < 1:
        return 0.0, 0.0
    slope, offset = np.polyfit(heights[good], angles[good], 1, w=np.sqrt(weights[good]))
    near = good & (np.abs(angles - slope * heights - offset) < math.radians(1.5))
    if near.sum() >= 6 and np.ptp(heights[near]) >= 1:
        slope, offset = np.polyfit(heights[near], angles[near], 1, w=np.sqrt(weights[near]))
    return float(slope), float(offset)


def _piece(line: TextLine, frame: _Frame) -> Piece:
    corners = np.array(line.corners, np.float64)
    widths = np.array([_width(char) for char in line.text])
    if not len(widths):
        return ()
    edges = np.concatenate([[0.0], np.cumsum(widths)]) / widths.sum()
    left, right = (corners[0] + corners[3]) / 2, (corners[1] + corners[2]) / 2
    height = (math.dist(line.corners[0], line.corners[3]) + math.dist(line.corners[1], line.corners[2])) / 2
    signs = []
    for char, t0, t1 in zip(line.text, edges[:-1], edges[1:], strict=True):
        if char.isspace():
            continue
        u0, v0 = frame.place(left + (right - left) * t0)
        u1, v1 = frame.place(left + (right - left) * t1)
        quad = np.array(
            [a + (b - a) * t for t in (t0, t1) for a, b in ((corners[0], corners[1]), (corners[3], corners[2]))]
        )
        box = (*map(float, quad.min(axis=0)), *map(float, quad.max(axis=0)))
        half = unicodedata.normalize("NFKC", char)
        signs.append(Sign(half if len(half) == 1 else char, u0, u1, (v0 + v1) / 2, height, line.score, box))  # type: ignore[arg-type]
    return tuple(signs)


def _width(char: str) -> float:
    if unicodedata.east_asian_width(char) in "WF":
        return 1.0
    return SLIM if char in SLIM_SIGNS else NARROW
