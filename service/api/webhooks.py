"""Webhook endpoints of an organisation: made, changed, deleted; what was sent to them, and sending it again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlalchemy.ext.asyncio import AsyncConnection

from service.api.parts import Caller, TheParts, caller_with
from service.api.problems import RESPONSES, NotFoundError
from service.api.webhook_bodies import (
    DAY_S,
    DeliveryPage,
    EndpointIn,
    EndpointList,
    EndpointOut,
    EndpointWithSecret,
    Queued,
    Replay,
    Rotation,
    delivery_out,
    endpoint_out,
)
from service.guard.roles import Permission
from service.guard.webhooks.addresses import parse
from service.guard.webhooks.signature import make_secret
from service.store import audit, webhook_history, webhooks
from service.store.audit import Action
from service.store.webhooks import Disabled, EndpointRow, State
from service.webhook_sending import policy_of
from vision.errors import InputError

MAX_ENDPOINTS = 20
router = APIRouter(prefix="/v1/webhook-endpoints", tags=["webhooks"], responses=RESPONSES)
Manager = Annotated[Caller, Depends(caller_with(Permission.WEBHOOK_MANAGE))]


class TooManyEndpointsError(InputError):
    """The organisation has as many endpoints as it may."""

    code = "too_many_endpoints"


@router.post("", status_code=201)
async def add(body: EndpointIn, parts: TheParts, caller: Manager) -> EndpointWithSecret:
    """A new endpoint. Its secret is told here and never again."""
    parse(body.url, policy_of(parts.settings))
    secret = make_secret()
    async with parts.database.write() as connection:
        if await webhooks.count(connection, caller.organisation) >= MAX_ENDPOINTS:
            raise TooManyEndpointsError(f"there are {MAX_ENDPOINTS} endpoints already")
        events = sorted(set(body.events))
        made = await webhooks.add(connection, caller.organisation, body.url, body.description or "", events, secret)
        await _noted(connection, caller, Action.ENDPOINT_ADDED, made)
    return EndpointWithSecret(**endpoint_out(made).model_dump(), secret=secret)


@router.get("")
async def all_of_organisation(parts: TheParts, caller: Manager) -> EndpointList:
    """All endpoints, oldest first."""
    async with parts.database.read() as connection:
        rows = await webhooks.all_of(connection, caller.organisation)
    return EndpointList(endpoints=[endpoint_out(row) for row in rows])


@router.get("/{endpoint_id}")
async def read(endpoint_id: str, parts: TheParts, caller: Manager) -> EndpointOut:
    """One endpoint, and since when it has been failing."""
    async with parts.database.read() as connection:
        return endpoint_out(await _found(connection, caller, endpoint_id))


@router.post("/{endpoint_id}/rotate-secret")
async def rotate(
    endpoint_id: str, parts: TheParts, caller: Manager, body: Rotation | None = None
) -> EndpointWithSecret:
    """A new secret, told here and never again. For ``overlap_s`` requests are signed with the old one too."""
    secret, overlap_s = make_secret(), DAY_S if body is None else body.overlap_s
    async with parts.database.write() as connection:
        endpoint = await _found(connection, caller, endpoint_id)
        await webhooks.rotate(connection, endpoint, secret, overlap_s)
        await _noted(connection, caller, Action.ENDPOINT_SECRET_ROTATED, endpoint, overlap_s=overlap_s)
    return EndpointWithSecret(**endpoint_out(endpoint).model_dump(), secret=secret)


@router.post("/{endpoint_id}/enable")
async def enable(endpoint_id: str, parts: TheParts, caller: Manager) -> EndpointOut:
    """Sends again: first what was waiting. What happened in between is sent by a replay."""
    async with parts.database.write() as connection:
        endpoint = await _found(connection, caller, endpoint_id)
        if endpoint.disabled_ms is not None:
            await webhooks.enable(connection, endpoint)
            await _noted(connection, caller, Action.ENDPOINT_ENABLED, endpoint)
        return endpoint_out(await _found(connection, caller, endpoint_id))


@router.post("/{endpoint_id}/disable")
async def disable(endpoint_id: str, parts: TheParts, caller: Manager) -> EndpointOut:
    """Sends nothing to it until it is enabled; disabling twice changes nothing."""
    async with parts.database.write() as connection:
        endpoint = await _found(connection, caller, endpoint_id)
        if await webhooks.disable(connection, caller.organisation, endpoint.id, Disabled.BY_HAND):
            await _noted(connection, caller, Action.ENDPOINT_DISABLED, endpoint, reason=Disabled.BY_HAND.value)
        return endpoint_out(await _found(connection, caller, endpoint_id))


@router.delete("/{endpoint_id}", status_code=204)
async def remove(endpoint_id: str, parts: TheParts, caller: Manager) -> None:
    """Deletes the endpoint and its secrets; what was not delivered yet is not sent."""
    async with parts.database.write() as connection:
        endpoint = await _found(connection, caller, endpoint_id)
        await webhooks.remove(connection, endpoint)
        await _noted(connection, caller, Action.ENDPOINT_DELETED, endpoint)


@router.get("/{endpoint_id}/deliveries")
async def deliveries(
    endpoint_id: str,
    parts: TheParts,
    caller: Manager,
    state: State | None = None,
    before: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> DeliveryPage:
    """What was and will be sent, newest first, and how the last attempt went."""
    async with parts.database.read() as connection:
        endpoint = await _found(connection, caller, endpoint_id)
        rows = await webhook_history.page(connection, endpoint, state, before, limit + 1)
    following = rows[limit - 1].id if len(rows) > limit else None
    return DeliveryPage(deliveries=[delivery_out(row) for row in rows[:limit]], next=following)


@router.post("/{endpoint_id}/replay", status_code=202)
async def replay(endpoint_id: str, body: Replay, parts: TheParts, caller: Manager) -> Queued:
    """Sends messages again under the same ids: those named, or all that came to be in a span of time."""
    async with parts.database.write() as connection:
        endpoint = await _found(connection, caller, endpoint_id)
        queued: int | None
        if body.message_ids:
            queued = await webhook_history.replay_ids(connection, endpoint, body.message_ids)
        else:
            assert body.since is not None, "the body was checked"
            until_ms = None if body.until is None else _ms(body.until)
            queued = await webhook_history.replay_time(connection, endpoint, _ms(body.since), until_ms)
        if queued is None:
            raise NotFoundError("no such message")
        await _noted(connection, caller, Action.ENDPOINT_REPLAYED, endpoint, messages=queued)
    return Queued(queued=queued)


async def _found(connection: AsyncConnection, caller: Caller, endpoint_id: str) -> EndpointRow:
    known = endpoint_id if endpoint_id.isascii() and endpoint_id.replace("_", "").isalnum() else ""
    endpoint = await webhooks.find(connection, caller.organisation, known)
    if endpoint is None:
        raise NotFoundError("no such endpoint")
    return endpoint


async def _noted(
    connection: AsyncConnection, caller: Caller, action: Action, endpoint: EndpointRow, **details: str | int
) -> None:
    await audit.record(connection, caller.organisation, caller.name, action, endpoint.id, details)


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
