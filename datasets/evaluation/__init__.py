"""Measuring every role on its fixed test part. One module a group of roles; each gives what a card shows.

A role's function takes the data folder and the split, and gives a `Report`: the metrics, and cases for the sheet.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datasets.evaluation.sheets import Case


@dataclass(frozen=True, slots=True)
class Report:
    metrics: dict[str, Any]
    """Small and stable: what the card holds."""
    cases: Sequence[Case] = field(default=())
    """Every answer that may be on the sheet of the worst."""
    cell_px: int = 340
    """Side of a picture on the sheet."""


def bar(
    name: str,
    value: float,
    asked: float,
    direction: str = ">=",
    *,
    goal: float | None = None,
    ci95: Sequence[float] | None = None,
    n: int | None = None,
) -> dict[str, Any]:
    """One line of a card: what was measured (``ci95``: within what; ``n``: of how many), against what must be and what
    is aimed at.
    """
    value = round(float(value), 4)
    met = value >= asked if direction == ">=" else value <= asked
    line: dict[str, Any] = {"name": name, "value": value, "bar": asked, "met": met, "direction": direction}
    if goal is not None:
        line["goal"] = goal
    if ci95 is not None:
        line["ci95"] = [round(float(v), 4) for v in ci95]
    if n is not None:
        line["n"] = n
    return line


def calibration_bar(of: str, measured: dict[str, Any]) -> dict[str, Any]:
    """The line of a score's calibration error; ``measured`` holds ``ece`` and perhaps its interval ``ci95`` and the
    count ``n`` of answers."""
    name = f"calibration error of {of}"
    return bar(name, measured["ece"], 0.05, "<=", goal=0.02, ci95=measured.get("ci95"), n=measured.get("n"))


def as_json(value: Any) -> str:
    """Indented JSON, pairs of numbers on one line."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    number = r"(-?[0-9.e+-]+)"
    return re.sub(rf"\[\s+{number},\s+{number}\s+\]", r"[\1, \2]", text) + "\n"
