"""What a role without `personal_read` sees of a plate, a name, a number, a place.

Enough to tell two parties of one case apart, not enough to find a person. What has not the form that its kind
should have is hidden whole.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import assert_never

from vision import identifiers, plate_grammar

HIDDEN = "***"
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,59}", re.ASCII)
_SIDE = re.compile(r"[甲乙丙丁戊己庚辛壬癸]方?")
_PLATE = re.compile(rf"[{plate_grammar.PROVINCES}][A-Z][A-Z0-9]{{4}}[A-Z0-9{plate_grammar.SUFFIXES}]|使[0-9]{{6}}")
_LONG = re.compile(r"(?<![0-9])[0-9]{17}[0-9X](?![0-9])")


class Personal(StrEnum):
    PLATE = "plate"
    NAME = "name"
    NUMBER = "number"
    """Of a licence, an identity card, a policy, a vehicle, an engine, a telephone."""
    PLACE = "place"
    TEXT = "text"


def mask(text: str, kind: Personal) -> str:
    """``text`` masked: 苏E·**2F6, 王**, **************002X; places and other texts are hidden whole."""
    match kind:
        case Personal.PLATE:
            return _plate(plate_grammar.normalise(text))
        case Personal.NAME:
            return _name("".join(unicodedata.normalize("NFKC", text).split()))
        case Personal.NUMBER:
            return _number("".join(unicodedata.normalize("NFKC", text).split()))
        case Personal.PLACE | Personal.TEXT:
            return HIDDEN
    assert_never(kind)


def mask_gps(latitude: float, longitude: float) -> tuple[float, float]:
    """Rounded to a tenth of a degree, about 11 km: the city, not the street."""
    return round(latitude, 1), round(longitude, 1)


def looks_personal(text: str) -> bool:
    """Whether a plate or an identity number stands in ``text``: it must not be part of an address or a log."""
    wide, folded = unicodedata.normalize("NFKC", text).upper(), plate_grammar.normalise(text)
    numbers = (*_LONG.findall(wide), *_LONG.findall(folded))  # alone, and written in groups
    return _PLATE.search(folded) is not None or any(map(identifiers.id_number_valid, numbers))


def is_code(text: str) -> bool:
    """Whether ``text`` is a word that programs or forms use, such as ``A``, ``front_left`` or 甲方, and no person's."""
    return (_CODE.fullmatch(text) or _SIDE.fullmatch(text)) is not None and not looks_personal(text)


def code_or_hidden(text: str) -> str:
    """``text`` where `is_code`, else hidden whole."""
    return text if is_code(text) else HIDDEN


def _plate(plate: str) -> str:
    """Office and the last three characters of an ordinary or new-energy plate."""
    if re.fullmatch(rf"[{plate_grammar.PROVINCES}][A-Z].{{5,6}}", plate) is None:
        return HIDDEN
    return f"{plate[:2]}·{'*' * (len(plate) - 5)}{plate[-3:]}"


def _name(name: str) -> str:
    """The first character of a name of two to four Chinese characters; of a longer one too, length not told."""
    return f"{name[0]}**" if len(name) >= 2 and "\u4e00" <= name[0] <= "\u9fff" else HIDDEN


def _number(number: str) -> str:
    """The last four of eight or more."""
    return "*" * (len(number) - 4) + number[-4:] if len(number) >= 8 else HIDDEN
