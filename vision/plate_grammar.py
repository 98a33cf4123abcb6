"""What a Chinese plate's text may be, kind by kind (GA 36-2018, from secondary sources).

Texts are normalised: no middle dot, no spaces, half-width, upper case (`normalise`). A text may be valid for several
kinds: blue, yellow and motorcycle plates share one pattern, only colour and shape tell them apart.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from vision.types import PlateKind

PROVINCES: Final = "京沪津渝冀晋蒙辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川贵云藏陕甘青宁新"
LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No I and no O: they are taken for 1 and 0."""
DIGITS: Final = "0123456789"
SUFFIXES: Final = "学警挂领使港澳民航临"
OLD_OFFICE: Final = "O"
"""Issuing office of the old 粤O plates; nowhere else on a plate."""
ALPHABET: Final = PROVINCES + LETTERS + OLD_OFFICE + DIGITS + SUFFIXES
"""Every character that a valid text can hold."""
MAX_LENGTH: Final = 9

_OFFICE: Final = f"(?:[{PROVINCES}][{LETTERS}]|粤O)"
_SERIAL: Final = f"[{LETTERS}{DIGITS}]"
_FUEL: Final = "[DABCEFGHJK]"
"""New-energy letter: D A B C E electric, F G H J K not purely electric."""

_ORDINARY: Final = f"{_OFFICE}{_SERIAL}{{5}}"
_PATTERNS: Final[tuple[tuple[PlateKind, str], ...]] = (
    (PlateKind.BLUE, _ORDINARY),
    (PlateKind.YELLOW_SINGLE, _ORDINARY),
    (PlateKind.YELLOW_DOUBLE, _ORDINARY),
    (PlateKind.MOTORCYCLE, _ORDINARY),
    (PlateKind.GREEN_SMALL, f"{_OFFICE}{_FUEL}{_SERIAL}[0-9]{{4}}"),
    (PlateKind.GREEN_LARGE, f"{_OFFICE}[0-9]{{5}}{_FUEL}"),
    (PlateKind.WHITE_POLICE, f"{_OFFICE}{_SERIAL}{{4}}警"),
    # Since 2012 WJ, the province (none: headquarters), four digits and a digit or a branch letter; before that WJ and
    # seven digits.
    (
        PlateKind.WHITE_ARMED_POLICE,
        f"WJ(?:[{PROVINCES}]?[0-9]{{4}}[0-9BDHJSTX]|[0-9]{{7}})",
    ),
    (PlateKind.WHITE_ARMY, f"[{LETTERS}]{{2}}[0-9]{{5}}"),
    (PlateKind.BLACK_CONSULATE, f"{_OFFICE}{_SERIAL}{{4}}领"),
    (PlateKind.BLACK_EMBASSY, "使[0-9]{6}"),
    (PlateKind.BLACK_HK_MACAU, f"粤Z{_SERIAL}{{4}}[港澳]"),
    (PlateKind.COACH, f"{_OFFICE}{_SERIAL}{{4}}学"),
    (PlateKind.TRAILER, f"{_OFFICE}{_SERIAL}{{4}}挂"),
    (PlateKind.CIVIL_AVIATION, f"民航[{LETTERS}]{_SERIAL}{{4}}"),
    (PlateKind.TEMPORARY, f"{_OFFICE}{_SERIAL}{{4,5}}临"),
)
_COMPILED: Final = tuple((kind, re.compile(pattern)) for kind, pattern in _PATTERNS)
_IGNORED: Final = re.compile(r"[\s·•‧∙⋅・.\-_]+")


def normalise(text: str) -> str:
    """``text`` half-width (NFKC), upper case, without spaces, middle dots, points and hyphens."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text)).upper()


def valid(text: str, kind: PlateKind) -> bool:
    """Whether the normalised ``text`` can stand on a plate of ``kind``. ``other`` has no grammar: never valid."""
    return any(k is kind and pattern.fullmatch(text) is not None for k, pattern in _COMPILED)


def kinds_for(text: str) -> tuple[PlateKind, ...]:
    """All kinds that the normalised ``text`` is valid for, in the order of `PlateKind`; empty when there is none."""
    return tuple(kind for kind in PlateKind if valid(text, kind))


def warnings(text: str) -> tuple[str, ...]:
    """Reason codes for what is valid but rare: ``old_office_o`` for the old 粤O plates."""
    return ("old_office_o",) if text.startswith("粤O") and kinds_for(text) else ()
