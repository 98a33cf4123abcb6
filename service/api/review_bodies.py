"""What the interface takes and gives of reviews, as types."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from service.api.bodies import CaseOut, Line, moment, moment_or_none
from service.guard.masking import HIDDEN
from service.store.reviews import QueueRow, ReviewRow, Why


def _text(text: str) -> str:
    if not all(character.isprintable() or character == "\n" for character in text):
        raise ValueError("printable text")
    return text


class ReviewDecision(StrEnum):
    """What stands after an officer has looked."""

    COMPLETE = "complete"
    RETAKE = "retake"


class ReviewReason(StrEnum):
    """Why, in a word that can be counted."""

    AGREES = "agrees"
    EVIDENCE_SUFFICIENT = "evidence_sufficient"
    EVIDENCE_MISSING = "evidence_missing"
    WRONG_READING = "wrong_reading"
    WRONG_VEHICLE = "wrong_vehicle"
    DOCUMENT_PROBLEM = "document_problem"
    REUSED_PHOTO = "reused_photo"
    OTHER = "other"


class Treatment(StrEnum):
    CONFIRM = "confirm"
    OVERRIDE = "override"


class FindingVerdict(StrEnum):
    PASS = "pass"
    FAIL = "fail"


class FindingReview(BaseModel):
    """What an officer says of one finding."""

    model_config = ConfigDict(extra="forbid")

    requirement: Line
    party: Line | None = None
    treatment: Treatment
    verdict: FindingVerdict | None = Field(None, description="What it is instead; with `override`, and only with it.")

    @model_validator(mode="after")
    def _whole(self) -> FindingReview:
        if (self.verdict is not None) != (self.treatment is Treatment.OVERRIDE):
            raise ValueError("a verdict comes with override, and only with it")
        return self


class ReviewIn(BaseModel):
    """An officer's decision on one version of a case's assessment."""

    model_config = ConfigDict(extra="forbid")

    version: Annotated[int, Field(ge=1, le=2**31 - 1, description="The assessment that was looked at.")]
    decision: ReviewDecision
    reason: ReviewReason
    note: Annotated[str, Field(max_length=4000), AfterValidator(_text)] = ""
    findings: Annotated[list[FindingReview], Field(max_length=500)] = []

    @model_validator(mode="after")
    def _each_once(self) -> ReviewIn:
        told = [(one.requirement, one.party) for one in self.findings]
        if len(set(told)) < len(told):
            raise ValueError("one finding has two verdicts")
        return self


class ReviewOut(BaseModel):
    id: str
    version: int
    decision: ReviewDecision
    reason: ReviewReason
    note: str
    findings: list[FindingReview]
    decided_by: str
    decided_at: datetime


class ReviewList(BaseModel):
    reviews: list[ReviewOut]


class WaitingOut(BaseModel):
    """A case that waits for an officer."""

    case: CaseOut
    version: int
    why: Why
    queued_at: datetime
    claimed_by: str | None
    claimed_until: datetime | None


class WaitingPage(BaseModel):
    waiting: list[WaitingOut]
    next: str | None = Field(description="Cursor of the next page; null on the last one.")


def review_out(row: ReviewRow, *, full: bool) -> ReviewOut:
    """A review as the interface tells it; the note only in ``full``."""
    note = row.body["note"] if full or not row.body["note"] else HIDDEN
    told = {name: getattr(row, name) for name in ("id", "version", "decision", "reason", "decided_by")}
    return ReviewOut(**told, note=note, findings=row.body["findings"], decided_at=moment(row.decided_ms))


def waiting_out(row: QueueRow, case: CaseOut) -> WaitingOut:
    """A waiting case as the interface tells it."""
    told = {name: getattr(row, name) for name in ("version", "why", "claimed_by")}
    until = moment_or_none(row.claimed_until_ms)
    return WaitingOut(case=case, **told, queued_at=moment(row.queued_ms), claimed_until=until)
