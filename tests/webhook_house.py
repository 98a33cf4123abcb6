"""What tests of webhooks share: an organisation with an endpoint at a receiver, and a sender let loose on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update

from service.guard.webhooks import signature
from service.guard.webhooks.payload import Event
from service.store import keys, webhook_history, webhooks
from service.store.database import Database, now_ms
from service.store.webhook_history import DeliveryRow
from service.store.webhooks import EndpointRow
from service.webhook_sending import Sender
from tests.unit.guard.receiver import OK, Receiver, receiving
from tests.webhook_sender import LOCAL

CASE = "0123456789abcdef" * 2
SECRET = signature.make_secret()
AT_ONCE = (timedelta(0),) * 3
"""Three attempts without a wait between them."""


@dataclass(slots=True)
class House:
    """An organisation; ``endpoint`` is its first, at ``receiver``."""

    database: Database
    organisation: str
    endpoint: EndpointRow
    receiver: Receiver

    async def tell(self, event: Event = Event.PHOTO_REJECTED, **data: Any) -> str | None:
        async with self.database.write() as connection:
            return await webhooks.record_event(connection, self.organisation, event, CASE, data)

    async def add(self, url: str, events: Sequence[Event] = ()) -> EndpointRow:
        async with self.database.write() as connection:
            return await webhooks.add(connection, self.organisation, url, "", [*events], SECRET)

    async def deliveries(self, endpoint: EndpointRow | None = None) -> list[DeliveryRow]:
        async with self.database.read() as connection:
            return await webhook_history.page(connection, endpoint or self.endpoint, None, None, 1000)

    async def row(self) -> EndpointRow:
        async with self.database.read() as connection:
            found = await webhooks.find(connection, self.organisation, self.endpoint.id)
        assert found is not None
        return found


async def send_all(database: Database, delays: Sequence[timedelta] = AT_ONCE, **more: Any) -> None:
    """Sends until nothing is due any more."""
    sender = Sender(database, more.pop("policy", LOCAL), delays, **more)
    while await sender.step():
        await asyncio.wait(sender._sending)


@asynccontextmanager
async def house(database: Database, answer: bytes = OK) -> AsyncIterator[House]:
    async with receiving(answer) as receiver:
        async with database.write() as connection:
            organisation = await keys.add_organisation(connection, "police")
            url = f"http://127.0.0.1:{receiver.port}/hooks"
            endpoint = await webhooks.add(connection, organisation, url, "", [], SECRET)
        yield House(database, organisation, endpoint, receiver)


def parted(request: bytes) -> tuple[dict[str, str], bytes]:
    """Headers and body of a request."""
    head, _, body = request.partition(b"\r\n\r\n")
    return dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:]), body


async def count(database: Database, table: object) -> int:
    async with database.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())  # type: ignore[arg-type]


async def age(database: Database, table: object, **columns: timedelta) -> None:
    """Moves times of a table into the past."""
    values = {name: now_ms() - by // timedelta(milliseconds=1) for name, by in columns.items()}
    async with database.write() as connection:
        await connection.execute(update(table).values(values))  # type: ignore[arg-type]
