"""Which way a photo is turned before it is looked at."""

from __future__ import annotations

from typing import cast

import numpy as np
import pytest

from tests.unit.test_document_read import VEHICLE, canvas, lines
from vision.documents.lying import lies, proved_fields
from vision.documents.read import read_document
from vision.facts import Seen
from vision.models.photo import Look, PhotoClassifier
from vision.types import Framing, FramingKind, Pixels, TextLine
from vision.upright import look_upright, right_way_up

SCENE, PAPER = FramingKind.SCENE, FramingKind.DOCUMENT
LYING = np.zeros((30, 20, 3), np.uint8)
"""Higher than wide; turned by a quarter it is wider than high."""


class Told:
    """A classifier that gives one answer for the photo as it lies and another for it turned."""

    def __init__(self, lying: Look, turned: Look) -> None:
        self.lying, self.turned = lying, turned

    def classify(self, pixels: Pixels) -> Look:
        return self.lying if pixels.shape == LYING.shape else self.turned


def look(kind: FramingKind, rotation: int, score: float) -> Look:
    return Look(Framing(kind, 0.95), 0.95 if kind is PAPER else 0.02, Framing(SCENE, 0.9), rotation, score)


@pytest.mark.parametrize(
    ("lying", "turned", "degrees"),
    [
        (look(SCENE, 270, 0.95), look(SCENE, 0, 0.6), 270),
        (look(SCENE, 270, 0.95), look(SCENE, 90, 0.6), 270),
        (look(SCENE, 270, 0.75), look(SCENE, 0, 0.99), 0),
        (look(PAPER, 270, 0.75), look(PAPER, 0, 0.99), 270),
        (look(SCENE, 90, 0.75), look(PAPER, 0, 0.99), 90),
        (look(PAPER, 90, 0.75), look(PAPER, 180, 0.6), 0),
        (look(PAPER, 90, 0.75), look(SCENE, 0, 0.99), 0),
        (look(PAPER, 90, 0.45), look(PAPER, 0, 0.99), 0),
        (look(PAPER, 0, 0.99), look(PAPER, 270, 0.99), 0),
    ],
)
def test_a_likely_turn_is_enough_for_what_is_a_paper_when_turned(lying: Look, turned: Look, degrees: int) -> None:
    rotation, seen = look_upright(LYING, cast(PhotoClassifier, Told(lying, turned)))
    assert rotation == degrees
    assert seen is (turned if degrees else lying)


UPRIGHT = lines(VEHICLE)
ON_END = tuple(
    TextLine(line.text, line.score, ((y0, x0), (y0 + 30, x0), (y0 + 30, x1), (y0, x1)))
    for line in UPRIGHT
    for (x0, y0), (x1, _) in [line.corners[:2]]
)


def test_lines_on_end_tell_that_a_paper_lies() -> None:
    assert not lies(UPRIGHT)
    assert lies(ON_END)
    assert not lies(ON_END[:3])
    assert not lies(None)


@pytest.mark.parametrize(("right", "at"), [(0, 0), (90, 90), (270, 270), (180, 0)])
def test_a_paper_whose_lines_stand_on_end_is_read_the_way_that_proves_most(right: int, at: int) -> None:
    good = Seen(Framing(PAPER, 0.95), documents=read_document(canvas(), UPRIGHT), lines=UPRIGHT)
    assert proved_fields(good.documents) >= 4
    rotation, seen = right_way_up(
        lambda turn: good if turn == right else Seen(Framing(PAPER, 0.95), lines=ON_END), 0, look(PAPER, 0, 0.5)
    )
    assert rotation == at
    assert seen.lines == (UPRIGHT if right == at else ON_END)


def test_a_scene_with_writing_on_end_is_looked_at_once() -> None:
    asked: list[int] = []

    def seen_at(turn: int) -> Seen:
        asked.append(turn)
        return Seen(Framing(PAPER, 0.95), lines=ON_END)

    assert right_way_up(seen_at, 90, look(SCENE, 90, 0.95))[0] == 90
    assert asked == [90]
