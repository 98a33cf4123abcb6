"""How sure a measured share or mean is: 95 % intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from datasets.evaluation.bootstrap import interval, mean

Z95 = 1.959964


def wilson(hits: int, count: int) -> tuple[float, float]:
    """Wilson's score interval of a share (E. B. Wilson, 1927); (0, 1) of nothing."""
    if count == 0:
        return 0.0, 1.0
    share, z2 = hits / count, Z95**2
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = Z95 / (1 + z2 / count) * float(np.sqrt(share * (1 - share) / count + z2 / (4 * count**2)))
    return max(0.0, middle - half), min(1.0, middle + half)


def share(outcomes: Sequence[bool], groups: Sequence[str] = ()) -> dict[str, Any]:
    """``value`` (null of nothing), ``hits``, ``n`` and the interval ``from`` .. ``to``.

    With ``groups`` (of each outcome: its scene) the interval is widened to that of a bootstrap over groups: outcomes of
    one scene are right or wrong together. Wilson's stays where it is the wider one, as when all outcomes are equal.
    """
    hits, count = sum(outcomes), len(outcomes)
    low, high = wilson(hits, count)
    grouped = interval(mean(float(one) for one in outcomes), groups) if groups else None
    low, high = (min(low, grouped[0]), max(high, grouped[1])) if grouped else (low, high)
    value = round(hits / count, 4) if count else None
    return {"value": value, "hits": hits, "n": count, "from": round(low, 4), "to": round(high, 4)}


def bootstrapped(
    values: npt.NDArray[np.float64], statistic: Callable[[npt.NDArray[np.float64]], float], rounds: int = 1000
) -> dict[str, Any]:
    """A statistic of rows (n, ...) with the middle 95 % of what resampled rows give. Always the same samples."""
    if len(values) < 3:
        return {"value": None, "n": len(values)}
    rng = np.random.default_rng(0)
    drawn = [statistic(values[rng.integers(len(values), size=len(values))]) for _ in range(rounds)]
    known = [value for value in drawn if np.isfinite(value)]
    low, high = np.percentile(known, [2.5, 97.5]) if known else (float("nan"), float("nan"))
    value = statistic(values)
    return {"value": round(value, 4), "n": len(values), "from": round(float(low), 4), "to": round(float(high), 4)}
