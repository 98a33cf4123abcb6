"""Views that count: of cars that stand free."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from tests.unit.facts_builder import LEFT_BOX, RIGHT_BOX, dossier, photo, requirement, vehicle
from vision.checks.known_view import hidden_01, known_view, never_shown, shown_chance, views_with
from vision.checks.views import scene_view
from vision.types import Box, Case, Vehicle, VehicleKind, View

CAR = vehicle(View.REAR_LEFT, LEFT_BOX)
BEFORE: Box = (500.0, 1200.0, 1100.0, 2200.0)
"""Nearer, and over .3 of the car's box."""
ASIDE: Box = (500.0, 1200.0, 740.0, 2200.0)
"""Nearer, and over .12 of it."""
BEHIND: Box = (500.0, 900.0, 1500.0, 2000.0)


def scooter(box: Box, score: float = 0.95) -> Vehicle:
    return replace(vehicle(View.REAR, box, score), kind=VehicleKind.MOTORCYCLE)


@pytest.mark.parametrize(
    ("car", "other", "known"),
    [
        (CAR, vehicle(None, RIGHT_BOX), View.REAR_LEFT),
        (CAR, scooter(ASIDE), View.REAR_LEFT),
        (CAR, scooter(BEFORE), None),
        (CAR, vehicle(View.LEFT, BEFORE), None),
        (CAR, scooter(BEFORE, 0.3), View.REAR_LEFT),  # perhaps no vehicle at all
        (CAR, scooter(BEHIND), View.REAR_LEFT),
        (vehicle(View.LEFT, LEFT_BOX, view_score=0.7), vehicle(None, RIGHT_BOX), None),
        (scooter(LEFT_BOX), vehicle(None, RIGHT_BOX), None),  # of two-wheelers nothing was learnt
    ],
)
def test_view_that_counts(car: Vehicle, other: Vehicle, known: View | None) -> None:
    one = photo("p", vehicles=[car, other])
    assert known_view(car, one, dossier(one).limits) is known


REAR = views_with(("rear",))


def chances(told: View, **each: float) -> Vehicle:
    """A car of which the net told the chance of each view."""
    return replace(vehicle(told), view_chances=tuple(each.get(view.value, 0.0) for view in View))


@pytest.mark.parametrize(
    ("car", "other", "chance"),
    [
        (CAR, vehicle(None, RIGHT_BOX), 0.95),
        (CAR, vehicle(View.LEFT, BEFORE), 0.35),
        (vehicle(View.REAR, LEFT_BOX, view_score=0.3), vehicle(View.LEFT, BEFORE), 0.3),
        (vehicle(View.FRONT, LEFT_BOX, view_score=0.6), vehicle(None, RIGHT_BOX), 0.0),
        (vehicle(None, LEFT_BOX), vehicle(None, RIGHT_BOX), 0.0),
        (scooter(LEFT_BOX), vehicle(None, RIGHT_BOX), 0.0),
        (chances(View.REAR, rear=0.45, rear_left=0.4, left=0.1), vehicle(None, RIGHT_BOX), 0.85),
        (chances(View.REAR, rear=0.5), vehicle(View.REAR, RIGHT_BOX, view_score=0.8), 1 - 0.5 * 0.2),
    ],
)
def test_chance_that_a_side_is_in_view(car: Vehicle, other: Vehicle, chance: float) -> None:
    one = photo("p", vehicles=[car, other])
    limits = dossier(one, limits={"hidden_view_chance": 0.35}).limits
    assert shown_chance([car, other], REAR, one, limits) == pytest.approx(chance)


@pytest.mark.parametrize(
    ("cars", "never"),
    [
        ([vehicle(View.LEFT, view_score=0.89)], False),
        ([vehicle(View.LEFT, view_score=0.91)], True),
        ([vehicle(View.LEFT, view_score=0.91), vehicle(View.LEFT, view_score=0.91)], False),  # two chances
        ([vehicle(View.FRONT), scooter(RIGHT_BOX)], True),
        ([vehicle(View.FRONT), vehicle(None)], False),
        ([vehicle(None)], False),
        ([scooter(RIGHT_BOX)], False),
        ([], False),
        ([chances(View.LEFT, left=0.7, front_left=0.25)], True),
        ([chances(View.LEFT, left=0.7, rear_left=0.25)], False),
        ([chances(View.LEFT, left=0.85)], False),  # perhaps from above: no view at all
    ],
)
def test_side_that_is_not_in_view_for_certain(cars: list[Vehicle], never: bool) -> None:
    assert never_shown(cars, REAR, dossier().limits) is never


def test_share_that_is_hidden() -> None:
    one = photo("p", vehicles=[CAR, scooter(BEFORE)])
    assert hidden_01(CAR, one, dossier(one).limits) == pytest.approx(0.3)
    around_both = vehicle(View.LEFT, (490.0, 890.0, 3310.0, 2200.0), 0.9)  # no vehicle of its own
    two = photo("p", vehicles=[CAR, vehicle(View.REAR, RIGHT_BOX), around_both])
    assert hidden_01(CAR, two, dossier(two).limits) == 0


@pytest.mark.parametrize(
    ("car", "verdict", "reason"),
    [
        (vehicle(View.REAR_LEFT, RIGHT_BOX), "pass", "shown"),
        (vehicle(View.FRONT, RIGHT_BOX), "fail", "wrong_side"),  # the scooter's own side tells nothing
    ],
)
def test_rear_panorama_of_a_car_beside_a_scooter(car: Vehicle, verdict: str, reason: str) -> None:
    one = photo("p", vehicles=[car, scooter((900.0, 1200.0, 1700.0, 2080.0))])
    look = scene_view(one, requirement("scene_view", faces=("rear",), vehicles=2), dossier(one))
    assert (look.verdict.value, look.reason.value) == (verdict, reason)


def test_rear_panorama_of_a_car_behind_a_scooter_is_in_doubt() -> None:
    one = photo("p", vehicles=[CAR, scooter(BEFORE)])
    look = scene_view(one, requirement("scene_view", faces=("rear",), vehicles=2), dossier(one))
    assert (look.verdict.value, look.reason.value) == ("unsure", "view_doubtful")


@pytest.mark.parametrize(
    ("views", "verdict", "reason"),
    [
        (((View.FRONT, 0.6), (View.FRONT_LEFT, 0.55)), "pass", "shown"),  # 1 - .4 * .45 = .82
        (((View.FRONT, 0.5), (View.FRONT, 0.4)), "unsure", "view_doubtful"),
        (((View.FRONT, 0.6), (View.REAR, 0.55)), "unsure", "view_doubtful"),
    ],
)
def test_doubtful_views_that_agree_count_together(
    views: tuple[tuple[View, float], tuple[View, float]], verdict: str, reason: str
) -> None:
    """What they are doubtful of, they seldom are all wrong about."""
    (first, sure), (second, too) = views
    one = photo("p", vehicles=[vehicle(first, LEFT_BOX, 0.95, sure), vehicle(second, RIGHT_BOX, 0.95, too)])
    look = scene_view(one, requirement("scene_view", faces=("front",), vehicles=2), dossier(one))
    assert (look.verdict.value, look.reason.value) == (verdict, reason)


@pytest.mark.parametrize(
    ("accident", "views", "verdict", "reason"),
    [
        ("lane_change", (vehicle(View.REAR), vehicle(View.FRONT, view_score=0.6)), "fail", "wrong_side"),
        ("intersection", (vehicle(View.REAR), vehicle(View.FRONT, view_score=0.6)), "unsure", "view_doubtful"),
        ("rear_end", (vehicle(View.FRONT_LEFT), vehicle(View.REAR_LEFT)), "fail", "side_on"),
        ("rear_end", (vehicle(View.REAR, view_score=0.89), vehicle(View.FRONT, view_score=0.8)), "pass", "shown"),
    ],
)
def test_vehicles_that_drove_the_same_way_turn_the_same_end_to_the_camera(
    accident: str, views: tuple[Vehicle, Vehicle], verdict: str, reason: str
) -> None:
    one = photo("p", vehicles=[views[0], replace(views[1], box_xyxy=RIGHT_BOX)])
    case = Case(accident, datetime(2026, 6, 11, 8, 0))
    look = scene_view(one, requirement("scene_view", faces=("front",), vehicles=2), dossier(one, case=case))
    assert (look.verdict.value, look.reason.value) == (verdict, reason)


@pytest.mark.parametrize(
    ("car", "reason"),
    [
        (chances(View.FRONT, front=0.55, rear=0.42), "shown"),  # its neighbour shows that this is the front
        (chances(View.FRONT, front=0.5, front_left=0.45), "not_straight_on"),
    ],
)
def test_straight_on_is_asked_of_those_that_likely_show_the_side(car: Vehicle, reason: str) -> None:
    beside = replace(chances(View.FRONT_RIGHT, front_right=0.97), box_xyxy=RIGHT_BOX)
    one = photo("p", vehicles=[car, beside])
    asked = requirement("scene_view", faces=("front",), vehicles=2, straight=True, heading="same")
    assert scene_view(one, asked, dossier(one)).reason.value == reason
