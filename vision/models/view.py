"""Which side of a vehicle faces the camera: a classifier on the vehicle's box with a small margin."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vision.geometry import crop, grow, letterbox
from vision.models.session import Session, batches
from vision.types import Box, Pixels, View

SIDE = 224
MARGIN = 0.06
"""Share of the box's size that is seen around it, as in training."""
BATCH = 8


class ViewClassifier:
    """The loaded net; labels are the eight views and ``high_angle``, from above, where no view can be told."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def classify(self, pixels: Pixels, boxes: Sequence[Box]) -> tuple[tuple[View | None, float], ...]:
        """View and score 0..1 of each box of a photo; the view is None where it can't be told. Raises `ModelError`."""
        told: list[tuple[View | None, float]] = []
        size_wh = (pixels.shape[1], pixels.shape[0])
        for part in batches(len(boxes), BATCH):
            seen = [letterbox(crop(pixels, grow(b, MARGIN, size_wh))[0], SIDE)[0] for b in boxes[part]]
            (scores,) = self.session.run(np.stack(seen))
            for row in scores:
                label = self.session.labels[int(row.argmax())]
                told.append((View(label) if label in set(View) else None, float(row.max())))
        return tuple(told)
