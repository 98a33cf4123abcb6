"""Views that count: of cars that stand free."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.facts_builder import LEFT_BOX, RIGHT_BOX, dossier, photo, requirement, vehicle
from vision.checks.known_view import hidden_01, known_view, view_chance
from vision.checks.views import scene_view
from vision.types import Box, Vehicle, VehicleKind, View

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


@pytest.mark.parametrize(
    ("car", "other", "chance"),
    [
        (CAR, vehicle(None, RIGHT_BOX), 0.95),
        (CAR, vehicle(View.LEFT, BEFORE), 0.35),
        (vehicle(View.LEFT, LEFT_BOX, view_score=0.3), vehicle(View.LEFT, BEFORE), 0.3),
        (vehicle(None, LEFT_BOX), vehicle(None, RIGHT_BOX), 0.0),
        (scooter(LEFT_BOX), vehicle(None, RIGHT_BOX), 0.0),
    ],
)
def test_chance_that_a_view_is_as_told(car: Vehicle, other: Vehicle, chance: float) -> None:
    one = photo("p", vehicles=[car, other])
    assert view_chance(car, one, dossier(one, limits={"hidden_view_chance": 0.35}).limits) == chance


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
