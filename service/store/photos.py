"""Photos of a case: rows are never deleted or changed, but for the mark of a withdrawal."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store import jobs
from service.store.database import insert_new, now_ms
from service.store.schema import photos


@dataclass(frozen=True, slots=True)
class NewPhoto:
    client_id: str
    sha256: str
    size_bytes: int
    format: str | None
    received_by: str
    shot_hint: str | None
    party: str | None


@dataclass(frozen=True, slots=True)
class PhotoRow:
    id: str
    organisation_id: str
    case_id: str
    client_id: str
    sha256: str
    size_bytes: int
    format: str | None
    received_ms: int
    received_by: str
    shot_hint: str | None
    party: str | None
    withdrawn_ms: int | None


async def add(connection: AsyncConnection, organisation: str, case_id: str, new: NewPhoto) -> bool:
    """Adds the photo and the job to look at it; false where the case has a photo of this client id."""
    photo_id = uuid.uuid4().hex
    place = {"id": photo_id, "organisation_id": organisation, "case_id": case_id, "received_ms": now_ms()}
    if not await insert_new(connection, photos, {**place, **asdict(new)}):
        return False
    await jobs.add_facts(connection, organisation, case_id, photo_id)
    return True


async def find(connection: AsyncConnection, organisation: str, case_id: str, client_id: str) -> PhotoRow | None:
    """The photo by the name that its sender gave it."""
    return await _first(connection, and_(_of(organisation, case_id), photos.c.client_id == client_id))


async def by_id(connection: AsyncConnection, organisation: str, photo_id: str) -> PhotoRow | None:
    """The photo by its own id."""
    return await _first(connection, and_(photos.c.organisation_id == organisation, photos.c.id == photo_id))


async def of_case(connection: AsyncConnection, organisation: str, case_id: str) -> list[PhotoRow]:
    """All photos of the case, withdrawn ones too, in the order received."""
    statement = select(*_COLUMNS).where(_of(organisation, case_id)).order_by(photos.c.received_ms, photos.c.id)
    return [PhotoRow(*row) for row in await connection.execute(statement)]


async def count(connection: AsyncConnection, organisation: str, case_id: str) -> int:
    """How many photos the case has, withdrawn ones too."""
    statement = select(func.count()).select_from(photos).where(_of(organisation, case_id))
    return int((await connection.execute(statement)).scalar_one())


async def withdraw(connection: AsyncConnection, organisation: str, photo: PhotoRow) -> bool:
    """Marks the photo; false where it was withdrawn before. The original stays."""
    fresh = and_(photos.c.organisation_id == organisation, photos.c.id == photo.id, photos.c.withdrawn_ms.is_(None))
    return (await connection.execute(update(photos).where(fresh).values(withdrawn_ms=now_ms()))).rowcount == 1


_COLUMNS = tuple(photos.c[name] for name in PhotoRow.__dataclass_fields__)


def _of(organisation: str, case_id: str) -> ColumnElement[bool]:
    return and_(photos.c.organisation_id == organisation, photos.c.case_id == case_id)


async def _first(connection: AsyncConnection, where: ColumnElement[bool]) -> PhotoRow | None:
    row: Any = (await connection.execute(select(*_COLUMNS).where(where))).first()
    return None if row is None else PhotoRow(*row)
