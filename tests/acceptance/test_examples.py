"""The example cases, end to end with the real models: decisions, reasons and score ranges are pinned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from service.case_folder import open_case
from service.cases import CaseResult, check_case, photos_of
from vision import facts, score, standard
from vision.models import bundle
from vision.models.bundle import Models
from vision.types import Decision, Photo, PhotoFacts, Unreadable, Verdict
from vision.wire import assessment_to_json, facts_from_json, facts_to_json, line

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
COMPLETE = "rear_end_complete"


@dataclass(frozen=True)
class Pinned:
    decision: Decision
    least: float
    most: float
    may_clear_road: bool
    broken: frozenset[str] = frozenset()
    """The requirements that must fail, and for which of these reasons."""
    reasons: frozenset[str] = frozenset()


PINNED = {
    COMPLETE: Pinned(Decision.COMPLETE, 94, 100, True),
    "rear_end_no_rear_panorama": Pinned(
        # What is left shows the rear of both vehicles, but none of it both of them whole.
        *(Decision.RETAKE, 74, 90, False),
        *(frozenset({"rear_panorama"}), frozenset({"no_photo", "vehicle_cut_off", "too_few_vehicles", "wrong_side"})),
    ),
    "rear_end_blurred_collision": Pinned(
        *(Decision.RETAKE, 74, 92, False),
        *(frozenset({"contact_near"}), frozenset({"photo_blurred", "damage_blurred"})),
    ),
    "rear_end_plate_differs": Pinned(
        *(Decision.REVIEW, 40, 60, True),
        *(frozenset({"plate_agreement", "vin_agreement"}), frozenset({"plate_differs", "vin_differs"})),
    ),
}


@cache
def loaded() -> Models:
    return bundle.load()


_facts_by_sha256: dict[tuple[str, date | None], PhotoFacts] = {}


def gather(photos: Iterable[Photo | Unreadable], *, on: date | None = None) -> Iterator[PhotoFacts | Unreadable]:
    """`vision.facts.gather` that looks at the same bytes once: the broken cases share most photos."""
    for photo in photos:
        if isinstance(photo, Unreadable):
            yield photo
            continue
        key = photo.sha256, on
        if key not in _facts_by_sha256:
            (found,) = facts.gather([photo], loaded(), on=on)
            assert isinstance(found, PhotoFacts)
            _facts_by_sha256[key] = found
        yield replace(_facts_by_sha256[key], photo=photo.name)


@cache
def checked(name: str) -> CaseResult:
    asked = standard.load("four-photos")
    return check_case(open_case(EXAMPLES / name), gather, lambda seen, case: score.judge(seen, case, asked))


def failed(name: str) -> set[tuple[str, str]]:
    """(requirement, reason) of what failed."""
    findings = checked(name).assessment.findings
    return {(one.requirement, one.reason) for one in findings if one.verdict is Verdict.FAIL}


def test_every_example_is_pinned() -> None:
    assert {path.name for path in EXAMPLES.iterdir() if path.is_dir()} == set(PINNED)


@pytest.mark.parametrize("name", PINNED)
def test_an_example_is_judged_as_pinned(name: str) -> None:
    found, pinned = checked(name).assessment, PINNED[name]
    assert found.decision is pinned.decision, failed(name)
    assert pinned.least <= found.score <= pinned.most
    assert found.may_clear_road is pinned.may_clear_road
    assert found.unreadable == ()


@pytest.mark.parametrize("name", PINNED)
def test_nothing_fails_but_what_is_broken(name: str) -> None:
    pinned = PINNED[name]
    assert {requirement for requirement, _ in failed(name)} == pinned.broken
    assert {reason for _, reason in failed(name)} <= pinned.reasons


def test_a_complete_case_asks_for_nothing_and_the_others_say_what_to_do() -> None:
    steps = {name: [step.requirement for step in checked(name).assessment.next] for name in PINNED}
    assert steps == {
        COMPLETE: [],
        "rear_end_no_rear_panorama": ["rear_panorama"],
        "rear_end_blurred_collision": ["contact_near"],
        "rear_end_plate_differs": [],  # no photo cures it: an officer has to look
    }


def test_both_plates_and_all_six_papers_are_read() -> None:
    result = checked(COMPLETE)
    seen = [one for one in result.facts if isinstance(one, PhotoFacts)]
    plates = {plate.text for one in seen for plate in one.plates if plate.score >= 0.8}
    assert {party.plate for party in result.case.parties} <= plates
    papers = Counter(one.document.kind.value for one in seen if one.document)
    assert papers == {"driving_licence": 2, "vehicle_licence": 4, "insurance_policy": 2}  # two pages, two photos


def test_stored_facts_are_judged_the_same() -> None:
    result = checked(COMPLETE)
    stored = tuple(facts_from_json(line(facts_to_json(one))) for one in result.facts)
    again = score.judge(stored, result.case, standard.load("four-photos"))
    assert assessment_to_json(again) == assessment_to_json(result.assessment)


def test_the_same_bytes_give_the_same_facts() -> None:
    result = checked(COMPLETE)
    assert result.case.happened_at is not None
    first = next(photos_of(result.folder))
    (again,) = facts.gather([first], loaded(), on=result.case.happened_at.date())
    assert line(facts_to_json(again)) == line(facts_to_json(result.facts[0]))
