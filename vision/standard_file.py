"""The file of a standard: its shape, what may be wrong with it, and on which line that is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from vision.checks import CHECKS, CHOICES, COMMON_PARAMS, NEEDED_PARAMS, PARAMS

ACCIDENT_TYPES = (
    "rear_end",
    "lane_change",
    "intersection",
    "wrong_way",
    "reversing",
    "dooring",
    "single_vehicle",
    "other",
)
Place = tuple[str | int, ...]
"""Keys and indices down to an entry of the file."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Words(_Strict):
    zh: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]


class RequirementEntry(_Strict):
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    check: str
    title: _Words
    weight: Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)]
    required: bool = True
    scene: bool = False
    retake: _Words | None = None
    params: dict[str, Any] = {}


class StandardFile(_Strict):
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    version: Annotated[str, Field(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")]
    title: _Words
    accident_types: list[str] = []
    limits: dict[str, float] = {}
    requirements: Annotated[list[RequirementEntry], Field(min_length=1)]


class LimitsFile(_Strict):
    version: str
    limits: dict[str, float]


def problem_in(file: StandardFile, limits: Mapping[str, float]) -> tuple[Place, str] | None:
    """The first thing wrong that types cannot tell, as (place, reason)."""
    for i, name in enumerate(file.accident_types):
        if name not in ACCIDENT_TYPES:
            return ("accident_types", i), f"unknown accident type {name!r}; there are {', '.join(ACCIDENT_TYPES)}"
    for key, value in file.limits.items():
        if key not in limits:
            return ("limits", key), f"unknown limit {key!r}"
        if not 0 <= value < float("inf"):
            return ("limits", key), "must be 0 or more"
        if key == "parties" and (value < 1 or value != int(value)):
            return ("limits", key), "must be a whole number of at least 1"
    ids = [one.id for one in file.requirements]
    for i, one in enumerate(file.requirements):
        if one.id in ids[:i]:
            return ("requirements", i, "id"), f"requirement {one.id!r} is there twice"
        wrong = _problem_of(one, ids)
        if wrong is not None:
            return ("requirements", i, *wrong[0]), wrong[1]
    return None


def _problem_of(one: RequirementEntry, ids: list[str]) -> tuple[Place, str] | None:
    if one.check not in {check.__name__ for check in CHECKS}:
        return ("check",), f"unknown check {one.check!r}; there are {', '.join(check.__name__ for check in CHECKS)}"
    allowed = {**COMMON_PARAMS, **PARAMS.get(one.check, {})}
    for key, value in one.params.items():
        if key not in allowed:
            return ("params", key), f"{one.check} knows no parameter {key!r}; it knows {', '.join(sorted(allowed))}"
        reason = _wrong_value(key, value, allowed[key])
        if reason is not None:
            return ("params", key), reason
    for key in NEEDED_PARAMS.get(one.check, ()):
        if key not in one.params:
            return ("params",), f"{one.check} needs the parameter {key!r}"
    for other in one.params.get("cured_by", ()):
        if other not in ids or other == one.id:
            return ("params", "cured_by"), f"{other!r} is no other requirement of this standard"
    for lang, words in one.retake.model_dump().items() if one.retake is not None else ():
        if set(re.findall(r"{[^}]*}?|}", words)) - {"{party}"}:
            return ("retake", lang), "only {party} may stand in braces"
    return None


def _wrong_value(key: str, value: object, kind: type) -> str | None:
    if kind is tuple:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            return "must be a list of texts"
    elif kind is float:
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 1:
            return "must be a number of at least 1"
    elif not isinstance(value, kind):
        return f"must be of type {kind.__name__}"
    words: list[str] = [str(item) for item in value] if isinstance(value, list) else [str(value)]
    unknown = [word for word in words if key in CHOICES and word not in CHOICES[key]]
    return f"{unknown[0]!r} is none of {', '.join(CHOICES[key])}" if unknown else None


def line_of(text: str, place: Place) -> int:
    """Line (from 1) of a key in a standard's file, or of the nearest table or key above it that is written there."""
    seen: dict[Place, int] = {(): 1}
    table: Place = ()
    count = -1
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*(\[\[?)\s*([A-Za-z0-9_.\-]+)\s*\]", line)
        key = re.match(r"\s*[\"']?([A-Za-z0-9_.\-]+)[\"']?\s*=", line)
        if header is not None:
            parts: list[int | str] = list(header[2].split("."))
            count += header[1] == "[["
            table = (parts[0], max(count, 0), *parts[1:]) if parts[0] == "requirements" else tuple(parts)
            seen.setdefault(table, number)
        elif key is not None:
            seen.setdefault((*table, *key[1].split(".")), number)
    while place not in seen:
        place = place[:-1]
    return seen[place]
