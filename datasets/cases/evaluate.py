"""`kuaizheng evaluate cases`: the product's judgement of whole drawn cases against their truth."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import spearmanr

from datasets.cases import sheet
from datasets.cases.fact_store import fact_store
from datasets.cases.intervals import bootstrapped, share
from datasets.cases.outcome import (
    Outcome,
    confirmed,
    disagreements,
    lacks,
    named,
    outcome,
    true_cases,
    with_perfect_facts,
)
from datasets.cases.plan_case import COUNT
from datasets.cases.single_roles import single_roles
from datasets.cases.truth_sum import COMPLETE, RETAKE
from datasets.evaluation import Report, bar
from vision.errors import InputError

FACTS = ".facts"
WORST = 12


def evaluate(data: Path, split: str = "test") -> Report:
    """Of the cases that `datasets.cases.make` wrote to ``data``. Raises InputError where there are none."""
    if split != "test":
        raise InputError("cases are there for testing only")
    facts_of = fact_store(data / FACTS)
    cases = true_cases(data)
    if not cases:
        raise InputError(f"{data}: no cases; make them with `python -m datasets.cases.make`")
    outcomes = [outcome(folder, true, facts_of) for folder, true in cases]
    perfect = [with_perfect_facts(folder, true) for folder, true in cases]
    roles, table = single_roles(cases, facts_of), measured(outcomes)
    metrics = table | {
        "bars": [*table["bars"], *roles.pop("bars")],
        "single_roles": roles,
        "with_perfect_facts": whole(perfect) | {"causes": causes(perfect)},
    }
    return Report(metrics, [sheet.case(one) for one in outcomes], sheet.SIDE)


def measured(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """All numbers but those of single roles."""
    table = whole(outcomes)
    return {
        "split": "test",
        "drawn": len(outcomes),
        "planned": COUNT,
        **table,
        "by_accident_type": _by(outcomes, lambda one: [one.true.case.accident_type]),
        "by_light": _by(outcomes, lambda one: [one.true.case.pictures[0].seen.light]),
        "by_standard": _by(outcomes, lambda one: [one.true.plan.standard]),
        "by_fault": _by_fault(outcomes),
        "causes": causes(outcomes),
        "worst": [
            {"case": one.folder.name, "standard": one.true.plan.standard} | _line(one) for one in worst(outcomes)
        ],
        "bars": _bars(table),
    }


def whole(outcomes: Sequence[Outcome], kind: str = "") -> dict[str, Any]:
    """Shares over a set of cases; with ``kind``, only planned faults of that kind count as such. Borderline cases are
    counted apart, where either decision is right; but where it is in question only whether a photo or an officer is
    needed, ``complete`` is wrong and counted.
    """
    sure = [one for one in outcomes if one.sure]
    lacking = [one for one in outcomes if one.lacking]
    complete = [one for one in sure if one.true.truth.decision == COMPLETE]
    advised = [one for one in sure if one.true.truth.next]
    retakes = [one for one in outcomes if one.found.decision.value == RETAKE]
    planned = [(f, one) for one in outcomes for f in one.true.plan.faults if kind in ("", f.kind.value)]
    faults = [(fault, one) for fault, one in planned if confirmed(fault, one.true)]
    scores = np.array([[one.found.score, one.true.truth.score] for one in sure], np.float64).reshape(-1, 2)
    return {
        "decision_right": share([one.right for one in sure], _scenes(sure)),
        "wrong_complete_of_lacking": share([one.wrong_complete for one in lacking], _scenes(lacking)),
        "wrong_retake_of_complete": share([one.found.decision.value == RETAKE for one in complete], _scenes(complete)),
        "fault_named": share([named(fault, one) for fault, one in faults], _scenes([one for _, one in faults])),
        "fault_named_or_doubted": share(
            [named(fault, one, also_doubts=True) for fault, one in faults], _scenes([one for _, one in faults])
        ),
        "next_photo_right": share([_advised(one) for one in advised], _scenes(advised)),
        "retake_names_nothing_that_lacks": share([_for_nothing(one) for one in retakes], _scenes(retakes)),
        "score_mean_abs_error": bootstrapped(scores, _error, _scenes(sure)),
        "score_rank_correlation": bootstrapped(scores, _rank, _scenes(sure)) if len({*scores[:, 1]}) > 1 else None,
        "decisions": _table(sure),
        "borderline": {"n": len(outcomes) - len(sure), "decisions": _table([o for o in outcomes if not o.sure])},
        "planned_faults_that_do_not_bite": len(planned) - len(faults),
    }


def _scenes(outcomes: Sequence[Outcome]) -> list[str]:
    return [one.true.plan.scene for one in outcomes]


def causes(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Of wrong decisions: in what requirement, by what reason, product and truth differ; most frequent first."""
    seen: dict[str, list[str]] = defaultdict(list)
    for one in outcomes:
        for cause in disagreements(one) if one.wrong else ():
            seen[cause].append(one.folder.name)
    order = sorted(seen.items(), key=lambda item: (-len(item[1]), item[0]))
    return [{"cause": cause, "cases": len(names), "such_as": names[:4]} for cause, names in order]


def worst(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Wrong ``complete`` first, then other wrong decisions, by how far the score is off."""
    wrong = [one for one in outcomes if one.wrong]
    return sorted(wrong, key=lambda one: (not one.wrong_complete, -one.score_error))[:WORST]


def _line(one: Outcome) -> dict[str, Any]:
    truth, found = one.true.truth, one.found
    return {
        "case": one.folder.name,
        "standard": one.true.plan.standard,
        "faults": [str(fault) for fault in one.true.plan.faults],
        "truth": truth.decision,
        "found": found.decision.value,
        "scores": [truth.score, found.score],
        "differs": disagreements(one),
    }


def _advised(one: Outcome) -> bool:
    return bool(one.found.next) and one.found.next[0].requirement in one.true.truth.next


def _for_nothing(one: Outcome) -> bool:
    """A retake may be the right decision by luck: something lacks, and the party is sent for something else."""
    return not any(lacks(asked, one) for asked in one.found.next)


def _error(rows: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    return float(np.abs(rows[:, 0] - rows[:, 1]).mean())


def _rank(rows: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    if len({*rows[:, 0]}) < 2 or len({*rows[:, 1]}) < 2:
        return float("nan")
    return float(spearmanr(rows[:, 0], rows[:, 1]).statistic)


def _table(outcomes: Sequence[Outcome]) -> dict[str, int]:
    counts = Counter(f"{one.true.truth.decision} -> {one.found.decision.value}" for one in outcomes)
    return dict(sorted(counts.items()))


def _by(outcomes: Sequence[Outcome], key: Callable[[Outcome], list[str]]) -> dict[str, Any]:
    return {name: _kept(whole(some)) for name, some in _grouped(outcomes, key).items()}


def _by_fault(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Of the cases with a fault: their decisions, and whether this fault is named, not another one beside it."""
    groups = _grouped(outcomes, lambda one: sorted({f.kind.value for f in one.true.plan.faults}) or ["none"])
    return {name: _kept(whole(some, name)) for name, some in groups.items()}


def _grouped(outcomes: Sequence[Outcome], key: Callable[[Outcome], list[str]]) -> dict[str, list[Outcome]]:
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        for name in key(one):
            groups[name].append(one)
    return dict(sorted(groups.items()))


def _kept(table: dict[str, Any]) -> dict[str, Any]:
    kept = ("decision_right", "wrong_complete_of_lacking", "wrong_retake_of_complete", "fault_named", "decisions")
    return {key: value for key, value in table.items() if key in kept}


def _bars(table: dict[str, Any]) -> list[dict[str, Any]]:
    asked = (
        ("cases: decision right", "decision_right", 0.90, ">="),
        ("cases: complete given although something is missing", "wrong_complete_of_lacking", 0.02, "<="),
        ("cases: retake asked although the set is complete", "wrong_retake_of_complete", 0.05, "<="),
        ("cases: the planned fault is named", "fault_named", 0.90, ">="),
    )
    return [
        bar(name, table[key]["value"], limit, way, ci95=(table[key]["from"], table[key]["to"]), n=table[key]["n"])
        for name, key, limit, way in asked
        if table[key]["n"]
    ]
