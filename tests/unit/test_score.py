"""judge: the decision rule, the score, the best assignment, the next instructions."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.facts_builder import (
    PLATE_A,
    PLATE_B,
    WHEN,
    damage,
    detail,
    driving_licence,
    full_case,
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
from vision.score import judge
from vision.standard import Standard, load, names
from vision.types import (
    Assessment,
    Case,
    Decision,
    Finding,
    FramingKind,
    PhotoFacts,
    QualityVerdict,
    Unreadable,
    Verdict,
    View,
)

FOUR = load("four-photos")
CASE = Case(happened_at=WHEN)
FULL = full_case()


def run(facts: Iterable[PhotoFacts | Unreadable], standard: Standard = FOUR, case: Case = CASE) -> Assessment:
    return judge(tuple(facts), case, standard)


def without(*keys: str) -> list[PhotoFacts]:
    return [one for key, one in FULL.items() if key not in keys]


def of(assessment: Assessment, requirement: str) -> tuple[Finding, ...]:
    return tuple(one for one in assessment.findings if one.requirement == requirement)


def reasons(assessment: Assessment, requirement: str) -> list[str]:
    return [one.reason for one in of(assessment, requirement)]


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


def test_the_missing_panorama_is_the_one_instruction() -> None:
    found = run(without("rear"))
    assert [one.requirement for one in found.next] == ["rear_panorama"]
    assert "后方" in found.next[0].text.zh
    assert found.next[0].gain == 14


def test_a_panorama_shows_the_plates_too() -> None:
    """No plates and no rear panorama: one photo mends both, and its gain says so."""
    bare = panorama("front.jpg", View.FRONT, View.FRONT, (None, None))
    found = run([bare, *without("front", "rear")])
    assert {one.reason for one in of(found, "plates")} == {"plate_not_seen"}
    assert [(one.requirement, one.gain) for one in found.next] == [("rear_panorama", 26.0)]


def test_instructions_come_most_valuable_first_and_name_the_party() -> None:
    found = run(without("rear", f"driving_{PLATE_A}", "detail"))
    assert [one.requirement for one in found.next] == ["rear_panorama", "contact_near", "driving_licence"]
    assert [one.gain for one in found.next] == sorted((one.gain for one in found.next), reverse=True)
    assert found.next[-1].party == "A"  # parties without names of their own go by the order of their plates
    assert PLATE_A in found.next[-1].text.zh
    assert PLATE_A in found.next[-1].text.en
    assert "{" not in "".join(one.text.zh + one.text.en for one in found.next)


def test_a_paper_of_one_party_shows_nothing_of_the_other() -> None:
    """A's licence is missing, B's has a period that cannot be read: two photos, not one."""
    unread = driving_licence(PLATE_B, valid_to=None)
    found = run([*without(f"driving_{PLATE_A}", f"driving_{PLATE_B}"), unread])
    assert [(one.requirement, one.party) for one in found.next] == [
        ("driving_licence", "A"),
        ("driving_licence_valid", "B"),
    ]


def test_what_is_not_required_is_not_asked_for() -> None:
    one_car = photo("one.jpg", vehicles=[vehicle(View.LEFT)])
    found = run([*without("side"), one_car])
    assert reasons(found, "contact_far") == ["contact_hidden"]
    assert (found.decision, found.next) == (Decision.COMPLETE, ())


def test_following_the_instructions_completes_the_set() -> None:
    """The photos asked for, once taken, leave nothing to ask for: for every pair of missing items."""
    keys = list(FULL)
    for first in keys:
        for second in keys:
            missing = {first, second}
            found = run(without(*missing))
            assert found.decision is Decision.RETAKE, missing
            assert len(found.next) <= len(missing), missing
            assert all(one.gain > 0 for one in found.next)


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


POOL: tuple[PhotoFacts | Unreadable, ...] = (
    *FULL.values(),
    detail("blurred.jpg", QualityVerdict.BLUR),
    photo("dark.jpg", quality=QualityVerdict.DARK, vehicles=[vehicle(View.FRONT)]),
    photo("other.jpg", FramingKind.OTHER),
    photo("unknown_paper.jpg", FramingKind.DOCUMENT),
    panorama("other_plates.jpg", View.LEFT, View.REAR, ("京B55555", PLATE_B)),
    panorama("no_view.jpg", View.LEFT, View.RIGHT, (None, None)),
    vehicle_licence(PLATE_A, plate_number="沪C00001"),
    driving_licence(PLATE_B, name="王五"),
    unreadable(),
)
sets = st.lists(st.sampled_from(range(len(POOL))), max_size=12)


@settings(max_examples=60, deadline=None)
@given(sets, st.sampled_from(names()), st.randoms(use_true_random=False))
def test_score_lies_in_its_range_and_order_changes_nothing(chosen: list[int], name: str, order: random.Random) -> None:
    facts = [POOL[n] for n in chosen]
    found = run(facts, load(name))
    assert 0 <= found.score <= 100
    assert {one.requirement for one in found.breakdown} == {one.id for one in load(name).requirements}
    assert all(0 <= line.earned <= line.asked for line in found.breakdown)
    if found.decision is Decision.COMPLETE:
        assert found.next == ()
    order.shuffle(facts)
    assert run(facts, load(name)) == found


@settings(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from(sorted(FULL))), st.sampled_from(sorted(FULL)))
def test_a_photo_that_was_missing_never_lowers_the_score(present: set[str], added: str) -> None:
    before = run([FULL[key] for key in present])
    after = run([FULL[key] for key in present | {added}])
    assert after.score >= before.score
    assert after.may_clear_road or not before.may_clear_road


def test_nothing_reads_a_clock() -> None:
    """The same facts give the same assessment, object for object."""
    assert run(FULL.values()) == run(FULL.values())
