"""A two-wheeler that papers or plates tell of, and that no photo was seen to show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.facts_builder import (
    PLATE_A,
    PLATE_B,
    RIGHT_BOX,
    dossier,
    panorama,
    photo,
    plate,
    requirement,
    vehicle,
    vehicle_licence,
)
from vision.checks.views import scene_view
from vision.types import Case, FramingKind, Party, PhotoFacts, PlateKind, VehicleKind, View

FRONT = requirement("scene_view", faces=("front",), vehicles=2)
NAMED = Case(parties=(Party("A", PLATE_A), Party("B", PLATE_B)))
ALONE = photo("alone", vehicles=[vehicle(View.FRONT)], plates=[plate(PLATE_A)])
EMPTY = photo("empty")
SCOOTER = replace(vehicle(View.LEFT, RIGHT_BOX), kind=VehicleKind.MOTORCYCLE)
CAR_BEHIND = vehicle(View.FRONT, (0.0, 0.0, 1400.0, 1150.0))
"""Cut off by the picture's edge: not whole, if it were one of the two."""


def of_type(text: str) -> PhotoFacts:
    return vehicle_licence(PLATE_B, vehicle_type=text)


def with_plate(kind: PlateKind) -> PhotoFacts:
    return photo("plate", FramingKind.CLOSEUP, plates=[replace(plate(PLATE_B), kind=kind)])


@pytest.mark.parametrize(
    ("one", "others", "expected"),
    [
        (ALONE, [of_type("普通二轮摩托车")], ("unsure", "two_wheeler_not_seen")),
        (ALONE, [with_plate(PlateKind.MOTORCYCLE)], ("unsure", "two_wheeler_not_seen")),
        (ALONE, [of_type("小型轿车"), with_plate(PlateKind.BLUE)], ("fail", "too_few_vehicles")),
        (EMPTY, [of_type("普通二轮摩托车")], ("fail", "too_few_vehicles")),
        # elsewhere it was recognised: here it is not
        (ALONE, [of_type("普通二轮摩托车"), photo("s", vehicles=[SCOOTER])], ("fail", "too_few_vehicles")),
        (
            photo("r", vehicles=[vehicle(View.REAR)], plates=[plate(PLATE_A)]),
            [of_type("摩托车")],
            ("fail", "wrong_side"),
        ),
        # a bystander's car in its place, or the scooter taken for a car
        (panorama("both", View.FRONT, View.FRONT), [of_type("摩托车")], ("unsure", "two_wheeler_not_seen")),
        (panorama("both", View.FRONT, View.FRONT), [of_type("小型轿车")], ("pass", "shown")),
        (photo("s", vehicles=[vehicle(View.FRONT), SCOOTER]), [of_type("摩托车")], ("pass", "shown")),
        # the scooter counts, though a bystander's car is larger
        (photo("t", vehicles=[vehicle(View.FRONT), CAR_BEHIND, SCOOTER]), [of_type("摩托车")], ("pass", "shown")),
    ],
)
def test_what_is_easily_overlooked_is_a_doubt(
    one: PhotoFacts, others: list[PhotoFacts], expected: tuple[str, str]
) -> None:
    look = scene_view(one, FRONT, dossier(one, *others, case=NAMED))
    assert (look.verdict.value, look.reason.value) == expected


def test_a_licence_that_was_hardly_read_tells_of_no_two_wheeler() -> None:
    licence = of_type("普通二轮摩托车")
    assert licence.document is not None
    fields = {key: replace(field, score=0.4) for key, field in licence.document.fields.items()}
    dim = replace(licence, document=replace(licence.document, fields=fields))
    assert scene_view(ALONE, FRONT, dossier(ALONE, dim, case=NAMED)).reason.value == "too_few_vehicles"
