"""Writers of one process on SQLite: first come, first served, and told when it takes too long."""

from __future__ import annotations

import asyncio

import pytest

from service.store import database as module
from service.store import keys
from service.store.errors import StoreUnavailableError
from tests.service_parts import opened

pytestmark = pytest.mark.anyio


async def test_writers_come_one_after_the_other(sqlite_url: str) -> None:
    database, came = opened(sqlite_url), list[int]()

    async def write(number: int) -> None:
        async with database.write() as connection:
            await keys.any_key(connection)
            await asyncio.sleep(0.01)
            came.append(number)

    await asyncio.gather(*(write(number) for number in range(20)))
    assert came == list(range(20))
    await database.close()


async def test_a_writer_that_holds_on_is_told_to_the_others(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BUSY_MS", 50)
    database = opened(sqlite_url)
    async with database.write():
        async with database.read() as connection:
            assert not await keys.any_key(connection)
        with pytest.raises(StoreUnavailableError, match="busy"):
            async with database.write():
                pytest.fail("two write at once")
    async with database.write() as connection:
        assert not await keys.any_key(connection)
    await database.close()
