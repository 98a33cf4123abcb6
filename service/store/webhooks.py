"""Webhook endpoints of an organisation, and messages written in the transaction of what they tell."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.guard import spans
from service.guard.webhooks.payload import Event, thin
from service.store import audit, secrets
from service.store.database import now_ms
from service.store.schema_webhooks import webhook_deliveries as deliveries
from service.store.schema_webhooks import webhook_endpoints as endpoints
from service.store.schema_webhooks import webhook_messages as messages
from service.store.schema_webhooks import webhook_secrets

SEALED: Final = "webhook_secrets.sealed"


class State(StrEnum):
    """Of a delivery. ``failed``: the retry table is used up; ``cancelled``: its endpoint was deleted."""

    WAITING = "waiting"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Disabled(StrEnum):
    """Why an endpoint gets nothing."""

    BY_HAND = "by_hand"
    FAILING = "failing"
    GONE = "gone"
    """It answered 410."""


@dataclass(frozen=True, slots=True)
class EndpointRow:
    id: str
    organisation_id: str
    url: str
    description: str
    events: list[str]
    """Empty: all."""
    created_ms: int
    failing_since_ms: int | None
    disabled_ms: int | None
    disabled_reason: str | None


async def record_event(
    connection: AsyncConnection, organisation: str, event: Event, case_id: str, data: Mapping[str, object]
) -> str | None:
    """Keeps a message and its deliveries, in the transaction of what it tells; returns the message's id.

    ``data`` are the fields of ``event`` in `service.guard.webhooks.payload.FIELDS` beside organisation and case.
    Null where the organisation has no endpoint that could want it, now or by a replay. Locks nothing that others
    wait for. Raises `InputError` for a field that a payload cannot carry.
    """
    columns = select(endpoints.c.id, endpoints.c.events, endpoints.c.disabled_ms, now_ms().label("now"))
    mine = columns.where(endpoints.c.organisation_id == organisation, endpoints.c.deleted_ms.is_(None))
    wanting = [row for row in await connection.execute(mine) if not row.events or event.value in row.events]
    if not wanting:
        return None
    message_id, now = f"msg_{uuid.uuid4().hex}", wanting[0].now
    told = {**data, "organisation_id": organisation, "case_id": case_id}
    body = thin(event, datetime.fromtimestamp(now / 1000, UTC), told).decode("ascii")
    common = {"organisation_id": organisation, "created_ms": now}
    row = {"id": message_id, "event": event.value, "body": body}
    followed = {"request_id": audit.request_id(), "traceparent": spans.traceparent()}
    await connection.execute(insert(messages).values(**row, **followed, **common))
    fresh = {**common, "message_id": message_id, "state": State.WAITING, "due_ms": now, "attempts": 0, "fence": 0}
    rows = [{**fresh, "endpoint_id": row.id} for row in wanting if row.disabled_ms is None]
    if rows:
        await connection.execute(insert(deliveries), rows)
    return message_id


async def add(
    connection: AsyncConnection, organisation: str, url: str, description: str, events: Sequence[str], secret: str
) -> EndpointRow:
    """A new endpoint with its first secret."""
    endpoint_id = f"end_{uuid.uuid4().hex}"
    row = {"id": endpoint_id, "organisation_id": organisation, "url": url, "description": description}
    await connection.execute(insert(endpoints).values(**row, events=list(events), created_ms=now_ms()))
    await _add_secret(connection, organisation, endpoint_id, secret)
    made = await find(connection, organisation, endpoint_id)
    assert made is not None
    return made


async def find(connection: AsyncConnection, organisation: str, endpoint_id: str) -> EndpointRow | None:
    """The endpoint, unless it was deleted."""
    row = (await connection.execute(_select().where(_one(organisation, endpoint_id)))).first()
    return None if row is None else EndpointRow(*row)


async def all_of(connection: AsyncConnection, organisation: str) -> list[EndpointRow]:
    """All endpoints, oldest first."""
    mine = _select().where(endpoints.c.organisation_id == organisation, endpoints.c.deleted_ms.is_(None))
    rows = await connection.execute(mine.order_by(endpoints.c.created_ms, endpoints.c.id))
    return [EndpointRow(*row) for row in rows]


async def count(connection: AsyncConnection, organisation: str) -> int:
    """How many endpoints the organisation has."""
    mine = (endpoints.c.organisation_id == organisation, endpoints.c.deleted_ms.is_(None))
    return int((await connection.execute(select(func.count()).select_from(endpoints).where(*mine))).scalar_one())


async def rotate(connection: AsyncConnection, endpoint: EndpointRow, secret: str, overlap_s: int) -> None:
    """A new secret; those before it are signed with for ``overlap_s`` more, and no longer than they were to be."""
    ends = now_ms() + overlap_s * 1000
    mine = webhook_secrets.c.endpoint_id == endpoint.id
    later = (webhook_secrets.c.expires_ms.is_(None)) | (webhook_secrets.c.expires_ms > ends)
    await connection.execute(update(webhook_secrets).where(mine, later).values(expires_ms=ends))
    await connection.execute(delete(webhook_secrets).where(mine, webhook_secrets.c.expires_ms <= now_ms()))
    await _add_secret(connection, endpoint.organisation_id, endpoint.id, secret)


async def enable(connection: AsyncConnection, endpoint: EndpointRow) -> None:
    """It gets messages again, first those that were waiting when it was disabled."""
    values = {"disabled_ms": None, "disabled_reason": None, "failing_since_ms": None}
    await connection.execute(update(endpoints).where(_one(endpoint.organisation_id, endpoint.id)).values(values))


async def disable(connection: AsyncConnection, organisation: str, endpoint_id: str, reason: Disabled) -> bool:
    """It gets nothing until it is enabled; false where it was disabled before."""
    fresh = and_(_one(organisation, endpoint_id), endpoints.c.disabled_ms.is_(None))
    values = {"disabled_ms": now_ms(), "disabled_reason": reason.value}
    return (await connection.execute(update(endpoints).where(fresh).values(values))).rowcount == 1


async def remove(connection: AsyncConnection, endpoint: EndpointRow) -> None:
    """Deletes it and its secrets; what was not delivered is cancelled, what was stays in the list of deliveries."""
    waiting = and_(deliveries.c.endpoint_id == endpoint.id, deliveries.c.done_ms.is_(None))
    await connection.execute(update(deliveries).where(waiting).values(state=State.CANCELLED, done_ms=now_ms()))
    await connection.execute(delete(webhook_secrets).where(webhook_secrets.c.endpoint_id == endpoint.id))
    gone = update(endpoints).where(_one(endpoint.organisation_id, endpoint.id)).values(deleted_ms=now_ms())
    await connection.execute(gone)


async def _add_secret(connection: AsyncConnection, organisation: str, endpoint_id: str, secret: str) -> None:
    row = {"id": uuid.uuid4().hex, "organisation_id": organisation, "endpoint_id": endpoint_id}
    sealed = await secrets.seal(connection, organisation, SEALED, row["id"], secret)
    await connection.execute(insert(webhook_secrets).values(**row, sealed=sealed, created_ms=now_ms()))


def _select() -> Select[Any]:
    return select(*(endpoints.c[name] for name in EndpointRow.__dataclass_fields__))


def _one(organisation: str, endpoint_id: str) -> ColumnElement[bool]:
    mine = and_(endpoints.c.organisation_id == organisation, endpoints.c.id == endpoint_id)
    return and_(mine, endpoints.c.deleted_ms.is_(None))
