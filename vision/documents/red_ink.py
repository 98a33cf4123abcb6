"""Prints under a red seal: the red is taken out by colour, and the lines there are read again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import cv2
import numpy as np

from vision.types import Box, Pixels, TextLine

RED_01 = 0.16
"""By how much of its own brightness red exceeds green and blue in a seal's ink."""
LOOK_SIDE = 800
"""Long side at which seals are looked for: ink is told by colour, not by fine strokes."""
SEAL_SIDE_01 = (0.05, 0.3)
"""A seal's side as a share of the picture's long side."""


class LineReader(Protocol):
    def read(self, pixels: Pixels, within: Box | None = None) -> tuple[TextLine, ...]: ...


def without_red(pixels: Pixels) -> Pixels:
    """The red channel as grey: red ink fades into the paper, black print under it stays black."""
    return np.repeat(pixels[..., :1], 3, axis=2)


def seals(pixels: Pixels) -> tuple[Box, ...]:
    """Boxes of red seals, in pixels of the picture."""
    scale = min(1.0, LOOK_SIDE / max(pixels.shape[:2]))
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.float32)
    red = small[..., 0] - small[..., 1:].max(axis=2) > RED_01 * small[..., 0]
    side = max(small.shape[:2])
    kernel = np.ones((max(3, side // 60),) * 2, np.uint8)
    closed = cv2.morphologyEx(red.astype(np.uint8), cv2.MORPH_CLOSE, kernel)
    _, _, stats, _ = cv2.connectedComponentsWithStats(np.asarray(closed, np.uint8))
    found = []
    for x, y, width, height, area in stats[1:].tolist():
        fits = all(SEAL_SIDE_01[0] < length / side < SEAL_SIDE_01[1] for length in (width, height))
        # A brown table is red too, but it has no seal's proportions and fills its box.
        if fits and 0.6 < width / height < 1.7 and 0.1 < area / (width * height) < 0.97:
            found.append((x / scale, y / scale, (x + width) / scale, (y + height) / scale))
    return tuple(found)


def read_under_seals(pixels: Pixels, lines: Sequence[TextLine], reader: LineReader) -> tuple[TextLine, ...]:
    """``lines`` with those that touch a red seal read again from the picture without its red."""
    for x0, y0, x1, y1 in seals(pixels):
        reach_x, reach_y = 0.8 * (x1 - x0), 0.15 * (y1 - y0)
        height, width = pixels.shape[:2]
        region = max(0.0, x0 - reach_x), max(0.0, y0 - reach_y), min(width, x1 + reach_x), min(height, y1 + reach_y)
        part = without_red(pixels[int(region[1]) : int(region[3]), int(region[0]) : int(region[2])])
        origin = (int(region[0]), int(region[1]))
        again = [_moved(line, origin) for line in reader.read(part) if not _at_edge(line, part)]
        kept = [line for line in lines if not any(_same_place(line, other) for other in again)]
        lines = (*kept, *again)
    return tuple(lines)


def _moved(line: TextLine, origin: tuple[int, int]) -> TextLine:
    corners = [(x + origin[0], y + origin[1]) for x, y in line.corners]
    return TextLine(line.text, line.score, (corners[0], corners[1], corners[2], corners[3]))


def _at_edge(line: TextLine, part: Pixels) -> bool:
    """Cut by the region's border: the whole line was read before."""
    points = np.array(line.corners)
    return bool((points <= 2).any() or (points >= np.array([part.shape[1], part.shape[0]]) - 3).any())


def _same_place(line: TextLine, other: TextLine) -> bool:
    """Whether the middle of ``line`` lies inside ``other`` or the other way round."""
    return any(
        cv2.pointPolygonTest(np.array(a.corners, np.float32), tuple(map(float, np.mean(b.corners, axis=0))), False) >= 0
        for a, b in ((line, other), (other, line))
    )
