"""Near or far, told by the boxes of vehicles, and where two of them touch."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.facts_builder import PLATE_A, damage, dossier, photo, plate, requirement, vehicle
from vision.checks.collision import contact_near
from vision.types import Box, FramingKind, PhotoFacts, RoadObject, RoadObjectKind, VehicleKind, View

LEFT_HALF: Box = (0.0, 500.0, 1960.0, 2500.0)
RIGHT_HALF: Box = (2000.0, 450.0, 4000.0, 2450.0)
BOTH: Box = (0.0, 450.0, 4000.0, 2500.0)
FAR_INTO: Box = (800.0, 450.0, 4000.0, 2450.0)
WHOLE: Box = (800.0, 900.0, 2400.0, 2100.0)
CLOSE, SCENE = FramingKind.CLOSEUP, FramingKind.SCENE


def of(one: PhotoFacts, **limits: float) -> tuple[str, str]:
    look = contact_near(one, requirement("contact_near"), dossier(one, limits=limits))
    return look.verdict.value, look.reason.value


def near(*boxes: Box, kind: FramingKind = SCENE) -> PhotoFacts:
    return photo("p", kind, vehicles=[vehicle(View.RIGHT, box) for box in boxes])


def test_a_detector_that_also_takes_both_for_one_hides_no_contact() -> None:
    assert of(near(BOTH, LEFT_HALF, RIGHT_HALF)) == ("pass", "contact_shown")
    assert of(near(BOTH, LEFT_HALF)) == ("unsure", "damage_not_seen")


def test_in_an_accident_of_one_vehicle_a_second_one_is_a_bystander() -> None:
    assert of(near(LEFT_HALF, RIGHT_HALF), parties=1) == ("unsure", "damage_not_seen")


@pytest.mark.parametrize(
    ("kind", "box", "score", "expected"),
    [
        (RoadObjectKind.GUARD_RAIL, (0.0, 1200.0, 2100.0, 2600.0), 0.9, ("pass", "contact_shown")),
        (RoadObjectKind.POLE, (2400.0, 0.0, 2600.0, 2300.0), 0.9, ("pass", "contact_shown")),
        (RoadObjectKind.POLE, (2400.0, 0.0, 2600.0, 2300.0), 0.4, ("unsure", "damage_not_seen")),
        (RoadObjectKind.POLE, (100.0, 0.0, 300.0, 2300.0), 0.9, ("unsure", "damage_not_seen")),  # apart
        (RoadObjectKind.POLE, (3800.0, 0.0, 4000.0, 2300.0), 0.9, ("unsure", "damage_not_seen")),  # at the edge
        (RoadObjectKind.TRAFFIC_SIGN, (2400.0, 0.0, 2600.0, 2300.0), 0.9, ("unsure", "damage_not_seen")),
    ],
)
def test_one_vehicle_touches_what_it_hit(
    kind: RoadObjectKind, box: Box, score: float, expected: tuple[str, str]
) -> None:
    one = replace(near(RIGHT_HALF), roadside=(RoadObject(kind, box, score),))
    assert of(one, parties=1, object_score=0.6) == expected
    # of two vehicles, the contact is with the other one
    assert of(one, object_score=0.6) == ("unsure", "damage_not_seen")


def test_vehicles_that_overlap_show_their_contact_in_a_closeup_only() -> None:
    assert of(near(LEFT_HALF, FAR_INTO)) == ("unsure", "damage_not_seen")
    assert of(near(LEFT_HALF, FAR_INTO, kind=CLOSE)) == ("pass", "contact_shown")


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ((0.0, 1200.0, 1960.0, 2400.0), (2000.0, 1250.0, 4000.0, 2450.0), ("pass", "contact_shown")),
        ((0.0, 1200.0, 1960.0, 2300.0), (2000.0, 1250.0, 4000.0, 2350.0), ("fail", "wrong_framing")),
    ],
)
def test_two_vehicles_from_edge_to_edge_that_are_low_were_not_photographed_from_near(
    left: Box, right: Box, expected: tuple[str, str]
) -> None:
    """The picture is 3,000 pixels high."""
    assert of(near(left, right)) == expected


@pytest.mark.parametrize(
    ("lower", "expected"), [(2200.0, ("pass", "contact_shown")), (2300.0, ("unsure", "damage_not_seen"))]
)
def test_one_that_stands_far_behind_the_other_hides_where_they_touch(lower: float, expected: tuple[str, str]) -> None:
    assert of(near((0.0, 500.0, 1960.0, lower), (1900.0, 600.0, 4000.0, 1500.0))) == expected


@pytest.mark.parametrize(
    ("boxes", "kind", "expected"),
    [
        ((WHOLE,), VehicleKind.CAR, ("fail", "wrong_framing")),
        ((WHOLE, RIGHT_HALF), VehicleKind.CAR, ("fail", "wrong_framing")),
        # a scooter fits into a picture that was taken from near
        ((WHOLE,), VehicleKind.MOTORCYCLE, ("unsure", "framing_doubtful")),
        ((RIGHT_HALF,), VehicleKind.CAR, ("unsure", "damage_not_seen")),
        ((), VehicleKind.CAR, ("unsure", "framing_doubtful")),
    ],
)
def test_a_whole_car_was_photographed_from_afar(
    boxes: tuple[Box, ...], kind: VehicleKind, expected: tuple[str, str]
) -> None:
    """Where the framing is not certain, the boxes tell."""
    vehicles = [replace(vehicle(View.RIGHT, box), kind=kind) for box in boxes]
    assert of(photo("p", SCENE, score=0.4, vehicles=vehicles)) == expected


@pytest.mark.parametrize(
    ("kind", "score", "expected"),
    [
        (SCENE, 0.45, ("unsure", "damage_doubtful")),  # near by its boxes alone, as a photo of a plate is
        (SCENE, 0.5, ("pass", "shown")),
        (FramingKind.MEDIUM, 0.45, ("pass", "shown")),
        (CLOSE, 0.45, ("pass", "shown")),
        (CLOSE, 0.15, ("unsure", "damage_doubtful")),
    ],
)
def test_likely_damage_is_a_contact_only_where_the_framing_net_sees_a_near_picture_too(
    kind: FramingKind, score: float, expected: tuple[str, str]
) -> None:
    likely = damage(None, (1800.0, 1300.0, 2300.0, 1800.0), score)
    one = replace(near(RIGHT_HALF, kind=kind), damages=(likely,))
    assert of(one, damage_score=0.2, damage_doubt=0.1, damage_sure=0.5) == expected


def test_something_else_that_shows_a_vehicle_is_a_doubt_and_no_failure() -> None:
    """The framing net's word for it stands against the detector's."""
    assert of(near(kind=FramingKind.OTHER)) == ("fail", "no_photo")
    assert of(near(RIGHT_HALF, kind=FramingKind.OTHER)) == ("unsure", "damage_not_seen")
    assert of(near(LEFT_HALF, RIGHT_HALF, kind=FramingKind.OTHER)) == ("pass", "contact_shown")
    assert of(near(RIGHT_HALF, kind=FramingKind.INTERIOR)) == ("fail", "no_photo")


MIDDLE, EDGE = (1700.0, 1200.0, 2300.0, 1700.0), (100.0, 1200.0, 500.0, 1700.0)


@pytest.mark.parametrize(
    ("at", "score", "kind", "expected"),
    [
        (MIDDLE, 0.97, SCENE, ("fail", "wrong_framing")),
        (MIDDLE, 0.97, FramingKind.WHOLE, ("fail", "wrong_framing")),
        (MIDDLE, 0.97, CLOSE, ("pass", "contact_shown")),
        (MIDDLE, 0.5, SCENE, ("pass", "contact_shown")),  # not surely read
        (EDGE, 0.97, SCENE, ("pass", "contact_shown")),
    ],
)
def test_a_picture_taken_for_a_plate_is_no_contact(
    at: Box, score: float, kind: FramingKind, expected: tuple[str, str]
) -> None:
    one = replace(near(LEFT_HALF, RIGHT_HALF, kind=kind), plates=(plate(PLATE_A, at, score),))
    assert of(one) == expected
