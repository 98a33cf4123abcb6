"""The audit log in the database: `record` writes the next link of the organisation's chain."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

import structlog
from sqlalchemy import Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.guard.audit import AuditEvent, AuditRecord, Detail, Head, genesis, next_record
from service.store.database import insert_new, now_ms
from service.store.schema_audit import audit_heads as heads
from service.store.schema_audit import audit_records as records
from vision.errors import InputError

COMMAND_LINE: Final = "command_line"
"""The actor of what was done by a command on the machine."""
_TEXT: Final = re.compile(r"[A-Za-z0-9._:+/@-]{0,128}", re.ASCII)


class Action(StrEnum):
    """What is written down."""

    CASE_CREATED = "case.created"
    CASE_CLOSED = "case.closed"
    CASE_DELETED = "case.deleted"
    CASE_FLAGGED = "case.flagged"
    CASES_SEARCHED = "cases.searched"
    CASE_HELD = "case.held"
    CASE_RELEASED = "case.released"
    PHOTO_RECEIVED = "photo.received"
    PHOTO_WITHDRAWN = "photo.withdrawn"
    ORIGINAL_READ = "original.read"
    LINK_MADE = "link.made"
    LINK_REVOKED = "link.revoked"
    ASSESSMENT_MADE = "assessment.made"
    REVIEW_DECIDED = "review.decided"
    REVIEW_TAKEN = "review.taken"
    """Out of the hand of another, whom ``of`` tells."""
    KEY_ADDED = "key.added"
    KEY_REVOKED = "key.revoked"
    OFFICER_ADDED = "officer.added"
    OFFICER_CHANGED = "officer.changed"
    OFFICER_LOGIN = "officer.login"
    OFFICER_LOGIN_FAILED = "officer.login_failed"
    OFFICER_LOGOUT = "officer.logout"
    ENDPOINT_ADDED = "endpoint.added"
    ENDPOINT_ENABLED = "endpoint.enabled"
    ENDPOINT_DISABLED = "endpoint.disabled"
    ENDPOINT_DELETED = "endpoint.deleted"
    ENDPOINT_SECRET_ROTATED = "endpoint.secret_rotated"
    ENDPOINT_REPLAYED = "endpoint.replayed"


async def record(
    connection: AsyncConnection,
    organisation: str,
    actor: str,
    action: Action,
    subject: str,
    details: Mapping[str, Detail] | None = None,
) -> None:
    """Writes that ``actor`` (`Caller.name`, or ``worker``) did ``action`` to ``subject``, an id of ours.

    To be called in the transaction of what it tells, and as the last thing in it: it locks the organisation's chain
    until that transaction ends, so nothing that others may hold must be waited for after it. The request's id is
    taken from the log's context. Raises `InputError` for text that could be a name: ids, codes and hashes only.
    """
    for text in (actor, subject, *(value for value in (details or {}).values() if isinstance(value, str))):
        if _TEXT.fullmatch(text) is None:
            raise InputError("the audit log takes ids and codes only")
    last, now = await _head(connection, organisation)
    event = AuditEvent(actor, action.value, subject, details or {}, request_id())
    made = next_record(last, event, now)
    row = {name: getattr(made, name) for name in AuditRecord.__dataclass_fields__ if name != "chain"}
    await connection.execute(insert(records).values(organisation_id=organisation, **row))
    moved = update(heads).where(heads.c.organisation_id == organisation)
    await connection.execute(moved.values(sequence=made.sequence, hash=made.hash))


def request_id() -> str:
    """Of the request that is being answered, by the log's context; empty outside of one."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


async def _head(connection: AsyncConnection, organisation: str) -> tuple[Head, datetime]:
    """The chain's head, locked until the transaction ends, and the database's time."""
    row = (await connection.execute(_locked(organisation))).first()
    if row is None:
        first = {"organisation_id": organisation, "sequence": 0, "hash": genesis(organisation).hash}
        await insert_new(connection, heads, first)
        row = (await connection.execute(_locked(organisation))).one()
    return Head(organisation, row.sequence, row.hash), datetime.fromtimestamp(row.now / 1000, UTC)


def _locked(organisation: str) -> Select[tuple[int, str, int]]:
    columns = select(heads.c.sequence, heads.c.hash, now_ms().label("now"))
    return columns.where(heads.c.organisation_id == organisation).with_for_update()
