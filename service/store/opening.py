"""Opens the database with the keys that its personal values are sealed under."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.guard.datakeys import SEAL, FileWrapper
from service.guard.errors import KeyFileError
from service.guard.fields import new_key_file
from service.settings import Settings, SettingsError
from service.store.database import Database
from service.store.schema import organisations
from service.store.schema_officers import organisation_keys
from service.store.secrets import Vault, add_keys

FILE = "master-keys.toml"


def master_key_file(settings: Settings) -> Path:
    """Where the master keys lie. Raises `SettingsError` where a database of its own needs a file of its own."""
    if settings.master_key_file is not None:
        return settings.master_key_file
    if settings.database_url:
        raise SettingsError("setting 'master_key_file': needed with a database_url; `kuaizheng secrets new` makes one")
    return settings.data_folder / FILE


def open_database(settings: Settings) -> Database:
    """The database with its vault. Raises `SettingsError` and `KeyFileError`."""
    return Database(settings.database, Vault(FileWrapper.of_file(master_key_file(settings))))


async def prepare_keys(settings: Settings) -> None:
    """For the start of `serve`: the embedded default gets its key file, and each organisation its keys.

    Raises `KeyFileError` where the database has keys whose file is gone: a new one would open nothing of it.
    """
    path = master_key_file(settings)
    if not path.exists() and settings.master_key_file is None:
        await _refuse_if_sealed(settings, path)
        path.parent.mkdir(parents=True, exist_ok=True)
        _durable(path)
    database = open_database(settings)
    try:
        async with database.write() as connection:
            for organisation in await _without_keys(connection):
                await add_keys(connection, organisation)
    finally:
        await database.close()


async def _refuse_if_sealed(settings: Settings, path: Path) -> None:
    database = Database(settings.database)
    try:
        async with database.read() as connection:
            if (await connection.execute(select(exists(select(organisation_keys.c.version))))).scalar_one():
                raise KeyFileError(f"{path} is gone, and with it what opens this database: bring it back from a backup")
    finally:
        await database.close()


def _durable(path: Path) -> None:
    """A new key file that a power cut cannot take back."""
    new_key_file(path)
    for place in (path, path.parent):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


async def _without_keys(connection: AsyncConnection) -> list[str]:
    keyed = select(organisation_keys.c.organisation_id).where(organisation_keys.c.use == SEAL)
    found = await connection.execute(select(organisations.c.id).where(organisations.c.id.not_in(keyed)))
    return list(found.scalars())
