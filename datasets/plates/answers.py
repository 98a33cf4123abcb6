"""What was read on a picture with one known plate, as one line of truth and answer; shares over many such lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from datasets.evaluation.bootstrap import interval, mean, share
from datasets.evaluation.calibration import Judged, as_judged, calibration_error
from vision.types import Box, Plate

SURE = 0.9
"""From this score on a text counts as told for certain."""


@dataclass(frozen=True, slots=True)
class Answer:
    name: str
    truth: str
    subsets: tuple[str, ...]
    """What it counts for: kind, province, size and the like."""
    found: bool
    texts: tuple[tuple[str, float], ...]
    """Texts told where the plate is, with score, best first."""
    kind_right: bool
    """Whether the kind of the first is that of the plate; of no meaning where the source tells no kind."""
    boxes: tuple[tuple[str, Box], ...] = ()

    @property
    def right(self) -> bool:
        return any(text == self.truth for text, _ in self.texts)

    @property
    def wrong(self) -> bool:
        """A text was told, and none is right."""
        return bool(self.texts) and not self.right

    @property
    def wrong_and_sure(self) -> bool:
        return not self.right and any(score >= SURE for _, score in self.texts)

    @property
    def errors(self) -> int:
        """Characters to be changed in the best of the texts; all of them where nothing is told."""
        return min((edits(self.truth, text) for text, _ in self.texts), default=len(self.truth))

    @property
    def judged(self) -> tuple[float, bool] | None:
        """Score and truth of what counts for calibration: the right text, else the surest."""
        chosen = [t for t in self.texts if t[0] == self.truth] or list(self.texts)
        return (max(s for _, s in chosen), self.right) if chosen else None


def edits(a: str, b: str) -> int:
    """Levenshtein distance."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def told(plates: Sequence[Plate]) -> tuple[tuple[str, float], ...]:
    return tuple((p.text, p.score) for p in sorted(plates, key=lambda p: -p.score) if p.text is not None)


def judged(answers: Sequence[Answer]) -> Judged:
    """What counts for calibration, of the answers in which a text was told; each picture is a group of its own."""
    return as_judged([(*one, a.name) for a in answers if (one := a.judged) is not None])


def summary(answers: Sequence[Answer]) -> dict[str, Any]:
    """Exact match, wrong texts told (at all, and for certain), abstention, character error rate, calibration."""
    names = [a.name for a in answers]
    errors = [a.errors / len(a.truth) for a in answers]
    told_errors = [a.errors / len(a.truth) for a in answers if a.texts]
    return {
        "exact": share([a.right for a in answers], names),
        "found": share([a.found for a in answers], names),
        "wrong_text_at_9": share([a.wrong_and_sure for a in answers], names),
        "wrong_text": share([a.wrong for a in answers], names),
        "nothing_told": share([not a.texts for a in answers], names),
        "character_error": {"value": round(float(np.mean(errors)), 4), "ci95": interval(mean(errors), names)},
        "character_error_of_told": round(float(np.mean(told_errors)), 4) if told_errors else None,
        "calibration": calibration_error(judged(answers)),
    }


def short(answers: Sequence[Answer]) -> dict[str, Any]:
    """Exact match with interval, and how many wrong texts were told for certain."""
    return {
        **share([a.right for a in answers], [a.name for a in answers]),
        "wrong_at_9": sum(a.wrong_and_sure for a in answers),
    }


def by_subset(answers: Sequence[Answer]) -> dict[str, Any]:
    """`short` of each subset."""
    names = sorted({s for a in answers for s in a.subsets})
    return {name: short([a for a in answers if name in a.subsets]) for name in names}
