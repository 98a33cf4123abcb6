"""Reads a plate that was made flat: text, kind, a score per character, and the chance that the whole text is right.

The graph takes uint8 RGB (N, 144, 256, 3), the plate with a margin, and gives ``chars`` (N, 9, 1 + characters), each
slot's probabilities of "blank" and of every character, ``kinds`` (N, kinds), and ``corners`` (N, 4, 2), where the
plate's corners more exactly are, in shares of width and height. Its metadata hold the kinds, the calibration of the
score and the score under which the reader says nothing; the calibration was fitted on validation plates.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vision.errors import ModelError
from vision.models.session import Session, batches
from vision.plate_grammar import ALPHABET, kinds_for
from vision.types import Pixels, PlateKind

BLANK = "<blank>"
LABELS = (BLANK, *ALPHABET)
BATCH = 32
CANVAS_WH = (256, 144)
"""Size of what the reader is given: the plate with a margin, in which it finds the corners more exactly."""
INSET = np.array([(32, 36), (224, 36), (224, 108), (32, 108)], np.float32)
"""Where the detector's corners lie on that canvas."""
NO_TEXT_KINDS = 0.5
"""From this chance on that it is no Chinese plate at all, nothing is read from it."""


SECOND = 0.05
"""A character at least that likely may take the place of a likelier one that no plate has there."""


@dataclass(frozen=True, slots=True)
class Reading:
    text: str | None
    """Null where the reader abstains."""
    raw: str
    """What the slots say, valid or not."""
    kind: PlateKind
    score: float
    """Calibrated chance that ``raw`` is right."""
    char_scores: tuple[float, ...]
    corners_01: npt.NDArray[np.floating]
    """The plate's corners (4, 2) on the canvas, in shares of its width and height."""


def calibrated(chance: float, scale: float, shift: float) -> float:
    """Platt's scaling: logistic of ``scale * logit(chance) + shift`` (Platt 1999)."""
    inside = min(max(chance, 1e-6), 1 - 1e-6)
    return float(1 / (1 + np.exp(-(scale * np.log(inside / (1 - inside)) + shift))))


def _text(codes: npt.NDArray[np.integer]) -> str:
    """Slots as text, blanks as spaces: one between characters makes no valid text."""
    return "".join(LABELS[c] if c else " " for c in codes).rstrip()


class PlateReader:
    """The loaded reader. No state but the session and its metadata."""

    def __init__(self, session: Session) -> None:
        """Raises `ModelError` if the session is not a plate reader of this alphabet and these kinds."""
        if session.labels != LABELS:
            raise ModelError("the plate reader's characters are not those of the grammar")
        try:
            self.kinds = tuple(PlateKind(k) for k in json.loads(session.metadata["kinds"]))
            self.scale, self.shift = (float(v) for v in json.loads(session.metadata["calibration"]))
            self.abstain_below = float(json.loads(session.metadata["abstain_below"]))
        except (KeyError, ValueError) as error:
            raise ModelError(f"the plate reader's metadata are wrong: {error!r}") from error
        self.session = session
        ((_, height, width, _),) = session.inputs.values()
        if (width, height) != CANVAS_WH:
            raise ModelError(f"the plate reader takes {width} x {height}, not {CANVAS_WH[0]} x {CANVAS_WH[1]}")

    def read(self, plates: Sequence[Pixels]) -> tuple[Reading, ...]:
        """One reading for each canvas (144, 256, 3 uint8 RGB). Raises `ModelError`."""
        found: list[Reading] = []
        for part in batches(len(plates), BATCH):
            answers = self.session.run(np.stack(plates[part]))
            found += [self.decode(*one) for one in zip(*answers, strict=True)]
        return tuple(found)

    def decode(
        self, chars: npt.NDArray[np.floating], kinds: npt.NDArray[np.floating], corners: npt.NDArray[np.floating]
    ) -> Reading:
        """One plate's probabilities, (slots, characters) and (kinds,), and corners (4, 2) as a reading."""
        best = self._best(chars)
        scores = chars[np.arange(len(best)), best]
        blanks = np.nonzero(best == 0)[0]
        length = int(blanks[0]) if len(blanks) else len(best)
        raw = "".join(LABELS[i] for i in best[:length])
        kind, possible = self._kind(raw, kinds)
        score = calibrated(float(np.prod(scores)), self.scale, self.shift)
        readable = possible and not best[length:].any() and score >= self.abstain_below
        return Reading(raw if readable else None, raw, kind, score, tuple(float(s) for s in scores[:length]), corners)

    def _best(self, chars: npt.NDArray[np.floating]) -> npt.NDArray[np.intp]:
        """The likeliest characters; where no plate has such a text, one of them gives way if that makes it one."""
        best = np.asarray(chars.argmax(1), np.intp)
        if kinds_for(_text(best)):
            return best
        tries = [(chars[i, c] / chars[i, best[i]], i, c) for i, c in zip(*np.nonzero(chars >= SECOND), strict=True)]
        for _, i, c in sorted(tries, reverse=True):
            other = best.copy()
            other[i] = c
            if kinds_for(_text(other)):
                return other
        return best

    def _kind(self, raw: str, kinds: npt.NDArray[np.floating]) -> tuple[PlateKind, bool]:
        """The likeliest kind that the text is valid for, and whether there is one and this is a plate of ours."""
        likeliest = self.kinds[int(kinds.argmax())]
        foreign = kinds[self.kinds.index(PlateKind.OTHER)] >= NO_TEXT_KINDS
        allowed = kinds_for(raw)
        if foreign or not allowed:
            return likeliest, False
        return max(allowed, key=lambda k: kinds[self.kinds.index(k)]), True
