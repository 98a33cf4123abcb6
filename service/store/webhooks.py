"""Messages of webhooks, written in the transaction of what they tell, and endpoints that they go to."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.guard.webhooks.payload import Event, thin
from service.store.database import now_ms
from service.store.schema_webhooks import webhook_deliveries as deliveries
from service.store.schema_webhooks import webhook_endpoints as endpoints
from service.store.schema_webhooks import webhook_messages as messages

WAITING, SENDING, DELIVERED, FAILED, CANCELLED = "waiting", "sending", "delivered", "failed", "cancelled"


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
    await connection.execute(insert(messages).values(id=message_id, event=event.value, body=body, **common))
    fresh = {**common, "message_id": message_id, "state": WAITING, "due_ms": now, "attempts": 0, "fence": 0}
    rows = [{**fresh, "endpoint_id": row.id} for row in wanting if row.disabled_ms is None]
    if rows:
        await connection.execute(insert(deliveries), rows)
    return message_id
