"""The audit log in a real database: written with what it records, and whatever is done to it afterwards is found."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select

from service.store import audit, keys
from service.store.audit import Action
from service.store.database import Database
from service.store.schema_audit import audit_records
from tests.service_parts import opened as open_with_keys
from vision.errors import InputError

pytestmark = pytest.mark.anyio


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = open_with_keys(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def organisation(database: Database) -> str:
    async with database.write() as connection:
        return await keys.add_organisation(connection, "police")


async def count(database: Database) -> int:
    async with database.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(audit_records))).scalar_one())


async def test_many_at_once_make_one_chain(database: Database, organisation: str) -> None:
    async def one(number: int) -> None:
        async with database.write() as connection:
            await audit.record(connection, organisation, "key:k", Action.CASE_CREATED, f"{number}", {"n": number})

    await asyncio.gather(*(one(number) for number in range(20)))
    async with database.read() as connection:
        rows = (await connection.execute(select(audit_records).order_by(audit_records.c.sequence))).all()
    assert [row.sequence for row in rows] == list(range(1, 21))
    assert [row.previous_hash for row in rows[1:]] == [row.hash for row in rows[:-1]]


async def test_what_is_rolled_back_was_never_recorded(database: Database, organisation: str) -> None:
    async def fail() -> None:
        async with database.write() as connection:
            await audit.record(connection, organisation, "key:k", Action.CASE_CLOSED, "c")
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    assert await count(database) == 0
    async with database.write() as connection:
        await audit.record(connection, organisation, "key:k", Action.CASE_CLOSED, "c")
    assert await count(database) == 1


@pytest.mark.parametrize("text", ["王小明", "wang xiaoming", "苏E12F6", "a\n", "x" * 129])
async def test_no_names(database: Database, organisation: str, text: str) -> None:
    async with database.write() as connection:
        for actor, subject, details in ((text, "s", {}), ("a", text, {}), ("a", "s", {"x": text})):
            with pytest.raises(InputError):
                await audit.record(connection, organisation, actor, Action.CASE_CLOSED, subject, details)
    assert await count(database) == 0
