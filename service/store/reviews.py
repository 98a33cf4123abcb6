"""Cases that wait for an officer, and what officers decided."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.database import insert_new, now_ms
from service.store.schema_officers import review_queue as queue
from service.store.schema_officers import reviews
from service.store.secrets import seal_json, unseal_json

COLUMN = "reviews.body"
REVIEW = "review"
"""The decision of an assessment that asks for an officer."""
Place = tuple[int, str]


class Why(StrEnum):
    DECISION = "decision"
    """The latest assessment says review."""
    FLAGGED = "flagged"
    """Somebody asked for an officer."""


@dataclass(frozen=True, slots=True)
class Filters:
    why: str | None = None
    free: bool = False
    """Only what nobody has in hand."""
    claimed_by: str | None = None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """``claimed_by`` is null where nobody has it in hand, or not any more."""

    case_id: str
    version: int
    why: str
    queued_ms: int
    claimed_by: str | None
    claimed_until_ms: int | None


@dataclass(frozen=True, slots=True)
class NewReview:
    version: int
    decided_by: str
    decision: str
    reason: str
    body: Mapping[str, Any]
    """The note, and a verdict for each finding that was looked at."""


@dataclass(frozen=True, slots=True)
class ReviewRow:
    id: str
    case_id: str
    version: int
    decided_by: str
    decision: str
    reason: str
    body: dict[str, Any]
    decided_ms: int


async def queue_after(
    connection: AsyncConnection, organisation: str, case_id: str, version: int, decision: str
) -> None:
    """What a new assessment does to the queue; a flag stays, and waits for the newest version."""
    if decision == REVIEW:
        await _put(connection, organisation, case_id, version, Why.DECISION)
    else:
        mine = and_(_one(organisation, case_id), queue.c.why == Why.DECISION)
        await connection.execute(delete(queue).where(mine))
    await connection.execute(update(queue).where(_one(organisation, case_id)).values(version=version))


async def flag(connection: AsyncConnection, organisation: str, case_id: str, version: int) -> None:
    """Somebody asks for an officer: the case waits until one has decided, whatever assessments say."""
    await _put(connection, organisation, case_id, version, Why.FLAGGED)
    await connection.execute(update(queue).where(_one(organisation, case_id)).values(why=Why.FLAGGED))


async def page(
    connection: AsyncConnection, organisation: str, filters: Filters, after: Place | None, limit: int
) -> list[QueueRow]:
    """Up to ``limit`` waiting cases after ``after``, the longest waiting first."""
    statement = _select().where(queue.c.organisation_id == organisation)
    if filters.why is not None:
        statement = statement.where(queue.c.why == filters.why)
    if filters.free:
        statement = statement.where(_free())
    if filters.claimed_by is not None:
        statement = statement.where(queue.c.claimed_by == filters.claimed_by, queue.c.claimed_until_ms > now_ms())
    if after is not None:
        queued_ms, case_id = after
        later = queue.c.queued_ms > queued_ms
        statement = statement.where(or_(later, and_(queue.c.queued_ms == queued_ms, queue.c.case_id > case_id)))
    ordered = statement.order_by(queue.c.queued_ms, queue.c.case_id).limit(limit)
    return [_row(row) for row in (await connection.execute(ordered)).mappings().all()]


async def find(connection: AsyncConnection, organisation: str, case_id: str) -> QueueRow | None:
    """The case's place in the queue."""
    row = (await connection.execute(_select().where(_one(organisation, case_id)))).mappings().first()
    return None if row is None else _row(row)


async def claim(connection: AsyncConnection, organisation: str, case_id: str, who: str, lease_s: float) -> bool:
    """``who`` has it in hand for so long, again where it was theirs; false where another has it or it does not wait."""
    mine = and_(_one(organisation, case_id), or_(_free(), queue.c.claimed_by == who))
    until = now_ms() + int(lease_s * 1000)
    taken = await connection.execute(update(queue).where(mine).values(claimed_by=who, claimed_until_ms=until))
    return taken.rowcount == 1


async def release(connection: AsyncConnection, organisation: str, case_id: str, who: str | None) -> bool:
    """Gives it back; ``who`` null: whoever has it. False where it was not in that hand."""
    mine = and_(_one(organisation, case_id), queue.c.claimed_by.is_not(None))
    if who is not None:
        mine = and_(mine, queue.c.claimed_by == who)
    given = await connection.execute(update(queue).where(mine).values(claimed_by=None, claimed_until_ms=0))
    return given.rowcount == 1


async def decide(connection: AsyncConnection, organisation: str, case_id: str, new: NewReview) -> str:
    """Keeps the review and takes the case out of the queue; returns the review's id."""
    review_id = uuid.uuid4().hex
    sealed = await seal_json(connection, organisation, COLUMN, review_id, dict(new.body))
    row = {"id": review_id, "organisation_id": organisation, "case_id": case_id, "version": new.version}
    told = {"decided_by": new.decided_by, "decision": new.decision, "reason": new.reason, "body": sealed}
    await connection.execute(insert(reviews).values(**row, **told, decided_ms=now_ms()))
    await connection.execute(delete(queue).where(_one(organisation, case_id)))
    return review_id


async def of_case(connection: AsyncConnection, organisation: str, case_id: str) -> list[ReviewRow]:
    """All reviews of the case, the newest first."""
    columns = (reviews.c[name] for name in ReviewRow.__dataclass_fields__)
    mine = select(*columns).where(reviews.c.organisation_id == organisation, reviews.c.case_id == case_id)
    ordered = mine.order_by(reviews.c.decided_ms.desc(), reviews.c.id.desc())
    return [
        ReviewRow(**{**row, "body": await unseal_json(connection, organisation, COLUMN, row["id"], row["body"])})
        for row in (await connection.execute(ordered)).mappings().all()
    ]


async def _put(connection: AsyncConnection, organisation: str, case_id: str, version: int, why: Why) -> None:
    row = {"case_id": case_id, "organisation_id": organisation, "version": version, "why": why.value}
    await insert_new(connection, queue, {**row, "queued_ms": now_ms(), "claimed_until_ms": 0})


def _one(organisation: str, case_id: str) -> ColumnElement[bool]:
    return and_(queue.c.organisation_id == organisation, queue.c.case_id == case_id)


def _free() -> ColumnElement[bool]:
    return or_(queue.c.claimed_by.is_(None), queue.c.claimed_until_ms <= now_ms())


def _select() -> Select[Any]:
    return select(*(queue.c[name] for name in QueueRow.__dataclass_fields__), now_ms().label("now"))


def _row(row: RowMapping) -> QueueRow:
    held = row["claimed_by"] is not None and row["claimed_until_ms"] > row["now"]
    told = {name: row[name] for name in ("case_id", "version", "why", "queued_ms")}
    claimed = (row["claimed_by"], row["claimed_until_ms"]) if held else (None, None)
    return QueueRow(**told, claimed_by=claimed[0], claimed_until_ms=claimed[1])
