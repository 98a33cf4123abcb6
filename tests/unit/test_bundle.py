"""A network of another role is refused when it is loaded, not at the first photo that shows one of its labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import numpy.typing as npt
import pytest

from vision.errors import ModelError
from vision.models.bundle import detector_of
from vision.models.damage_part import NONE, DamagePart
from vision.models.photo import QUARTERS, PhotoClassifier
from vision.models.session import Session
from vision.models.text import TextReader
from vision.types import FramingKind, PartKind, VehicleKind

KINDS = tuple(kind.value for kind in VehicleKind)
PARTS = (*(kind.value for kind in PartKind), NONE)
FRAMINGS = tuple(kind.value for kind in FramingKind)
TURNS = tuple(map(str, QUARTERS))


@dataclass(frozen=True, slots=True)
class Told:
    """A session that tells labels, and has one answer to everything."""

    labels: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    answer: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros((1, 4, 3), np.float32))
    inputs: Mapping[str, tuple[int | str, ...]] = field(default_factory=lambda: {"image": ("n", 64, 64, 3)})

    def run(self, *_: object) -> tuple[npt.NDArray[np.float32]]:
        return (self.answer,)


def vehicles(session: Session) -> object:
    return detector_of(session, VehicleKind, one_kind=True)


@pytest.mark.parametrize(
    ("role", "labels", "fits"),
    [
        (vehicles, KINDS, True),
        (vehicles, KINDS[:2], True),
        (vehicles, (*KINDS, "motorbike"), False),
        (vehicles, (), False),
        (DamagePart, PARTS, True),
        (DamagePart, (*PARTS, "fender"), False),
        (PhotoClassifier, (*FRAMINGS, *TURNS), True),
        (PhotoClassifier, (*TURNS, *FRAMINGS), False),
        (PhotoClassifier, (*FRAMINGS, "0", "270", "180", "90"), False),
        (PhotoClassifier, (*FRAMINGS[:-1], "landscape", *TURNS), False),
    ],
)
def test_only_labels_of_the_role_are_taken(
    role: Callable[[Session], object], labels: tuple[str, ...], fits: bool
) -> None:
    session = cast(Session, Told(labels))
    if fits:
        role(session)
        return
    with pytest.raises(ModelError, match=r"labels|parts"):
        role(session)


def reader(characters: str | None) -> TextReader:
    """A reader whose recogniser knows three signs: blank, one character, space."""
    told = {} if characters is None else {"character": characters}
    session = cast(Session, Told(metadata=told))
    return TextReader(session, session)


@pytest.mark.parametrize("characters", [None, ""])
def test_a_recogniser_that_names_no_characters_is_refused(characters: str | None) -> None:
    with pytest.raises(ModelError, match="no characters"):
        reader(characters)


def test_a_recogniser_of_more_or_fewer_signs_than_it_names_tells_no_text() -> None:
    picture, box = np.zeros((48, 96, 3), np.uint8), np.array([(0, 0), (96, 0), (96, 48), (0, 48)], np.float32)
    assert reader("a").read_boxes(picture, [box]) == (("", 0.0),)
    for other in ("a\nb", "a\nb\nc"):
        with pytest.raises(ModelError, match="signs"):
            reader(other).read_boxes(picture, [box])
