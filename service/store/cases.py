"""Cases of an organisation; external id, place and parties are sealed, and found by keyed hashes."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store import jobs, search
from service.store.database import insert_new, now_ms
from service.store.schema import cases
from service.store.search import PLATE
from service.store.secrets import hashed, seal_json, unseal_json

COLUMN = "cases.personal"
EXTERNAL = "exact external_id"
OPEN, CLOSED = "open", "closed"


@dataclass(frozen=True, slots=True)
class NewCase:
    external_id: str
    accident_type: str | None
    happened_at: str | None
    """ISO 8601 with an offset, as told."""
    place: str | None
    standard: str
    parties: tuple[Mapping[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class CaseRow:
    id: str
    organisation_id: str
    external_id: str
    accident_type: str | None
    happened_at: str | None
    place: str | None
    standard: str
    parties: list[dict[str, Any]]
    state: str
    legal_hold: bool
    revision: int
    created_ms: int
    closed_ms: int | None


@dataclass(frozen=True, slots=True)
class Filters:
    """All of which must hold; null lets everything through. ``until_ms`` is not included."""

    external_id: str | None = None
    state: str | None = None
    accident_type: str | None = None
    standard: str | None = None
    legal_hold: bool | None = None
    since_ms: int | None = None
    until_ms: int | None = None


Place = tuple[int, str]
"""Where a page of the list ended: creation time and id of its last case."""


async def create(connection: AsyncConnection, organisation: str, new: NewCase) -> CaseRow | None:
    """The new case; null where the organisation has one of this external id."""
    case_id = uuid.uuid4().hex
    personal = {
        "external_id": new.external_id,
        "place": new.place,
        "parties": [dict(party) for party in new.parties],
    }
    values = {
        "id": case_id,
        "organisation_id": organisation,
        "external_hash": await hashed(connection, organisation, EXTERNAL, new.external_id),
        "personal": await seal_json(connection, organisation, COLUMN, case_id, personal),
        "accident_type": new.accident_type,
        "happened_at": new.happened_at,
        "standard": new.standard,
        "state": OPEN,
        "legal_hold": False,
        "revision": 0,
        "created_ms": now_ms(),
    }
    if not await insert_new(connection, cases, values):
        return None
    plates = {(PLATE, plate) for party in new.parties if (plate := party.get("plate"))}
    await search.index(connection, organisation, case_id, plates)
    return await find(connection, organisation, case_id)


async def find(connection: AsyncConnection, organisation: str, case_id: str, *, lock: bool = False) -> CaseRow | None:
    """The case; ``lock`` keeps other writers from it until the transaction ends."""
    statement = _select().where(_one(organisation, case_id))
    if lock:
        statement = statement.with_for_update()  # SQLite's writers have the whole database already
    return next(iter(await _opened(connection, statement)), None)


async def many(connection: AsyncConnection, organisation: str, case_ids: Collection[str]) -> dict[str, CaseRow]:
    """Those of the cases that the organisation has, by id."""
    mine = and_(cases.c.organisation_id == organisation, cases.c.id.in_(case_ids))
    return {row.id: row for row in await _opened(connection, _select().where(mine))}


async def page(
    connection: AsyncConnection, organisation: str, filters: Filters, after: Place | None, limit: int
) -> list[CaseRow]:
    """Up to ``limit`` cases after ``after``, newest first."""
    statement = _select().where(cases.c.organisation_id == organisation, *_conditions(filters))
    if filters.external_id is not None:
        sought = await hashed(connection, organisation, EXTERNAL, filters.external_id)
        statement = statement.where(cases.c.external_hash == sought)
    if after is not None:
        created_ms, case_id = after
        older = cases.c.created_ms < created_ms
        statement = statement.where(or_(older, and_(cases.c.created_ms == created_ms, cases.c.id < case_id)))
    ordered = statement.order_by(cases.c.created_ms.desc(), cases.c.id.desc()).limit(limit)
    return await _opened(connection, ordered)


def _conditions(filters: Filters) -> Iterator[ColumnElement[bool]]:
    for name in ("state", "accident_type", "standard", "legal_hold"):
        if (wanted := getattr(filters, name)) is not None:
            yield cases.c[name] == wanted
    if filters.since_ms is not None:
        yield cases.c.created_ms >= filters.since_ms
    if filters.until_ms is not None:
        yield cases.c.created_ms < filters.until_ms


async def close(connection: AsyncConnection, organisation: str, case_id: str) -> bool:
    """Takes no more photos from now on; false where it was closed before."""
    still_open = and_(_one(organisation, case_id), cases.c.state == OPEN)
    closed = update(cases).where(still_open).values(state=CLOSED, closed_ms=now_ms())
    return (await connection.execute(closed)).rowcount == 1


async def hold(connection: AsyncConnection, organisation: str, case_id: str, *, held: bool) -> bool:
    """Sets or lifts the legal hold; false where it was so before."""
    other = and_(_one(organisation, case_id), cases.c.legal_hold.is_(not held))
    return (await connection.execute(update(cases).where(other).values(legal_hold=held))).rowcount == 1


async def changed(connection: AsyncConnection, organisation: str, case_id: str) -> None:
    """Something that an assessment depends on has changed: the next revision, and a job to judge it.

    Nothing of a case that was deleted meanwhile.
    """
    statement = update(cases).where(_one(organisation, case_id)).values(revision=cases.c.revision + 1)
    if (await connection.execute(statement)).rowcount == 1:
        await jobs.add_assess(connection, organisation, case_id)


async def _opened(connection: AsyncConnection, statement: Select[Any]) -> list[CaseRow]:
    told = []
    for row in (await connection.execute(statement)).mappings().all():
        kept = dict(row)
        sealed = kept.pop("personal")
        personal = await unseal_json(connection, kept["organisation_id"], COLUMN, kept["id"], sealed)
        told.append(CaseRow(**kept, **personal))
    return told


def _select() -> Select[Any]:
    return select(*(cases.c[name] for name in CaseRow.__dataclass_fields__ if name in cases.c), cases.c.personal)


def _one(organisation: str, case_id: str) -> ColumnElement[bool]:
    return and_(cases.c.organisation_id == organisation, cases.c.id == case_id)
