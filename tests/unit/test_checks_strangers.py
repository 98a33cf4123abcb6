"""Photos of another accident are evidence of nothing here, and are told."""

from datetime import datetime, timedelta, timezone

import pytest

from tests.unit.facts_builder import photo
from vision.checks.strangers import metres, strangers_among
from vision.types import Case, PhotoFacts

WHEN = datetime(2026, 5, 1, 10, 0, tzinfo=timezone(timedelta(hours=8)))
HERE, THERE = (31.30, 120.63), (31.40, 120.70)
LIMITS = {
    "before_accident_min": 60, "after_accident_h": 24, "place_spread_m": 500,
    "document_score": 0.5, "framing_score": 0.6,
}  # fmt: skip


def at(name: str, hours: float, gps: tuple[float, float] | None) -> PhotoFacts:
    return photo(name, taken_at=WHEN + timedelta(hours=hours), gps=gps)


@pytest.mark.parametrize(
    ("odd", "out"),
    [
        (at("odd", -500, THERE), True),
        (at("odd", 500, THERE), True),
        (at("odd", -500, HERE), False),  # a wrong clock
        (at("odd", 0.2, THERE), False),  # a bad fix
        (at("odd", -500, None), False),
        (at("odd", -0.9, THERE), False),  # clocks and memories differ by an hour
    ],
)
def test_time_and_place_have_to_agree(odd: PhotoFacts, out: bool) -> None:
    photos = (at("a", 0.1, HERE), at("b", 0.2, HERE), odd)
    assert strangers_among(photos, Case(happened_at=WHEN), LIMITS) == ((odd,) if out else ())


def test_nothing_to_hold_it_against() -> None:
    odd = at("odd", -500, THERE)
    assert strangers_among((odd,), Case(happened_at=WHEN), LIMITS) == ()
    assert strangers_among((at("a", 0.1, HERE), odd), Case(), LIMITS) == ()


def test_metres_of_a_degree() -> None:
    assert metres((0.0, 0.0), (1.0, 0.0)) == pytest.approx(111_195, rel=1e-3)
