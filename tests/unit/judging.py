"""Judging made-up cases in one line; for tests."""

from __future__ import annotations

from collections.abc import Iterable

from tests.unit.facts_builder import (
    WHEN,
    full_case,
)
from vision.score import judge
from vision.standard import Standard, load
from vision.types import (
    Assessment,
    Case,
    Finding,
    PhotoFacts,
    Unreadable,
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
