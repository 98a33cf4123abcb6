"""Which side of a vehicle faces the camera: a classifier on the vehicle's box with a small margin."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from vision.geometry import crop, grow, letterbox
from vision.models.calibration import temperatures_of, tempered
from vision.models.session import Session, batches
from vision.types import Box, Pixels, View

SIDE = 224
MARGIN = 0.06
"""Share of the box's size that is seen around it, as in training."""
BATCH = 8


class ViewClassifier:
    """The loaded net; labels are the eight views and ``high_angle``, from above, where no view can be told."""

    def __init__(self, session: Session) -> None:
        """Raises `ModelError` for a wrong calibration."""
        self.session = session
        (self.temperature,) = temperatures_of(session.metadata, 1)

    def classify(self, pixels: Pixels, boxes: Sequence[Box]) -> tuple[tuple[View | None, float], ...]:
        """View and score 0..1 of each box of a photo; the view is None where it can't be told. Raises `ModelError`."""
        return tuple(self.told(row) for row in self.raw(pixels, boxes))

    def raw(self, pixels: Pixels, boxes: Sequence[Box]) -> npt.NDArray[np.floating]:
        """The network's answers (boxes, labels), not calibrated. Raises `ModelError`."""
        size_wh = (pixels.shape[1], pixels.shape[0])
        answers = [np.zeros((0, len(self.session.labels)))]
        for part in batches(len(boxes), BATCH):
            seen = [letterbox(crop(pixels, grow(b, MARGIN, size_wh))[0], SIDE)[0] for b in boxes[part]]
            answers.append(self.session.run(np.stack(seen))[0])
        return np.concatenate(answers)

    def told(self, row: npt.NDArray[np.floating]) -> tuple[View | None, float]:
        """One raw answer as view and chance."""
        label = self.session.labels[int(row.argmax())]
        return View(label) if label in set(View) else None, float(tempered(row, self.temperature).max())
