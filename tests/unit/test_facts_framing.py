"""What kind of picture a photo is, where two networks contradict each other."""

import numpy as np
import pytest

from tests.unit.facts_builder import driving_licence, vehicle
from vision.facts import _framing
from vision.models.photo import QUARTERS, Look, PhotoClassifier
from vision.types import Framing, FramingKind, Vehicle, View

SCENE = Framing(FramingKind.SCENE, 0.7)
CAR, GUESS = vehicle(View.LEFT), vehicle(View.LEFT, score=0.6)


def look(kind: FramingKind) -> Look:
    return Look(Framing(kind, 0.8), 0.8 if kind is FramingKind.DOCUMENT else 0.05, SCENE, 0, 0.99)


@pytest.mark.parametrize(
    ("kind", "vehicles", "told"),
    [
        (FramingKind.DOCUMENT, (CAR, CAR), FramingKind.SCENE),
        (FramingKind.DOCUMENT, (CAR, GUESS), FramingKind.DOCUMENT),
        (FramingKind.DOCUMENT, (CAR,), FramingKind.DOCUMENT),  # a paper on a bonnet
        (FramingKind.CLOSEUP, (CAR, CAR), FramingKind.CLOSEUP),
    ],
)
def test_two_vehicles_and_no_paper_are_no_document(
    kind: FramingKind, vehicles: tuple[Vehicle, ...], told: FramingKind
) -> None:
    assert _framing(look(kind), vehicles, ()).kind is told


def test_what_was_read_is_a_document_whatever_stands_behind_it() -> None:
    paper = driving_licence("苏E6K789").document
    assert paper is not None
    assert _framing(look(FramingKind.DOCUMENT), (CAR, CAR), (paper,)).kind is FramingKind.DOCUMENT


class Graph:
    """A loaded network's labels and metadata."""

    labels = (*FramingKind, *map(str, QUARTERS))
    metadata: dict[str, str] = {}  # noqa: RUF012


def test_the_likeliest_of_the_others_is_told_with_its_chance_among_them() -> None:
    classifier = PhotoClassifier(Graph())  # type: ignore[arg-type]
    kinds = list(FramingKind)
    chances = np.full(len(kinds), 0.02)
    chances[kinds.index(FramingKind.DOCUMENT)] = 0.5
    chances[kinds.index(FramingKind.SCENE)] = 1 - chances.sum() + 0.02
    told = classifier.told(chances, np.array([0.97, 0.01, 0.01, 0.01]))
    assert told.framing.kind is FramingKind.DOCUMENT
    assert told.but_a_document.kind is FramingKind.SCENE
    assert told.but_a_document.score == pytest.approx(chances[kinds.index(FramingKind.SCENE)] / 0.5)
