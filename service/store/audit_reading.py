"""Reading the audit log: pages for auditors, whole chains for who verifies them, and checkpoints of their heads."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from service.guard.audit import AuditRecord, Checkpoint, Head
from service.store.database import insert_new, now_ms
from service.store.schema import organisations
from service.store.schema_audit import audit_checkpoints as checkpoints
from service.store.schema_audit import audit_heads as heads
from service.store.schema_audit import audit_records as records

_AT_A_TIME: Final = 1000


async def page(
    connection: AsyncConnection, organisation: str, filters: Mapping[str, str], after: int, limit: int
) -> list[AuditRecord]:
    """Up to ``limit`` records after the sequence ``after``, oldest first; ``filters``: a column and what it must be."""
    wanted = [records.c[name] == value for name, value in filters.items()]
    return await _some(connection, organisation, and_(records.c.sequence > after, *wanted), limit)


async def chain(connection: AsyncConnection, organisation: str) -> AsyncIterator[AuditRecord]:
    """All records in the order of their sequence."""
    place: ColumnElement[bool] = records.c.sequence.isnot(None)
    while found := await _some(connection, organisation, place, _AT_A_TIME):
        for record in found:
            yield record
        place = records.c.sequence > found[-1].sequence


async def head(connection: AsyncConnection, organisation: str) -> Head | None:
    """What the database says of the chain's end; null where nothing was recorded."""
    found = await connection.execute(select(heads).where(heads.c.organisation_id == organisation))
    row = found.mappings().first()
    return None if row is None else Head(organisation, row["sequence"], row["hash"])


async def all_organisations(connection: AsyncConnection) -> dict[str, str]:
    """Id to name. Asked first in a transaction, it lets all that follows in it see one moment."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    rows = await connection.execute(
        select(organisations.c.id, organisations.c.name).order_by(organisations.c.created_ms)
    )
    return {row.id: row.name for row in rows}


async def checkpoints_of(
    connection: AsyncConnection, organisation: str, after: int = 0, limit: int | None = None
) -> list[Checkpoint]:
    """Checkpoints after the sequence ``after``, oldest first."""
    mine = select(checkpoints).where(checkpoints.c.organisation_id == organisation, checkpoints.c.sequence > after)
    rows = await connection.execute(mine.order_by(checkpoints.c.sequence).limit(limit))
    return [_checkpoint(dict(row)) for row in rows.mappings()]


async def any_checkpoint(connection: AsyncConnection) -> bool:
    """Whether anything was ever signed."""
    return (await connection.execute(select(checkpoints.c.sequence).limit(1))).first() is not None


async def unsigned(connection: AsyncConnection) -> tuple[list[tuple[Head, Checkpoint | None]], datetime]:
    """Heads that are ahead of their newest checkpoint, with that, and the database's time."""
    newest = select(checkpoints.c.organisation_id, func.max(checkpoints.c.sequence).label("sequence"))
    told = newest.group_by(checkpoints.c.organisation_id).subquery()
    both = heads.outerjoin(told, told.c.organisation_id == heads.c.organisation_id)
    ahead = select(heads.c.organisation_id, told.c.sequence).select_from(both)
    found = (await connection.execute(ahead.where(heads.c.sequence > func.coalesce(told.c.sequence, 0)))).all()
    waiting = []
    for organisation, signed in found:
        last = None if signed is None else (await checkpoints_of(connection, organisation, signed - 1, 1))[0]
        end = await head(connection, organisation)
        assert end is not None, "heads are never deleted"
        waiting.append((end, last))
    now = (await connection.execute(select(now_ms()))).scalar_one()
    return waiting, datetime.fromtimestamp(now / 1000, UTC)


async def add_checkpoint(connection: AsyncConnection, checkpoint: Checkpoint) -> None:
    """Keeps it, unless there is one for this record."""
    row = asdict(checkpoint)
    await insert_new(connection, checkpoints, {"organisation_id": row.pop("chain"), **row})


async def _some(
    connection: AsyncConnection, organisation: str, where: ColumnElement[bool], limit: int
) -> list[AuditRecord]:
    statement = select(records).where(records.c.organisation_id == organisation, where)
    rows = await connection.execute(statement.order_by(records.c.sequence).limit(limit))
    return [_record(dict(row)) for row in rows.mappings()]


def _record(row: dict[str, Any]) -> AuditRecord:
    return AuditRecord(chain=row.pop("organisation_id"), **row)


def _checkpoint(row: dict[str, Any]) -> Checkpoint:
    return Checkpoint(chain=row.pop("organisation_id"), **row)
