"""Standards of evidence: read from TOML, checked in full, refused with file, line and reason."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vision.checks import CHECKS, CHOICES, COMMON_PARAMS, NEEDED_PARAMS, PARAMS
from vision.errors import StandardError
from vision.types import Requirement, Text

FOLDER = Path(__file__).parent / "standards"
LIMITS, WORDS = "limits.toml", "words.toml"
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
Value = float | str | bool | tuple[str, ...]
Path_ = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Standard:
    """What a set of evidence must show: data, never code."""

    name: str
    version: str
    """Of the file, joined with that of the shared limits: ``1.0.0+limits.1.0.0``."""
    title: Text
    accident_types: tuple[str, ...]
    """Types that it serves; empty serves all."""
    requirements: tuple[Requirement, ...]
    limits: Mapping[str, float]
    """The shared limits with those that the file overrides."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Words(_Strict):
    zh: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]


class _Requirement(_Strict):
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    check: str
    title: _Words
    weight: Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)]
    required: bool = True
    scene: bool = False
    retake: _Words | None = None
    params: dict[str, Any] = {}


class _File(_Strict):
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    version: Annotated[str, Field(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")]
    title: _Words
    accident_types: list[str] = []
    limits: dict[str, float] = {}
    requirements: Annotated[list[_Requirement], Field(min_length=1)]


class _Limits(_Strict):
    version: str
    limits: dict[str, float]


def names() -> tuple[str, ...]:
    """Names of the standards that come with the product, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml") if path.name not in (LIMITS, WORDS)))


def load(name_or_path: str | Path) -> Standard:
    """A standard that comes with the product, by name, or any other by its file.

    Raises `StandardError` with file, line and reason where there is no such standard or its file is wrong.
    """
    if isinstance(name_or_path, str) and name_or_path in names():
        return _read(FOLDER / f"{name_or_path}.toml")
    path = Path(name_or_path)
    if not path.is_file():
        raise StandardError(f"{name_or_path}: no such standard or file; there are {', '.join(names())}")
    return _read(path)


@cache
def shared_limits() -> tuple[str, Mapping[str, float]]:
    """Version and values of the limits that hold where a standard says nothing else."""
    text = (FOLDER / LIMITS).read_text(encoding="utf-8")
    file = _Limits.model_validate(tomllib.loads(text))
    return file.version, file.limits


def _read(path: Path) -> Standard:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StandardError(f"{path}: cannot be read: {error}") from error
    try:
        file = _File.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise StandardError(f"{path}: not TOML: {error}") from error  # the message tells line and column
    except ValidationError as error:
        first = error.errors()[0]
        raise _wrong(path, text, first["loc"], first["msg"]) from error
    problem = _problem(file)
    if problem is not None:
        raise _wrong(path, text, *problem)
    version, limits = shared_limits()
    requirements = tuple(_requirement(one) for one in file.requirements)
    return Standard(
        file.name,
        f"{file.version}+limits.{version}",
        Text(file.title.zh, file.title.en),
        tuple(file.accident_types),
        requirements,
        {**limits, **file.limits},
    )


def _requirement(one: _Requirement) -> Requirement:
    retake = None if one.retake is None else Text(one.retake.zh, one.retake.en)
    params: dict[str, Value] = {k: tuple(v) if isinstance(v, list) else v for k, v in one.params.items()}
    title = Text(one.title.zh, one.title.en)
    return Requirement(one.id, one.check, title, one.weight, one.required, one.scene, retake, params)


def _problem(file: _File) -> tuple[Path_, str] | None:
    """The first thing wrong that types cannot tell, as (place, reason)."""
    for i, name in enumerate(file.accident_types):
        if name not in ACCIDENT_TYPES:
            return ("accident_types", i), f"unknown accident type {name!r}; there are {', '.join(ACCIDENT_TYPES)}"
    for key, value in file.limits.items():
        if key not in shared_limits()[1]:
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


def _problem_of(one: _Requirement, ids: list[str]) -> tuple[Path_, str] | None:
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
    for words in (one.retake.zh, one.retake.en) if one.retake is not None else ():
        if set(re.findall(r"{[^}]*}?|}", words)) - {"{party}"}:
            return ("retake",), "only {party} may stand in braces"
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


def _wrong(path: Path, text: str, place: tuple[int | str, ...], reason: str) -> StandardError:
    where = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
    return StandardError(f"{path}:{line_of(text, place)}: {where}: {reason}")


def line_of(text: str, place: tuple[int | str, ...]) -> int:
    """Line (from 1) of a key in a standard's file, or of the nearest table or key above it that is written there."""
    seen: dict[tuple[int | str, ...], int] = {(): 1}
    table: tuple[int | str, ...] = ()
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
