"""Random plate texts, kind by kind, valid under `vision.plate_grammar`."""

from __future__ import annotations

from typing import Final

import numpy as np

from vision.plate_grammar import DIGITS, LETTERS, PROVINCES
from vision.types import PlateKind

KIND_SHARES: Final[tuple[tuple[PlateKind, float], ...]] = (
    (PlateKind.BLUE, 0.20),
    (PlateKind.YELLOW_SINGLE, 0.07),
    (PlateKind.YELLOW_DOUBLE, 0.11),
    (PlateKind.GREEN_SMALL, 0.11),
    (PlateKind.GREEN_LARGE, 0.06),
    (PlateKind.WHITE_POLICE, 0.04),
    (PlateKind.WHITE_ARMED_POLICE, 0.09),
    (PlateKind.WHITE_ARMY, 0.05),
    (PlateKind.BLACK_CONSULATE, 0.03),
    (PlateKind.BLACK_EMBASSY, 0.03),
    (PlateKind.BLACK_HK_MACAU, 0.02),
    (PlateKind.COACH, 0.03),
    (PlateKind.TRAILER, 0.05),
    (PlateKind.CIVIL_AVIATION, 0.02),
    (PlateKind.TEMPORARY, 0.04),
    (PlateKind.MOTORCYCLE, 0.05),
)
"""How often each kind is drawn for training."""


def random_kind(rng: np.random.Generator) -> PlateKind:
    kinds, shares = zip(*KIND_SHARES, strict=True)
    return PlateKind(kinds[rng.choice(len(kinds), p=np.array(shares) / sum(shares))])


def _pick(rng: np.random.Generator, chars: str, count: int = 1) -> str:
    return "".join(chars[i] for i in rng.integers(len(chars), size=count))


def _serial(rng: np.random.Generator, length: int) -> str:
    """Mostly digits with up to three letters, as issued."""
    chars = list(_pick(rng, DIGITS, length))
    for place in rng.permutation(length)[: rng.choice(4, p=[0.25, 0.35, 0.3, 0.1])]:
        chars[place] = _pick(rng, LETTERS)
    return "".join(chars)


def random_text(kind: PlateKind, rng: np.random.Generator) -> str:
    """A text that is valid for ``kind``; ValueError for ``other``, which has no grammar."""
    office = _pick(rng, PROVINCES) + _pick(rng, LETTERS)
    match kind:
        case PlateKind.BLUE | PlateKind.YELLOW_SINGLE | PlateKind.YELLOW_DOUBLE | PlateKind.MOTORCYCLE:
            return ("粤O" if rng.random() < 0.01 else office) + _serial(rng, 5)
        case PlateKind.GREEN_SMALL:
            return office + _pick(rng, "DDDFFABCEGHJK") + _pick(rng, DIGITS * 2 + LETTERS) + _pick(rng, DIGITS, 4)
        case PlateKind.GREEN_LARGE:
            return office + _pick(rng, DIGITS, 5) + _pick(rng, "DDDFFABCEGHJK")
        case PlateKind.WHITE_POLICE:
            return office + _serial(rng, 4) + "警"
        case PlateKind.WHITE_ARMED_POLICE:
            if rng.random() < 0.4:
                return "WJ" + _pick(rng, DIGITS, 7)
            province = _pick(rng, PROVINCES) if rng.random() < 0.85 else ""
            return "WJ" + province + _pick(rng, DIGITS, 4) + _pick(rng, DIGITS + "BDHJSTX")
        case PlateKind.WHITE_ARMY:
            return _pick(rng, LETTERS, 2) + _pick(rng, DIGITS, 5)
        case PlateKind.BLACK_CONSULATE:
            return office + _pick(rng, DIGITS, 4) + "领"
        case PlateKind.BLACK_EMBASSY:
            return "使" + _pick(rng, DIGITS, 6)
        case PlateKind.BLACK_HK_MACAU:
            return "粤Z" + _serial(rng, 4) + _pick(rng, "港澳")
        case PlateKind.COACH:
            return office + _serial(rng, 4) + "学"
        case PlateKind.TRAILER:
            return office + _serial(rng, 4) + "挂"
        case PlateKind.CIVIL_AVIATION:
            return "民航" + _pick(rng, LETTERS) + _pick(rng, DIGITS, 4)
        case PlateKind.TEMPORARY:
            return office + _serial(rng, int(rng.integers(4, 6))) + "临"
        case PlateKind.OTHER:
            raise ValueError("other has no grammar")
