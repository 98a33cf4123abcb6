"""Deleting a case for good."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from service.api.cases import found
from service.api.parts import Caller, TheParts, caller_with
from service.api.problems import RESPONSES
from service.guard.roles import Permission
from service.retention import empty, forget
from service.store import retention
from service.store.errors import StoreUnavailableError

router = APIRouter(prefix="/v1/cases/{case_id}", tags=["cases"], responses=RESPONSES)


@router.delete("", status_code=204, response_class=Response)
async def delete(
    case_id: str, parts: TheParts, caller: Annotated[Caller, Depends(caller_with(Permission.CASE_DELETE))]
) -> Response:
    """Deletes the case with all its photos, facts, assessments and links; 409 under legal hold.

    A note stays: when, by whom, how many photos, and the hash of the last manifest.
    """
    async with parts.database.write() as connection:
        case = await found(connection, caller, case_id, lock=True)
        deleted = await forget(connection, case, by=caller.name, reason=retention.ASKED)
    with suppress(StoreUnavailableError):  # the workers' sweep goes on with it
        await empty(parts.database, parts.blobs, deleted)
    return Response(status_code=204)
