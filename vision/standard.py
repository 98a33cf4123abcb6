"""Standards of evidence: read from TOML, checked in full, refused with file, line and reason."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from vision.errors import StandardError
from vision.standard_file import LimitsFile, RequirementEntry, StandardFile, line_of, problem_in
from vision.types import Requirement, Text

FOLDER = Path(__file__).parent / "standards"
LIMITS, WORDS = "limits.toml", "words.toml"
Value = float | str | bool | tuple[str, ...]


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
    file = LimitsFile.model_validate(tomllib.loads(text))
    return file.version, file.limits


def _read(path: Path) -> Standard:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StandardError(f"{path}: cannot be read: {error}") from error
    try:
        file = StandardFile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise StandardError(f"{path}: not TOML: {error}") from error  # the message tells line and column
    except ValidationError as error:
        first = error.errors()[0]
        raise _wrong(path, text, first["loc"], first["msg"]) from error
    problem = problem_in(file, shared_limits()[1])
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


def _requirement(one: RequirementEntry) -> Requirement:
    retake = None if one.retake is None else Text(one.retake.zh, one.retake.en)
    params: dict[str, Value] = {k: tuple(v) if isinstance(v, list) else v for k, v in one.params.items()}
    title = Text(one.title.zh, one.title.en)
    return Requirement(one.id, one.check, title, one.weight, one.required, one.scene, retake, params)


def _wrong(path: Path, text: str, place: tuple[int | str, ...], reason: str) -> StandardError:
    where = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
    return StandardError(f"{path}:{line_of(text, place)}: {where}: {reason}")
