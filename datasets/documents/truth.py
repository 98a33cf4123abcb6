"""What a drawn picture holds: kinds, pages, fields with text and place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from vision.types import Box, Corners, DocumentKind, Page


@dataclass(frozen=True, slots=True)
class FieldTruth:
    key: str
    text: str
    """Canonical form, as the facts give it."""
    corners: Corners
    page: Page

    @property
    def box_xyxy(self) -> Box:
        xs, ys = [x for x, _ in self.corners], [y for _, y in self.corners]
        return min(xs), min(ys), max(xs), max(ys)


@dataclass(frozen=True, slots=True)
class PageTruth:
    kind: DocumentKind
    page: Page
    corners: Corners
    fields: tuple[FieldTruth, ...] = ()
    cut: tuple[FieldTruth, ...] = ()
    """Fields that the picture's edge cuts off, in part or whole: nobody has to give them, but what is told of them is
    told."""


@dataclass(frozen=True, slots=True)
class Truth:
    """Pages of one picture and the defects that were put on it."""

    pages: tuple[PageTruth, ...]
    defects: tuple[str, ...] = ()
    spoilt: Box | None = None
    """Where the defect is, on the finished picture, for those that have a place."""

    def moved(self, matrix: npt.NDArray[np.float64]) -> Truth:
        """The same truth after the picture was warped by a 3x3 homography."""
        return self._mapped(lambda corners: _warped(corners, matrix))

    def _mapped(self, move: Callable[[Corners], Corners]) -> Truth:
        pages = tuple(
            replace(
                page,
                corners=move(page.corners),
                fields=tuple(replace(field, corners=move(field.corners)) for field in page.fields),
            )
            for page in self.pages
        )
        return replace(self, pages=pages)


def corners_of(box: Box) -> Corners:
    """Corners of an upright box."""
    x0, y0, x1, y1 = box
    return (x0, y0), (x1, y0), (x1, y1), (x0, y1)


def _warped(corners: Corners, matrix: npt.NDArray[np.float64]) -> Corners:
    points = np.array([(*corner, 1.0) for corner in corners]) @ matrix.T
    moved = [(float(x / w), float(y / w)) for x, y, w in points]
    return moved[0], moved[1], moved[2], moved[3]
