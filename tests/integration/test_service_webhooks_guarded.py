"""Webhooks: secrets that are changed, and no connection to an address that is not public, by the sender itself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from service.guard.webhooks import signature
from service.store import webhook_deliveries, webhooks
from service.store.database import Database
from service.store.schema_webhooks import webhook_deliveries as deliveries
from service.store.schema_webhooks import webhook_secrets
from tests.service_parts import opened
from tests.unit.guard.receiver import receiving
from tests.unit.guard.test_forbidden_urls import LITERALS, NAMES, OPEN
from tests.webhook_house import SECRET, age, count, house, parted, send_all
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
