"""Webhooks on both databases: written with what they tell, sent, tried again, given up, sent once more on demand."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from service.guard.webhooks.payload import Event
from service.store import webhook_history, webhooks
from service.store.database import Database
from service.store.schema_audit import audit_records
from service.store.schema_webhooks import webhook_deliveries as deliveries
from service.store.schema_webhooks import webhook_endpoints, webhook_messages, webhook_secrets
from tests.service_parts import opened
from tests.webhook_house import CASE, SECRET, age, count, house, parted, send_all
from tests.webhook_verifier import verify_webhook

pytestmark = pytest.mark.anyio
BROKEN = b"HTTP/1.1 500 no\r\ncontent-length: 0\r\n\r\n"
GONE = b"HTTP/1.1 410 gone\r\ncontent-length: 0\r\n\r\n"
TABLE = (timedelta(0), timedelta(hours=1), timedelta(hours=2))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    one = opened(database_url)
    yield one
    await one.close()


async def test_a_message_is_sent_once_and_signed(database: Database) -> None:
    async with house(database) as one:
        message = await one.tell(reason="truncated")
        await send_all(database)
        await send_all(database)
        (request,), (row,) = one.receiver.requests, await one.deliveries()
    headers, body = parted(request)
    assert verify_webhook(headers, body, [SECRET]) == message
    assert json.loads(body)["data"] == {"organisation_id": one.organisation, "case_id": CASE, "reason": "truncated"}
    assert (row.message_id, row.state, row.attempts, row.status) == (message, "delivered", 1, 204)


async def test_what_is_rolled_back_is_never_sent(database: Database) -> None:
    async with house(database) as one:

        async def fail() -> None:
            async with database.write() as connection:
                await webhooks.record_event(connection, one.organisation, Event.PHOTO_REJECTED, CASE, {})
                raise KeyError

        with pytest.raises(KeyError):
            await fail()
        await send_all(database)
    assert one.receiver.connections == 0 and await count(database, webhook_messages) == 0


async def test_who_gets_what(database: Database) -> None:
    async with house(database) as one, house(database) as other:
        some = await one.add(f"http://127.0.0.1:{one.receiver.port}/some", [Event.REVIEW_DECIDED])
        first, second = await one.tell(), await one.tell(Event.REVIEW_DECIDED, decision="accepted")
        await send_all(database)
        assert {row.message_id for row in await one.deliveries()} == {first, second}
        assert [row.message_id for row in await one.deliveries(some)] == [second]
        assert await other.deliveries() == [] and other.receiver.connections == 0


async def test_nothing_is_kept_where_nobody_listens(database: Database) -> None:
    async with house(database) as one:
        async with database.write() as connection:
            await webhooks.remove(connection, one.endpoint)
        assert await one.tell() is None
    assert await count(database, webhook_messages) == await count(database, webhook_secrets) == 0


async def test_the_retry_table_to_its_end(database: Database) -> None:
    async with house(database, BROKEN) as one:
        await one.tell()
        waits = []
        for attempt in range(1, 4):
            await send_all(database, TABLE)
            (row,) = await one.deliveries()
            assert (row.attempts, row.outcome, row.status, row.ended_ms is None) == (attempt, "status", 500, False)
            waits.append(
                round((row.due_ms - (row.ended_ms or 0)) / 3_600_000, 2) if row.state == "waiting" else row.state
            )
            assert (await one.row()).failing_since_ms is not None
            await age(database, deliveries, due_ms=timedelta(0))
        assert waits == [1.0, 2.0, "failed"] and one.receiver.connections == 3
        assert len({parted(request)[0]["webhook-id"] for request in one.receiver.requests}) == 1


async def test_success_ends_the_failing(database: Database) -> None:
    async with house(database, BROKEN) as one:
        await one.tell()
        await send_all(database, TABLE)
        one.receiver.answer = b"HTTP/1.1 200 OK\r\n\r\n"
        await age(database, deliveries, due_ms=timedelta(0))
        await send_all(database, TABLE)
        (row,) = await one.deliveries()
        assert row.state == "delivered" and row.attempts == 2 and (await one.row()).failing_since_ms is None


@pytest.mark.parametrize(
    ("answer", "failing", "reason"),
    [(BROKEN, timedelta(days=5), "failing"), (BROKEN, timedelta(days=4, hours=23), None), (GONE, timedelta(0), "gone")],
)
async def test_an_endpoint_is_given_up(
    database: Database, answer: bytes, failing: timedelta, reason: str | None
) -> None:
    async with house(database, answer) as one:
        await one.tell()
        await age(database, webhook_endpoints, failing_since_ms=failing)
        await send_all(database, TABLE)
        row = await one.row()
        assert (row.disabled_reason, row.disabled_ms is None) == (reason, reason is None)
        assert await count(database, audit_records) == (reason is not None), "written down"
        later = await one.tell()
        await send_all(database, TABLE)
        assert (later in {told.message_id for told in await one.deliveries()}) == (reason is None)


async def test_enabled_again_and_the_gap_replayed(database: Database) -> None:
    async with house(database) as one:
        waiting = await one.tell()
        async with database.write() as connection:
            assert await webhooks.disable(connection, one.organisation, one.endpoint.id, webhooks.Disabled.BY_HAND)
        await send_all(database)
        missed = await one.tell()
        assert one.receiver.connections == 0
        async with database.write() as connection:
            await webhooks.enable(connection, one.endpoint)
        await send_all(database)
        assert [row.message_id for row in await one.deliveries()] == [waiting]
        async with database.write() as connection:
            assert await webhook_history.replay_time(connection, one.endpoint, 0, None) == 2
        await send_all(database)
        ids = Counter(parted(request)[0]["webhook-id"] for request in one.receiver.requests)
        assert ids == {waiting: 2, missed: 1}, "sent again under the same ids"


async def test_replay_takes_what_the_endpoint_wants_and_the_span_says(database: Database) -> None:
    async with house(database) as one, house(database) as other:
        await one.tell()
        some = await one.add(f"http://127.0.0.1:{one.receiver.port}/some", [Event.REVIEW_DECIDED])
        foreign = await other.tell() or ""
        async with database.write() as connection:
            assert await webhook_history.replay_time(connection, some, 0, None) == 0
            assert await webhook_history.replay_time(connection, one.endpoint, 0, 1) == 0
            assert await webhook_history.replay_ids(connection, one.endpoint, [foreign]) is None
            assert await webhook_history.replay_ids(connection, one.endpoint, ["msg_" + "0" * 32]) is None
