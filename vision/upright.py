"""How far a photo must be turned before it is looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from vision import turning
from vision.documents.lying import lies, proved_fields
from vision.models.photo import Look, PhotoClassifier
from vision.types import Document, Pixels, TextLine

SURE_TURN = 0.9
"""A photo is looked at turned only if the net is this sure that it stands otherwise."""
LIKELY_TURN = 0.5
"""Enough for a paper, if the net, shown it turned, sees a paper that stands upright: read as it lies, a paper gives
words that nobody wrote. A photo of a road that is turned by mistake has no such second witness, and stays."""
PAPER = 0.9
"""From this score of the framing `document` on a photo is a paper and nothing else."""


def look_upright(small: Pixels, classifier: PhotoClassifier) -> tuple[int, Look]:
    """Degrees clockwise still to be turned, and the look at the photo turned so. Raises `ModelError`."""
    look = classifier.classify(small)
    if look.rotation == 0 or look.rotation_score < LIKELY_TURN:
        return 0, look
    # Turned content is classified again the right way up: a licence on its side looks like no licence.
    turned = classifier.classify(turning.turned(small, look.rotation))
    paper = turned.document_01 >= PAPER and turned.rotation == 0
    return (look.rotation, turned) if paper or look.rotation_score >= SURE_TURN else (0, look)


class Papers(Protocol):
    """What of the things seen on a photo tells its turn."""

    @property
    def documents(self) -> tuple[Document, ...]: ...

    @property
    def lines(self) -> tuple[TextLine, ...] | None: ...


Seen = TypeVar("Seen", bound=Papers)


def right_way_up(seen_at: Callable[[int], Seen], rotation: int, look: Look) -> tuple[int, Seen]:
    """The turn and what is seen at it: a paper whose lines stand on end is read at both quarters from there too.

    The turn that proves most fields counts; where none proves more, the paper stays as it was.
    """
    seen = seen_at(rotation)
    if look.document_01 < PAPER or not lies(seen.lines):
        return rotation, seen
    turns = [(rotation + more) % 360 for more in (90, 270)]
    tried = [(rotation, seen), *((turn, seen_at(turn)) for turn in turns)]
    return max(tried, key=lambda one: proved_fields(one[1].documents))
