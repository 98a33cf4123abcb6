"""Views of the scene, one photo at a time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.facts_builder import (
    LEFT_BOX,
    PLATE_A,
    PLATE_B,
    RIGHT_BOX,
    dossier,
    panorama,
    papers,
    photo,
    plate,
    requirement,
)
from tests.unit.facts_builder import vehicle as car
from vision.checks.geometry import FACES, gap_01, main_vehicles, margin_01
from vision.checks.plates import nearest_plate
from vision.checks.views import scene_view
from vision.types import Box, Case, FramingKind, Party, PhotoFacts, Plate, QualityVerdict, Vehicle, VehicleKind, View

FRONT = requirement("scene_view", faces=("front",), vehicles=2)
BEHIND_01 = {View.REAR: 0.5, View.REAR_LEFT: 0.47}
SURELY_BEHIND = replace(
    car(View.REAR, LEFT_BOX, view_score=0.5), view_chances=tuple(BEHIND_01.get(view, 0.0) for view in View)
)
PAIR = [car(View.FRONT, LEFT_BOX), car(View.FRONT, RIGHT_BOX)]
CUT: Box = (0.0, 900.0, 1500.0, 2100.0)
ALMOST: Box = (4.0, 900.0, 1500.0, 2100.0)  # 0.1 %
EDGE: Box = (15.0, 900.0, 1500.0, 2100.0)  # 0.4 % of the width away from the edge
FAR: Box = (3300.0, 1000.0, 3900.0, 1400.0)
TINY: Box = (3300.0, 1000.0, 3500.0, 1150.0)


def dim(one: PhotoFacts, dark_01: float = 0.8) -> PhotoFacts:
    """Called dark, but not surely so."""
    return replace(one, quality=replace(one.quality, dark_01=dark_01))


@pytest.mark.parametrize(
    ("one", "verdict", "reason"),
    [
        (photo("p", vehicles=PAIR), "pass", "shown"),
        (photo("p", FramingKind.WHOLE, vehicles=PAIR), "pass", "shown"),
        (photo("p", FramingKind.MEDIUM, vehicles=PAIR), "pass", "shown"),  # two whole boxes tell more than the word
        (photo("p", FramingKind.CLOSEUP, vehicles=PAIR), "fail", "wrong_framing"),
        (photo("p", FramingKind.CLOSEUP, score=0.4, vehicles=PAIR), "unsure", "framing_doubtful"),
        (photo("p", FramingKind.DOCUMENT, vehicles=PAIR), "fail", "wrong_framing"),
        (photo("p"), "fail", "too_few_vehicles"),
        (photo("p", vehicles=PAIR[:1]), "fail", "too_few_vehicles"),
        (photo("p", vehicles=[PAIR[0], car(View.FRONT, TINY)]), "fail", "too_few_vehicles"),  # in the background
        (photo("p", vehicles=[PAIR[0], car(View.FRONT, LEFT_BOX, 0.6)]), "fail", "too_few_vehicles"),  # found twice
        (photo("p", vehicles=[PAIR[0], car(View.FRONT, RIGHT_BOX, 0.49)]), "unsure", "vehicle_doubtful"),
        (photo("p", vehicles=[PAIR[0], car(View.FRONT, RIGHT_BOX, 0.24)]), "fail", "too_few_vehicles"),
        (photo("p", vehicles=[car(View.FRONT, CUT), PAIR[1]]), "fail", "vehicle_cut_off"),
        (photo("p", vehicles=[car(View.FRONT, ALMOST), PAIR[1]]), "fail", "vehicle_cut_off"),
        (photo("p", vehicles=[car(View.FRONT, EDGE), PAIR[1]]), "unsure", "vehicle_at_border"),
        (photo("p", vehicles=[PAIR[0], car(View.FRONT, FAR)]), "unsure", "vehicles_apart"),
        (photo("p", vehicles=[car(View.REAR, LEFT_BOX), car(View.REAR, RIGHT_BOX)]), "fail", "wrong_side"),
        (photo("p", vehicles=[car(View.LEFT, LEFT_BOX), car(View.LEFT, RIGHT_BOX)]), "fail", "wrong_side"),
        (
            photo("p", vehicles=[car(View.LEFT, LEFT_BOX, view_score=0.8), car(View.LEFT, RIGHT_BOX)]),
            "unsure",  # a left that is not sure may well be a front left
            "view_doubtful",
        ),
        (
            photo("p", vehicles=[SURELY_BEHIND, car(View.REAR, RIGHT_BOX)]),
            "fail",  # which rear it is, is doubtful, but no front
            "wrong_side",
        ),
        (photo("p", vehicles=[car(None, LEFT_BOX), car(None, RIGHT_BOX)]), "unsure", "view_doubtful"),
        (photo("p", vehicles=[car(None, LEFT_BOX), car(View.FRONT_LEFT, RIGHT_BOX)]), "pass", "shown"),
        (panorama("p", View.FRONT_LEFT, View.REAR_LEFT), "unsure", "side_on"),
        (panorama("p", View.FRONT_LEFT, View.REAR_RIGHT), "pass", "shown"),  # heading for each other
        (photo("p", quality=QualityVerdict.BLUR, vehicles=PAIR), "fail", "photo_blurred"),
        (photo("p", quality=QualityVerdict.DARK, vehicles=PAIR), "fail", "photo_dark"),
        (dim(photo("p", quality=QualityVerdict.DARK, vehicles=PAIR)), "unsure", "photo_dark"),
        (photo("p", quality=QualityVerdict.OVEREXPOSED, vehicles=PAIR), "fail", "photo_overexposed"),
        (photo("p", quality=QualityVerdict.GLARE, vehicles=PAIR), "unsure", "photo_glare"),
        (photo("p", quality=QualityVerdict.SMALL, vehicles=PAIR), "pass", "shown"),  # judged by the plate's pixels
        (
            photo("p", vehicles=[car(View.FRONT, (50, 50, 2200, 2950)), car(View.FRONT, (1900, 50, 3950, 2950))]),
            "unsure",
            "vehicles_fill_picture",
        ),
    ],
)
def test_front_panorama(one: PhotoFacts, verdict: str, reason: str) -> None:
    look = scene_view(one, FRONT, dossier(one))
    assert (look.verdict.value, look.reason.value) == (verdict, reason)


def test_a_failure_is_told_before_a_doubt() -> None:
    one = photo("p", quality=QualityVerdict.DARK, vehicles=[PAIR[0], car(View.FRONT, FAR)])
    assert scene_view(one, FRONT, dossier(one)).reason.value == "photo_dark"


@pytest.mark.parametrize(
    ("views", "params", "reason"),
    [
        ((View.FRONT, View.FRONT), {"straight": True}, "shown"),
        ((View.FRONT_LEFT, View.FRONT_LEFT), {"straight": True}, "not_straight_on"),
        ((View.FRONT_LEFT, View.FRONT), {"straight": True}, "shown"),
        ((View.FRONT_LEFT, View.LEFT), {"corner": True}, "shown"),
        ((View.FRONT, View.FRONT), {"corner": True}, "not_at_corner"),
        ((View.FRONT, View.REAR), {"corner": True}, "not_at_corner"),
        ((View.FRONT, View.RIGHT), {"corner": True}, "shown"),  # the other one is seen from its side
        ((View.FRONT_LEFT, View.REAR_LEFT), {"heading": "same"}, "side_on"),
        ((View.FRONT_RIGHT, View.REAR_RIGHT), {"heading": "crossing"}, "shown"),
    ],
)
def test_from_where_it_was_taken(views: tuple[View, View], params: dict[str, bool | str], reason: str) -> None:
    one = panorama("p", *views)
    asked = replace(FRONT, params={**FRONT.params, **params})
    assert scene_view(one, asked, dossier(one)).reason.value == reason


def test_any_side_of_one_vehicle_is_enough_where_no_face_is_named() -> None:
    one = photo("p", vehicles=[car(None)])
    assert scene_view(one, requirement("scene_view", vehicles=1), dossier(one)).reason.value == "shown"


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (panorama("p", View.REAR, View.REAR), "plate_proved"),
        (panorama("p", View.REAR, View.REAR, (None, PLATE_B)), "plate_not_seen"),  # the nearer vehicle's is missing
        (panorama("p", View.FRONT, View.REAR), "plate_proved"),  # both are read: one of them is it
        (panorama("p", View.FRONT, View.REAR, (PLATE_A, None)), "wrong_side"),
        (panorama("p", View.LEFT, View.REAR, (None, PLATE_B)), "wrong_side"),
        (photo("p", vehicles=[car(View.REAR)], plates=[plate(PLATE_A)]), "no_photo"),  # nothing tells which is the rear
        (photo("p", FramingKind.CLOSEUP, vehicles=[car(View.REAR)], plates=[plate(PLATE_A)]), "no_photo"),
    ],
)
def test_plate_of_the_rear_vehicle(one: PhotoFacts, reason: str) -> None:
    """LEFT_BOX is the larger: nearer to the camera."""
    assert nearest_plate(one, requirement("nearest_plate", faces=("rear",)), dossier(one)).reason.value == reason


@pytest.mark.parametrize(
    ("read", "verdict", "reason"),
    [
        (plate(PLATE_A, score=0.5), "unsure", "plate_doubtful"),
        (plate(None), "unsure", "plate_doubtful"),
        (plate(PLATE_A, height_px=8), "fail", "plate_too_small"),
        (plate(PLATE_A, score=0.1), "fail", "plate_not_seen"),
    ],
)
def test_plate_of_the_rear_vehicle_read_badly(read: Plate, verdict: str, reason: str) -> None:
    one = replace(panorama("p", View.REAR, View.REAR, (None, None)), plates=(read,))
    look = nearest_plate(one, requirement("nearest_plate", faces=("rear",)), dossier(one))
    assert (look.verdict.value, look.reason.value) == (verdict, reason)


def test_plate_of_the_rear_vehicle_is_one_of_two_that_were_read_from_near() -> None:
    far = panorama("p", View.REAR, View.REAR, (None, None))
    near = [photo(text, FramingKind.CLOSEUP, plates=[plate(text)]) for text in (PLATE_A, PLATE_B)]
    asked = requirement("nearest_plate", faces=("rear",))
    assert nearest_plate(far, asked, dossier(far, *near)).reason.value == "plate_proved"
    assert nearest_plate(far, asked, dossier(far, near[0])).reason.value != "plate_proved"
    side = panorama("s", View.LEFT, View.LEFT, (None, None))
    assert nearest_plate(side, asked, dossier(side, *near)).reason.value == "plate_proved"
    assert nearest_plate(side, asked, dossier(side, near[0])).reason.value == "wrong_side"


def test_a_bystanders_plate_does_not_hide_that_both_were_read() -> None:
    far = panorama("p", View.REAR, View.REAR, (None, None))
    near = [photo(text, FramingKind.CLOSEUP, plates=[plate(text)]) for text in (PLATE_A, PLATE_B, "沪C99999")]
    asked = requirement("nearest_plate", faces=("rear",))
    assert nearest_plate(far, asked, dossier(far, *near)).reason.value == "plate_not_seen"
    stated = Case(parties=(Party("A", PLATE_A), Party("B", PLATE_B)))
    assert nearest_plate(far, asked, dossier(far, *near, case=stated)).reason.value == "plate_proved"
    printed = [*papers(PLATE_A).values(), *papers(PLATE_B).values()]
    assert nearest_plate(far, asked, dossier(far, *near, *printed)).reason.value == "plate_proved"
    one = [*papers(PLATE_A).values()]
    assert nearest_plate(far, asked, dossier(far, *near, *one)).reason.value == "plate_not_seen"


def test_faces_go_round_the_vehicle() -> None:
    assert set(FACES) == set(View)
    ring = list(View)
    for view, following in zip(ring, ring[1:] + ring[:1], strict=True):
        assert set(FACES[view]) & set(FACES[following]), (view, following)


@pytest.mark.parametrize(
    ("one", "other", "gap"),
    [
        ((0, 0, 10, 10), (5, 5, 20, 20), 0.0),
        ((0, 0, 10, 10), (10, 0, 20, 10), 0.0),
        ((0, 0, 10, 10), (15, 0, 40, 10), 0.5),
        ((0, 0, 10, 10), (13, 14, 40, 40), 0.5),
    ],
)
def test_gap(one: Box, other: Box, gap: float) -> None:
    assert gap_01(one, other) == gap_01(other, one) == pytest.approx(gap)


def test_margin_of_a_box_that_leaves_the_picture_is_none() -> None:
    assert margin_01((-5, 10, 50, 60), (100, 100)) == 0
    assert margin_01((10, 20, 50, 60), (100, 100)) == pytest.approx(0.1)


def test_main_vehicles_come_largest_first() -> None:
    limits = dossier().limits
    shown: list[Vehicle] = [car(View.LEFT, TINY), car(View.LEFT, RIGHT_BOX), car(View.LEFT, LEFT_BOX)]
    found = main_vehicles(photo("p", vehicles=shown), limits, 0.5)
    assert [one.box_xyxy for one in found] == [LEFT_BOX, RIGHT_BOX]
    assert main_vehicles(photo("p"), limits, 0.5) == ()


def test_behind_a_bus_a_car_is_small_and_no_background() -> None:
    large: Box = (100.0, 300.0, 3200.0, 2700.0)
    behind, far = car(View.FRONT, (3150.0, 1500.0, 3750.0, 2000.0)), car(View.FRONT, (3300.0, 1500.0, 3600.0, 1700.0))
    for kind, count in ((VehicleKind.CAR, 1), (VehicleKind.TRUCK, 2), (VehicleKind.BUS, 2)):  # .040 of it, .008 of it
        nearest = replace(car(View.FRONT_RIGHT, large), kind=kind)
        one = photo("p", vehicles=[nearest, behind, far])
        assert len(main_vehicles(one, dossier().limits, 0.5)) == count, kind


def test_a_box_around_two_surer_vehicles_is_no_third_one() -> None:
    around: Box = (480.0, 900.0, 3310.0, 2110.0)
    pair = [car(View.REAR, LEFT_BOX, 0.97), car(View.REAR, RIGHT_BOX, 0.98)]
    limits = dossier().limits
    for score, count in ((0.96, 2), (0.99, 3)):  # the surest of all stays: the two may be parts of a long one
        one = photo("p", vehicles=[*pair, car(View.LEFT, around, score)])
        assert len(main_vehicles(one, limits, 0.5)) == count
    assert len(main_vehicles(photo("p", vehicles=[pair[0], car(View.LEFT, around, 0.96)]), limits, 0.5)) == 2
