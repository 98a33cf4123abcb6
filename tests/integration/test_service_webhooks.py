"""Webhooks on both databases: written with what they tell, sent, tried again, given up, sent once more on demand."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from service.guard.webhooks import signature
from service.guard.webhooks.payload import Event
from service.guard.webhooks.send import Delivery, Outcome
from service.store import webhook_deliveries, webhook_history, webhooks
from service.store.database import Database, now_ms
from service.store.schema_audit import audit_records
from service.store.schema_webhooks import webhook_deliveries as deliveries
from service.store.schema_webhooks import webhook_endpoints, webhook_messages, webhook_secrets
from service.store.webhook_deliveries import Ended, Taken
from service.store.webhooks import State
from tests.service_parts import opened
from tests.unit.guard.receiver import receiving
from tests.unit.guard.test_forbidden_urls import LITERALS, NAMES, OPEN
from tests.webhook_house import CASE, SECRET, House, house, parted, send_all
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


async def taken(database: Database, one: House, limit: int = 10, lease_s: float = 60) -> list[Taken]:
    async with database.write() as connection:
        return await webhook_deliveries.take(connection, one.endpoint.id, lease_s, limit)


async def count(database: Database, table: object) -> int:
    async with database.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())  # type: ignore[arg-type]


async def age(database: Database, table: object, **columns: timedelta) -> None:
    """Moves times of a table into the past."""
    values = {name: now_ms() - by // timedelta(milliseconds=1) for name, by in columns.items()}
    async with database.write() as connection:
        await connection.execute(update(table).values(values))  # type: ignore[arg-type]


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


async def test_rotation_signs_with_both_until_the_overlap_ends(database: Database) -> None:
    new, newest = signature.make_secret(), signature.make_secret()
    async with house(database) as one:

        async def known(secret: str, overlap_s: int) -> list[str]:
            async with database.write() as connection:
                await webhooks.rotate(connection, one.endpoint, secret, overlap_s)
                return await webhook_deliveries.secrets_of(connection, one.organisation, one.endpoint.id)

        assert await known(new, 3600) == [new, SECRET]
        await one.tell()
        await send_all(database)
        headers, body = parted(one.receiver.requests[0])
        for secret in (SECRET, new):
            assert verify_webhook(headers, body, [secret])
        assert await known(newest, 0) == [newest]
    assert await count(database, webhook_secrets) == 1


async def test_secrets_lie_sealed(database: Database) -> None:
    async with house(database) as one:
        async with database.read() as connection:
            (sealed,) = (await connection.execute(select(webhook_secrets.c.sealed))).scalars()
        assert SECRET[6:20] not in sealed and one.endpoint.id


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


async def test_an_unreadable_secret_stops_no_other_endpoint(database: Database) -> None:
    async with house(database) as one:
        async with database.write() as connection:
            await connection.execute(update(webhook_secrets).values(sealed="1.AAAA"))
        other = await one.add(f"http://127.0.0.1:{one.receiver.port}/other")
        await one.tell()
        await send_all(database)
        assert [row.state for row in await one.deliveries()] == ["sending"], "due again when its lease ends"
        assert [row.state for row in await one.deliveries(other)] == ["delivered"]


async def test_the_sender_connects_to_no_forbidden_address(database: Database) -> None:
    """All forms, stored past the check that a new endpoint gets, and a sender that allows http and any port."""
    names = {f"n{number}.example.com": answers for number, answers in enumerate(NAMES)}

    async def resolver(host: str, port: int) -> Sequence[str]:
        return names.get(host, ["127.0.0.1"])

    async with house(database) as one, receiving(everywhere=True) as listener:
        urls = [*LITERALS, *(f"http://{host}:{{port}}/" for host in names)]
        async with database.write() as connection:
            for url in urls:
                told = url.replace("{port}", str(listener.port))
                await webhooks.add(connection, one.organisation, told, "", [], SECRET)
        await one.tell()
        await send_all(database, TABLE, policy=OPEN, resolver=resolver)
        async with database.read() as connection:
            outcomes = list((await connection.execute(select(deliveries.c.outcome))).scalars())
        assert listener.connections == one.receiver.connections == 0 and len(outcomes) == 1 + len(urls) > 60
        assert set(outcomes) == {"refused_url", "name_unknown"}
        await age(database, deliveries, due_ms=timedelta(0))
        await send_all(database, TABLE)
        assert one.receiver.connections == 1 < listener.connections, "else the zeros above prove nothing"


async def test_a_redirect_is_not_followed(database: Database) -> None:
    async with receiving() as inner:
        away = f"HTTP/1.1 307 x\r\nlocation: http://127.0.0.1:{inner.port}/\r\ncontent-length: 0\r\n\r\n".encode()
        async with house(database, away) as one:
            await one.tell()
            await send_all(database, TABLE)
            (row,) = await one.deliveries()
    assert (row.outcome, row.status, inner.connections, one.receiver.connections) == ("redirected", 307, 0, 1)


async def test_a_name_that_changes_its_answer_gains_nothing(database: Database) -> None:
    asked = 0

    async def resolver(host: str, port: int) -> Sequence[str]:
        nonlocal asked
        asked += 1
        return ["192.0.2.1" if asked == 1 else "127.0.0.1"]

    async with house(database) as one, receiving(everywhere=True) as listener:
        rebinding = await one.add(f"http://rebind.example.com:{listener.port}/")
        await one.tell()
        for _ in range(3):
            await send_all(database, TABLE, policy=OPEN, resolver=resolver)
            await age(database, deliveries, due_ms=timedelta(0))
        assert asked == 3 and listener.connections == 0
        assert (await one.deliveries(rebinding))[0].outcome == "refused_url"
