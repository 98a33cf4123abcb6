"""How far scores are from chances, and the curves that bring them there. Pure; fitted on validation photos only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from datasets.evaluation.bootstrap import COVERED, SEED, drawn_groups
from vision.models.calibration import Platt, logit, tempered

Floats = npt.NDArray[np.floating]
Truths = npt.NDArray[np.bool_]
BINS = 15
DRAWN = 300
"""How often truths are drawn for the error of true chances."""


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Answers with a score: whether each is right, and the group of pictures that it belongs to."""

    scores: Floats
    right: Truths
    groups: Sequence[str]


def ece(scores: Floats, right: Truths, bins: int = BINS) -> float:
    """Expected calibration error: mean |share right - mean score| over equal bins of the score, by how many are in
    each (Naeini 2015, Guo 2017). NaN of nothing.
    """
    if not len(scores):
        return float("nan")
    which = np.minimum((np.asarray(scores) * bins).astype(int), bins - 1)
    gap = np.bincount(which, np.asarray(right, np.float64) - scores, bins)
    return float(np.abs(gap).sum() / len(scores))


def calibration_error(judged: Judged) -> dict[str, Any]:
    """``ece`` with its interval ``ci95``, the count ``n``, and ``of_true_chances``: the error that these scores would
    have on the average if each were the very chance of being right. All but the count are None of nothing.

    Few answers leave an error however true the scores are, which ``of_true_chances`` tells. A resample's bins are
    noisier than the sample's own, and noise only adds: the interval lies rather high than low.
    """
    if not len(judged.scores):
        return {"ece": None, "ci95": None, "of_true_chances": None, "n": 0}
    counts, group = drawn_groups(judged.groups)
    gaps = np.zeros((counts.shape[1], BINS))
    which = np.minimum((np.asarray(judged.scores) * BINS).astype(int), BINS - 1)
    np.add.at(gaps, (group, which), np.asarray(judged.right, np.float64) - judged.scores)
    errors = np.abs(counts @ gaps).sum(1) / (counts @ np.bincount(group))
    low, high = np.quantile(errors, [(1 - COVERED) / 2, (1 + COVERED) / 2])
    random = np.random.default_rng(SEED)
    chances = np.asarray(judged.scores, np.float64)
    least = np.mean([ece(chances, random.random(len(chances)) < chances) for _ in range(DRAWN)])
    return {
        "ece": round(ece(judged.scores, judged.right), 4),
        "ci95": [round(float(low), 4), round(float(high), 4)],
        "of_true_chances": round(float(least), 4),
        "n": len(judged.scores),
    }


def as_judged(told: Sequence[tuple[float, bool, str]]) -> Judged:
    """Of score, whether it is right, and group of each answer."""
    scores, right = np.array([s for s, _, _ in told], np.float64), np.array([r for _, r, _ in told], np.bool_)
    return Judged(scores, right, [group for _, _, group in told])


def fit_platt(scores: Floats, right: Truths, steps: int = 100) -> Platt:
    """The curve of least logistic loss: Newton's method with a small ridge towards the curve that changes nothing.

    Raises ValueError where there is nothing right or nothing wrong: no curve can be told from that.
    """
    if not right.any() or right.all():
        raise ValueError("a curve needs right and wrong answers")
    x = np.stack([logit(scores), np.ones(len(scores))], 1)
    start = np.array([1.0, 0.0])
    w = start
    for _ in range(steps):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (p - right) + 1e-3 * (w - start)
        hessian = (x * (p * (1 - p))[:, None]).T @ x + 1e-3 * np.eye(2)
        step = np.linalg.solve(hessian, gradient)
        w = w - step
        if np.abs(step).max() < 1e-9:
            break
    return Platt(round(float(w[0]), 5), round(float(w[1]), 5))


def fit_temperature(chances: Floats, truth: npt.NDArray[np.intp]) -> float:
    """The temperature of least cross entropy (Guo 2017), on a grid of ratios of 1 % from .3 to 5."""
    grid = np.exp(np.arange(np.log(0.3), np.log(5.0), 0.01))
    rows = np.arange(len(truth))
    losses = [-float(np.log(np.clip(tempered(chances, t)[rows, truth], 1e-12, 1)).mean()) for t in grid]
    return round(float(grid[int(np.argmin(losses))]), 4)
