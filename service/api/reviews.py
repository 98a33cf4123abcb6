"""The officers' queue: cases that need a person, taken in hand by one officer at a time, decided on one version."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlalchemy.ext.asyncio import AsyncConnection

from service.api.bodies import case_out
from service.api.cases import found
from service.api.cursors import cursor_of, place_of
from service.api.parts import Caller, TheParts, caller_with
from service.api.problems import RESPONSES, ConflictError, NotFoundError
from service.api.review_bodies import (
    ReviewIn,
    ReviewList,
    ReviewOut,
    WaitingOut,
    WaitingPage,
    review_out,
    waiting_out,
)
from service.guard.roles import Permission, Role
from service.guard.webhooks.payload import Event
from service.store import assessments, audit, cases, reviews, webhooks
from service.store.assessments import AssessmentRow
from service.store.audit import Action
from service.store.reviews import Filters, NewReview, QueueRow, Why
from vision.errors import InputError

router = APIRouter(prefix="/v1", tags=["reviews"], responses=RESPONSES)
Officer = Annotated[Caller, Depends(caller_with(Permission.REVIEW_DECIDE))]
LEASE_S = 900.0
"""An officer's claim, renewed by claiming again."""


class Claimed(StrEnum):
    FREE = "free"
    MINE = "mine"


class ClaimedError(ConflictError):
    """Another officer has the case in hand."""

    code = "claimed"


class NewerAssessmentError(ConflictError):
    """The case has changed since the officer looked at it."""

    code = "newer_assessment"


class UnknownFindingError(InputError):
    """The assessment has no such finding."""

    code = "unknown_finding"


@router.get("/reviews")
async def page(
    parts: TheParts,
    caller: Officer,
    why: Why | None = None,
    claimed: Annotated[Claimed | None, Query(description="free: in nobody's hand; mine: in the caller's.")] = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> WaitingPage:
    """Cases that wait for an officer, the longest waiting first."""
    after, mine = place_of(cursor), caller.name if claimed is Claimed.MINE else None
    filters = Filters(why, claimed is Claimed.FREE, mine)
    async with parts.database.read() as connection:
        rows = await reviews.page(connection, caller.organisation, filters, after, limit + 1)
        known = await cases.many(connection, caller.organisation, {row.case_id for row in rows})
    more = rows[limit - 1] if len(rows) > limit else None
    # A case may have been deleted between the two looks.
    there = [(row, known[row.case_id]) for row in rows[:limit] if row.case_id in known]
    waiting = [waiting_out(row, case_out(case, full=caller.sees_personal)) for row, case in there]
    return WaitingPage(waiting=waiting, next=None if more is None else cursor_of(more.queued_ms, more.case_id))


@router.post("/reviews/{case_id}/claim")
async def claim(case_id: str, parts: TheParts, caller: Officer) -> WaitingOut:
    """Takes the case in hand for 15 minutes; again for 15 more. 409 while another officer has it."""
    async with parts.database.write() as connection:
        case = await found(connection, caller, case_id)
        waiting = await _waiting(connection, caller, case.id)
        if not await reviews.claim(connection, caller.organisation, case.id, caller.name, LEASE_S):
            raise ClaimedError("another officer has this case in hand")
        waiting = await _waiting(connection, caller, case.id)
    return waiting_out(waiting, case_out(case, full=caller.sees_personal))


@router.delete("/reviews/{case_id}/claim", status_code=204)
async def release(case_id: str, parts: TheParts, caller: Officer) -> None:
    """Gives the case back; a supervisor may take it out of another's hand."""
    whose = None if caller.role is Role.SUPERVISOR else caller.name
    async with parts.database.write() as connection:
        case = await found(connection, caller, case_id)
        held = await reviews.find(connection, caller.organisation, case.id)
        if held is None or held.claimed_by is None:
            return
        if not await reviews.release(connection, caller.organisation, case.id, whose):
            raise ClaimedError("another officer has this case in hand")
        if held.claimed_by != caller.name:
            told = {"of": held.claimed_by}
            await audit.record(connection, caller.organisation, caller.name, Action.REVIEW_TAKEN, case.id, told)


@router.post("/reviews/{case_id}/decide", status_code=201)
async def decide(case_id: str, body: ReviewIn, parts: TheParts, caller: Officer) -> ReviewOut:
    """What the officer decides on one version; 409 when there is a newer one or another officer has the case."""
    async with parts.database.write() as connection:
        case = await found(connection, caller, case_id, lock=True)
        last = await assessments.latest(connection, caller.organisation, case.id)
        waiting = await _waiting(connection, caller, case.id)
        if waiting.claimed_by not in (None, caller.name):
            raise ClaimedError("another officer has this case in hand")
        if last is None or last.version != body.version:
            raise NewerAssessmentError("there is a newer assessment of this case: look at it first")
        _refuse_unknown(body, last)
        kept = {"note": body.note, "findings": [one.model_dump(mode="json") for one in body.findings]}
        new = NewReview(body.version, caller.name, body.decision.value, body.reason.value, kept)
        review_id = await reviews.decide(connection, caller.organisation, case.id, new)
        rows = await reviews.of_case(connection, caller.organisation, case.id)
        await _tell(connection, caller, case.id, review_id, body)
    return review_out(next(row for row in rows if row.id == review_id), full=caller.sees_personal)


@router.post("/cases/{case_id}/flag", status_code=204)
async def flag(
    case_id: str, parts: TheParts, caller: Annotated[Caller, Depends(caller_with(Permission.ASSESS))]
) -> None:
    """Asks for an officer, whatever the assessment says; asking twice changes nothing."""
    async with parts.database.write() as connection:
        case = await found(connection, caller, case_id, lock=True)
        last = await assessments.latest(connection, caller.organisation, case.id)
        if last is None:
            raise ConflictError("there is no assessment yet that an officer could look at")
        await reviews.flag(connection, caller.organisation, case.id, last.version)
        await audit.record(connection, caller.organisation, caller.name, Action.CASE_FLAGGED, case.id)


@router.get("/cases/{case_id}/reviews")
async def history(
    case_id: str, parts: TheParts, caller: Annotated[Caller, Depends(caller_with(Permission.ASSESSMENT_READ))]
) -> ReviewList:
    """What officers have decided on the case, the newest first."""
    async with parts.database.read() as connection:
        case = await found(connection, caller, case_id)
        rows = await reviews.of_case(connection, caller.organisation, case.id)
    return ReviewList(reviews=[review_out(row, full=caller.sees_personal) for row in rows])


async def _waiting(connection: AsyncConnection, caller: Caller, case_id: str) -> QueueRow:
    waiting = await reviews.find(connection, caller.organisation, case_id)
    if waiting is None:
        raise NotFoundError("this case does not wait for an officer")
    return waiting


async def _tell(connection: AsyncConnection, caller: Caller, case_id: str, review_id: str, body: ReviewIn) -> None:
    data: dict[str, str | int] = {
        "review_id": review_id,
        "assessment_version": body.version,
        "decision": body.decision.value,
    }
    await webhooks.record_event(connection, caller.organisation, Event.REVIEW_DECIDED, case_id, data)
    told = {**data, "reason": body.reason.value}
    await audit.record(connection, caller.organisation, caller.name, Action.REVIEW_DECIDED, case_id, told)


def _refuse_unknown(body: ReviewIn, assessment: AssessmentRow) -> None:
    known = {(one["requirement"], one["party"]) for one in assessment.body["assessment"]["findings"]}
    if not {(one.requirement, one.party) for one in body.findings} <= known:
        raise UnknownFindingError("the assessment has no such finding")
