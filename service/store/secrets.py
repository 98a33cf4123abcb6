"""Sealing what is personal before it is kept, under the organisation's own data key.

The keys come with the connection: a `Database` is opened with a `Vault`, and what was opened without one can neither
keep nor read such a value. Each value is tied to its organisation, column and row.
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.guard import fields
from service.guard.datakeys import SEAL, SEARCH, DataKeys, KeyWrapper, cell_of, new_secret
from service.guard.errors import DecryptionError, KeyFileError
from service.guard.fields import Cell
from service.store.database import now_ms
from service.store.schema_officers import organisation_keys as table

FRESH_S: Final = 60.0
"""So long a process goes on sealing under a key after another process has made a newer one."""


@dataclass(frozen=True, slots=True)
class Vault:
    """Unwraps organisations' keys, and remembers them for a while."""

    wrapper: KeyWrapper
    known: dict[str, tuple[DataKeys, float]] = field(default_factory=dict, repr=False)

    async def keys(self, connection: AsyncConnection, organisation: str, *, fresh: bool = False) -> DataKeys:
        """The organisation's keys. Raises `DecryptionError` where it has none."""
        held = self.known.get(organisation)
        if held is None or fresh or time.monotonic() > held[1] + FRESH_S:
            held = (await self._read(connection, organisation), time.monotonic())
            self.known[organisation] = held
        return held[0]

    async def _read(self, connection: AsyncConnection, organisation: str) -> DataKeys:
        found = await connection.execute(select(table).where(table.c.organisation_id == organisation))
        keys: dict[str, dict[int, bytes]] = {SEAL: {}, SEARCH: {}}
        for row in found.mappings():
            cell = cell_of(organisation, row["use"], row["version"])
            secret = await asyncio.to_thread(self.wrapper.unwrap, row["wrapped"], cell)
            keys[row["use"]][row["version"]] = secret
        if not keys[SEAL] or not keys[SEARCH]:
            raise DecryptionError("this organisation has no keys")
        return DataKeys(organisation, keys[SEAL], keys[SEARCH][max(keys[SEARCH])])


def vault_of(connection: AsyncConnection) -> Vault:
    """The vault that the database was opened with. Raises `KeyFileError`."""
    found = connection.sync_connection.get_execution_options().get("kuaizheng_vault")  # type: ignore[union-attr]
    if not isinstance(found, Vault):
        raise KeyFileError("this database was opened without keys: service.store.opening opens it with them")
    return found


async def add_keys(connection: AsyncConnection, organisation: str) -> None:
    """An organisation's first keys, in the transaction that makes it: nobody seals under a key that is not kept."""
    await add_key(connection, organisation, SEAL, 1)
    await add_key(connection, organisation, SEARCH, 1)


async def add_key(connection: AsyncConnection, organisation: str, use: str, version: int) -> None:
    """One more key. Of a newer seal key other processes hear within `FRESH_S`."""
    cell = cell_of(organisation, use, version)
    wrapped = await asyncio.to_thread(vault_of(connection).wrapper.wrap, new_secret(), cell)
    row = {"organisation_id": organisation, "use": use, "version": version, "wrapped": wrapped}
    await connection.execute(insert(table).values(**row, created_ms=now_ms()))


async def seal(connection: AsyncConnection, organisation: str, column: str, row: str, text: str) -> str:
    """``text`` as it is kept in ``column`` (``table.column``) of ``row``."""
    keys = await vault_of(connection).keys(connection, organisation)
    return fields.encrypt(text, Cell(organisation, column, row), keys)


async def unseal(connection: AsyncConnection, organisation: str, column: str, row: str, stored: str) -> str:
    """What was sealed. Raises `DecryptionError` where it was altered, moved or is in plain text."""
    vault = vault_of(connection)
    keys = await vault.keys(connection, organisation)
    if stored.partition(".")[0] not in keys.ids():
        keys = await vault.keys(connection, organisation, fresh=True)
    return fields.decrypt(stored, Cell(organisation, column, row), keys)


async def seal_json(connection: AsyncConnection, organisation: str, column: str, row: str, value: Any) -> str:
    """The same for what JSON can say."""
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return await seal(connection, organisation, column, row, text)


async def unseal_json(connection: AsyncConnection, organisation: str, column: str, row: str, stored: str) -> Any:
    """The same for what JSON can say."""
    return json.loads(await unseal(connection, organisation, column, row, stored))


async def hashed(connection: AsyncConnection, organisation: str, kind: str, text: str) -> str:
    """The keyed hash that finds ``text`` again, by any of its spellings; another one in another organisation."""
    keys = await vault_of(connection).keys(connection, organisation)
    return fields.search_hash(text, organisation, kind, keys)
