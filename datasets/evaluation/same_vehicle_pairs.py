"""How well a likeness tells pairs of one vehicle from pairs of two."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

Floats = npt.NDArray[np.floating]


def area_under_curve(same: Floats, other: Floats) -> float:
    """Chance that a pair of one vehicle is more alike than a pair of two (Mann-Whitney); ties count half.

    NaN where one of the two is empty.
    """
    if not len(same) or not len(other):
        return float("nan")
    ranks = rankdata(np.concatenate((same, other)))[: len(same)]
    return float((ranks.sum() - len(same) * (len(same) + 1) / 2) / (len(same) * len(other)))
