"""Photos of another accident are evidence of nothing here, and are told."""

from datetime import datetime, timedelta, timezone

import pytest

from tests.unit.facts_builder import LEFT_BOX, PLATE_A, PLATE_B, papers, photo, plate, vehicle
from vision.checks.strangers import metres, strangers_among
from vision.standard import load
from vision.types import Case, Party, PhotoFacts, View

WHEN = datetime(2026, 5, 1, 10, 0, tzinfo=timezone(timedelta(hours=8)))
HERE, THERE = (31.30, 120.63), (31.40, 120.70)
LIMITS = load("four-photos").limits
BOTH = (Party("A", PLATE_A), Party("B", PLATE_B))


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


def with_plate(text: str | None, hours: float = -500, score: float = 0.97) -> PhotoFacts:
    seen, read = [vehicle(View.REAR, LEFT_BOX)], [plate(text, LEFT_BOX, score)]
    return photo("odd", vehicles=seen, plates=read, taken_at=WHEN + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("odd", "parties", "out"),
    [
        (with_plate("沪C99999"), BOTH, True),
        (with_plate("沪C99999", 0.2), BOTH, False),  # a bystander's, in time
        (with_plate(PLATE_A), BOTH, False),  # a wrong clock
        (with_plate(PLATE_A[:-1] + "8"), BOTH, False),  # misread
        (with_plate("沪C99999", score=0.4), BOTH, False),
        (with_plate(None), BOTH, False),
        (with_plate("沪C99999"), BOTH[:1], False),  # it may be the second party's
        (with_plate("沪C99999"), (*BOTH, Party("C")), False),
    ],
)
def test_time_and_plate_have_to_agree(odd: PhotoFacts, parties: tuple[Party, ...], out: bool) -> None:
    photos = (at("a", 0.1, HERE), odd)
    assert strangers_among(photos, Case(None, WHEN, parties), LIMITS) == ((odd,) if out else ())


def test_plates_printed_on_papers_are_known_as_stated_ones_are() -> None:
    odd = with_plate("沪C99999")
    both = [at("a", 0.1, None), *papers(PLATE_A).values(), *papers(PLATE_B).values()]
    assert strangers_among((odd, *both), Case(happened_at=WHEN), LIMITS) == (odd,)
    assert strangers_among((odd, *both[: 1 + len(both) // 2]), Case(happened_at=WHEN), LIMITS) == ()


def test_where_all_are_out_of_time_the_time_of_the_case_is_in_doubt() -> None:
    odd = with_plate("沪C99999")
    case = Case(None, WHEN, BOTH)
    assert strangers_among((odd, at("a", -499, HERE)), case, LIMITS) == ()


def test_metres_of_a_degree() -> None:
    assert metres((0.0, 0.0), (1.0, 0.0)) == pytest.approx(111_195, rel=1e-3)
