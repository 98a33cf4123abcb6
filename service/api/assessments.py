"""Assessments of a case: the latest, any version, all of them, as they come; asking again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from fastapi.responses import StreamingResponse
from sqlalchemy.ext.asyncio import AsyncConnection

from service.api.bodies import Asked, AssessmentOut, AssessmentPage, assessment_out
from service.api.cases import found
from service.api.parts import Caller, Parts, TheParts, caller_with, may_still
from service.api.problems import RESPONSES, NotFoundError
from service.guard.roles import Permission
from service.store import assessments, cases, jobs
from service.store.assessments import AssessmentRow
from service.store.errors import StoreUnavailableError

router = APIRouter(prefix="/v1/cases/{case_id}", tags=["assessments"], responses=RESPONSES)
Reader = Annotated[Caller, Depends(caller_with(Permission.ASSESSMENT_READ))]
LARGEST = 2**31 - 1
Tell = Callable[[AsyncConnection, AssessmentRow], Awaitable[str | None]]
"""The data of an event; null ends the stream."""
EVENT_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}, "description": "Events."}
}
_LOOK_S, _SIGN_OF_LIFE_S, _LONGEST_S = 0.5, 15.0, 600.0


@router.get("/assessments/latest")
async def latest(case_id: str, parts: TheParts, caller: Reader) -> AssessmentOut:
    """The newest version; 404 until the first photo was looked at."""
    async with parts.database.read() as connection:
        case = await found(connection, caller, case_id)
        row = await assessments.latest(connection, caller.organisation, case.id)
    if row is None:
        raise NotFoundError("no assessment yet")
    return assessment_out(row, full=caller.sees_personal)


@router.get("/assessments/{version}")
async def one(
    case_id: str, version: Annotated[int, Path(ge=1, le=LARGEST)], parts: TheParts, caller: Reader
) -> AssessmentOut:
    """One version; none is ever changed."""
    async with parts.database.read() as connection:
        case = await found(connection, caller, case_id)
        row = await assessments.find(connection, caller.organisation, case.id, version)
    if row is None:
        raise NotFoundError("no such version")
    return assessment_out(row, full=caller.sees_personal)


@router.get("/assessments")
async def page(
    case_id: str,
    parts: TheParts,
    caller: Reader,
    before: Annotated[int | None, Query(ge=1, le=LARGEST)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> AssessmentPage:
    """All versions, newest first."""
    async with parts.database.read() as connection:
        case = await found(connection, caller, case_id)
        rows = await assessments.page(connection, caller.organisation, case.id, before, limit + 1)
    following = rows[limit - 1].version if len(rows) > limit else None
    return AssessmentPage(
        assessments=[assessment_out(row, full=caller.sees_personal) for row in rows[:limit]], next=following
    )


@router.post("/assess", status_code=202)
async def assess(
    case_id: str, parts: TheParts, caller: Annotated[Caller, Depends(caller_with(Permission.ASSESS))]
) -> Asked:
    """Judges the case anew; photos that could not be looked at are tried again."""
    async with parts.database.write() as connection:
        case = await found(connection, caller, case_id, lock=True)
        for photo_id in await jobs.failed_photos(connection, caller.organisation, case.id):
            await jobs.add_facts(connection, caller.organisation, case.id, photo_id)
        await cases.changed(connection, caller.organisation, case.id)
    return Asked()


@router.get("/stream", response_class=StreamingResponse, responses=EVENT_STREAM)
async def stream(
    case_id: str,
    request: Request,
    parts: TheParts,
    caller: Reader,
    until_idle: Annotated[bool, Query(description="End once nothing of the case is waiting.")] = False,
    last_event_id: Annotated[int, Header(ge=0, le=LARGEST, description="The last version that was seen.")] = 0,
) -> StreamingResponse:
    """Server-sent events: `assessment` with each newer version, its number as the id.

    Ended after ten minutes, and by the first news after the key or the session is over.
    """
    async with parts.database.read() as connection:
        case = await found(connection, caller, case_id)
    told = events(parts, caller.organisation, case.id, last_event_id, until_idle, _teller(request, caller))
    return StreamingResponse(told, media_type="text/event-stream", headers={"Cache-Control": "no-store"})


async def events(
    parts: Parts, organisation: str, case_id: str, seen: int, until_idle: bool, tell: Tell
) -> AsyncIterator[str]:
    """An event for each version newer than ``seen``, and a sign of life meanwhile; ended when the process stops."""
    began = said = time.monotonic()
    while time.monotonic() < began + _LONGEST_S and not parts.stopping():
        try:
            async with parts.database.read() as connection:
                idle = not await jobs.is_open(connection, organisation, case_id)
                row = await assessments.latest(connection, organisation, case_id)
                news = await tell(connection, row) if row is not None and row.version > seen else ""
        except StoreUnavailableError:
            return  # the reader comes back with the last id, as EventSource does by itself
        if news is None:
            return
        if row is not None and news:
            seen, said = row.version, time.monotonic()
            yield f"event: assessment\nid: {seen}\ndata: {news}\n\n"
        elif time.monotonic() > said + _SIGN_OF_LIFE_S:
            said = time.monotonic()
            yield ": waiting\n\n"
        if idle and until_idle:
            return
        await asyncio.sleep(_LOOK_S)


def _teller(request: Request, caller: Caller) -> Tell:
    async def tell(connection: AsyncConnection, row: AssessmentRow) -> str | None:
        if not await may_still(connection, request, caller):
            return None
        return assessment_out(row, full=caller.sees_personal).model_dump_json()

    return tell
