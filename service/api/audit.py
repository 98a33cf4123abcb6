"""The audit log for auditors: records and checkpoints as they were hashed and signed, to be kept elsewhere too."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from service.api.parts import Caller, TheParts, caller_with
from service.api.problems import RESPONSES
from service.guard.roles import Permission
from service.store import audit_reading
from service.store.audit import Action

router = APIRouter(prefix="/v1/audit", tags=["audit"], responses=RESPONSES)
Auditor = Annotated[Caller, Depends(caller_with(Permission.AUDIT_READ))]
After = Annotated[int, Query(ge=0, lt=2**63, description="The last sequence that was seen.")]
Id = Annotated[str | None, Query(max_length=128, pattern=r"^[A-Za-z0-9._:+/@-]+$")]


class RecordOut(BaseModel):
    chain: str = Field(description="The organisation.")
    sequence: int
    at: str
    actor: str
    action: str
    subject: str
    details: dict[str, str | int | bool | None]
    request_id: str
    previous_hash: str
    hash: str = Field(description="SHA-256 of the other fields: JSON, keys sorted, no spaces, ASCII.")


class AuditPage(BaseModel):
    records: list[RecordOut]
    next: int | None = Field(description="`after` of the next page; null on the last one.")


class CheckpointOut(BaseModel):
    chain: str
    sequence: int
    hash: str
    at: str
    key_id: str
    signature: str = Field(description="Ed25519, hex.")


class CheckpointPage(BaseModel):
    checkpoints: list[CheckpointOut]
    next: int | None = Field(description="`after` of the next page; null on the last one.")


@router.get("")
async def page(
    parts: TheParts,
    caller: Auditor,
    after: After = 0,
    action: Action | None = None,
    actor: Id = None,
    subject: Id = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> AuditPage:
    """What was done, oldest first, by anyone of the organisation, and what the service did by itself."""
    told = {"action": action.value if action else None, "actor": actor, "subject": subject}
    filters = {name: value for name, value in told.items() if value is not None}
    async with parts.database.read() as connection:
        rows = await audit_reading.page(connection, caller.organisation, filters, after, limit + 1)
    following = rows[limit - 1].sequence if len(rows) > limit else None
    return AuditPage(records=[RecordOut(**asdict(row)) for row in rows[:limit]], next=following)


@router.get("/checkpoints")
async def checkpoints(
    parts: TheParts, caller: Auditor, after: After = 0, limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> CheckpointPage:
    """Signed statements of where the log stood; keep them elsewhere, for a cut tail is found by them alone."""
    async with parts.database.read() as connection:
        rows = await audit_reading.checkpoints_of(connection, caller.organisation, after, limit + 1)
    following = rows[limit - 1].sequence if len(rows) > limit else None
    return CheckpointPage(checkpoints=[CheckpointOut(**asdict(row)) for row in rows[:limit]], next=following)
