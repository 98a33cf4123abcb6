"""How sure a measured share or mean is: 95 % intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from datasets.evaluation.bootstrap import Weights, all_alike, interval, mean, wilson


def share(outcomes: Sequence[bool], groups: Sequence[str] = ()) -> dict[str, Any]:
    """``value`` (null of nothing), ``hits``, ``n`` and the interval ``from`` .. ``to``.

    With ``groups`` (of each outcome: its scene) the interval is widened to that of a bootstrap over groups: outcomes of
    one scene are right or wrong together. Wilson's stays where it is the wider one. Where all outcomes are equal it is
    Wilson's of so many groups.
    """
    hits, count = sum(outcomes), len(outcomes)
    low, high = wilson(hits, count)
    if groups:
        low, high = _widened((low, high), outcomes, groups)
    value = round(hits / count, 4) if count else None
    return {"value": value, "hits": hits, "n": count, "from": round(low, 4), "to": round(high, 4)}


def _widened(alone: tuple[float, float], outcomes: Sequence[bool], groups: Sequence[str]) -> tuple[float, float]:
    if len(set(outcomes)) == 1:
        return all_alike(outcomes[0], groups)
    grouped = interval(mean(float(one) for one in outcomes), groups)
    return alone if grouped is None else (min(alone[0], grouped[0]), max(alone[1], grouped[1]))


def bootstrapped(
    values: npt.NDArray[np.float64], statistic: Callable[[npt.NDArray[np.float64]], float], groups: Sequence[str]
) -> dict[str, Any]:
    """A statistic of rows (n, ...) with the middle 95 % of what resampled groups (of each row: its scene) give."""
    if len(values) < 3:
        return {"value": None, "n": len(values)}

    def drawn(weights: Weights) -> float:
        return statistic(np.repeat(values, weights.astype(int), axis=0)) if weights.any() else float("nan")

    low, high = interval(drawn, groups) or (float("nan"), float("nan"))
    return {"value": round(statistic(values), 4), "n": len(values), "from": low, "to": high}
