"""Measuring every role on its fixed test part. One module a group of roles; each gives what a card shows."""

from __future__ import annotations

from typing import Any


def bar(name: str, value: float, asked: float, direction: str = ">=") -> dict[str, Any]:
    """One line of a card: what was measured against what was asked."""
    value = round(float(value), 4)
    met = value >= asked if direction == ">=" else value <= asked
    return {"name": name, "value": value, "bar": asked, "met": met, "direction": direction}
