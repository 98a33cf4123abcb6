"""Which side of a vehicle faces the camera: a classifier on the vehicle's box with a small margin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from vision.errors import ModelError
from vision.geometry import crop, grow, letterbox
from vision.models.calibration import temperatures_of, tempered
from vision.models.session import Session, batches
from vision.types import Box, Pixels, View

SIDE = 224
MARGIN = 0.06
"""Share of the box's size that is seen around it, as in training."""
BATCH = 8
SWAPPED = {"left": "right", "right": "left"}


class ToldView(NamedTuple):
    """``chances``: of each of the eight views, in the order of `View`."""

    view: View | None
    score: float
    chances: tuple[float, ...]


class ViewClassifier:
    """The loaded net; labels are the eight views and ``high_angle``, from above, where no view can be told.

    Each box is looked at twice, as it is and mirrored, by the two nets that the graph holds. The answers, sides swapped
    back, become one by their geometric mean.
    """

    def __init__(self, session: Session) -> None:
        """Raises `ModelError` for a wrong calibration, a side that has no other, or a view that is no label."""
        self.session = session
        (self.temperature,) = temperatures_of(session.metadata, 1)
        self.mirrored = mirrored(session.labels)
        if missing := set(View) - set(session.labels):
            raise ModelError(f"views that are no label: {sorted(missing)}")

    def classify(self, pixels: Pixels, boxes: Sequence[Box]) -> tuple[ToldView, ...]:
        """View and score 0..1 of each box of a photo; the view is None where it can't be told. Raises `ModelError`."""
        return tuple(self.told(row) for row in self.raw(pixels, boxes))

    def raw(self, pixels: Pixels, boxes: Sequence[Box]) -> npt.NDArray[np.floating]:
        """Chances (boxes, labels), not calibrated. Raises `ModelError`."""
        answers: list[npt.NDArray[np.floating]] = [np.zeros((0, len(self.session.labels)))]
        for part in batches(len(boxes), BATCH):
            answers.append(as_one(self._looks(pixels, boxes[part])))
        return np.concatenate(answers)

    def _looks(self, pixels: Pixels, boxes: Sequence[Box]) -> tuple[npt.NDArray[np.floating], ...]:
        """The answers to the crops and to their mirror images, sides swapped back."""
        size_wh = (pixels.shape[1], pixels.shape[0])
        seen = np.stack([letterbox(crop(pixels, grow(b, MARGIN, size_wh))[0], SIDE)[0] for b in boxes])
        back = self.session.run(np.ascontiguousarray(seen[:, :, ::-1]))[0]
        return self.session.run(seen)[0], back[:, self.mirrored]

    def told(self, row: npt.NDArray[np.floating]) -> ToldView:
        """One raw answer as view and chances."""
        label, chances = self.session.labels[int(row.argmax())], tempered(row, self.temperature)
        each = tuple(float(chances[self.session.labels.index(view)]) for view in View)
        return ToldView(View(label) if label in set(View) else None, float(chances.max()), each)


def mirrored(labels: Sequence[str]) -> list[int]:
    """For each label, where the one stands that it becomes in a mirror. Raises `ModelError` if there is none."""
    other = ["_".join(SWAPPED.get(word, word) for word in label.split("_")) for label in labels]
    if not set(other) <= set(labels):
        raise ModelError(f"views without their mirror: {sorted(set(other) - set(labels))}")
    return [list(labels).index(label) for label in other]


def as_one(answers: Sequence[npt.NDArray[np.floating]]) -> npt.NDArray[np.floating]:
    """Geometric mean of several chances (rows, labels), made to add up to one again."""
    mean = np.exp(np.mean([np.log(np.clip(answer, 1e-9, 1)) for answer in answers], axis=0))
    return np.asarray(mean / mean.sum(axis=1, keepdims=True))
