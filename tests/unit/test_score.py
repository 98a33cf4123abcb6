"""judge: the decision rule, the score, the best assignment."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.facts_builder import (
    PLATE_A,
    PLATE_B,
    WHEN,
    damage,
    driving_licence,
    panorama,
    papers,
    photo,
    policy,
    renamed,
    scene,
    sha,
    unreadable,
    vehicle,
    vehicle_licence,
)
from tests.unit.judging import CASE, FOUR, FULL, of, reasons, run, without
from vision.standard import load
from vision.types import (
    Case,
    Decision,
    Framing,
    FramingKind,
    Party,
    PhotoFacts,
    QualityVerdict,
    Unreadable,
    Verdict,
    View,
)


def test_a_whole_case_is_complete() -> None:
    found = run(FULL.values())
    assert (found.decision, found.may_clear_road, found.next) == (Decision.COMPLETE, True, ())
    assert found.score == 99.5  # the lane lines, which nobody looks at yet, earn half of one point
    assert sum(line.asked for line in found.breakdown) == pytest.approx(100)
    assert sum(line.earned for line in found.breakdown) == pytest.approx(found.score)


@pytest.mark.parametrize(
    ("facts", "decision", "low", "high", "may_clear"),
    [
        ([], Decision.RETAKE, 0, 0, False),
        ([unreadable()], Decision.RETAKE, 0, 0, False),
        ([unreadable("a"), unreadable("b")], Decision.RETAKE, 0, 0, False),
        ([*papers(PLATE_A).values(), *papers(PLATE_B).values()], Decision.RETAKE, 25, 35, False),
        (list(scene().values()), Decision.RETAKE, 60, 70, True),
        ([photo(f"{n}.jpg", FramingKind.OTHER) for n in range(50)], Decision.RETAKE, 0, 5, False),
        (
            [*FULL.values(), *(photo(f"{n}.jpg", FramingKind.OTHER) for n in range(50))],
            Decision.COMPLETE,
            99,
            100,
            True,
        ),
        ([photo("same.jpg")] * 50, Decision.RETAKE, 0, 5, False),
        ([*FULL.values(), unreadable()], Decision.REVIEW, 99, 100, True),
        (without("rear"), Decision.RETAKE, 80, 90, False),
        (without("front", "rear", "side", "detail"), Decision.RETAKE, 25, 35, False),
        (without(f"policy_{PLATE_A}"), Decision.RETAKE, 85, 96, True),
    ],
)
def test_degenerate_sets(
    facts: list[PhotoFacts | Unreadable], decision: Decision, low: float, high: float, may_clear: bool
) -> None:
    found = run(facts)
    assert (found.decision, found.may_clear_road) == (decision, may_clear)
    assert low <= found.score <= high
    assert bool(found.next) == (decision is Decision.RETAKE)


def test_a_photo_under_two_names_counts_once() -> None:
    """Four photos are asked for: the front panorama sent twice is no fourth view."""
    found = run([*without("side"), renamed(FULL["front"], "again.jpg")])
    assert reasons(found, "another_view") == ["no_photo"]
    assert reasons(found, "same_photo_twice") == ["same_photo_twice"]
    assert found.decision is Decision.RETAKE


def test_a_near_copy_counts_once_but_papers_that_look_alike_do_not() -> None:
    front = FULL["front"]
    near = replace(front, photo="near.jpg", sha256=sha("near"), phash=f"{int(front.phash, 16) ^ 0b101:016x}")
    assert reasons(run([*without("side"), near]), "another_view") == ["no_photo"]
    alike = [replace(one, phash="0" * 16) if one.document else one for one in FULL.values()]
    assert run(alike).decision is Decision.COMPLETE
    assert of(run(alike), "same_photo_twice") == ()


def test_the_best_assignment_is_found_not_the_first() -> None:
    """Vehicles that met head on: from either end one shows its front and the other its rear."""
    both = panorama("both.jpg", View.FRONT, View.REAR)
    only_front = panorama("only_front.jpg", View.FRONT, View.FRONT_LEFT)
    rest = without("front", "rear")
    for pair in ([both, only_front], [only_front, both]):
        found = run([*pair, *rest])
        assert [one.evidence[0].photo for one in of(found, "front_panorama")] == ["only_front.jpg"]
        assert [one.evidence[0].photo for one in of(found, "rear_panorama")] == ["both.jpg"]
        assert found.decision is Decision.COMPLETE


def test_one_corner_photo_serves_requirements_of_different_groups() -> None:
    """A photo 45 degrees off a corner shows both plates, the scene from the front, and where the vehicles touch."""
    corner = panorama("corner.jpg", View.FRONT_LEFT, View.FRONT_LEFT)
    found = run([corner])
    for requirement in ("front_panorama", "contact_far", "plates"):
        assert {one.verdict for one in of(found, requirement)} == {Verdict.PASS}, requirement
    assert reasons(found, "rear_panorama") == reasons(found, "another_view") == ["no_photo"]


def test_blurred_detail_is_retaken() -> None:
    found = run([*without("detail"), photo("d.jpg", FramingKind.CLOSEUP, quality=QualityVerdict.BLUR)])
    assert reasons(found, "contact_near") == ["photo_blurred"]
    assert [one.requirement for one in found.next] == ["contact_near"]
    assert not found.may_clear_road


def test_close_up_without_recognised_damage_goes_to_an_officer_and_nothing_is_denied() -> None:
    found = run([*without("detail"), photo("d.jpg", FramingKind.CLOSEUP, vehicles=[vehicle(View.REAR)])])
    assert reasons(found, "contact_near") == ["damage_not_seen"]
    assert (found.decision, found.next) == (Decision.REVIEW, ())
    assert not found.may_clear_road


def test_a_licence_with_another_plate_caps_the_score() -> None:
    found = run([*without(f"vehicle_{PLATE_A}"), vehicle_licence(PLATE_A, plate_number="皖A12346")])
    differing = [one for one in found.findings if one.disagreement]
    assert [(one.requirement, one.reason) for one in differing] == [("plate_agreement", "plate_differs")]
    assert found.score == FOUR.limits["disagreement_cap"]
    assert found.decision is Decision.REVIEW
    assert found.may_clear_road  # papers can follow


def test_the_cap_is_the_standards_own() -> None:
    strict = replace(FOUR, limits={**FOUR.limits, "disagreement_cap": 10.0})
    facts = [*without(f"vehicle_{PLATE_A}"), vehicle_licence(PLATE_A, vin="LSVAA4182E2123456")]
    assert run(facts, strict).score == 10


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (policy(PLATE_A, valid_to="2026-04-30T24:00"), "paper_expired"),
        (policy(PLATE_A, valid_from="2026-05-01T09:00"), "paper_not_yet_valid"),
    ],
)
def test_a_policy_that_did_not_hold_is_an_officers_business(changed: PhotoFacts, reason: str) -> None:
    """No photo cures it, so nobody is sent back to take one."""
    found = run([*without(f"policy_{PLATE_A}"), changed])
    assert reason in reasons(found, "insurance_policy_valid")
    assert (found.decision, found.next) == (Decision.REVIEW, ())


def test_papers_are_judged_by_the_accident_then_the_given_day_then_the_photos() -> None:
    """The licence ends on 2028-06-01."""
    facts, late = FULL.values(), WHEN.replace(year=2029)
    untimed = [replace(one, taken_at=None) for one in facts]
    valid = "driving_licence_valid"
    assert set(reasons(run(facts, case=Case()), valid)) == {"paper_valid"}
    assert set(reasons(run(untimed, case=Case()), valid)) == {"accident_time_unknown"}
    assert set(reasons(run(untimed, case=Case(on=WHEN.date())), valid)) == {"paper_valid"}
    assert set(reasons(run(facts, case=Case(on=late.date())), valid)) == {"paper_expired"}
    assert set(reasons(run(facts, case=Case(on=late.date(), happened_at=WHEN)), valid)) == {"paper_valid"}
    assert set(reasons(run(untimed, case=Case(happened_at=late)), valid)) == {"paper_expired"}


def test_what_no_model_looks_at_is_never_more_than_a_doubt() -> None:
    for name, requirement in (
        ("lane-change", "lane_line"),
        ("intersection", "traffic_light"),
        ("wrong-way", "road_sign"),
    ):
        found = run(FULL.values(), load(name))
        assert [one.verdict for one in of(found, requirement)] == [Verdict.UNSURE], name
        assert found.decision is not Decision.COMPLETE
        assert not found.may_clear_road


def test_rear_end_case_under_its_own_standard() -> None:
    found = run(FULL.values(), load("rear-end"), replace(CASE, accident_type="rear_end"))
    assert (found.decision, found.may_clear_road) == (Decision.COMPLETE, True)
    other = run(FULL.values(), load("rear-end"), replace(CASE, accident_type="dooring"))
    assert (other.decision, reasons(other, "standard_serves")) == (Decision.REVIEW, ["standard_for_other_type"])


def test_single_vehicle_asks_one_partys_papers() -> None:
    facts = [
        photo("f.jpg", vehicles=[vehicle(View.FRONT)], plates=FULL["front"].plates[:1]),
        photo("r.jpg", vehicles=[vehicle(View.REAR)]),
        photo("d.jpg", FramingKind.CLOSEUP, damages=[damage(None)]),
        *papers(PLATE_A).values(),
    ]
    found = run(facts, load("single-vehicle"))
    doubtful = [one.requirement for one in found.findings if one.verdict is not Verdict.PASS]
    assert doubtful == ["object_hit"]
    assert found.decision is Decision.REVIEW


def test_models_of_all_photos_are_named() -> None:
    facts = [*FULL.values(), replace(photo("old.jpg", FramingKind.OTHER), models={"vehicle": "sha256:1"})]
    assert run(facts).models == {"vehicle": "sha256:0, sha256:1"}


def test_a_case_that_names_one_party_still_asks_for_the_other() -> None:
    case = replace(CASE, parties=(Party("me", PLATE_A),))
    assert run(FULL.values(), case=case).decision is Decision.COMPLETE
    own = [one for one in FULL.values() if one not in papers(PLATE_B).values()]
    found = run(own, case=case)
    assert found.decision is Decision.RETAKE
    assert {one.party for one in found.findings if one.reason == "document_missing"} == {"A"}


def test_a_strangers_licence_is_an_officers_question() -> None:
    stranger = driving_licence(PLATE_A, name="王五", licence_number="110101199003074514", birth_date="1990-03-07")
    found = run([*FULL.values(), renamed(stranger, "stranger.jpg")])
    assert (found.decision, reasons(found, "stray_papers")) == (Decision.REVIEW, ["document_party_unknown"])
    assert reasons(run(FULL.values()), "stray_papers") == []


def test_the_road_is_not_cleared_on_photos_of_two_times_or_places() -> None:
    front = FULL["front"]
    early = {**FULL, "front": replace(front, taken_at=WHEN - timedelta(days=400))}
    assert not run(early.values()).may_clear_road
    apart = {**FULL, "front": replace(front, gps=(31.0, 117.0)), "rear": replace(FULL["rear"], gps=(32.0, 120.0))}
    assert not run(apart.values()).may_clear_road
    assert run(FULL.values()).may_clear_road


def test_a_wrong_clock_among_the_photos_does_not_date_the_accident() -> None:
    early = {**FULL, "front": replace(FULL["front"], taken_at=WHEN - timedelta(days=400))}
    told = run(early.values(), case=Case())
    assert set(reasons(told, "insurance_policy_valid")) == {"accident_time_unknown"}


def test_an_inspection_that_ran_out_is_an_officers_question_though_the_page_is_optional() -> None:
    ended = {**FULL, f"vehicle_{PLATE_A}": vehicle_licence(PLATE_A, inspection_valid_to="2024-01-31")}
    told = run(ended.values())
    assert told.decision is Decision.REVIEW
    unseen = {**FULL, f"vehicle_{PLATE_A}": vehicle_licence(PLATE_A, inspection_valid_to=None)}
    assert run(unseen.values()).decision is Decision.COMPLETE


def test_three_photos_are_not_four() -> None:
    """The collision detail is a photo of its own, whatever else a picture of the side shows."""
    near = replace(FULL["side"], framing=Framing(FramingKind.MEDIUM, 0.9), damages=(damage(None, score=0.9),))
    told = run({**FULL, "side": near, "detail": photo("none.jpg", FramingKind.OTHER)}.values())
    assert told.decision is Decision.RETAKE
