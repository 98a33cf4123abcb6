"""What kind of picture a photo is (framing) and how far it stands from upright: one net with two heads."""

from __future__ import annotations

from dataclasses import dataclass

from vision.geometry import letterbox
from vision.models.session import Session
from vision.types import Framing, FramingKind, Pixels

SIDE = 224
QUARTERS = (0, 90, 180, 270)


@dataclass(frozen=True, slots=True)
class Look:
    framing: Framing
    document_01: float
    """Score of the framing `document`, whichever framing is likeliest."""
    rotation: int
    """Degrees clockwise still to be turned so that the content is upright."""
    rotation_score: float


class PhotoClassifier:
    """The loaded net. Its labels are the framings, then the quarter turns."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def classify(self, pixels: Pixels) -> Look:
        """Looks at a whole photo (h, w, 3 uint8 RGB). Raises `ModelError`."""
        framing, turn = (out[0] for out in self.session.run(letterbox(pixels, SIDE)[0][None]))
        best = int(framing.argmax())
        return Look(
            Framing(FramingKind(self.session.labels[best]), float(framing[best])),
            float(framing[self.session.labels.index(FramingKind.DOCUMENT)]),
            QUARTERS[int(turn.argmax())],
            float(turn.max()),
        )
