"""Cases: create, read, list, close, legal hold."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import AsyncConnection

from service.api.bodies import CaseIn, CaseOut, CasePage, case_out
from service.api.case_filters import CaseQuery
from service.api.cursors import cursor_of, place_of
from service.api.parts import Caller, IdempotencyKey, TheParts, caller_with
from service.api.photos_scope import case_for
from service.api.problems import RESPONSES, CaseExistsError
from service.guard import masked
from service.guard.roles import Permission
from service.store import audit, cases
from service.store.audit import Action
from service.store.cases import CaseRow, NewCase
from service.store.idempotency import Answer, once

router = APIRouter(prefix="/v1/cases", tags=["cases"], responses=RESPONSES)
Reader = Annotated[Caller, Depends(caller_with(Permission.CASE_READ))]


@router.post("", status_code=201, response_model=CaseOut)
async def create(
    body: CaseIn,
    parts: TheParts,
    caller: Annotated[Caller, Depends(caller_with(Permission.CASE_CREATE))],
    idempotency_key: IdempotencyKey = None,
) -> JSONResponse:
    """A new case."""
    parties = tuple(party.model_dump() for party in body.parties)
    when = body.happened_at.isoformat() if body.happened_at else None
    new = NewCase(body.external_id, body.accident_type, when, body.place, body.standard, parties)
    fingerprint = hashlib.sha256(b"POST case " + body.model_dump_json().encode()).hexdigest()

    async with parts.database.write() as connection:

        async def work() -> Answer:
            made = await cases.create(connection, caller.organisation, new)
            if made is None:
                raise CaseExistsError("there is a case of this external_id")
            await audit.record(connection, caller.organisation, caller.name, Action.CASE_CREATED, made.id)
            return Answer(201, case_out(made, full=True).model_dump(mode="json"), made.id)

        answer = await once(connection, caller.organisation, idempotency_key, fingerprint, work)
    return JSONResponse(answer.body if caller.sees_personal else masked.case(answer.body), answer.status)


@router.get("")
async def page(parts: TheParts, caller: Reader, query: Annotated[CaseQuery, Query()]) -> CasePage:
    """The organisation's cases, newest first."""
    after, limit = place_of(query.cursor), query.limit
    async with parts.database.read() as connection:
        rows = await cases.page(connection, caller.organisation, query.filters, after, limit + 1)
    more = rows[limit - 1] if len(rows) > limit else None
    return CasePage(
        cases=[case_out(row, full=caller.sees_personal) for row in rows[:limit]],
        next=None if more is None else cursor_of(more.created_ms, more.id),
    )


@router.get("/{case_id}")
async def read(case_id: str, parts: TheParts, caller: Reader) -> CaseOut:
    """One case."""
    async with parts.database.read() as connection:
        return case_out(await found(connection, caller, case_id), full=caller.sees_personal)


@router.post("/{case_id}/close")
async def close(
    case_id: str, parts: TheParts, caller: Annotated[Caller, Depends(caller_with(Permission.CASE_CLOSE))]
) -> CaseOut:
    """Takes no more photos from now on; closing twice changes nothing."""
    async with parts.database.write() as connection:
        await found(connection, caller, case_id)
        if await cases.close(connection, caller.organisation, case_id):
            await audit.record(connection, caller.organisation, caller.name, Action.CASE_CLOSED, case_id)
        return case_out(await found(connection, caller, case_id), full=caller.sees_personal)


@router.put("/{case_id}/legal-hold")
async def hold(
    case_id: str, held: bool, parts: TheParts, caller: Annotated[Caller, Depends(caller_with(Permission.CASE_HOLD))]
) -> CaseOut:
    """Sets or lifts the legal hold: while it stands, nothing of the case may be deleted."""
    async with parts.database.write() as connection:
        await found(connection, caller, case_id)
        if await cases.hold(connection, caller.organisation, case_id, held=held):
            action = Action.CASE_HELD if held else Action.CASE_RELEASED
            await audit.record(connection, caller.organisation, caller.name, action, case_id)
        return case_out(await found(connection, caller, case_id), full=caller.sees_personal)


async def found(connection: AsyncConnection, caller: Caller, case_id: str, *, lock: bool = False) -> CaseRow:
    """The caller's case. Raises `NotFoundError`."""
    return await case_for(connection, caller.organisation, case_id, lock=lock)
