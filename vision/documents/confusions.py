"""Signs that readers confuse, and the trimming of what a form prints around a value."""

from __future__ import annotations

from typing import TypeAlias

from vision.types import Validation

Read: TypeAlias = tuple[str | None, Validation]
UNREAD: Read = (None, Validation.NONE)

_TO_DIGIT = str.maketrans("OoQDIlJ|!ZzSsBGb", "0000111112255866")
TRADITIONAL = str.maketrans("粵蘇魯貴雲遼陝滬閩贛晉瓊寧冀黒", "粤苏鲁贵云辽陕沪闽赣晋琼宁冀黑")
"""Readers mix printed forms of provinces with the traditional ones, which no plate bears."""
VARIANTS = str.maketrans("別號車國華陳張東廣營運豐達駕駛證", "别号车国华陈张东广营运丰达驾驶证")
"""Traditional forms that the reader's alphabet mixes with the simplified ones of all mainland papers."""
_EDGE = "-_.,:;·•…'\"`~|*()[]<>《》、，"


def trimmed(raw: str) -> str:
    """Without the dashes and points of a form's dotted lines at both ends."""
    return raw.strip(_EDGE + " ")


def digits_of(raw: str) -> str:
    """Signs that look like digits made digits; everything else kept."""
    return raw.translate(_TO_DIGIT)
