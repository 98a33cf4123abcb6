"""New keys for what is kept: master keys wrap organisations' keys anew, and a new data key seals all values anew."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Table, and_, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.guard.datakeys import SEAL, cell_of
from service.store.database import Database
from service.store.schema import assessments, cases, facts, idempotency_keys
from service.store.schema_officers import officers, organisation_keys, reviews
from service.store.schema_uploads import uploads
from service.store.schema_webhooks import webhook_secrets
from service.store.secrets import add_key, seal, unseal, vault_of

BATCH: Final = 100


@dataclass(frozen=True, slots=True)
class Sealed:
    """A column of sealed values; ``key`` names the columns whose values, joined by ``/``, are the row."""

    table: Table
    column: str
    key: tuple[str, ...] = ("id",)

    @property
    def name(self) -> str:
        return f"{self.table.name}.{self.column}"


SEALED: Final = (
    Sealed(cases, "personal"),
    Sealed(facts, "facts", ("sha256", "model_set")),
    Sealed(assessments, "body", ("case_id", "version")),
    Sealed(idempotency_keys, "answer", ("key",)),
    Sealed(reviews, "body"),
    Sealed(officers, "name"),
    Sealed(webhook_secrets, "sealed"),
    Sealed(uploads, "told"),
)
"""Every column of sealed values: a test holds it against a database in which everything was kept once."""


async def rewrap(database: Database) -> int:
    """Wraps all organisations' keys under the current master key; returns how many were under another."""
    rows = organisation_keys
    changed = 0
    async with database.write() as connection:
        wrapper = vault_of(connection).wrapper
        for row in (await connection.execute(select(rows))).mappings().all():
            if wrapper.is_current(row["wrapped"]):
                continue
            cell = cell_of(row["organisation_id"], row["use"], row["version"])
            secret = await asyncio.to_thread(wrapper.unwrap, row["wrapped"], cell)
            wrapped = await asyncio.to_thread(wrapper.wrap, secret, cell)
            mine = and_(*(rows.c[name] == row[name] for name in ("organisation_id", "use", "version")))
            await connection.execute(update(rows).where(mine).values(wrapped=wrapped))
            changed += 1
    return changed


async def renew(database: Database, organisation: str) -> int:
    """A new data key for the organisation, and all its values sealed under it; returns how many were sealed anew.

    Other processes go on sealing under the key before for up to `secrets.FRESH_S`, and all can read both: what they
    seal in between is sealed anew by the next `reseal`.
    """
    async with database.write() as connection:
        mine = and_(organisation_keys.c.organisation_id == organisation, organisation_keys.c.use == SEAL)
        last = (await connection.execute(select(func.max(organisation_keys.c.version)).where(mine))).scalar_one()
        await add_key(connection, organisation, SEAL, last + 1)
    return await reseal(database, organisation)


async def reseal(database: Database, organisation: str) -> int:
    """Seals anew all values of the organisation that are not under its newest key."""
    async with database.read() as connection:
        keys = await vault_of(connection).keys(connection, organisation, fresh=True)
    changed = 0
    for sealed in SEALED:
        while True:
            async with database.write() as connection:
                found = await _older(connection, sealed, organisation, keys.current)
                for row in found:
                    await _anew(connection, sealed, organisation, row)
            changed += len(found)
            if len(found) < BATCH:
                break
    return changed


async def _older(connection: AsyncConnection, sealed: Sealed, organisation: str, current: str) -> list[dict[str, Any]]:
    table, value = sealed.table, sealed.table.c[sealed.column]
    statement = select(value, *(table.c[name] for name in sealed.key)).where(
        table.c.organisation_id == organisation, value != "", value.not_like(f"{current}.%")
    )
    return [dict(row) for row in (await connection.execute(statement.limit(BATCH))).mappings().all()]


async def _anew(connection: AsyncConnection, sealed: Sealed, organisation: str, row: dict[str, Any]) -> None:
    table, old = sealed.table, row[sealed.column]
    name = "/".join(str(row[key]) for key in sealed.key)
    text = await unseal(connection, organisation, sealed.name, name, old)
    new = await seal(connection, organisation, sealed.name, name, text)
    # Only what was read: a value that somebody has changed meanwhile is theirs.
    mine = and_(table.c.organisation_id == organisation, *(table.c[key] == row[key] for key in sealed.key))
    unchanged = and_(mine, table.c[sealed.column] == old)
    await connection.execute(update(table).where(unchanged).values({sealed.column: new}))
