"""The colour of a vehicle's paint: a small classifier on its box, looked at as it is and mirrored.

The graph takes uint8 RGB (N, 96, 96, 3), the box squeezed into a square, and gives ``colour`` (N, labels), chances.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from vision.errors import ModelError
from vision.models.calibration import temperatures_of, tempered
from vision.models.session import Session, batches
from vision.types import Pixels, VehicleColour

BATCH = 16
TOLD = 0.8
"""Below this chance the colour is not told: of validation photos above it, 95 in 100 are as a person says."""


class ColourClassifier:
    """The loaded net; labels are values of `VehicleColour`."""

    def __init__(self, session: Session) -> None:
        """Raises `ModelError` for a wrong calibration or a label that is no colour."""
        self.session = session
        (self.temperature,) = temperatures_of(session.metadata, 1)
        if strange := set(session.labels) - set(VehicleColour):
            raise ModelError(f"no colours of vehicles: {sorted(strange)}")

    def raw(self, looks: Sequence[Pixels]) -> npt.NDArray[np.floating]:
        """Chances (looks, labels), not calibrated, of squares by `vision.models.squares`. Raises `ModelError`."""
        answers: list[npt.NDArray[np.floating]] = [np.zeros((0, len(self.session.labels)))]
        for part in batches(len(looks), BATCH):
            both = np.stack(looks[part])
            (one,), (other,) = self.session.run(both), self.session.run(np.ascontiguousarray(both[:, :, ::-1]))
            answers.append((one + other) / 2)
        return np.concatenate(answers)

    def tell(self, cuts: Sequence[Pixels | None]) -> tuple[tuple[VehicleColour | None, float], ...]:
        """Colour and its chance of each box of a photo, as `vision.models.squares.squares` cuts them out.

        Null where it can't be told, chance 0 of small boxes. Raises `ModelError`.
        """
        large = [(k, cut) for k, cut in enumerate(cuts) if cut is not None]
        told: list[tuple[VehicleColour | None, float]] = [(None, 0.0)] * len(cuts)
        answers = self.raw([cut for _, cut in large])
        for (k, _), chances in zip(large, tempered(answers, self.temperature), strict=True):
            best = VehicleColour(self.session.labels[int(chances.argmax())])
            told[k] = best if chances.max() >= TOLD else None, float(chances.max())
        return tuple(told)
