"""What a standard asks for, read from its TOML as data: none of the product's own code is asked."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "vision" / "standards"


@dataclass(frozen=True, slots=True)
class Asked:
    """One requirement. ``curable``: it has words for a retake."""

    id: str
    check: str
    weight: float
    required: bool
    curable: bool
    params: Mapping[str, Any] = field(default_factory=dict)

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(self.params.get(key, ()))


@dataclass(frozen=True, slots=True)
class Demand:
    """A standard. ``cap``: the score is no higher while something disagrees."""

    name: str
    serves: tuple[str, ...]
    rows: tuple[Asked, ...]
    cap: float


@cache
def demand(standard: str) -> Demand:
    """Raises OSError for a standard that is not there."""
    known = tomllib.loads((FOLDER / f"{standard}.toml").read_text("utf-8"))
    limits = tomllib.loads((FOLDER / "limits.toml").read_text("utf-8"))["limits"] | known.get("limits", {})
    return Demand(
        standard,
        tuple(known["accident_types"]),
        tuple(_asked(row) for row in known["requirements"]),
        float(limits["disagreement_cap"]),
    )


def _asked(row: Mapping[str, Any]) -> Asked:
    params = row.get("params", {})
    return Asked(row["id"], row["check"], float(row["weight"]), row.get("required", True), "retake" in row, params)
