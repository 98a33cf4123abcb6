"""Dates, times and periods as papers print them, to canonical form. Pure functions of text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import TypeAlias

from vision import identifiers
from vision.documents.confusions import UNREAD, Read, digits_of
from vision.types import Validation

_GAP = r"[^\d至起止]"
_DATE = re.compile(
    rf"(\d{{4}}){_GAP}{{0,3}}(\d{{2}}){_GAP}{{0,2}}(?!(?:19|20)\d\d\D)(\d{{2}})"
    r"|(\d{4})[年./-](\d{1,2})[月./-](\d{2}|\d(?=日)|(?<=\D\d[月./-])\d)"
)
"""No word that parts a period stands inside a date, nor is a day the begin of the next year. A day of one digit has its
日 behind it or a month of one digit before it: else its second digit is hidden."""
_MOMENT = re.compile(
    r"((?:19|20)\d\d)[年./-]?(\d{2}|\d(?=[月./-]))[月./-]?(\d{2}|\d(?=日))"
    r"(?:日?\s?(\d{2}|0(?=[时:]))(?:时|:(?=\d\d)|$)(?:(\d{2})(?!\d))?|(?!日?\s?\d{1,3}(?!\d)))"
)
"""An hour has two digits or is 0; where other digits follow the day, an hour is printed that was not read."""
_YEARS = re.compile(r"(?<!\d)(6|10)年\D*$")
"""Licences are valid for 6 years, for 10, or for ever."""
Times: TypeAlias = Callable[[str], list[str]]
"""Dates or moments of a text, in their order, canonical."""


def dates_in(raw: str) -> list[date]:
    """All dates of a text that exist, in their order."""
    found = []
    for match in _DATE.finditer(_digits_around(raw)):
        year, month, day = (int(part) for part in (match.groups()[:3] if match[1] else match.groups()[3:]))
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return [day for day in found if 1900 <= day.year <= 2100]


def _digits_around(raw: str) -> str:
    """Latin signs that stand among digits made digits; words are left alone."""
    return re.sub(r"[0-9OoQDIl|ZSB./:年月日时分-]{6,}", lambda match: digits_of(match[0]), raw)


def date_value(raw: str) -> Read:
    days = dates_in(raw)
    return (days[0].isoformat(), Validation.GRAMMAR) if len(days) == 1 else UNREAD


def period(raw: str) -> tuple[Read, Read]:
    """(valid_from, valid_to) of a licence: from - to, from - 长期, or a number of years after its start.

    A number of years without a start gives ``N年`` as valid_to: the start is another field. A bound that is hidden or
    misread is unread; the other one never stands in for it.
    """
    if "长期" in raw:
        return _only(_days(raw.partition("至")[0])), (identifiers.FOR_EVER, Validation.GRAMMAR)
    years = None if "至" in raw else _YEARS.search(raw)
    if years is None:
        return _bounds(raw, _days, _days)
    days = dates_in(raw)
    if not days:
        return UNREAD, (f"{years[1]}年", Validation.GRAMMAR)
    end = identifiers.add_years(days[0], int(years[1])) if len(days) == 1 else None
    return _only(_days(raw)), ((end.isoformat(), Validation.GRAMMAR) if end else UNREAD)


def policy_period(raw: str) -> tuple[Read, Read]:
    """(valid_from, valid_to) of a policy; an hour that is not printed is 0 at the start, 24 at the end."""
    return _bounds(raw, moments, partial(moments, hour=24))


def _bounds(raw: str, starts: Times, ends: Times) -> tuple[Read, Read]:
    """Start and end, each from its own side of 至.

    Where that was not read, 起 stands behind the start, 止 behind the end, and two in their order are both; of one
    alone nobody can tell which it is.
    """
    for sign in "至起":
        before, found, behind = raw.partition(sign)
        if found:
            return _only(starts(before)), _only(ends(behind.partition("止")[0]))
    first, last = starts(raw), ends(raw)
    if len(first) == 2 and first[0] < first[1]:
        return (first[0], Validation.GRAMMAR), (last[1], Validation.GRAMMAR)
    return UNREAD, _only(last) if raw.endswith("止") else UNREAD


def _only(texts: Sequence[str]) -> Read:
    return (texts[0], Validation.GRAMMAR) if len(texts) == 1 else UNREAD


def _days(raw: str) -> list[str]:
    return [day.isoformat() for day in dates_in(raw)]


def moments(raw: str, hour: int = 0) -> list[str]:
    """Times ``YYYY-MM-DDTHH:MM`` of a text that exist; ``hour`` where none is printed."""
    found: list[str] = []
    for year, month, day, printed, minute in _MOMENT.findall(_digits_around(raw)):
        text = f"{year}-{month:>02}-{day:>02}T{printed or hour:>02}:{minute or '00'}"
        if identifiers.parse_moment(text) is not None:
            found.append(text)
    return found


def timestamp(raw: str) -> Read:
    """``2026-05-01 08:21:12`` of an app's screen."""
    match = re.search(r"(?<!\d)(\d{4})-?(\d{2})-?(\d{2})\D{0,2}(\d{2}):?(\d{2}):?(\d{2})(?!\d)", raw)
    if match is None:
        return UNREAD
    text = "{}-{}-{}T{}:{}:{}".format(*match.groups())
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return UNREAD
    return text, Validation.GRAMMAR


def inspection(raw: str) -> Read:
    """Last day of the latest month named; an app prints the day."""
    months = re.findall(r"(\d{4})[年-](\d{2}|\d(?=月))", raw)
    ends = [end for year, month in months if (end := identifiers.month_end(int(year), int(month)))]
    return (max(ends).isoformat(), Validation.GRAMMAR) if ends else UNREAD
