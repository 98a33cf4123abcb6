"""What a party may know of its case: what to do next, and what became of its own photos.

Nothing of the other side: no plate, no name, no measured value, no photo, and no finding about it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, Field

from service.api.links_bearer import Bearer
from service.store.assessments import AssessmentRow
from service.store.photos import PhotoRow
from vision import standard, wire
from vision.types import Assessment, Finding, Instruction, PhotoFacts, Text, Unreadable

_OWN, _OTHER = Text("本方", "your side"), Text("另一方", "the other party")


class Words(BaseModel):
    zh: str
    en: str


class PartyStep(BaseModel):
    """One photo that would help."""

    requirement: str
    text: Words
    gain: float = Field(description="Points the score would rise by.")


class PartyFinding(BaseModel):
    requirement: str
    verdict: str
    reason: str = Field(description="A stable code.")


class PartyPhoto(BaseModel):
    client_id: str
    state: str = Field(description="`waiting`, `seen`, `failed` or `withdrawn`.")
    quality: str | None = Field(None, description="`ok`, or what is wrong with the picture; null until it was seen.")
    unreadable: str | None = Field(None, description="Why it gives no picture.")
    shows: str | None = Field(None, description="Whole scene, whole vehicle, close-up, document and so on.")
    findings: list[PartyFinding] = []


class PartyView(BaseModel):
    version: int
    created_at: datetime
    decision: str
    score: float
    may_clear_road: bool
    next: list[PartyStep]
    photos: list[PartyPhoto]


def party_view(
    bearer: Bearer, row: AssessmentRow, photos: Iterable[PhotoRow], seen: dict[str, PhotoFacts | Unreadable]
) -> PartyView:
    """The party's part of an assessment; ``seen`` holds facts by photo id."""
    assessment = wire.assessment_from_json(row.body["assessment"])
    states = {one["client_id"]: one["state"] for one in row.body["photos"]}
    return PartyView(
        version=row.version,
        created_at=datetime.fromtimestamp(row.created_ms / 1000, UTC),
        decision=assessment.decision.value,
        score=assessment.score,
        may_clear_road=assessment.may_clear_road,
        next=_steps(bearer, assessment.next),
        photos=[
            _photo(bearer, photo, states, assessment, seen.get(photo.id))
            for photo in photos
            if photo.party == bearer.link.party
        ],
    )


def _steps(bearer: Bearer, told: Iterable[Instruction]) -> list[PartyStep]:
    """In words of the standard's own: the assessment's name a side by its plate."""
    asked = {one.id: one.retake for one in standard.load(bearer.case.standard).requirements}
    steps = []
    for one in told:
        retake = asked.get(one.requirement)
        if one.party not in (None, bearer.link.party) or retake is None:
            continue
        whose = _OTHER if one.party is None else _OWN
        words = Words(zh=retake.zh.replace("{party}", whose.zh), en=retake.en.replace("{party}", whose.en))
        steps.append(PartyStep(requirement=one.requirement, text=words, gain=one.gain))
    return steps


def _photo(
    bearer: Bearer,
    photo: PhotoRow,
    states: dict[str, Any],
    assessment: Assessment,
    seen: PhotoFacts | Unreadable | None,
) -> PartyPhoto:
    withdrawn = photo.withdrawn_ms is not None
    state = "withdrawn" if withdrawn else states.get(photo.client_id, "waiting")
    found = [] if withdrawn else [_finding(one) for one in assessment.findings if _concerns(one, photo, bearer)]
    facts = seen if isinstance(seen, PhotoFacts) else None
    return PartyPhoto(
        client_id=photo.client_id.removeprefix(bearer.sender.namespace),
        state=state,
        quality=facts.quality.verdict.value if facts else None,
        unreadable=seen.unreadable.value if isinstance(seen, Unreadable) else None,
        shows=facts.framing.kind.value if facts else None,
        findings=found,
    )


def _concerns(finding: Finding, photo: PhotoRow, bearer: Bearer) -> bool:
    own = finding.party in (None, bearer.link.party)
    return own and any(one.photo == photo.client_id for one in finding.evidence)


def _finding(finding: Finding) -> PartyFinding:
    return PartyFinding(requirement=finding.requirement, verdict=finding.verdict.value, reason=finding.reason)
