"""Numbers and dates printed on papers: check digits and periods, as pure functions of text.

Texts are those of the field keys: no inner spaces, half-width, dates ``YYYY-MM-DD``, times ``YYYY-MM-DDTHH:MM``
(``T24:00`` is the end of the day), ``valid_to`` ``长期`` for ever. Nothing here raises on a wrong text: the answer
is ``False`` or ``None``.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum

CHINA = timezone(timedelta(hours=8))
"""The one legal time of the country; papers are printed in it."""
FOR_EVER = "长期"

_ID = re.compile(r"[1-9][0-9]{16}[0-9X]")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_VIN = re.compile(r"[0-9A-HJ-NPR-Z]{17}")
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN_VALUES = {
    **{str(digit): digit for digit in range(10)},
    **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
    **dict(zip("JKLMN", range(1, 6), strict=True)),
    "P": 7,
    "R": 9,
    **dict(zip("STUVWXYZ", range(2, 10), strict=True)),
}
_CLASSES = re.compile(r"(?:A[1-3]|B[12]|C[1-6]|[DEFMNP])+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}):([0-9]{2})")


def id_check_character(first_17: str) -> str:
    """Character 18 of an ID number, from its first 17 digits (GB 11643-1999, ISO 7064 MOD 11-2)."""
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, first_17, strict=True))
    return _ID_CHECKS[total % 11]


def id_number_valid(text: str) -> bool:
    """Whether ``text`` is an 18-character ID number: digits, a birth date that exists, the right check character."""
    if _ID.fullmatch(text) is None or id_birth_date(text) is None:
        return False
    return id_check_character(text[:17]) == text[17]


def id_birth_date(text: str) -> date | None:
    """Digits 7-14 of an ID number as a date; ``None`` where they are none (or before 1900)."""
    if len(text) != 18 or not re.fullmatch(r"[0-9]{8}", text[6:14]):
        return None
    born = parse_date(f"{text[6:10]}-{text[10:12]}-{text[12:14]}")
    return born if born is not None and born.year >= 1900 else None


def id_sex(text: str) -> str | None:
    """``男`` where digit 17 is odd, ``女`` where even; ``None`` where there is no such digit."""
    if len(text) != 18 or text[16] not in "0123456789":
        return None
    return "男" if int(text[16]) % 2 else "女"


def vin_well_formed(text: str) -> bool:
    """17 characters, capital letters without I, O, Q, and digits (GB 16735)."""
    return _VIN.fullmatch(text) is not None


def vin_check_character(text: str) -> str | None:
    """What character 9 ought to be (GB 16735, ISO 3779); ``None`` for a malformed VIN."""
    if not vin_well_formed(text):
        return None
    rest = sum(weight * _VIN_VALUES[char] for weight, char in zip(_VIN_WEIGHTS, text, strict=True)) % 11
    return "X" if rest == 10 else str(rest)


def vin_check_ok(text: str) -> bool:
    """Whether character 9 is right. ``False`` is a warning, never a rejection: foreign cars need not have it."""
    return vin_well_formed(text) and vin_check_character(text) == text[8]


def vehicle_class_valid(text: str) -> bool:
    """Whether ``text`` joins classes of 准驾车型 (A1-A3 B1 B2 C1-C6 D E F M N P)."""
    return _CLASSES.fullmatch(text) is not None


def parse_date(text: str) -> date | None:
    """``YYYY-MM-DD`` as a date that exists."""
    if _DATE.fullmatch(text) is None:
        return None
    try:
        return date(int(text[:4]), int(text[5:7]), int(text[8:]))
    except ValueError:
        return None


def parse_moment(text: str) -> datetime | None:
    """``YYYY-MM-DDTHH:MM`` in China's time, aware; ``T24:00`` is midnight at the day's end."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    day, hour, minute = parse_date(found[1]), int(found[2]), int(found[3])
    if day is None or hour > 24 or minute > 59 or (hour == 24 and minute > 0):
        return None
    try:
        return datetime.combine(day, time(), CHINA) + timedelta(hours=hour, minutes=minute)
    except OverflowError:
        return None


def add_years(day: date, years: int) -> date | None:
    """``valid_to`` of a licence valid for N years from ``day``; 29 February ends on the 28th of a common year."""
    year = day.year + years
    if not 1 <= year <= 9999:
        return None
    return day.replace(year=year, day=min(day.day, calendar.monthrange(year, day.month)[1]))


def month_end(year: int, month: int) -> date | None:
    """Last day of a month: until when an inspection ``有效期至YYYY年MM月`` holds."""
    if not (1 <= year <= 9999 and 1 <= month <= 12):
        return None
    return date(year, month, calendar.monthrange(year, month)[1])


class PeriodState(StrEnum):
    """A paper at a moment. ``UNKNOWN``: a bound cannot be read, or lies within the only day that is known."""

    VALID = "valid"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    UNKNOWN = "unknown"


def period_state(valid_from: str | None, valid_to: str | None, when: datetime | date) -> PeriodState:
    """The state at ``when`` of a paper with two printed bounds; days are whole, both bounds included."""
    start = start_of(valid_from) if valid_from is not None else None
    first, last = span_of(when)
    if start is not None and last < start:
        return PeriodState.NOT_YET_VALID
    state = end_state(valid_to, when)
    if state is PeriodState.VALID and (start is None or first < start):
        return PeriodState.UNKNOWN
    return state


def end_state(valid_to: str | None, when: datetime | date) -> PeriodState:
    """The state at ``when`` of a paper of which only the end matters (the inspection of a vehicle)."""
    if valid_to == FOR_EVER:
        return PeriodState.VALID
    end = end_of(valid_to) if valid_to is not None else None
    if end is None:
        return PeriodState.UNKNOWN
    first, last = span_of(when)
    if first >= end:
        return PeriodState.EXPIRED
    return PeriodState.VALID if last < end else PeriodState.UNKNOWN


def start_of(text: str) -> datetime | None:
    """First moment of a period that begins on the printed day or time."""
    day = parse_date(text)
    return datetime.combine(day, time(), CHINA) if day is not None else parse_moment(text)


def end_of(text: str) -> datetime | None:
    """First moment after a period that ends on the printed day (included) or at the printed time."""
    day = parse_date(text)
    if day is None:
        return parse_moment(text)
    return None if day == date.max else datetime.combine(day + timedelta(days=1), time(), CHINA)


def day_of(moment: datetime) -> date:
    """The day in China; naive is China's time."""
    return moment.date() if moment.tzinfo is None else moment.astimezone(CHINA).date()


def span_of(when: datetime | date) -> tuple[datetime, datetime]:
    """First and last moment that ``when`` may mean, aware: itself, or the whole day. Naive is China's time."""
    if isinstance(when, datetime):
        aware = when.replace(tzinfo=CHINA) if when.tzinfo is None else when
        return aware, aware
    return datetime.combine(when, time(), CHINA), datetime.combine(when, time(23, 59, 59, 999999), CHINA)
