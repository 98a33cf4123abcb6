"""The area under the ROC curve, of which there is one function."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.evaluation.auc import area_under_curve

SCORES = st.lists(st.integers(0, 9), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("positives", "negatives", "expected"),
    [
        ([2.0, 3.0], [0.0, 1.0], 1.0),
        ([0.0, 1.0], [2.0, 3.0], 0.0),
        ([1.0, 1.0], [1.0, 1.0], 0.5),
        ([0.0, 2.0], [1.0], 0.5),
        ([1.0, 3.0], [2.0, 0.0], 0.75),
    ],
)
def test_area(positives: list[float], negatives: list[float], expected: float) -> None:
    assert area_under_curve(np.array(positives), np.array(negatives)) == expected


@given(SCORES, SCORES)
def test_the_other_side_is_the_rest(a: list[int], b: list[int]) -> None:
    first, second = np.array(a, np.float64), np.array(b, np.float64)
    assert area_under_curve(first, second) == pytest.approx(1 - area_under_curve(second, first))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), min_size=1, max_size=12), SCORES)
def test_a_weight_counts_a_score_so_many_times(weighted: list[tuple[int, int]], negatives: list[int]) -> None:
    scores, weights = (np.array(column, np.float64) for column in zip(*weighted, strict=True))
    other = np.array(negatives, np.float64)
    repeated = np.repeat(scores, weights.astype(int))
    assert area_under_curve(scores, other, weights) == pytest.approx(area_under_curve(repeated, other), nan_ok=True)
    assert area_under_curve(other, scores, None, weights) == pytest.approx(
        area_under_curve(other, repeated), nan_ok=True
    )


@pytest.mark.parametrize(("positives", "negatives"), [([], [1.0]), ([1.0], []), ([], [])])
def test_without_a_side_it_is_no_number(positives: list[float], negatives: list[float]) -> None:
    assert np.isnan(area_under_curve(np.array(positives), np.array(negatives)))
