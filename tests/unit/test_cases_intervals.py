from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.cases.intervals import bootstrapped, share
from datasets.evaluation.bootstrap import wilson


def test_wilson_is_the_known_one() -> None:
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)  # Newcombe 1998, table I
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_share_is_inside(known: tuple[int, int]) -> None:
    hits, count = known
    low, high = wilson(hits, count)
    assert 0 <= low <= hits / count + 1e-9 and hits / count - 1e-9 <= high <= 1


def test_nothing_has_no_share() -> None:
    assert share([])["value"] is None
    assert share([True, False])["value"] == 0.5


def test_bootstrap_holds_the_mean_and_is_the_same_twice() -> None:
    values = np.random.default_rng(1).normal(3, 1, (50, 1))
    rows = [str(k) for k in range(50)]
    one, two = (bootstrapped(values, lambda some: float(some.mean()), rows) for _ in range(2))
    assert one == two
    assert one["from"] < 3 < one["to"]


def test_scores_of_one_scene_are_no_proof_of_each_other() -> None:
    """Ten scenes of five cases that are off by the same: as sure as ten cases, not as fifty."""
    values = np.repeat(np.random.default_rng(1).normal(3, 1, (10, 1)), 5, axis=0)
    alone = bootstrapped(values, lambda some: float(some.mean()), [str(k) for k in range(50)])
    scenes = bootstrapped(values, lambda some: float(some.mean()), [str(k // 5) for k in range(50)])
    assert scenes["value"] == alone["value"]
    assert scenes["to"] - scenes["from"] > 1.5 * (alone["to"] - alone["from"])


def test_none_wrong_of_many_cases_of_few_scenes_is_as_sure_as_the_scenes_are_many() -> None:
    told = share([False] * 160, [str(k // 5) for k in range(160)])
    assert (told["value"], told["from"]) == (0, 0)
    assert told["to"] == pytest.approx(wilson(0, 32)[1], abs=1e-4)
    assert share([True, True, True], ["x", "y", "z"])["from"] == pytest.approx(0.4385, abs=1e-4)
