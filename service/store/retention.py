"""Rows that go: deleted cases, expired uploads, answers nobody asks for again. What they pointed at goes after them.

A row is deleted and committed before the bytes it spoke of, so that no row ever speaks of bytes that are gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, and_, delete, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store import schema_audit, schema_officers, schema_usage, schema_webhooks  # noqa: F401 - all tables
from service.store.cases import CLOSED, OPEN, CaseRow
from service.store.database import insert_new, now_ms
from service.store.schema import cases, facts, idempotency_keys, metadata, photos
from service.store.schema_uploads import deletions, sweeps, upload_parts, uploads

ASKED, RETENTION = "asked", "retention"
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Deleted:
    """A deleted case whose bytes are still to be removed."""

    organisation_id: str
    case_id: str


def tables_of_a_case() -> Iterator[Table]:
    """Every table whose rows belong to a case, those that others refer to last."""
    for table in reversed(metadata.sorted_tables):
        column = table.c.get("case_id")
        if column is not None and any(key.column is cases.c.id for key in column.foreign_keys):
            yield table


async def delete_case(
    connection: AsyncConnection, case: CaseRow, *, by: str, reason: str, manifest_sha256: str
) -> None:
    """Deletes everything kept of the case but a note that it was, and what bytes are still to be removed.

    The caller holds the case's lock and has seen that there is no legal hold. Facts of the same bytes in another case
    of the organisation stay.
    """
    organisation = case.organisation_id
    seen = select(photos.c.sha256).where(photos.c.organisation_id == organisation, photos.c.case_id == case.id)
    hashes = set((await connection.execute(seen)).scalars())
    count = (
        await connection.execute(select(func.count()).select_from(photos).where(_of_case(photos, case)))
    ).scalar_one()
    for table in tables_of_a_case():
        await connection.execute(delete(table).where(_of_case(table, case)))
    for sha256 in sorted(hashes):
        elsewhere = exists().where(photos.c.organisation_id == organisation, photos.c.sha256 == sha256)
        mine = and_(facts.c.organisation_id == organisation, facts.c.sha256 == sha256, ~elsewhere)
        await connection.execute(delete(facts).where(mine))
    await connection.execute(delete(cases).where(cases.c.organisation_id == organisation, cases.c.id == case.id))
    note = {"case_id": case.id, "organisation_id": organisation, "reason": reason, "deleted_by": by}
    told = insert(deletions).values(**note, photos=count, manifest_sha256=manifest_sha256, deleted_ms=now_ms())
    await connection.execute(told)


async def was_deleted(connection: AsyncConnection, organisation: str, case_id: str) -> bool:
    """Whether the organisation had this case once."""
    mine = and_(deletions.c.organisation_id == organisation, deletions.c.case_id == case_id)
    return bool((await connection.execute(select(exists().where(mine)))).scalar_one())


async def to_remove(connection: AsyncConnection, limit: int) -> list[Deleted]:
    """Deleted cases whose bytes are still there."""
    statement = select(deletions.c.organisation_id, deletions.c.case_id).where(deletions.c.blobs_gone_ms.is_(None))
    return [Deleted(*row) for row in await connection.execute(statement.order_by(deletions.c.deleted_ms).limit(limit))]


async def removed(connection: AsyncConnection, one: Deleted) -> None:
    """Its bytes are gone."""
    mine = and_(deletions.c.organisation_id == one.organisation_id, deletions.c.case_id == one.case_id)
    await connection.execute(update(deletions).where(mine).values(blobs_gone_ms=now_ms()))


async def due_cases(
    connection: AsyncConnection, days: float | None, open_days: float | None, limit: int
) -> list[tuple[str, str]]:
    """Organisation and id of cases whose time is up, held ones never."""
    over: list[ColumnElement[bool]] = []
    if days is not None:
        over.append(and_(cases.c.state == CLOSED, cases.c.closed_ms <= now_ms() - int(days * DAY_MS)))
    if open_days is not None:
        over.append(and_(cases.c.state == OPEN, cases.c.created_ms <= now_ms() - int(open_days * DAY_MS)))
    if not over:
        return []
    statement = select(cases.c.organisation_id, cases.c.id).where(or_(*over), cases.c.legal_hold.is_(False))
    rows = await connection.execute(statement.order_by(cases.c.created_ms).limit(limit))
    return [(row.organisation_id, row.id) for row in rows]


async def expired_uploads(connection: AsyncConnection, limit: int) -> list[tuple[str, str, str]]:
    """Organisation, case and id of uploads whose time is up, those of held cases not."""
    held = select(cases.c.id).where(cases.c.legal_hold.is_(True))
    statement = select(uploads.c.organisation_id, uploads.c.case_id, uploads.c.id).where(
        uploads.c.expires_ms <= now_ms(), uploads.c.case_id.not_in(held)
    )
    rows = await connection.execute(statement.order_by(uploads.c.expires_ms).limit(limit))
    return [(row.organisation_id, row.case_id, row.id) for row in rows]


async def referenced(connection: AsyncConnection, organisation: str, case_id: str) -> set[str]:
    """Keys of all bytes that rows of the case speak of."""
    mine = and_(photos.c.organisation_id == organisation, photos.c.case_id == case_id)
    originals = (await connection.execute(select(photos.c.sha256).where(mine))).scalars()
    of_case = and_(upload_parts.c.organisation_id == organisation, upload_parts.c.case_id == case_id)
    parts = (await connection.execute(select(upload_parts.c.blob_key).where(of_case))).scalars()
    return {f"{organisation}/{case_id}/{sha256}" for sha256 in originals} | set(parts)


async def forget_answers(connection: AsyncConnection, days: float) -> None:
    """Kept answers to requests that nobody sends again."""
    old = idempotency_keys.c.created_ms <= now_ms() - int(days * DAY_MS)
    await connection.execute(delete(idempotency_keys).where(old))


async def claim(connection: AsyncConnection, name: str, every_s: float) -> bool:
    """Whether this sweep is due and the caller's to do: of several workers one does it."""
    await insert_new(connection, sweeps, {"name": name, "due_ms": 0})
    due = and_(sweeps.c.name == name, sweeps.c.due_ms <= now_ms())
    statement = update(sweeps).where(due).values(due_ms=now_ms() + int(every_s * 1000))
    return (await connection.execute(statement)).rowcount == 1


def _of_case(table: Table, case: CaseRow) -> ColumnElement[bool]:
    return and_(table.c.organisation_id == case.organisation_id, table.c.case_id == case.id)
