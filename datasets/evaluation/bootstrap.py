"""Percentile bootstrap (Efron 1979) over groups of pictures that belong together: claims, siblings, else one photo."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

TIMES = 1000
SEED = 20261122
COVERED = 0.95
Z95 = 1.959964
"""Of the normal distribution: 95 % lie so many standard deviations around the mean."""
Weights = npt.NDArray[np.float64]
"""How often each item is drawn, (items,); all ones is the sample itself."""


def drawn_groups(groups: Sequence[str], times: int = TIMES) -> tuple[Weights, npt.NDArray[np.intp]]:
    """How often each group is in each of ``times`` resamples, (times, groups), and the group of each item, (items,).

    As many groups are drawn, with replacement, as there are.
    """
    names, index = np.unique(np.asarray(groups, object).astype(str), return_inverse=True)
    random = np.random.default_rng(SEED)
    taken = random.integers(0, len(names), (times, len(names)))
    counts = np.stack([np.bincount(one, minlength=len(names)) for one in taken]).astype(np.float64)
    return counts, np.asarray(index, np.intp)


def draws(groups: Sequence[str], times: int = TIMES) -> Weights:
    """Weights of ``times`` resamples, (times, items)."""
    counts, index = drawn_groups(groups, times)
    return counts[:, index]


def interval(
    statistic: Callable[[Weights], float], groups: Sequence[str], times: int = TIMES
) -> tuple[float, float] | None:
    """The middle 95 % of ``statistic`` over resamples; None of nothing. Resamples where it is NaN are left out."""
    if not groups:
        return None
    told = np.array([statistic(weights) for weights in draws(groups, times)])
    told = told[np.isfinite(told)]
    if not len(told):
        return None
    low, high = np.quantile(told, [(1 - COVERED) / 2, (1 + COVERED) / 2])
    return round(float(low), 4), round(float(high), 4)


def mean(values: Iterable[float]) -> Callable[[Weights], float]:
    """Weighted mean of ``values`` as a statistic; NaN where nothing of it was drawn."""
    array = np.asarray(list(values), np.float64)

    def of(weights: Weights) -> float:
        total = float(weights.sum())
        return float(weights @ array) / total if total else float("nan")

    return of


def wilson(hits: int, count: int) -> tuple[float, float]:
    """Wilson's score interval of a share (E. B. Wilson, 1927); (0, 1) of nothing."""
    if count == 0:
        return 0.0, 1.0
    share, z2 = hits / count, Z95**2
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = Z95 / (1 + z2 / count) * float(np.sqrt(share * (1 - share) / count + z2 / (4 * count**2)))
    return max(0.0, middle - half), min(1.0, middle + half)


def all_alike(hit: bool, groups: Sequence[str]) -> tuple[float, float]:
    """Interval of a share of none or of all: no resample differs from the sample there, so a bootstrap would promise
    exactly that share, of three answers as of three thousand. Wilson's, with a group as one: pictures that belong
    together are no more proof than one.
    """
    count = len(set(groups))
    low, high = wilson(count if hit else 0, count)
    return round(low, 4), round(high, 4)


def share(hits: Sequence[bool | float], groups: Sequence[str]) -> dict[str, Any]:
    """Share of hits, its interval and the count: ``value``, ``ci95``, ``n``. Value and interval are None of nothing."""
    if not len(hits):
        return {"value": None, "ci95": None, "n": 0}
    value = float(np.mean(hits))
    found = all_alike(bool(value), groups) if value in (0, 1) else interval(mean(float(h) for h in hits), groups)
    return {"value": round(value, 4), "ci95": None if found is None else list(found), "n": len(hits)}
