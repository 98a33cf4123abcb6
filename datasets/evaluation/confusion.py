"""Metrics of a classifier: accuracy with interval, confusion, each class by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from datasets.evaluation.bootstrap import share


def by_class(told: Sequence[tuple[str, str]], names: Sequence[str], labels: Sequence[str]) -> dict[str, Any]:
    """Of (truth, answer) pairs: recall with interval, precision and count of each class that has truth."""
    out = {}
    for label in labels:
        of = [(t == g, name) for (t, g), name in zip(told, names, strict=True) if t == label]
        if of:
            answered = [t == g for t, g in told if g == label]
            recall = share([right for right, _ in of], [name for _, name in of])
            precision = round(sum(answered) / len(answered), 4) if answered else None
            out[label] = {"recall": recall["value"], "ci95": recall["ci95"], "precision": precision, "n": len(of)}
    return out


def confusion(told: Sequence[tuple[str, str]]) -> dict[str, dict[str, int]]:
    """Truth -> answer -> count, most frequent first; right answers too."""
    out: dict[str, dict[str, int]] = {}
    for (truth, answer), count in Counter(told).most_common():
        out.setdefault(truth, {})[answer] = count
    return dict(sorted(out.items()))


def where(right: Sequence[bool], names: Sequence[str], subset: Sequence[str]) -> dict[str, Any]:
    """Share right in each subset, with interval and count."""
    return {
        word: share(
            [r for r, s in zip(right, subset, strict=True) if s == word],
            [n for n, s in zip(names, subset, strict=True) if s == word],
        )
        for word in sorted(set(subset))
    }
