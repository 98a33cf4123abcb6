"""From what is said of each requirement to the expected decision, the best next photo and the score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from datasets.cases.asked import Asked, Demand
from datasets.cases.truth_views import Say

COMPLETE, RETAKE, REVIEW = "complete", "retake", "review"
CREDIT = {Say.MET: 1.0, Say.BORDERLINE: 0.5, Say.PENDING: 0.5, Say.LACKING: 0.0, Say.ASK: 0.0}
AGREEMENTS = ("plate_agreement", "vin_agreement", "name_agreement")
TIE_POINTS = 0.5
"""Photos whose gains are so near are equally right as the next one."""


@dataclass(frozen=True, slots=True)
class Said:
    """Of one requirement, for one party or (``party`` empty) for the case."""

    requirement: str
    party: str
    say: Say


@dataclass(frozen=True, slots=True)
class Truth:
    """``borderline``: the decision hangs on what a fair officer may see either way; ``decision`` is then the kinder
    one. ``next``: the requirements whose photo is worth most, any of which is right; empty where no photo helps."""

    decision: str
    borderline: bool
    said: tuple[Said, ...]
    next: tuple[str, ...]
    score: float

    @property
    def failing(self) -> tuple[Said, ...]:
        return tuple(one for one in self.said if one.say in (Say.LACKING, Say.ASK))


def summed(said: tuple[Said, ...], asked: Demand, old_photo: bool) -> Truth:
    """``old_photo``: a photo of another case is among them, which an officer has to look into."""
    kind, strict = (decision(settled(said, as_), asked, old_photo) for as_ in (Say.MET, Say.LACKING))
    return Truth(kind, kind != strict, said, next_photo(said, asked), score(said, asked, old_photo))


def settled(said: Sequence[Said], as_: Say) -> tuple[Said, ...]:
    """Every borderline one taken for ``as_``."""
    return tuple(replace(one, say=as_) if one.say is Say.BORDERLINE else one for one in said)


def decision(said: Sequence[Said], asked: Demand, old_photo: bool) -> str:
    """Another photo where one helps; else an officer where something is to be asked; else complete."""
    rows = {row.id: row for row in asked.rows}
    required = [one for one in said if rows[one.requirement].required]
    if any(one.say is Say.LACKING and rows[one.requirement].curable for one in required):
        return RETAKE
    asking = any(one.say is Say.ASK or one.say is Say.LACKING for one in required)
    if old_photo or asking or _disagree(said, rows) or _out_of_date(said, rows):
        return REVIEW
    return COMPLETE


def _disagree(said: Sequence[Said], rows: dict[str, Asked]) -> bool:
    return any(one.say is Say.ASK and rows[one.requirement].check in AGREEMENTS for one in said)


def _out_of_date(said: Sequence[Said], rows: dict[str, Asked]) -> bool:
    """A paper that had run out on the day, also one that need not be shown."""
    return any(one.say is Say.ASK and rows[one.requirement].check == "document_valid" for one in said)


def score(said: Sequence[Said], asked: Demand, old_photo: bool) -> float:
    """100 x weight earned / weight asked; a requirement of each party counts by its mean."""
    rows = {row.id: row for row in asked.rows}
    times = Counter(one.requirement for one in said)
    earned = sum(rows[one.requirement].weight * CREDIT[one.say] / times[one.requirement] for one in said)
    points = 100 * earned / sum(row.weight for row in asked.rows)
    return round(min(points, asked.cap) if old_photo or _disagree(said, rows) else points, 1)


def next_photo(said: Sequence[Said], asked: Demand) -> tuple[str, ...]:
    """Of what is lacking and curable: what mends itself with another photo is not asked for by itself."""
    rows = {row.id: row for row in asked.rows}
    times = Counter(one.requirement for one in said)
    gaps = [one for one in said if one.say is Say.LACKING and rows[one.requirement].required]
    gaps = [one for one in gaps if rows[one.requirement].curable]
    gains: dict[Said, float] = {}
    for gap in gaps:
        points = 100 * rows[gap.requirement].weight / times[gap.requirement] / sum(row.weight for row in asked.rows)
        curers = [one for one in gaps if one is not gap and _mends(one, gap, rows)]
        for one in curers[:1] or [gap]:
            gains[one] = gains.get(one, 0.0) + points
    most = max(gains.values(), default=0.0)
    return tuple(dict.fromkeys(one.requirement for one in gaps if gains.get(one, 0.0) >= most - TIE_POINTS))


def _mends(photo: Said, gap: Said, rows: dict[str, Asked]) -> bool:
    return photo.requirement in rows[gap.requirement].texts("cured_by") and photo.party in ("", gap.party)
