"""Token buckets under a clock of the test's own."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.guard.ratelimit import Limit, Limiter
from vision.errors import InputError

STEPS = st.lists(st.floats(0, 50), min_size=1, max_size=60)


@given(st.floats(0.1, 20), st.integers(1, 20), STEPS)
def test_never_more_than_burst_and_rate_allow(per_s: float, burst: int, steps: list[float]) -> None:
    limiter, now_s, granted = Limiter([Limit(per_s, burst)]), 1000.0, 0
    for step in steps:
        now_s += step
        granted += limiter.take("a", now_s).allowed
    assert granted <= burst + (now_s - 1000) * per_s + 1e-6


@given(st.floats(0.1, 20), st.integers(1, 20), STEPS)
def test_waiting_as_told_is_enough(per_s: float, burst: int, steps: list[float]) -> None:
    limiter, now_s = Limiter([Limit(per_s, burst)]), 1000.0
    for step in steps:
        now_s += step
        answer = limiter.take("a", now_s)
        if not answer.allowed:
            now_s += answer.retry_after_s + 1e-6
            assert limiter.take("a", now_s).allowed


def test_a_burst_then_a_wait() -> None:
    limiter = Limiter([Limit(2, 3)])
    assert [limiter.take("a", 0).remaining for _ in range(3)] == [2, 1, 0]
    refused = limiter.take("a", 0)
    assert not refused.allowed and refused.retry_after_s == pytest.approx(0.5)
    assert not limiter.take("a", 0.49).allowed
    assert limiter.take("a", 0.5).allowed


def test_keys_do_not_share() -> None:
    limiter = Limiter([Limit(1, 1)])
    assert limiter.take("a", 0).allowed and limiter.take("b", 0).allowed and not limiter.take("a", 0).allowed


def test_all_limits_or_none_is_charged() -> None:
    limiter = Limiter([Limit(10, 10), Limit(2 / 86_400, 2)])
    assert limiter.take("a", 0).allowed and limiter.take("a", 0).allowed
    refused = limiter.take("a", 0)
    assert not refused.allowed and refused.retry_after_s == pytest.approx(43_200) and refused.remaining == 0
    for _ in range(100):
        assert not limiter.take("a", 1).allowed
    assert limiter.take("a", 43_201).remaining == 0, "refusals cost nothing"


def test_a_clock_that_goes_back_gives_nothing() -> None:
    limiter = Limiter([Limit(1, 1)])
    assert limiter.take("a", 100).allowed
    assert not limiter.take("a", 0).allowed
    assert not limiter.take("a", 100.5).allowed
    assert limiter.take("a", 101).allowed


def test_more_than_the_burst_is_never_granted() -> None:
    answer = Limiter([Limit(1, 5)]).take("a", 0, cost=6)
    assert not answer.allowed and math.isinf(answer.retry_after_s)


def test_memory_is_bounded() -> None:
    limiter = Limiter([Limit(1, 1)], max_keys=2)
    for key in "abc":
        assert limiter.take(key, 0).allowed
    assert not limiter.take("c", 0).allowed
    assert limiter.take("a", 0).allowed, "pushed out by two others"


@pytest.mark.parametrize(("per_s", "burst"), [(0, 1), (1, 0), (-1, 1), (math.inf, 1), (math.nan, 1)])
def test_limits_that_make_no_sense(per_s: float, burst: float) -> None:
    with pytest.raises(InputError):
        Limit(per_s, burst)
