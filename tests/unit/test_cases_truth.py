"""What a fair officer says of cases whose truth is written by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.cases import truth_views
from datasets.cases.asked import demand
from datasets.cases.nouns import DrawnCase
from datasets.cases.truth_judge import judge
from datasets.cases.truth_views import Say
from datasets.scenes.seen import SeenDamage
from tests.unit.cases_factory import (
    closeup,
    complete_case,
    panorama,
    seen_plate,
    vehicle,
    with_paper,
    with_picture,
    without,
)

Change = Callable[[DrawnCase], DrawnCase]


def failing(case: DrawnCase, standard: str = "four-photos") -> set[tuple[str, str]]:
    return {(one.requirement, one.party) for one in judge(case, standard).failing}


def cut(case: DrawnCase, role: str) -> DrawnCase:
    picture = next(p for p in case.pictures if p.seen.role == role)
    vehicles = tuple(replace(v, cut=True, whole_xyxy=(-200, 300, 600, 600)) for v in picture.seen.vehicles)
    return with_picture(case, role, seen=replace(picture.seen, vehicles=vehicles))


@pytest.mark.parametrize("standard", ["four-photos", "rear-end", "reversing", "dooring", "lane-change"])
def test_a_complete_case_is_complete(standard: str) -> None:
    truth = judge(complete_case(), standard)
    assert (truth.decision, truth.borderline, truth.next) == ("complete", False, ())
    assert not truth.failing
    assert truth.score > 95


@pytest.mark.parametrize(
    ("change", "decision", "broken", "advice"),
    [
        (lambda c: without(c, "front"), "retake", ("front_panorama", ""), ("front_panorama",)),
        (lambda c: without(c, "rear"), "retake", ("rear_panorama", ""), ("rear_panorama",)),
        (lambda c: without(c, "side"), "retake", ("another_view", ""), ("another_view",)),
        (lambda c: cut(c, "rear_panorama"), "retake", ("rear_panorama", ""), ("rear_panorama",)),
        (lambda c: with_picture(c, "front_panorama", fault="dark"), "retake", ("front_panorama", ""),
         ("front_panorama",)),
        (lambda c: without(c, "contact"), "retake", ("contact_near", ""), ("contact_near",)),
        (lambda c: with_picture(c, "contact_near", fault="blurred"), "retake", ("contact_near", ""), ("contact_near",)),
        (lambda c: without(c, "B_driving"), "retake", ("driving_licence", "B"), ("driving_licence",)),
        (lambda c: with_paper(c, "A_insurance_policy.jpg", valid_to="2026-05-31T24:00"), "review",
         ("insurance_policy_valid", "A"), ()),
        (lambda c: with_paper(c, "A_driving_licence.jpg", valid_to="2026-05-31"), "review",
         ("driving_licence_valid", "A"), ()),
        (lambda c: with_paper(c, "B_vehicle_licence.jpg", plate_number="苏B67891"), "review",
         ("plate_agreement", "B"), ()),
        (lambda c: with_paper(c, "B_insurance_policy.jpg", vin="W"), "review", ("vin_agreement", "B"), ()),
        (lambda c: with_paper(c, "A_vehicle_licence.jpg", inspection_valid_to="2026-05-31"), "review",
         ("vehicle_licence_valid", "A"), ()),
    ],
)  # fmt: skip
def test_one_fault_is_seen(change: Change, decision: str, broken: tuple[str, str], advice: tuple[str, ...]) -> None:
    case = change(complete_case())
    truth = judge(case, "four-photos")
    assert (truth.decision, truth.next) == (decision, advice)
    assert broken in failing(case)
    assert truth.score < judge(complete_case(), "four-photos").score


def test_a_disagreement_caps_the_score_and_an_old_photo_is_one() -> None:
    case = with_paper(complete_case(), "B_vehicle_licence.jpg", plate_number="苏C00000")
    assert judge(case, "four-photos").score == 60
    old = replace(complete_case(), pictures=(*complete_case().pictures, replace(panorama("side", 80), old=True)))
    assert (judge(old, "four-photos").decision, judge(old, "four-photos").score) == ("review", 60)


def test_an_old_photo_shows_nothing_of_this_case() -> None:
    case = with_picture(complete_case(), "rear_panorama", old=True)
    assert ("rear_panorama", "") in failing(case)


def test_one_photo_is_not_two_views() -> None:
    corner = panorama("side", 90)
    case = replace(complete_case(), pictures=(corner, closeup()), headings_deg={"A": 0.0, "B": 90.0})
    assert len({name for name, _ in failing(case)} & {"front_panorama", "rear_panorama", "another_view"}) >= 2


@pytest.mark.parametrize(("standard", "role", "bearing"), [("four-photos", "side", 90), ("reversing", "rear", 170)])
def test_the_collision_detail_is_a_photo_of_its_own(standard: str, role: str, bearing: float) -> None:
    """Four photos are four: one that shows whole vehicles and the contact from near is one of them, not two."""
    damage = SeenDamage("dent", None, (500, 400, 800, 600))
    view = panorama(role, bearing)
    vehicles = tuple(replace(one, damages=(damage,)) for one in view.seen.vehicles)
    both = replace(view, seen=replace(view.seen, framing="medium", vehicles=vehicles))
    rest = without(complete_case(), "contact", role)
    three = replace(rest, pictures=(*rest.pictures, both))
    assert judge(three, standard).decision == "retake"
    assert len(failing(three, standard)) == 1
    assert not failing(replace(three, pictures=(*three.pictures, closeup())), standard)


def test_front_and_rear_come_from_different_directions() -> None:
    """Of two vehicles that cross, one photo shows a front and a rear; two from the same side are still one side."""
    both = (vehicle("A", 20, (200, 300, 600, 600)), vehicle("B", 170, (650, 300, 1050, 600)))
    same = [panorama(role, 0, vehicles=both) for role in ("front_panorama", "rear_panorama", "side")]
    case = replace(complete_case(), pictures=(*same, closeup()), headings_deg={"A": 0.0, "B": 180.0})
    assert {name for name, _ in failing(case)} & {"front_panorama", "rear_panorama"}


@pytest.mark.parametrize(
    ("high_px", "say"), [(30.0, Say.MET), (18.0, Say.MET), (12.5, Say.BORDERLINE), (8.0, Say.LACKING)]
)
def test_a_plate_is_read_by_the_height_of_its_signs(high_px: float, say: Say) -> None:
    assert truth_views.plate(seen_plate("A", high_px), panorama("side", 90)) is say


@pytest.mark.parametrize(("bearing", "say"), [(10, Say.MET), (60, Say.MET), (90, Say.LACKING), (170, Say.LACKING)])
def test_the_front_is_seen_from_ahead(bearing: float, say: Say) -> None:
    asked = next(row for row in demand("rear-end").rows if row.id == "front_panorama")
    assert truth_views.view(panorama("front_panorama", bearing), asked, {"A": 0.0, "B": 0.0}) is say


def test_a_vehicle_behind_the_other_counts_as_whole_but_not_beyond_the_edge() -> None:
    assert truth_views.whole(vehicle("A", 0, visible_01=0.5), (1280, 960)) is Say.MET
    assert truth_views.whole(vehicle("A", 0, cut=True, whole_xyxy=(-150, 300, 700, 600)), (1280, 960)) is Say.LACKING


@given(st.sets(st.sampled_from(["front", "rear", "side", "contact", "A_", "B_driving", "B_insurance"])))
def test_less_is_never_better(names: set[str]) -> None:
    full, less = complete_case(), without(complete_case(), *sorted(names)) if names else complete_case()
    assert judge(less, "four-photos").score <= judge(full, "four-photos").score
    assert not (names and judge(less, "four-photos").decision == "complete")
