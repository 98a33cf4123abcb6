"""Lane lines, cell by cell: one small network that looks at the whole photo in a square.

The graph takes uint8 RGB (N, S, S, 3) and gives chances of the line labels (N, labels, S/2, S/2) that add up to 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vision.errors import ModelError
from vision.geometry import Letterbox, letterbox
from vision.models.calibration import AS_IT_IS, Platt, platt_of
from vision.models.session import Session
from vision.types import LineKind, Pixels

LABELS = ("none", *(kind.value for kind in LineKind), "other")
"""``other``: paint that is no lane line, such as arrows and crossings."""


@dataclass(frozen=True, slots=True, eq=False)
class RoadCells:
    """What the network tells of one photo."""

    lines: npt.NDArray[np.float32]
    """(labels, h, w), in the order of `LABELS`."""
    square: Letterbox
    """From pixels of the photo to cells."""
    size_wh: tuple[int, int]
    """Of the photo, pixels."""
    curve: Platt = AS_IT_IS
    """From a line's mean chance over its cells to the chance that there is such a line."""


class LaneNet:
    """The loaded network. No state but the session."""

    def __init__(self, session: Session, *, calibrated: bool = True) -> None:
        """``calibrated``: lines' scores by the curve in the file. Raises `ModelError` for a session of another role."""
        if session.labels != LABELS:
            raise ModelError(f"not a network of lane lines: labels {session.labels}")
        self.session = session
        self.curve = platt_of(session.metadata) if calibrated else AS_IT_IS
        ((_, side, _, _),) = session.inputs.values()
        self.side = int(side)

    def look(self, pixels: Pixels) -> RoadCells:
        """Looks at a whole photo (h, w, 3 uint8 RGB). Raises `ModelError`."""
        seen, square = letterbox(pixels, self.side)
        (lines,) = self.session.run(seen[None])
        share = lines.shape[-1] / self.side
        cells = Letterbox(square.scale * share, square.pad_x * share, square.pad_y * share)
        size_wh = pixels.shape[1], pixels.shape[0]
        return RoadCells(lines[0].astype(np.float32), cells, size_wh, self.curve)
