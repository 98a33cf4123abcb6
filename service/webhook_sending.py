"""Sends what is due to webhook endpoints. Any number of these, on any machine; one lives in each worker process.

No transaction is open while something is sent. A message may be sent twice, when a sender dies between the answer
and keeping it; it has the same id then, by which a receiver knows it again.
"""

from __future__ import annotations

import asyncio
import math
import random
import ssl
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_network
from typing import Final

import structlog
from opentelemetry.trace import SpanKind
from sqlalchemy.ext.asyncio import AsyncConnection

from service.guard import spans
from service.guard.errors import DecryptionError
from service.guard.webhooks import signature
from service.guard.webhooks.addresses import Policy
from service.guard.webhooks.retry import DELAYS
from service.guard.webhooks.send import TIMEOUT_S, Outcome, Resolver, resolve, send
from service.settings import Settings, SettingsError
from service.store import webhook_deliveries
from service.store.database import Database
from service.store.errors import StorageFullError, StoreUnavailableError
from service.store.webhook_deliveries import Ended, Taken

AT_ONCE: Final = 32
AT_ONCE_EACH: Final = 8
"""To one endpoint: a slow one leaves room for the others."""
LEASE_S: Final = 4 * TIMEOUT_S
IDLE_S: Final = 0.5
AWAY_S: Final = 2.0
_SWEEP_S: Final = 3600.0
_log = structlog.get_logger()


def policy_of(settings: Settings) -> Policy:
    """Where webhooks may go. Raises `SettingsError`."""
    try:
        networks = tuple(ip_network(one.strip()) for one in settings.webhook_networks.split(",") if one.strip())
        ports = frozenset(int(one) for one in settings.webhook_ports.split(",") if one.strip())
    except ValueError as error:
        raise SettingsError(f"setting 'webhook_networks' or 'webhook_ports': {error}") from error
    return Policy(settings.webhook_http, ports or None, networks)


@dataclass(slots=True)
class Sender:
    """``lease_s`` is longer than a sending may take."""

    database: Database
    policy: Policy
    delays: Sequence[timedelta] = DELAYS
    lease_s: float = LEASE_S
    keep_for: timedelta = timedelta(days=30)
    resolver: Resolver = resolve
    context: ssl.SSLContext | None = None
    _sending: dict[asyncio.Task[Ended], Taken] = field(default_factory=dict, init=False)
    _ended: list[Ended] = field(default_factory=list, init=False)
    _swept_s: float = field(default=-math.inf, init=False)

    async def run(self, stop: asyncio.Event) -> None:
        """Sends until ``stop``; then ends what is on its way."""
        stopping = asyncio.create_task(stop.wait())
        while not stop.is_set():
            wait_s = IDLE_S
            try:
                await self.step()
            except (StoreUnavailableError, StorageFullError):
                wait_s = AWAY_S
            await asyncio.wait({*self._sending, stopping}, timeout=wait_s, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if self._sending:
            await asyncio.wait(self._sending, timeout=TIMEOUT_S)
        self._collect()
        with suppress(StoreUnavailableError, StorageFullError):  # due again when the lease ends
            async with self.database.write() as connection:
                await webhook_deliveries.keep(connection, self._ended, self.delays)
                await webhook_deliveries.give_back(connection, self._sending.values())

    async def step(self) -> int:
        """Keeps how the last ones went, and begins with what is due as far as there is room; how many are on their way.

        Raises `StoreUnavailableError`, `StorageFullError`: then nothing is forgotten.
        """
        self._collect()
        async with self.database.read() as connection:  # looking takes no writer's lock
            due = [one for one in await webhook_deliveries.due(connection) if self._room(one) > 0]
        random.shuffle(due)
        begun: list[tuple[Taken, list[str]]] = []
        if due or self._ended:
            async with self.database.write() as connection:
                await webhook_deliveries.keep(connection, self._ended, self.delays)
                for endpoint in due:
                    begun += await self._take(connection, endpoint, AT_ONCE - len(self._sending) - len(begun))
            self._ended.clear()
        elif time.monotonic() > self._swept_s + _SWEEP_S:
            self._swept_s = time.monotonic()
            async with self.database.write() as connection:
                await webhook_deliveries.sweep(connection, self.keep_for)
        for taken, secrets in begun:
            self._sending[asyncio.create_task(self._send(taken, secrets))] = taken
        return len(self._sending)

    async def _take(self, connection: AsyncConnection, endpoint: str, room: int) -> list[tuple[Taken, list[str]]]:
        room = min(room, self._room(endpoint))
        taken = await webhook_deliveries.take(connection, endpoint, self.lease_s, room) if room > 0 else []
        if not taken:
            return []
        try:
            secrets = await webhook_deliveries.secrets_of(connection, taken[0].organisation_id, endpoint)
        except DecryptionError as error:  # tried again when the lease ends; the others' are sent meanwhile
            _log.error("webhook.secret_unreadable", endpoint_id=endpoint, exc_info=error)
            return []
        return [(one, secrets) for one in taken]

    async def _send(self, taken: Taken, secrets: Sequence[str]) -> Ended:
        began, body = time.perf_counter(), taken.body.encode("ascii")
        told = {"endpoint_id": taken.endpoint_id, "message_id": taken.message_id, "request_id": taken.request_id}
        with spans.span("webhook", SpanKind.CLIENT, taken.traceparent, **told, attempt=taken.attempts + 1) as span:
            headers = signature.sign(taken.message_id, int(time.time()), body, secrets)
            delivery = await send(taken.url, headers, body, self.policy, resolver=self.resolver, context=self.context)
            ended = {"outcome": delivery.outcome.value, "status": delivery.status}
            span.tell(**ended)
            if delivery.outcome is not Outcome.DELIVERED:
                span.failed()
        took = {"attempt": taken.attempts + 1, "duration_ms": round((time.perf_counter() - began) * 1000, 1)}
        _log.info("webhook.sent", **ended, **told, **took)
        return Ended(taken, delivery)

    def _collect(self) -> None:
        """Takes in those that have come back. What failed by a fault of ours is due again when its lease ends."""
        for task in [task for task in self._sending if task.done()]:
            taken = self._sending.pop(task)
            if (fault := task.exception()) is not None:
                _log.error("webhook.fault", endpoint_id=taken.endpoint_id, message_id=taken.message_id, exc_info=fault)
            else:
                self._ended.append(task.result())

    def _room(self, endpoint: str) -> int:
        there = sum(one.endpoint_id == endpoint for one in self._sending.values())
        return min(AT_ONCE_EACH - there, AT_ONCE - len(self._sending))
