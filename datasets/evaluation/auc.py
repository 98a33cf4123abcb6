"""Area under the ROC curve: how well a score tells positives from negatives."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]


def area_under_curve(
    positives: Floats, negatives: Floats, weights: Floats | None = None, against: Floats | None = None
) -> float:
    """Chance that a positive scores above a negative (Mann-Whitney U / mn); ties count half.

    Args:
        positives: scores (m,).
        negatives: scores (n,).
        weights: how often each positive counts, (m,); once where null.
        against: the same of the negatives, (n,).

    Returns:
        0..1; NaN where one side is empty or weighs nothing.
    """
    weights = np.ones(len(positives)) if weights is None else weights
    order = np.argsort(negatives)
    ranked = negatives[order]
    mass = np.concatenate(([0.0], np.cumsum((np.ones(len(negatives)) if against is None else against)[order])))
    below = mass[np.searchsorted(ranked, positives, "left")] + mass[np.searchsorted(ranked, positives, "right")]
    total = float(weights.sum() * mass[-1])
    return float(weights @ below) / 2 / total if total else float("nan")
