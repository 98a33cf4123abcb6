"""Sums of money as policies print them: in figures, and in capital numerals that must say the same."""

from __future__ import annotations

import re

from vision.documents.confusions import UNREAD, Read
from vision.types import Validation

_CAPITALS = "零壹贰叁肆伍陆柒捌玖"


def money(raw: str) -> Read:
    """The amount in figures with two decimals; where the words before it can be read, both must say the same."""
    match = re.search(r"(?<![\d.,·])(\d[\d,]*[.·]\d{2})(?!\d|[.,·]\d)", raw)
    if match is None:
        return UNREAD
    text = match[1].replace(",", "").replace("·", ".")
    words = in_figures(raw)
    if words is None or words == float(text):
        return text, Validation.GRAMMAR if words is None else Validation.AGREES_WITH
    return UNREAD


def in_figures(raw: str) -> float | None:
    """Yuan written in capital numerals (玖佰伍拾元整), None where they are not all legible."""
    match = re.search(r"([\u4e00-\u9fff]+)元(整|[零壹贰叁肆伍陆柒捌玖角分]+)", raw)
    if match is None or set(match[1]) - set(_CAPITALS + "拾佰仟万"):
        return None
    total, digit = 0.0, 0
    for sign in match[1]:
        if sign in _CAPITALS:
            digit = _CAPITALS.index(sign)
        else:
            total += max(digit, 1) * {"拾": 10, "佰": 100, "仟": 1000, "万": 10000}[sign]
            digit = 0
    total += digit
    for value, unit in re.findall("([零壹贰叁肆伍陆柒捌玖])([角分])", match[2]):
        total += _CAPITALS.index(value) * (0.1 if unit == "角" else 0.01)
    return round(total, 2)
