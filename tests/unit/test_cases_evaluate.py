"""What is counted of whole cases: against made-up decisions on cases whose truth is written by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from datasets.cases.evaluate import causes, measured, whole, worst
from datasets.cases.make import TrueCase
from datasets.cases.nouns import DrawnCase, Fault, PlannedCase, PlannedFault
from datasets.cases.outcome import Outcome, lacks, with_perfect_facts
from datasets.cases.truth_judge import judge
from tests.unit.cases_factory import complete_case, with_paper, with_picture, without
from vision.types import Decision

STANDARD = "four-photos"


def outcome(case: DrawnCase, *faults: PlannedFault, decision: Decision | None = None, scene: str = "s") -> Outcome:
    plan = PlannedCase("case-001", 1, scene, STANDARD, "all", faults, (), ())
    found = with_perfect_facts(Path("case-001"), TrueCase(plan, case, judge(case, STANDARD)))
    return found if decision is None else replace(found, found=replace(found.found, decision=decision))


def expired(case: DrawnCase) -> DrawnCase:
    return with_paper(case, "A_driving_licence.jpg", valid_to="2026-05-31")


def test_complete_of_a_case_that_nobody_calls_complete_is_counted_though_borderline() -> None:
    """An expired licence, and a front against the sun: an officer or another photo, but not complete."""
    case = with_picture(expired(complete_case()), "front_panorama", fault="glare")
    said = outcome(case, decision=Decision.COMPLETE)
    assert (said.true.truth.borderline, said.true.truth.decision) == (True, "review")
    table = whole([said])
    assert (table["wrong_complete_of_lacking"]["hits"], table["wrong_complete_of_lacking"]["n"]) == (1, 1)
    assert table["borderline"]["n"] == 1 and table["decision_right"]["n"] == 0
    assert worst([said]) == [said]
    assert whole([outcome(case, decision=Decision.RETAKE)])["wrong_complete_of_lacking"]["hits"] == 0


def test_either_decision_of_a_borderline_case_is_no_error() -> None:
    case = with_picture(complete_case(), "front_panorama", fault="glare")
    for decision in Decision:
        said = outcome(case, decision=decision)
        assert said.true.truth.borderline and not said.wrong
        assert whole([said])["wrong_complete_of_lacking"]["n"] == 0
        assert causes([said]) == []


def test_a_fault_is_named_by_what_fails_for_it_not_for_the_one_beside_it() -> None:
    faults = PlannedFault(Fault.NO_REAR), PlannedFault(Fault.PAPER_MISSING, "B", "driving_licence")
    said = outcome(without(complete_case(), "rear", "B_driving"), *faults)
    blind = replace(said, found=replace(said.found, findings=tuple(
        one for one in said.found.findings if one.requirement != "rear_panorama"
    )))  # fmt: skip
    table = measured([blind])
    named = {name: (one["fault_named"]["hits"], one["fault_named"]["n"]) for name, one in table["by_fault"].items()}
    assert named == {"no_rear": (0, 1), "paper_missing": (1, 1)}
    assert (table["fault_named"]["hits"], table["fault_named"]["n"]) == (1, 2)


def test_a_retake_that_asks_for_nothing_that_lacks_is_right_by_luck_and_told() -> None:
    said = outcome(without(complete_case(), "rear"))
    assert said.found.next[0].requirement == "rear_panorama"
    elsewhere = replace(said.found.next[0], requirement="front_panorama")
    lucky = replace(said, found=replace(said.found, next=(elsewhere,)))
    assert lucky.right and lucky.found.decision is Decision.RETAKE
    told = [whole([one])["retake_names_nothing_that_lacks"] for one in (said, lucky)]
    assert [(one["hits"], one["n"]) for one in told] == [(0, 1), (1, 1)]


def test_what_lacks_of_one_party_is_not_asked_of_the_other() -> None:
    said = outcome(without(complete_case(), "B_driving"))
    asked = next(one for one in said.found.next if one.requirement == "driving_licence")
    assert asked.party == "B" and lacks(asked, said)
    assert not lacks(replace(asked, party="A"), said)


def test_bars_say_of_how_many_cases_they_are() -> None:
    said = [outcome(complete_case(), scene=scene) for scene in "abc"] + [outcome(expired(complete_case()), scene="a")]
    counts = {one["name"]: one["n"] for one in measured(said)["bars"]}
    assert counts["cases: decision right"] == 4
    assert counts["cases: complete given although something is missing"] == 1
    assert counts["cases: retake asked although the set is complete"] == 3
