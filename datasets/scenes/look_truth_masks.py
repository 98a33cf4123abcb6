"""Grids over a part of a picture and what is made of hits on them: boxes, polygons, patches. No Blender here."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from datasets.scenes.pinhole import Floats
from datasets.scenes.seen import Box, Polygon

Mask = npt.NDArray[np.bool_]
SMALLEST_SHARE = 0.12
"""Patches below this share of the largest are strays."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells of ``step`` pixels from ``x0``, ``y0`` on."""

    x0: float
    y0: float
    step: float
    columns: int
    rows: int

    def centres(self) -> Floats:
        """Pixels of the cells' middles, row by row, shape (rows * columns, 2)."""
        x = self.x0 + (np.arange(self.columns) + 0.5) * self.step
        y = self.y0 + (np.arange(self.rows) + 0.5) * self.step
        return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


def grid_over(box: Box, cells: int) -> Grid:
    """A grid of about ``cells`` square cells, none smaller than a pixel."""
    x0, y0, x1, y1 = box
    step = max(1.0, math.sqrt(max(x1 - x0, 1e-6) * max(y1 - y0, 1e-6) / cells))
    return Grid(x0, y0, step, max(1, math.ceil((x1 - x0) / step)), max(1, math.ceil((y1 - y0) / step)))


def mask_box(grid: Grid, mask: Mask) -> Box:
    """Of the cells that are set, at least one; ``mask`` has shape (rows, columns)."""
    rows, columns = np.nonzero(mask)
    left, top = grid.x0 + columns.min() * grid.step, grid.y0 + rows.min() * grid.step
    right, bottom = grid.x0 + (columns.max() + 1) * grid.step, grid.y0 + (rows.max() + 1) * grid.step
    return tidy((left, top, right, bottom))


def mask_polygons(grid: Grid, mask: Mask) -> tuple[Polygon, ...]:
    """Outer contours of all patches of at least three cells, the largest first."""
    twice = np.repeat(np.repeat(mask.astype(np.uint8), 2, axis=0), 2, axis=1)
    contours, _ = cv2.findContours(twice, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    made = []
    for contour in sorted(contours, key=cv2.contourArea, reverse=True):
        corners = cv2.approxPolyDP(contour, 1.0, True)[:, 0]
        if len(corners) >= 3 and cv2.contourArea(contour) >= 6:
            pixels = np.array([grid.x0, grid.y0]) + (corners + 0.5) * grid.step / 2
            made.append(tuple((round(float(x), 1), round(float(y), 1)) for x, y in pixels))
    return tuple(made)


def patches(mask: Mask, bridge: int = 1, smallest: int = 3) -> tuple[Mask, ...]:
    """Connected patches, the largest first; gaps of up to ``2 * bridge`` cells join. Strays are left out."""
    grown = mask.astype(np.uint8)
    if bridge:
        grown = np.asarray(cv2.dilate(grown, np.ones((2 * bridge + 1, 2 * bridge + 1), np.uint8)))
    count, labels = cv2.connectedComponents(grown, connectivity=8)
    found = sorted((mask & (labels == n) for n in range(1, count)), key=np.count_nonzero, reverse=True)
    if not found:
        return ()
    least = max(smallest, SMALLEST_SHARE * np.count_nonzero(found[0]))
    return tuple(one for one in found if np.count_nonzero(one) >= least)


def clipped(box: Box, size_wh: tuple[int, int]) -> Box | None:
    """The part of a box in the picture, null below two pixels."""
    x0, y0 = max(box[0], 0.0), max(box[1], 0.0)
    x1, y1 = min(box[2], float(size_wh[0])), min(box[3], float(size_wh[1]))
    return tidy((x0, y0, x1, y1)) if x1 - x0 >= 2 and y1 - y0 >= 2 else None


def tidy(box: Box) -> Box:
    x0, y0, x1, y1 = (round(float(v), 1) for v in box)
    return x0, y0, x1, y1
