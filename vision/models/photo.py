"""What kind of picture a photo is (framing) and how far it stands from upright: one net with two heads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vision.errors import ModelError
from vision.geometry import letterbox
from vision.models.calibration import temperatures_of, tempered
from vision.models.session import Session
from vision.types import Framing, FramingKind, Pixels

SIDE = 224
QUARTERS = (0, 90, 180, 270)


@dataclass(frozen=True, slots=True)
class Look:
    framing: Framing
    document_01: float
    """Score of the framing `document`, whichever framing is likeliest."""
    but_a_document: Framing
    """The likeliest of the other framings, with its chance where it is known that this is no document."""
    rotation: int
    """Degrees clockwise still to be turned so that the content is upright."""
    rotation_score: float


class PhotoClassifier:
    """The loaded graph, in which two nets answer as one. Its labels are the framings, then the quarter turns."""

    def __init__(self, session: Session) -> None:
        """Raises `ModelError` for a wrong calibration or labels that are not framings and the quarter turns."""
        framings, turns = session.labels[: -len(QUARTERS)], session.labels[-len(QUARTERS) :]
        if set(framings) != set(FramingKind) or turns != tuple(map(str, QUARTERS)):
            raise ModelError(f"not a network of framings and quarter turns: labels {session.labels}")
        self.session = session
        self.temperatures = temperatures_of(session.metadata, 2)

    def classify(self, pixels: Pixels) -> Look:
        """Looks at a whole photo (h, w, 3 uint8 RGB). Raises `ModelError`."""
        return self.told(*self.raw(pixels))

    def raw(self, pixels: Pixels) -> tuple[npt.NDArray[np.floating], npt.NDArray[np.floating]]:
        """The network's answers, framings and turns, not calibrated. Raises `ModelError`."""
        framing, turn = (out[0] for out in self.session.run(letterbox(pixels, SIDE)[0][None]))
        return framing, turn

    def told(self, framing: npt.NDArray[np.floating], turn: npt.NDArray[np.floating]) -> Look:
        """Raw answers as framing and rotation with their chances."""
        best = int(framing.argmax())
        framing, turn = (tempered(p, t) for p, t in zip((framing, turn), self.temperatures, strict=True))
        document = self.session.labels.index(FramingKind.DOCUMENT)
        others = np.delete(framing, document)
        return Look(
            Framing(FramingKind(self.session.labels[best]), float(framing[best])),
            float(framing[document]),
            self._other(document, others),
            QUARTERS[int(turn.argmax())],
            float(turn.max()),
        )

    def _other(self, document: int, chances: npt.NDArray[np.floating]) -> Framing:
        """The likeliest of all framings but the one at ``document``, whose ``chances`` these are."""
        kinds = [label for i, label in enumerate(self.session.labels[: len(chances) + 1]) if i != document]
        best = int(chances.argmax())
        return Framing(FramingKind(kinds[best]), float(chances[best] / max(float(chances.sum()), 1e-9)))
