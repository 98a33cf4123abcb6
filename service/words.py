"""Words for people, Chinese and English, of the closed sets in facts and assessments.

Reason codes have their words in `vision.words`; here is what the page and the terminal say of everything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from service.vocabulary import FIELD_WORDS, WORDS
from vision.types import Instruction, Requirement, Text, Verdict
from vision.words import reason_words, standing_title


class Lang(StrEnum):
    ZH = "zh"
    EN = "en"


def say(text: Text, lang: Lang) -> str:
    return text.zh if lang is Lang.ZH else text.en


def word(code: str, lang: Lang) -> str:
    """The word for a code of a closed set; the code itself where there is none (it is never hidden)."""
    found = WORDS.get(code)
    if found is None:
        return code.replace("_", " ") if lang is Lang.EN else code
    return found[0] if lang is Lang.ZH else found[1]


def field_word(key: str, lang: Lang) -> str:
    """The name of a document field as the document prints it, or the key in words."""
    return FIELD_WORDS.get(key, key) if lang is Lang.ZH else key.replace("_", " ")


def number(value: float | str) -> str:
    """A number as people write it: at most two decimals, no trailing zeros; words as they are."""
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


def measure(value: float | str, lang: Lang) -> str:
    """A measured value or a limit: numbers short, codes in words, what was read off a photo as it is."""
    if isinstance(value, str):
        return re.sub(r"[a-z][a-z_]+", lambda code: word(code[0], lang) if code[0] in WORDS else code[0], value)
    return number(value)


def measures(measured: float | str | None, limit: float | str | None, lang: Lang) -> tuple[str | None, str | None]:
    """A measured value and its limit, or null; two numbers that differ are told so that they differ."""
    told = tuple(None if value is None else measure(value, lang) for value in (measured, limit))
    if told[0] == told[1] and isinstance(measured, float | int) and isinstance(limit, float | int):
        return f"{measured:.6g}", f"{limit:.6g}"
    return told[0], told[1]


def road_text(may_clear_road: bool, lang: Lang) -> str:
    if may_clear_road:
        return "现场照片已够，可以挪车让路。" if lang is Lang.ZH else "Scene recorded: you may clear the road now."
    return "现场照片还不够，补拍后再挪车。" if lang is Lang.ZH else "Scene not recorded yet: take the photos first."


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Fail before unsure before pass; nothing that was looked at proves nothing."""
    found = set(verdicts)
    return next(
        (verdict for verdict in (Verdict.FAIL, Verdict.UNSURE, Verdict.PASS) if verdict in found), Verdict.UNSURE
    )


def reason_text(reason: str, lang: Lang) -> str:
    """A reason code in a sentence."""
    found = reason_words(reason)
    return say(found, lang) if found else word(reason, lang)


def title_of(requirement: str, requirements: tuple[Requirement, ...], lang: Lang) -> str:
    """A requirement's title in its standard; of a standing check, which no standard lists, its own words."""
    listed = (one.title for one in requirements if one.id == requirement)
    found = next(listed, None) or standing_title(requirement)
    return say(found, lang) if found else word(requirement, lang)


def step_text(step: Instruction, lang: Lang) -> tuple[str, str]:
    """An instruction's sentence, and the points that it brings (``+18``; empty where it brings none)."""
    return say(step.text, lang), f"+{number(step.gain)}" if step.gain > 0 else ""
