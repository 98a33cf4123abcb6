"""Many webhooks to a receiver that fails three times in ten, while the sender is killed again and again."""

from __future__ import annotations

import asyncio
import contextlib
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sqlalchemy import func, select

from service.guard.webhooks.payload import Event
from service.store import keys, webhook_history, webhooks
from service.store.database import Database
from service.store.schema_webhooks import webhook_deliveries as deliveries
from service.store.webhooks import EndpointRow, State
from tests import webhook_sender
from tests.webhook_house import CASE, SECRET, parted
from tests.webhook_sender import opened
from tests.webhook_verifier import NotOurs, verify_webhook

FAILING = 0.3


@dataclass(slots=True)
class Flaky:
    """Fails `FAILING` of all requests: by a status, without an answer, or by an answer that is lost after the work."""

    random: random.Random
    port: int = 0
    requests: int = 0
    failed: int = 0
    done: Counter[str] = field(default_factory=Counter)
    """How often the work of a message id was done."""
    bodies: dict[str, bytes] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                writer.write(self._answer(head + await reader.readexactly(length)))
                await writer.drain()
        finally:
            writer.close()

    def _answer(self, request: bytes) -> bytes:
        self.requests += 1
        headers, body = parted(request)
        message_id = verify_webhook(headers, body, [SECRET], time.time())
        self._refuses_forgeries(headers, body)
        if self.bodies.setdefault(message_id, body) != body:
            self.wrong.append(f"{message_id} came with another body")
        failure = self.random.choice((b"HTTP/1.1 503 x\r\ncontent-length: 0\r\n\r\n", b"", None))
        if self.random.random() < FAILING:
            self.failed += 1
            if failure is not None:
                return failure
            self.done[message_id] += 1
            return b""
        self.done[message_id] += 1
        return b"HTTP/1.1 204 x\r\n\r\n"

    def _refuses_forgeries(self, headers: dict[str, str], body: bytes) -> None:
        """What the verifier that we ship must refuse of this very request."""
        now = int(headers["webhook-timestamp"])
        stamped = {**headers, "webhook-timestamp": str(now + 1)}
        renamed = {**headers, "webhook-id": "msg_" + "0" * 32}
        for told, data, at in (
            (headers, body + b" ", now),
            (headers, body, now + 301),
            (stamped, body, now),
            (renamed, body, now),
        ):
            with contextlib.suppress(NotOurs):
                verify_webhook(told, data, [SECRET], at)
                self.wrong.append(f"{headers['webhook-id']}: a forgery passed")


@dataclass(slots=True)
class Storm:
    """``killed`` senders so far; ``ids`` are those of all messages that were recorded."""

    database: Database
    endpoint: EndpointRow
    receiver: Flaky
    ids: set[str] = field(default_factory=set)
    killed: int = 0
    process: subprocess.Popen[bytes] | None = None

    async def tell(self, count: int) -> None:
        while count > 0:
            async with self.database.write() as connection:
                for _ in range(min(count, 100)):
                    organisation, told = self.endpoint.organisation_id, {"reason": "truncated"}
                    made = await webhooks.record_event(connection, organisation, Event.PHOTO_REJECTED, CASE, told)
                    self.ids.add(made or "")
            count -= 100

    def start(self) -> None:
        url = self.database.url.render_as_string(hide_password=False)
        self.process = subprocess.Popen([sys.executable, "-m", webhook_sender.__name__, url])

    async def kill_after(self, requests: int) -> None:
        """Lets the sender get that many more requests out, then kills it in the middle of others."""
        until = self.receiver.requests + requests
        while self.receiver.requests < until:
            await asyncio.sleep(0.005)
        self.kill()
        self.killed += 1

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    async def open(self) -> int:
        """Deliveries that are still being tried."""
        async with self.database.read() as connection:
            statement = select(func.count()).select_from(deliveries).where(deliveries.c.done_ms.is_(None))
            return int((await connection.execute(statement)).scalar_one())

    async def states(self) -> Counter[str]:
        async with self.database.read() as connection:
            return Counter((await connection.execute(select(deliveries.c.state))).scalars())

    async def to_the_end(self, timeout_s: float) -> int:
        """Waits until all is delivered; what used up its attempts is sent again, as an operator would. How many."""
        again = 0
        async with asyncio.timeout(timeout_s):
            while await self.open():
                await asyncio.sleep(0.5)
                if not await self.open() and (failed := (await self.states())[State.FAILED]):
                    again += failed
                    await self._replay()
        return again

    async def _replay(self) -> None:
        failed = select(deliveries.c.message_id).where(deliveries.c.state == State.FAILED)
        async with self.database.write() as connection:
            ids = list((await connection.execute(failed)).scalars())
            await webhook_history.replay_ids(connection, self.endpoint, ids)


@asynccontextmanager
async def storm(url: str, seed: int) -> AsyncIterator[Storm]:
    receiver = Flaky(random.Random(seed))
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    database = opened(url)
    async with database.write() as connection:
        organisation = await keys.add_organisation(connection, "police")
        hook = f"http://127.0.0.1:{receiver.port}/hooks"
        endpoint = await webhooks.add(connection, organisation, hook, "", [], SECRET)
    one = Storm(database, endpoint, receiver)
    try:
        yield one
    finally:
        if one.process is not None and one.process.poll() is None:
            one.kill()
        server.close()
        await database.close()


async def survives(url: str, messages: int, kills: int, timeout_s: float, seed: int = 5) -> Storm:
    """Half of the messages are there at the start, the others come while senders die. Asserts that none is lost."""
    async with storm(url, seed) as one:
        await one.tell(messages // 2)
        for number in range(kills):
            one.start()
            await one.kill_after(messages // (2 * kills))
            await one.tell(messages // 2 * (number + 1) // kills - messages // 2 * number // kills)
        one.start()
        again = await one.to_the_end(timeout_s)
        states, receiver = await one.states(), one.receiver
        print(
            f"{messages} messages, {receiver.requests} requests, {receiver.failed} failed, "
            f"{one.killed} senders killed, {sum(receiver.done.values()) - len(one.ids)} came twice, {again} replayed"
        )
        assert receiver.wrong == [] and states == {State.DELIVERED: len(one.ids)}
        assert set(receiver.done) == one.ids and len(one.ids) == messages, "none lost, none invented, ids kept"
        assert 0.25 < receiver.failed / receiver.requests < 0.35 and one.killed == kills
        return one
