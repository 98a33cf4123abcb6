"""Checks one case folder: the use case that the command line calls, case by case."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from service.case_folder import CaseFolder, read_photo
from service.casefile import read_case
from vision.errors import InputError
from vision.identifiers import day_of
from vision.image import DEFAULT_LIMITS, decode
from vision.types import Assessment, Case, Decision, Photo, PhotoFacts, Pixels, Unreadable
from vision.wire import as_stored


class Gather(Protocol):
    """`vision.facts.gather` with its models bound."""

    def __call__(
        self, photos: Iterable[Photo | Unreadable], *, on: date | None = None
    ) -> Iterator[PhotoFacts | Unreadable]: ...


Judge = Callable[[tuple[PhotoFacts | Unreadable, ...], Case], Assessment]


@dataclass(frozen=True, slots=True)
class CaseResult:
    folder: CaseFolder
    case: Case
    facts: tuple[PhotoFacts | Unreadable, ...]
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class CaseBrief:
    """What is kept of a case once it is told: facts of thousands of cases would fill the memory."""

    decision: Decision
    score: float
    photos: int


def brief(result: CaseResult) -> CaseBrief:
    return CaseBrief(result.assessment.decision, result.assessment.score, len(result.facts))


def check_case(
    folder: CaseFolder, gather: Gather, judge: Judge, on: date | None = None, seen: Callable[[], None] = lambda: None
) -> CaseResult:
    """Gathers and judges. ``seen`` is called after each photo. Raises `InputError` for a folder that is no case."""
    if not folder.photos:
        raise InputError(f"{folder.name}: holds no photos")
    case = case_of(folder, on)
    # A paper is judged by the accident's day where it is told.
    day = day_of(case.happened_at) if case.happened_at else on
    facts = []
    for one in gather(photos_of(folder), on=day):
        facts.append(as_stored(one))
        seen()
    return CaseResult(folder, case, tuple(facts), judge(tuple(facts), case))


def case_of(folder: CaseFolder, on: date | None = None) -> Case:
    """What the caller says of the case; nothing without a ``case.toml``."""
    if folder.case_file is None:
        return Case(on=on)
    return read_case(folder.case_file, map(folder.photo_name, folder.photos), on)


def photos_of(folder: CaseFolder) -> Iterator[Photo | Unreadable]:
    """The uploads one by one, decoded when they are asked for."""
    return decoded((path, folder.photo_name(path)) for path in folder.photos)


def decoded(named: Iterable[tuple[Path, str]]) -> Iterator[Photo | Unreadable]:
    """Files under their names, decoded one by one. Raises `InputError` for one that cannot be read."""
    for path, name in named:
        data = read_photo(path, name, DEFAULT_LIMITS.max_bytes)
        yield data if isinstance(data, Unreadable) else decode(data, name)


def pixels_of(folder: CaseFolder, facts: Sequence[PhotoFacts | Unreadable]) -> Callable[[str], Pixels | None]:
    """Opens a photo of the case again by its name, for the proof sheet; null if it is gone or another one since it was
    looked at.
    """
    paths = {folder.photo_name(path): path for path in folder.photos}
    hashes = {one.photo: one.sha256 for one in facts}

    def pixels(name: str) -> Pixels | None:
        path = paths.get(name)
        try:
            data = None if path is None else read_photo(path, name, DEFAULT_LIMITS.max_bytes)
        except InputError:
            return None
        # Boxes drawn over another picture would be evidence of nothing.
        if not isinstance(data, bytes) or hashlib.sha256(data).hexdigest() != hashes.get(name):
            return None
        photo = decode(data, name)
        return photo.pixels if isinstance(photo, Photo) else None

    return pixels
