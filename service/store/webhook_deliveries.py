"""Deliveries as leases, like jobs: taken with a fence, sent outside of any transaction, and their end kept in one.

Whoever lost the lease keeps nothing, so a sender may die at any point: what it had in hand is due again when its
lease ends, and is sent once more under the same message id.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.guard.webhooks.retry import DELAYS, GIVEN_UP_AFTER
from service.guard.webhooks.send import Delivery, Outcome
from service.store import audit, secrets, webhooks
from service.store.audit import Action
from service.store.database import now_ms
from service.store.schema_webhooks import webhook_deliveries as deliveries
from service.store.schema_webhooks import webhook_endpoints as endpoints
from service.store.schema_webhooks import webhook_messages as messages
from service.store.schema_webhooks import webhook_secrets
from service.store.webhooks import SEALED, Disabled, State

ACTOR: Final = "sender"
_GIVEN_UP_MS: Final = GIVEN_UP_AFTER // timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Taken:
    """A delivery in hand. ``body`` is what is signed; ``attempts`` have failed before."""

    id: int
    organisation_id: str
    endpoint_id: str
    message_id: str
    url: str
    body: str
    request_id: str
    """The request that led to it; empty where none did."""
    attempts: int
    fence: int
    traceparent: str | None
    """The span that it tells of."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How sending it went."""

    taken: Taken
    delivery: Delivery


async def due(connection: AsyncConnection) -> list[str]:
    """Ids of endpoints that have something due."""
    waiting = exists().where(deliveries.c.endpoint_id == endpoints.c.id, _open(), deliveries.c.due_ms <= now_ms())
    statement = select(endpoints.c.id).where(_gets(), waiting)
    return list((await connection.execute(statement)).scalars())


async def take(connection: AsyncConnection, endpoint_id: str, lease_s: float, limit: int) -> list[Taken]:
    """Up to ``limit`` deliveries of the endpoint, those due longest, leased for ``lease_s``."""
    ready = select(deliveries.c.id).where(deliveries.c.endpoint_id == endpoint_id, _open())
    ready = ready.where(deliveries.c.due_ms <= now_ms()).order_by(deliveries.c.due_ms, deliveries.c.id).limit(limit)
    ids = list((await connection.execute(ready.with_for_update(skip_locked=True))).scalars())
    if not ids:
        return []
    lease = {"state": State.SENDING, "due_ms": now_ms() + int(lease_s * 1000), "fence": deliveries.c.fence + 1}
    await connection.execute(update(deliveries).where(deliveries.c.id.in_(ids)).values(lease))
    own = [deliveries.c[name] for name in ("id", "organisation_id", "endpoint_id", "message_id")]
    told = [endpoints.c.url, messages.c.body, messages.c.request_id, deliveries.c.attempts, deliveries.c.fence]
    wanted: Select[Any] = select(*own, *told, messages.c.traceparent)
    joined = wanted.join_from(deliveries, endpoints).join(messages, messages.c.id == deliveries.c.message_id)
    return [Taken(*row) for row in await connection.execute(joined.where(deliveries.c.id.in_(ids)))]


async def secrets_of(connection: AsyncConnection, organisation: str, endpoint_id: str) -> list[str]:
    """What to sign with: the current secret first, then those that were rotated and still count."""
    valid = or_(webhook_secrets.c.expires_ms.is_(None), webhook_secrets.c.expires_ms > now_ms())
    mine = and_(webhook_secrets.c.organisation_id == organisation, webhook_secrets.c.endpoint_id == endpoint_id)
    statement = select(webhook_secrets.c.id, webhook_secrets.c.sealed).where(mine, valid)
    rows = (await connection.execute(statement.order_by(webhook_secrets.c.created_ms.desc()))).all()
    return [await secrets.unseal(connection, organisation, SEALED, row.id, row.sealed) for row in rows]


async def keep(connection: AsyncConnection, ended: Iterable[Ended], delays: Sequence[timedelta] = DELAYS) -> int:
    """Keeps how sending went and returns of how many: those whose lease was lost are somebody else's now."""
    kept = [one for one in sorted(ended, key=lambda one: one.taken.id) if await _keep(connection, one, delays)]
    for endpoint_id in sorted({one.taken.endpoint_id for one in kept}):
        mine = [one for one in kept if one.taken.endpoint_id == endpoint_id]
        outcomes = {one.delivery.outcome for one in mine}
        await _endpoint_answered(connection, mine[0].taken, outcomes)
    return len(kept)


async def give_back(connection: AsyncConnection, taken: Iterable[Taken]) -> None:
    """Not sent: due at once."""
    for one in sorted(taken, key=lambda one: one.id):
        await connection.execute(update(deliveries).where(_held(one)).values(state=State.WAITING, due_ms=now_ms()))


async def oldest_wait_ms(connection: AsyncConnection) -> int | None:
    """For how long the oldest due delivery has been due, retries too; null where none is."""
    gets = and_(deliveries.c.endpoint_id == endpoints.c.id, _gets())
    statement = select(now_ms() - func.min(deliveries.c.due_ms)).where(gets, _open(), deliveries.c.due_ms <= now_ms())
    return (await connection.execute(statement)).scalar_one_or_none()


async def sweep(connection: AsyncConnection, keep_for: timedelta) -> None:
    """Deletes messages older than ``keep_for`` with their deliveries, save those that are still being tried."""
    oldest = now_ms() - keep_for // timedelta(milliseconds=1)
    open_still = exists().where(deliveries.c.message_id == messages.c.id, _open())
    old = select(messages.c.id).where(messages.c.created_ms < oldest, ~open_still)
    await connection.execute(delete(deliveries).where(deliveries.c.message_id.in_(old)))
    left = exists().where(deliveries.c.message_id == messages.c.id)
    await connection.execute(delete(messages).where(messages.c.created_ms < oldest, ~left))


async def _keep(connection: AsyncConnection, ended: Ended, delays: Sequence[timedelta]) -> bool:
    attempts, outcome = ended.taken.attempts + 1, ended.delivery.outcome
    told = {"attempts": attempts, "outcome": outcome.value, "status": ended.delivery.status, "ended_ms": now_ms()}
    values: dict[str, Any] = {**told, "state": State.FAILED, "done_ms": now_ms()}
    if outcome is Outcome.DELIVERED:
        values["state"] = State.DELIVERED
    elif outcome is not Outcome.GONE and attempts < len(delays):
        wait_ms = delays[attempts] // timedelta(milliseconds=1)
        values = {**told, "state": State.WAITING, "due_ms": now_ms() + wait_ms}
    return (await connection.execute(update(deliveries).where(_held(ended.taken)).values(values))).rowcount == 1


async def _endpoint_answered(connection: AsyncConnection, taken: Taken, outcomes: set[Outcome]) -> None:
    """Notes since when an endpoint has been failing, and gives it up after `GIVEN_UP_AFTER` or where it asks for it."""
    this, failing = endpoints.c.id == taken.endpoint_id, endpoints.c.failing_since_ms
    if Outcome.DELIVERED in outcomes:
        await connection.execute(update(endpoints).where(this, failing.isnot(None)).values(failing_since_ms=None))
        return
    await connection.execute(update(endpoints).where(this, failing.is_(None)).values(failing_since_ms=now_ms()))
    if Outcome.GONE in outcomes:
        reason = Disabled.GONE
    elif (await connection.execute(select(failing <= now_ms() - _GIVEN_UP_MS).where(this))).scalar_one():
        reason = Disabled.FAILING
    else:
        return
    if await webhooks.disable(connection, taken.organisation_id, taken.endpoint_id, reason):
        told = {"reason": reason.value}
        await audit.record(connection, taken.organisation_id, ACTOR, Action.ENDPOINT_DISABLED, taken.endpoint_id, told)


def _gets() -> ColumnElement[bool]:
    return and_(endpoints.c.disabled_ms.is_(None), endpoints.c.deleted_ms.is_(None))


def _open() -> ColumnElement[bool]:
    return deliveries.c.done_ms.is_(None)


def _held(taken: Taken) -> ColumnElement[bool]:
    mine = and_(deliveries.c.id == taken.id, deliveries.c.fence == taken.fence)
    return and_(mine, deliveries.c.state == State.SENDING)
