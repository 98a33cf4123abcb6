from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.cases.intervals import bootstrapped, share, wilson


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
    one, two = (bootstrapped(values, lambda rows: float(rows.mean())) for _ in range(2))
    assert one == two
    assert one["from"] < 3 < one["to"]
