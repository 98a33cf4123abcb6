"""Whole rendered cases, end to end with the real models: what was judged rightly once stays so."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from datasets.cases.fact_store import FactsOf, fact_store
from datasets.cases.keep import KEPT, KeptCase, renamed
from datasets.cases.outcome import Outcome, outcome
from datasets.cases.truth_judge import judge

FOLDER = Path(__file__).resolve().parents[1] / "cases"
pytestmark = pytest.mark.skipif(not (FOLDER / "cases.json").is_file(), reason="no rendered cases are kept yet")


@cache
def kept() -> tuple[KeptCase, ...]:
    return KEPT.validate_json((FOLDER / "cases.json").read_bytes())


@cache
def facts_of() -> FactsOf:
    return fact_store(None)


@cache
def results() -> tuple[Outcome, ...]:
    return tuple(outcome(FOLDER / "pictures", one.true, renamed(facts_of(), one.files)) for one in kept())


def test_what_was_judged_rightly_still_is() -> None:
    pairs = zip(kept(), results(), strict=True)
    lost = [
        f"{one.true.plan.id}: {result.found.decision.value}, not {one.true.truth.decision}"
        for one, result in pairs
        if one.right and not result.right
    ]
    assert lost == []


def test_an_incomplete_case_is_never_called_complete() -> None:
    wrong = [one.true.plan.id for one in results() if one.sure and one.wrong_complete]
    known = [one.true.plan.id for one in kept() if one.decision == "complete" and not one.right]
    assert set(wrong) <= set(known)


def test_the_kept_truth_is_what_the_judge_says() -> None:
    for one in kept():
        assert judge(one.true.case, one.true.plan.standard) == one.true.truth


def test_the_folder_is_small_and_every_file_is_used() -> None:
    files = [path for path in FOLDER.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 6_000_000
    used = {name for one in kept() for name in one.files.values()}
    assert {path.name for path in FOLDER.glob("pictures/*")} == used
