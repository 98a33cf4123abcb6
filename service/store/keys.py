"""Organisations and their machine keys; what a key is, `service.guard.keys` says."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.guard.keys import NewKey, StoredKey
from service.guard.roles import PERMISSIONS, Permission, Role
from service.store.database import now_ms
from service.store.schema import api_keys, organisations
from service.store.secrets import add_keys


@dataclass(frozen=True, slots=True)
class KeyRow:
    """What is told of a key."""

    prefix: str
    name: str
    role: Role
    scopes: frozenset[Permission]
    created_ms: int
    expires_ms: int | None
    revoked_ms: int | None


async def add_organisation(connection: AsyncConnection, name: str) -> str:
    """A new organisation with keys of its own; returns its id."""
    organisation = uuid.uuid4().hex
    await connection.execute(insert(organisations).values(id=organisation, name=name, created_ms=now_ms()))
    await add_keys(connection, organisation)
    return organisation


async def organisation_of(connection: AsyncConnection, name: str) -> str | None:
    """The id of the oldest organisation of this name."""
    named = select(organisations.c.id).where(organisations.c.name == name).order_by(organisations.c.created_ms)
    return (await connection.execute(named.limit(1))).scalar_one_or_none()


async def any_key(connection: AsyncConnection) -> bool:
    """Whether there is a key at all, of any organisation."""
    return bool((await connection.execute(select(exists(select(api_keys.c.prefix))))).scalar_one())


async def add(
    connection: AsyncConnection,
    organisation: str,
    new: NewKey,
    name: str,
    role: Role,
    scopes: Iterable[Permission] | None = None,
    expires: datetime | None = None,
) -> None:
    """Keeps the key's digest; null ``scopes``: all that the role may do."""
    kept = sorted(PERMISSIONS[role] if scopes is None else scopes)
    row = {"prefix": new.prefix, "organisation_id": organisation, "name": name, "digest": new.digest}
    times = {"created_ms": now_ms(), "expires_ms": None if expires is None else int(expires.timestamp() * 1000)}
    await connection.execute(insert(api_keys).values(**row, role=role.value, scopes=kept, **times))


async def all_of(connection: AsyncConnection, organisation: str) -> list[KeyRow]:
    """All keys of the organisation, revoked ones too, newest first."""
    columns = (api_keys.c[name] for name in KeyRow.__dataclass_fields__)
    statement = select(*columns).where(api_keys.c.organisation_id == organisation)
    ordered = statement.order_by(api_keys.c.created_ms.desc(), api_keys.c.prefix)
    told = (await connection.execute(ordered)).mappings().all()
    return [
        KeyRow(**{**row, "role": Role(row["role"]), "scopes": frozenset(map(Permission, row["scopes"]))})
        for row in told
    ]


async def find(connection: AsyncConnection, prefix: str) -> tuple[StoredKey | None, datetime]:
    """The row of this prefix, of any organisation, and the database's time."""
    now = (await connection.execute(select(now_ms()))).scalar_one()
    row = (await connection.execute(select(api_keys).where(api_keys.c.prefix == prefix))).mappings().first()
    if row is None:
        return None, _time(now)
    scopes = frozenset(map(Permission, row["scopes"]))
    times = (None if row[name] is None else _time(row[name]) for name in ("expires_ms", "revoked_ms"))
    return StoredKey(row["prefix"], row["digest"], row["organisation_id"], Role(row["role"]), scopes, *times), _time(
        now
    )


async def revoke(connection: AsyncConnection, organisation: str, prefix: str) -> bool:
    """The key opens nothing from now on; false where the organisation has no such key."""
    mine = (api_keys.c.organisation_id == organisation, api_keys.c.prefix == prefix, api_keys.c.revoked_ms.is_(None))
    return (await connection.execute(update(api_keys).where(*mine).values(revoked_ms=now_ms()))).rowcount == 1


def _time(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
