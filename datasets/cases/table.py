"""cases.csv: all planned cases, and what is true of those whose pictures the renderer has looked at."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from datasets.cases.nouns import PlannedCase
from datasets.cases.truth_sum import Truth
from datasets.scenes.plan import Scene

TABLE = Path(__file__).with_name("cases.csv")
COLUMNS = (
    "id", "seed", "scene", "accident_type", "light", "standard", "told", "faults",
    "decision", "borderline", "failing", "next", "score",
)  # fmt: skip
"""From ``decision`` on: the truth, empty while a picture of the case is missing."""


def rows(cases: Sequence[PlannedCase], scenes: Sequence[Scene]) -> list[dict[str, str]]:
    """Of the table, without truth."""
    by_name = {scene.name: scene for scene in scenes}
    out = []
    for case in cases:
        scene = by_name[case.scene]
        faults = " ".join(map(str, case.faults))
        known = (
            case.id,
            str(case.seed),
            case.scene,
            scene.accident_type.value,
            scene.air.light,
            case.standard,
            case.told,
        )
        out.append(dict.fromkeys(COLUMNS, "") | dict(zip(COLUMNS, (*known, faults), strict=False)))
    return out


def write_table(table: Sequence[Mapping[str, str]], path: Path = TABLE) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


def read_table(path: Path = TABLE) -> list[dict[str, str]]:
    """Raises OSError where there is none."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def truth_row(truth: Truth) -> dict[str, str]:
    """The table's columns of what is true."""
    failing = " ".join(dict.fromkeys(f"{one.requirement}{':' * bool(one.party)}{one.party}" for one in truth.failing))
    return {
        "decision": truth.decision,
        "borderline": "yes" if truth.borderline else "",
        "failing": failing,
        "next": " ".join(truth.next),
        "score": str(truth.score),
    }
