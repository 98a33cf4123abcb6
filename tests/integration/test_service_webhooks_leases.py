"""Deliveries as leases: who lost one keeps nothing, two share, what is old or deleted goes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from service.guard.webhooks.send import Delivery, Outcome
from service.store import webhook_deliveries, webhooks
from service.store.database import Database
from service.store.schema_webhooks import webhook_deliveries as deliveries
from service.store.schema_webhooks import webhook_messages
from service.store.webhook_deliveries import Ended, Taken
from service.store.webhooks import State
from tests.service_parts import opened
from tests.webhook_house import House, age, count, house, send_all

pytestmark = pytest.mark.anyio
BROKEN = b"HTTP/1.1 500 no\r\ncontent-length: 0\r\n\r\n"
GONE = b"HTTP/1.1 410 gone\r\ncontent-length: 0\r\n\r\n"
TABLE = (timedelta(0), timedelta(hours=1), timedelta(hours=2))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    one = opened(database_url)
    yield one
    await one.close()


async def taken(database: Database, one: House, limit: int = 10, lease_s: float = 60) -> list[Taken]:
    async with database.write() as connection:
        return await webhook_deliveries.take(connection, one.endpoint.id, lease_s, limit)


async def test_a_lease_that_was_lost_keeps_nothing(database: Database) -> None:
    async with house(database) as one:
        await one.tell()
        (first,) = await taken(database, one, lease_s=0)
        assert await taken(database, one) != [] and await taken(database, one) == []
        async with database.write() as connection:
            assert await webhook_deliveries.keep(connection, [Ended(first, Delivery(Outcome.DELIVERED, 200))]) == 0
        (row,) = await one.deliveries()
        assert row.state == State.SENDING and row.attempts == 0


async def test_two_senders_share_and_one_message_is_sent_once(database: Database) -> None:
    async with house(database) as one:
        for _ in range(30):
            await one.tell()
        await asyncio.gather(send_all(database), send_all(database))
        assert one.receiver.connections == 30


async def test_a_deleted_endpoint_gets_nothing_more(database: Database) -> None:
    async with house(database) as one:
        await one.tell()
        (mine,) = await taken(database, one)
        async with database.write() as connection:
            await webhooks.remove(connection, one.endpoint)
            assert await webhook_deliveries.keep(connection, [Ended(mine, Delivery(Outcome.TIMED_OUT))]) == 0
        await send_all(database)
        assert one.receiver.connections == 0 and [row.state for row in await one.deliveries()] == ["cancelled"]


async def test_old_messages_go_and_open_ones_stay(database: Database) -> None:
    async with house(database) as one:
        await one.tell()
        await send_all(database)
        await one.tell()
        await age(database, webhook_messages, created_ms=timedelta(days=31))
        async with database.write() as connection:
            await webhook_deliveries.sweep(connection, timedelta(days=30))
        assert [row.state for row in await one.deliveries()] == ["waiting"] and await count(
            database, webhook_messages
        ) == 1


async def test_the_lag_is_that_of_the_oldest_due_one(database: Database) -> None:
    async with house(database) as one:
        await one.tell()
        await age(database, deliveries, due_ms=timedelta(seconds=9))
        async with database.read() as connection:
            assert 9000 <= (await webhook_deliveries.oldest_wait_ms(connection) or 0) < 60_000
        await send_all(database)
        async with database.read() as connection:
            assert await webhook_deliveries.oldest_wait_ms(connection) is None
