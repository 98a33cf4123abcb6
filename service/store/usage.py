"""What each sender has uploaded on a day."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.database import now_ms
from service.store.schema_usage import usage

_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Usage:
    photos: int
    bytes: int


async def add(connection: AsyncConnection, organisation: str, key: str, size_bytes: int) -> Usage:
    """Counts a photo of the sender ``key``; returns what it has uploaded today (UTC), this one included.

    Others of the same sender wait until the transaction ends, so that a quota is exact.
    """
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    row = {"organisation_id": organisation, "key": key, "day": now_ms() // _DAY_MS}
    statement = dialect.insert(usage).values(**row, photos=1, bytes=size_bytes)
    more = {"photos": usage.c.photos + 1, "bytes": usage.c.bytes + size_bytes}
    counted = statement.on_conflict_do_update(index_elements=list(row), set_=more)
    return Usage(*(await connection.execute(counted.returning(usage.c.photos, usage.c.bytes))).one())
