"""What was sent to an endpoint and how it went, and sending it again under the same message ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.database import now_ms
from service.store.schema_webhooks import webhook_deliveries as deliveries
from service.store.schema_webhooks import webhook_messages as messages
from service.store.webhooks import EndpointRow, State


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """``outcome``, ``status`` and ``ended_ms`` are of the last attempt; ``due_ms`` is when the next one may begin."""

    id: int
    message_id: str
    event: str
    state: str
    attempts: int
    outcome: str | None
    status: int | None
    created_ms: int
    ended_ms: int | None
    due_ms: int


async def page(
    connection: AsyncConnection, endpoint: EndpointRow, state: State | None, before: int | None, limit: int
) -> list[DeliveryRow]:
    """Up to ``limit`` deliveries below the id ``before``, newest first."""
    names = [name for name in DeliveryRow.__dataclass_fields__ if name != "event"]
    columns: list[Any] = [deliveries.c[name] for name in names]
    columns.insert(2, messages.c.event)
    statement: Select[Any] = select(*columns).join_from(deliveries, messages).where(_of(endpoint))
    if state is not None:
        statement = statement.where(deliveries.c.state == state)
    if before is not None:
        statement = statement.where(deliveries.c.id < before)
    rows = await connection.execute(statement.order_by(deliveries.c.id.desc()).limit(limit))
    return [DeliveryRow(*row) for row in rows]


async def replay_ids(connection: AsyncConnection, endpoint: EndpointRow, message_ids: Sequence[str]) -> int | None:
    """Sends these messages again; null, and nothing is sent, where the organisation has not all of them."""
    wanted = and_(messages.c.organisation_id == endpoint.organisation_id, messages.c.id.in_(message_ids))
    there = (await connection.execute(select(func.count()).select_from(messages).where(wanted))).scalar_one()
    return await _replay(connection, endpoint, wanted) if there == len(set(message_ids)) else None


async def replay_time(connection: AsyncConnection, endpoint: EndpointRow, since_ms: int, until_ms: int | None) -> int:
    """Sends again what the endpoint wants of the messages from ``since_ms`` up to, not including, ``until_ms``."""
    wanted = and_(messages.c.organisation_id == endpoint.organisation_id, messages.c.created_ms >= since_ms)
    if until_ms is not None:
        wanted = and_(wanted, messages.c.created_ms < until_ms)
    if endpoint.events:
        wanted = and_(wanted, messages.c.event.in_(endpoint.events))
    return await _replay(connection, endpoint, wanted)


async def _replay(connection: AsyncConnection, endpoint: EndpointRow, wanted: ColumnElement[bool]) -> int:
    """All attempts anew; what is being sent this moment is left to its sender."""
    known = and_(_of(endpoint), deliveries.c.message_id.in_(select(messages.c.id).where(wanted)))
    afresh = {"state": State.WAITING, "due_ms": now_ms(), "attempts": 0, "done_ms": None}
    again = update(deliveries).where(known, deliveries.c.state != State.SENDING).values(afresh)
    queued: int = (await connection.execute(again)).rowcount
    delivered_to = exists().where(_of(endpoint), deliveries.c.message_id == messages.c.id)
    values: dict[str, Any] = {
        "organisation_id": messages.c.organisation_id,
        "endpoint_id": literal(endpoint.id),
        "message_id": messages.c.id,
        "state": literal(State.WAITING.value),
        "due_ms": now_ms(),
        "attempts": literal(0),
        "fence": literal(0),
        "created_ms": now_ms(),
    }
    missing = select(*values.values()).where(wanted, ~delivered_to)
    added = insert(deliveries).from_select(list(values), missing).execution_options(preserve_rowcount=True)
    return queued + (await connection.execute(added)).rowcount


def _of(endpoint: EndpointRow) -> ColumnElement[bool]:
    mine = deliveries.c.organisation_id == endpoint.organisation_id
    return and_(mine, deliveries.c.endpoint_id == endpoint.id)
