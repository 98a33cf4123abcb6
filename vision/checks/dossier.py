"""What every check looks at: the photos of a case in a fixed order, its parties, the standard's limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from vision.checks.paint import Painted
from vision.checks.parties import Parties
from vision.checks.reasons import Reason
from vision.types import Box, Case, Evidence, Finding, PhotoFacts, Requirement, Unreadable, Verdict

PASSED_RANK = 99


@dataclass(frozen=True, slots=True)
class Dossier:
    """A case ready to be judged. Order of ``photos`` is fixed by their content, not by the upload."""

    photos: tuple[PhotoFacts, ...]
    unreadable: tuple[Unreadable, ...]
    case: Case
    accident_types: tuple[str, ...]
    """Those that the standard serves; empty serves all."""
    limits: Mapping[str, float]
    parties: Parties
    copies: tuple[tuple[PhotoFacts, ...], ...]
    """Photos by picture: each inner tuple is one picture, however often it was uploaded."""
    when: datetime | date | None
    """The accident's time as far as it is known: papers are judged by it."""
    strangers: tuple[PhotoFacts, ...] = ()
    """Photos of another accident, by their time and their place: told, and evidence of nothing."""
    painted: tuple[Painted, ...] = ()
    """Vehicles that bear a party's plate."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one photo says about one requirement."""

    verdict: Verdict
    reason: Reason
    boxes: tuple[Box, ...] = ()
    measured: float | str | None = None
    limit: float | str | None = None
    rank: int = 0
    """How many steps the photo came through: 0 is a photo of something else."""


def passed(reason: Reason, boxes: tuple[Box, ...] = (), measured: float | str | None = None) -> Look:
    return Look(Verdict.PASS, reason, boxes, measured, rank=PASSED_RANK)


def failed(
    reason: Reason, measured: float | str | None = None, limit: float | str | None = None, boxes: tuple[Box, ...] = ()
) -> Look:
    return Look(Verdict.FAIL, reason, boxes, measured, limit)


def unsure(
    reason: Reason, measured: float | str | None = None, limit: float | str | None = None, boxes: tuple[Box, ...] = ()
) -> Look:
    return Look(Verdict.UNSURE, reason, boxes, measured, limit)


def conclude(steps: Iterable[Look | None], good: Look) -> Look:
    """The first failure of lazily taken steps; else the first doubt; else ``good``. Later steps may rely on earlier."""
    doubt: Look | None = None
    for rank, look in enumerate(steps):
        if look is None:
            continue
        if look.verdict is Verdict.FAIL:
            return replace(look, rank=rank)
        if doubt is None:
            doubt = replace(look, rank=rank)
    return good if doubt is None else doubt


def finding_of(requirement: Requirement, look: Look, photo: PhotoFacts | None, party: str | None = None) -> Finding:
    """A look at one photo (or at none) as a finding."""
    evidence = () if photo is None else (Evidence(photo.photo, look.boxes),)
    return Finding(requirement.id, look.verdict, look.reason.value, party, evidence, look.measured, look.limit)


def text_param(requirement: Requirement, key: str, default: str = "") -> str:
    value = requirement.params.get(key, default)
    if not isinstance(value, str):
        raise TypeError(f"{requirement.id}.{key} is no text: {value!r}")
    return value


def texts_param(requirement: Requirement, key: str) -> tuple[str, ...]:
    value = requirement.params.get(key, ())
    if not isinstance(value, tuple):
        raise TypeError(f"{requirement.id}.{key} is no list: {value!r}")
    return value


def number_param(requirement: Requirement, key: str, default: float) -> float:
    value = requirement.params.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{requirement.id}.{key} is no number: {value!r}")
    return value


def flag_param(requirement: Requirement, key: str) -> bool:
    return requirement.params.get(key, False) is True
