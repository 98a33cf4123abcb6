"""Cases by a plate, a name or a number. What is looked for comes in the body: addresses end in logs and histories."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from service.api.bodies import CaseOut, Line, case_out
from service.api.parts import Caller, TheParts, caller_with
from service.api.problems import RESPONSES
from service.guard.roles import Permission
from service.store import audit, cases, search
from service.store.audit import Action

router = APIRouter(prefix="/v1/search", tags=["search"], responses=RESPONSES)
MOST = 100


class SearchKind(StrEnum):
    PLATE = search.PLATE
    NAME = search.NAME
    NUMBER = search.NUMBER


class SearchIn(BaseModel):
    """Exactly this plate, name, or number of a paper, in any spelling of its characters."""

    model_config = ConfigDict(extra="forbid")

    kind: SearchKind
    text: Line


class SearchOut(BaseModel):
    cases: list[CaseOut]
    more: bool = Field(description=f"Whether there are others than these {MOST}.")


@router.post("")
async def find(
    body: SearchIn, parts: TheParts, caller: Annotated[Caller, Depends(caller_with(Permission.PERSONAL_READ))]
) -> SearchOut:
    """Cases whose parties or photos tell it, the newest first. That somebody searched is written down, not for what."""
    async with parts.database.write() as connection:
        ids = await search.find(connection, caller.organisation, body.kind.value, body.text, MOST + 1)
        found = await cases.many(connection, caller.organisation, ids[:MOST])
        told = {"kind": body.kind.value, "cases": len(found)}
        await audit.record(connection, caller.organisation, caller.name, Action.CASES_SEARCHED, "cases", told)
    rows = sorted(found.values(), key=lambda row: (row.created_ms, row.id), reverse=True)
    return SearchOut(cases=[case_out(row, full=caller.sees_personal) for row in rows], more=len(ids) > MOST)
