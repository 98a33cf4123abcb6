"""Dates, times and periods as papers print them, to canonical form. Pure functions of text."""

from __future__ import annotations

import re
from datetime import date

from vision import identifiers
from vision.documents.confusions import UNREAD, Read, digits_of
from vision.types import Validation

_DATE = re.compile(r"(\d{4})\D{0,3}(\d{2})\D{0,2}(\d{2})|(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})")
_MOMENT = re.compile(r"(\d{4})年?-?(\d{1,2})月?-?(\d{1,2})日?(?:([0-2]?\d)[时:](?:([0-5]\d)分)?)?")


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
    return re.sub(r"[0-9OoQDIl|ZSB./年月日-]{6,}", lambda match: digits_of(match[0]), raw)


def date_value(raw: str) -> Read:
    days = dates_in(raw)
    return (days[0].isoformat(), Validation.GRAMMAR) if len(days) == 1 else UNREAD


def period(raw: str) -> tuple[Read, Read]:
    """(valid_from, valid_to) of a licence: from - to, from - 长期, or a number of years after its start.

    A number of years without a start gives ``N年`` as valid_to: the start is another field.
    """
    days = dates_in(raw)
    start: Read = (days[0].isoformat(), Validation.GRAMMAR) if days else UNREAD
    if "长期" in raw:
        return start, (identifiers.FOR_EVER, Validation.GRAMMAR)
    if len(days) >= 2:
        return start, (days[1].isoformat(), Validation.GRAMMAR)
    years = re.search(r"(?<!\d)(\d{1,2})年(?!\d)", raw)
    if years is None:
        return start, UNREAD
    if not days:
        return UNREAD, (f"{int(years[1])}年", Validation.GRAMMAR)
    end = identifiers.add_years(days[0], int(years[1]))
    return start, ((end.isoformat(), Validation.GRAMMAR) if end else UNREAD)


def moments(raw: str) -> list[str]:
    """Times ``YYYY-MM-DDTHH:MM`` in a policy's period; an hour that is not printed is 0, at the end 24."""
    found: list[str] = []
    for match in _MOMENT.finditer(raw):
        year, month, day = match[1], int(match[2]), int(match[3])
        hour = int(match[4]) if match[4] else (24 if found else 0)
        text = f"{year}-{month:02d}-{day:02d}T{hour:02d}:{int(match[5] or 0):02d}"
        if identifiers.parse_moment(text) is not None:
            found.append(text)
    return found


def policy_period(raw: str) -> tuple[Read, Read]:
    found = moments(raw)
    reads: list[Read] = [(text, Validation.GRAMMAR) for text in found[:2]]
    reads += [UNREAD] * (2 - len(reads))
    return reads[0], reads[1]


def timestamp(raw: str) -> Read:
    """``2026-05-01 08:21:12`` of an app's screen."""
    match = re.search(r"(\d{4})-?(\d{2})-?(\d{2})\D{0,2}(\d{2}):?(\d{2}):?(\d{2})", raw)
    if match is None:
        return UNREAD
    return f"{match[1]}-{match[2]}-{match[3]}T{match[4]}:{match[5]}:{match[6]}", Validation.GRAMMAR


def inspection(raw: str) -> Read:
    """Last day of the latest month named; an app prints the day."""
    months = re.findall(r"(\d{4})[年-](\d{1,2})", raw)
    ends = [end for year, month in months if (end := identifiers.month_end(int(year), int(month)))]
    return (max(ends).isoformat(), Validation.GRAMMAR) if ends else UNREAD
