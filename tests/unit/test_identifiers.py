"""Check digits and periods."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.identifiers import (
    CHINA,
    PeriodState,
    add_years,
    day_of,
    end_state,
    id_birth_date,
    id_check_character,
    id_number_valid,
    id_sex,
    month_end,
    parse_date,
    parse_moment,
    period_state,
    vehicle_class_valid,
    vin_check_character,
    vin_check_ok,
    vin_well_formed,
)

births = st.dates(date(1900, 1, 1), date(2026, 12, 31))


@st.composite
def id_numbers(draw: st.DrawFn) -> str:
    region = draw(st.integers(110000, 659999))
    first_17 = f"{region}{draw(births):%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return first_17 + id_check_character(first_17)


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("11010519491231002X", True),  # the example in GB 11643-1999 itself
        ("440524188001010014", False),  # the standard's other example: right digit, born before 1900
        ("11010519491231002x", False),
        ("110105194912310021", False),
        ("110105194913310020", False),
        ("11010519491231002", False),
        ("01010519491231002X", False),
        ("", False),
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", False),
    ],
)
def test_id_number(text: str, valid: bool) -> None:
    assert id_number_valid(text) is valid


def test_check_character_of_the_standards_other_example() -> None:
    assert id_check_character("44052418800101001") == "4"


@given(id_numbers())
def test_drawn_id_numbers_are_valid_and_tell_birth_and_sex(text: str) -> None:
    assert id_number_valid(text)
    assert f"{id_birth_date(text):%Y%m%d}" == text[6:14]
    assert id_sex(text) == ("男" if int(text[16]) % 2 else "女")


@given(id_numbers(), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_never_passes(text: str, place: int, shift: int) -> None:
    wrong = str((int(text[place]) + shift) % 10)
    assert not id_number_valid(text[:place] + wrong + text[place + 1 :])


@given(id_numbers(), st.integers(0, 15))
def test_swapped_neighbours_never_pass(text: str, place: int) -> None:
    swapped = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    assert swapped == text or not id_number_valid(swapped)


@given(st.text(max_size=20))
def test_any_text_is_answered(text: str) -> None:
    assert id_number_valid(text) in (True, False)
    assert vin_check_ok(text) in (True, False)
    assert parse_date(text) is None or text == parse_date(text).isoformat()  # type: ignore[union-attr]
    assert id_sex(text) in (None, "男", "女")


@pytest.mark.parametrize(
    ("text", "formed", "ok"),
    [
        ("1M8GDM9AXKP042788", True, True),  # the worked example of the check digit in common use
        ("11111111111111111", True, True),
        ("1M8GDM9A1KP042788", True, False),
        ("1M8GDM9AXKP04278", False, False),
        ("1M8GDM9AXKPO42788", False, False),
        ("1m8gdm9axkp042788", False, False),
        ("", False, False),
    ],
)
def test_vin(text: str, formed: bool, ok: bool) -> None:
    assert (vin_well_formed(text), vin_check_ok(text)) == (formed, ok)
    assert (vin_check_character(text) is None) is not formed


@given(st.text("0123456789ABCDEFGHJKLMNPRSTUVWXYZ", min_size=17, max_size=17), st.sampled_from("IOQ"))
def test_vin_with_its_check_character_passes_and_forbidden_letters_never(text: str, letter: str) -> None:
    check = vin_check_character(text)
    assert check is not None
    assert vin_check_ok(text[:8] + check + text[9:])
    assert not vin_well_formed(letter + text[1:])


@pytest.mark.parametrize(("text", "valid"), [("C1", True), ("A2E", True), ("B1B2", True), ("C7", False), ("", False)])
def test_vehicle_class(text: str, valid: bool) -> None:
    assert vehicle_class_valid(text) is valid


@pytest.mark.parametrize("text", ["2026-02-29", "2026-13-01", "2026-1-1", "长期", "", "2026-01-01T25:00"])
def test_no_such_day(text: str) -> None:
    assert parse_date(text) is None
    assert parse_moment(text) is None


def test_midnight_at_the_days_end_is_the_next_day() -> None:
    assert parse_moment("2026-12-31T24:00") == parse_moment("2027-01-01T00:00")
    assert parse_moment("2026-12-31T24:01") is None
    assert parse_moment("9999-12-31T24:00") is None


def test_years_and_months() -> None:
    assert add_years(date(2020, 2, 29), 6) == date(2026, 2, 28)
    assert add_years(date(9999, 1, 1), 1) is None
    assert month_end(2024, 2) == date(2024, 2, 29)
    assert month_end(2024, 13) is None


NOON = datetime(2026, 5, 1, 4, tzinfo=UTC)  # 12:00 in China


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "when", "state"),
    [
        ("2020-05-01", "2026-05-01", NOON, PeriodState.VALID),  # the last day counts
        ("2020-05-01", "2026-04-30", NOON, PeriodState.EXPIRED),
        ("2026-05-01", "长期", NOON, PeriodState.VALID),
        ("2026-05-02", "长期", NOON, PeriodState.NOT_YET_VALID),
        ("2026-05-01T11:59", "2027-05-01T24:00", NOON, PeriodState.VALID),
        ("2026-05-01T12:01", "2027-05-01T24:00", NOON, PeriodState.NOT_YET_VALID),  # bought after the crash
        ("2026-05-01T12:01", "2027-05-01T24:00", date(2026, 5, 1), PeriodState.UNKNOWN),
        ("2025-05-01T00:00", "2026-05-01T11:00", date(2026, 5, 1), PeriodState.UNKNOWN),
        ("2025-05-01T00:00", "2026-04-30T24:00", date(2026, 5, 1), PeriodState.EXPIRED),
        (None, "2026-05-01", NOON, PeriodState.UNKNOWN),
        (None, "2026-04-01", NOON, PeriodState.EXPIRED),
        ("2026-05-01", None, NOON, PeriodState.UNKNOWN),
        ("2026-06-01", None, NOON, PeriodState.NOT_YET_VALID),
        ("2026-05-01", "soon", NOON, PeriodState.UNKNOWN),
        ("2020-05-01", "2026-05-01", datetime(2026, 5, 1, 23, 59), PeriodState.VALID),
        ("2020-05-01", "2026-05-01", datetime(2026, 5, 1, 15, 59, tzinfo=UTC), PeriodState.VALID),
        ("2020-05-01", "2026-05-01", datetime(2026, 5, 1, 16, 0, tzinfo=UTC), PeriodState.EXPIRED),
    ],
)
def test_period(valid_from: str | None, valid_to: str | None, when: datetime | date, state: PeriodState) -> None:
    assert period_state(valid_from, valid_to, when) is state


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 4000), st.integers(0, 4000))
def test_every_day_within_both_bounds_is_valid(start: date, length: int, after: int) -> None:
    end, when = start + timedelta(days=length), start + timedelta(days=after)
    expected = PeriodState.VALID if after <= length else PeriodState.EXPIRED
    assert period_state(start.isoformat(), end.isoformat(), when) is expected
    assert end_state(end.isoformat(), when) is expected


def test_a_moments_day_is_chinas() -> None:
    moment = datetime(2025, 9, 28, 17, 0, tzinfo=UTC)
    assert day_of(moment) == day_of(moment.astimezone(CHINA)) == date(2025, 9, 29)
    assert day_of(datetime(2025, 9, 28, 23, 0)) == date(2025, 9, 28)
