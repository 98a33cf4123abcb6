"""Agreement of plate, VIN and name; capture times and places."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.facts_builder import (
    PLATE_A,
    PLATE_B,
    WHEN,
    dossier,
    driving_licence,
    panorama,
    photo,
    policy,
    requirement,
    vehicle_licence,
)
from vision.checks import SetCheck
from vision.checks.agreement import (
    capture_places,
    capture_times,
    name_agreement,
    plate_agreement,
    plate_not_at_scene,
    standard_serves,
    vin_agreement,
)
from vision.types import Case, FramingKind, Party, PhotoFacts, View

SCENE = panorama("scene", View.FRONT, View.FRONT)
DRIVER, LICENCE, POLICY = driving_licence(PLATE_A), vehicle_licence(PLATE_A), policy(PLATE_A)
OTHER = (vehicle_licence(PLATE_B), policy(PLATE_B), driving_licence(PLATE_B))


def of_a(check: SetCheck, *photos: PhotoFacts) -> tuple[str, str, bool]:
    found = check(requirement("any"), dossier(*photos))
    return next((one.verdict.value, one.reason, one.disagreement) for one in found if one.party == "A")


@pytest.mark.parametrize(
    ("photos", "outcome"),
    [
        ([SCENE, LICENCE, POLICY], ("pass", "agrees", False)),
        ([SCENE, LICENCE], ("unsure", "comparison_incomplete", False)),
        ([SCENE], ("fail", "nothing_to_compare", False)),
        ([], ("fail", "nothing_to_compare", False)),
        ([LICENCE, POLICY], ("unsure", "comparison_incomplete", False)),
        ([SCENE, vehicle_licence(PLATE_A, plate_number="皖A12346"), POLICY], ("fail", "plate_differs", True)),
        ([SCENE, LICENCE, policy(PLATE_A, plate_number="皖A12354")], ("fail", "plate_differs", True)),
        # no plate bears this: it was misread, and says nothing of another one
        ([SCENE, LICENCE, policy(PLATE_A, plate_number="皖儿A12345")], ("unsure", "comparison_incomplete", False)),
        # whose licence the third plate's is, elimination tells: B's papers are all there
        ([SCENE, vehicle_licence(PLATE_A, plate_number="沪C00001"), POLICY, *OTHER], ("fail", "plate_differs", True)),
        (
            [SCENE, vehicle_licence(PLATE_A, plate_number=None), POLICY, *OTHER],
            ("unsure", "comparison_incomplete", False),
        ),
    ],
)
def test_plates(photos: list[PhotoFacts], outcome: tuple[str, str, bool]) -> None:
    assert of_a(plate_agreement, *photos) == outcome


def test_a_misreading_at_the_scene_does_not_bear_out_a_wrong_paper() -> None:
    """The right plate was read on two photos, once it was misread just as the licence has it."""
    again = panorama("again", View.REAR, View.REAR)
    misread = panorama("misread", View.LEFT, View.LEFT, ("皖A12346", None))
    wrong = vehicle_licence(PLATE_A, plate_number="皖A12346")
    mute = policy(PLATE_A, plate_number=None)
    assert of_a(plate_agreement, SCENE, again, misread, wrong, mute) == ("fail", "plate_differs", True)


def test_what_the_case_states_is_held_against_the_papers_but_was_not_seen() -> None:
    case = Case(parties=(Party("A", "京B55555", (LICENCE.photo,)),))
    found = plate_agreement(requirement("any"), dossier(LICENCE, case=case))
    assert [(one.party, one.reason, one.disagreement) for one in found][:1] == [("A", "plate_differs", True)]
    assert found[0].measured is not None
    assert "scene ?" in str(found[0].measured) and "stated 京B55555" in str(found[0].measured)


def test_papers_that_fit_a_stated_plate_nobody_saw_are_no_agreement_with_the_scene() -> None:
    case = Case(parties=(Party("A", PLATE_A, (LICENCE.photo, POLICY.photo)),))
    found = plate_agreement(requirement("any"), dossier(LICENCE, POLICY, case=case))
    assert (found[0].verdict.value, found[0].reason) == ("unsure", "comparison_incomplete")


@pytest.mark.parametrize(
    ("photos", "outcome"),
    [
        ([SCENE, LICENCE, POLICY], ("pass", "agrees", False)),
        ([SCENE, LICENCE], ("fail", "nothing_to_compare", False)),
        ([SCENE, LICENCE, policy(PLATE_A, vin="LSVAA4182E2123456")], ("fail", "vin_differs", True)),
        ([SCENE, LICENCE, policy(PLATE_A, vin=None)], ("fail", "nothing_to_compare", False)),
    ],
)
def test_vins(photos: list[PhotoFacts], outcome: tuple[str, str, bool]) -> None:
    assert of_a(vin_agreement, *photos) == outcome


@pytest.mark.parametrize(
    ("photos", "outcome"),
    [
        ([SCENE, DRIVER, LICENCE, POLICY], ("pass", "agrees", False)),
        ([SCENE, LICENCE, POLICY], ("unsure", "comparison_incomplete", False)),
        ([SCENE, DRIVER, LICENCE], ("fail", "nothing_to_compare", False)),
        ([SCENE, DRIVER, LICENCE, policy(PLATE_A, insured="王五")], ("fail", "name_differs", True)),
        # a borrowed or a company's car is lawful: an officer sees it, nothing is capped
        (
            [SCENE, driving_licence(PLATE_A, name="王五"), LICENCE, POLICY, *OTHER],
            ("unsure", "driver_not_owner", False),
        ),
    ],
)
def test_names(photos: list[PhotoFacts], outcome: tuple[str, str, bool]) -> None:
    assert of_a(name_agreement, *photos) == outcome


def test_a_licence_of_a_vehicle_that_was_not_there() -> None:
    stray = vehicle_licence(PLATE_B, plate_number="沪C00001")
    found = plate_not_at_scene(dossier(SCENE, stray))
    assert [(one.reason, one.disagreement, one.measured) for one in found] == [("plate_not_at_scene", True, "沪C00001")]
    assert plate_not_at_scene(dossier(stray)) == ()  # nothing is known of the scene
    assert plate_not_at_scene(dossier(SCENE, LICENCE, POLICY)) == ()
    third = panorama("third", View.REAR, View.REAR, ("沪C00001", None))
    assert plate_not_at_scene(dossier(SCENE, third, stray)) == ()  # it was there, whoever's it is


def at(name: str, hours: float | None = 0.0, place: tuple[float, float] | None = None) -> PhotoFacts:
    taken = None if hours is None else WHEN + timedelta(hours=hours)
    return photo(name, FramingKind.CLOSEUP, taken_at=taken, gps=place)


@pytest.mark.parametrize(
    ("photos", "happened", "reasons"),
    [
        ([], WHEN, []),
        ([at("a", None), at("b", None)], WHEN, []),
        ([at("a"), at("b", 0.5)], WHEN, ["times_agree"]),
        ([at("a"), at("b", 3)], WHEN, ["times_differ"]),
        ([at("a", -0.5)], WHEN, ["times_agree"]),  # "about noon"
        ([at("a", -2)], WHEN, ["taken_before_accident"]),
        ([at("a", 30)], WHEN, ["taken_long_after"]),
        ([at("a", -30), at("b", 30)], WHEN, ["times_differ", "taken_before_accident", "taken_long_after"]),
        ([at("a")], None, ["times_agree"]),
        ([replace(at("a"), taken_at=datetime(2026, 5, 1, 8, 3)), at("b")], WHEN, ["times_agree"]),  # naive is China's
        ([at("a"), replace(DRIVER, taken_at=WHEN - timedelta(days=900))], WHEN, ["times_agree"]),  # papers any time
    ],
)
def test_capture_times(photos: list[PhotoFacts], happened: datetime | None, reasons: list[str]) -> None:
    found = capture_times(dossier(*photos, case=Case(happened_at=happened)))
    assert [one.reason for one in found] == reasons
    assert all(one.disagreement == (one.reason != "times_agree") for one in found)


HEFEI = (31.8206, 117.2272)


@pytest.mark.parametrize(
    ("places", "reasons"),
    [
        ([HEFEI], []),
        ([None, HEFEI], []),
        ([HEFEI, (31.8216, 117.2272)], ["places_agree"]),  # 111 m
        ([HEFEI, (31.8206, 117.2372)], ["places_differ"]),  # 945 m
        ([HEFEI, HEFEI, (39.9, 116.4)], ["places_differ"]),
    ],
)
def test_capture_places(places: list[tuple[float, float] | None], reasons: list[str]) -> None:
    photos = [at(str(n), place=place) for n, place in enumerate(places)]
    assert [one.reason for one in capture_places(dossier(*photos))] == reasons


def test_distance_on_the_globe() -> None:
    found = capture_places(dossier(at("a", place=(0.0, 0.0)), at("b", place=(0.0, 1.0))))
    assert found[0].measured == pytest.approx(111_195, abs=1)


def test_standard_for_another_type() -> None:
    told = dossier(case=Case(accident_type="rear_end", happened_at=datetime(2026, 5, 1, tzinfo=UTC)))
    assert standard_serves(told) == ()  # four-photos serves all
    assert standard_serves(replace(told, accident_types=("rear_end",))) == ()
    found = standard_serves(replace(told, accident_types=("dooring", "reversing")))
    assert [(one.reason, one.measured, one.limit) for one in found] == [
        ("standard_for_other_type", "rear_end", "dooring/reversing")
    ]
