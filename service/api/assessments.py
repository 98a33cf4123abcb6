"""Assessments of a case: the latest, any version, all of them; asking again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from service.api.bodies import Asked, AssessmentOut, AssessmentPage, assessment_out
from service.api.cases import found
from service.api.parts import Caller, TheParts, caller_with
from service.api.problems import RESPONSES, NotFoundError
from service.guard.roles import Permission
from service.store import assessments, cases, jobs

router = APIRouter(prefix="/v1/cases/{case_id}", tags=["assessments"], responses=RESPONSES)
Reader = Annotated[Caller, Depends(caller_with(Permission.ASSESSMENT_READ))]
_LARGEST = 2**31 - 1


@router.get("/assessments/latest")
async def latest(case_id: str, parts: TheParts, caller: Reader) -> AssessmentOut:
    """The newest version; 404 until the first photo was looked at."""
    async with parts.database.read() as connection:
        case = await found(connection, caller, case_id)
        row = await assessments.latest(connection, caller.organisation, case.id)
    if row is None:
        raise NotFoundError("no assessment yet")
    return assessment_out(row)


@router.get("/assessments/{version}")
async def one(
    case_id: str, version: Annotated[int, Path(ge=1, le=_LARGEST)], parts: TheParts, caller: Reader
) -> AssessmentOut:
    """One version; none is ever changed."""
    async with parts.database.read() as connection:
        case = await found(connection, caller, case_id)
        row = await assessments.find(connection, caller.organisation, case.id, version)
    if row is None:
        raise NotFoundError("no such version")
    return assessment_out(row)


@router.get("/assessments")
async def page(
    case_id: str,
    parts: TheParts,
    caller: Reader,
    before: Annotated[int | None, Query(ge=1, le=_LARGEST)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> AssessmentPage:
    """All versions, newest first."""
    async with parts.database.read() as connection:
        case = await found(connection, caller, case_id)
        rows = await assessments.page(connection, caller.organisation, case.id, before, limit + 1)
    following = rows[limit - 1].version if len(rows) > limit else None
    return AssessmentPage(assessments=[assessment_out(row) for row in rows[:limit]], next=following)


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
