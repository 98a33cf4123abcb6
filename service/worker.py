"""Takes jobs and does them: photo to facts, facts to assessment. Any number of these, on any machine.

A worker may die at any point: what it had in hand is due again when its lease ends, and nothing of it was kept,
since a job's result and its end are one transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial

import structlog
from opentelemetry.trace import SpanKind
from sqlalchemy.ext.asyncio import AsyncConnection

from service import metrics
from service.blobs import Blobs
from service.guard import logs, spans
from service.job_steps import QUARANTINED, Looker, Steps
from service.store import jobs, workers
from service.store.database import Database
from service.store.errors import LeaseLostError, StorageFullError, StoreUnavailableError
from service.store.jobs import Job

IDLE_S, AWAY_S, HEARTBEAT_S, GRACE_S = 0.25, 2.0, 5.0, 20.0
_NOTHING_KEPT = (StoreUnavailableError, StorageFullError)
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Worker:
    """``reached`` is told each point of a job as it is passed: tests stop the process there."""

    database: Database
    blobs: Blobs
    looker: Looker
    name: str
    lease_s: float = 30.0
    max_attempts: int = 3
    max_crashes: int = 2
    reached: Callable[[str], None] = lambda _: None

    async def run(self, stop: asyncio.Event) -> None:
        """Works until ``stop``; then ends the job in hand, or returns it after `GRACE_S`."""
        ended = asyncio.Event()
        beating = asyncio.create_task(self._beat(ended))
        try:
            while not stop.is_set():
                try:
                    job = await self._take()
                    if job is None:
                        await _sleep_unless(stop, IDLE_S)
                    else:
                        await self._do_or_return(job, stop)
                except LeaseLostError:
                    _log.warning("job.lost")
                except _NOTHING_KEPT:
                    await _sleep_unless(stop, AWAY_S)
        finally:
            ended.set()  # not cancelled: a transaction broken off half way keeps SQLite's writers waiting
            await asyncio.wait({beating})
        async with self.database.write() as connection:
            await workers.gone(connection, self.name)

    async def step(self) -> bool:
        """Does one job; false where none is due."""
        job = await self._take()
        if job is not None:
            await self._do(job, asyncio.Event())
        return job is not None

    async def _take(self) -> Job | None:
        async with self.database.read() as connection:
            if await jobs.oldest_wait_ms(connection) is None:
                return None  # looking takes no writer's lock
        async with self.database.write() as connection:
            return await jobs.take(connection, self.name, self.lease_s)

    async def _do_or_return(self, job: Job, stop: asyncio.Event) -> None:
        doing, stopping = asyncio.create_task(self._do(job, stop)), asyncio.create_task(stop.wait())
        await asyncio.wait({doing, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        await asyncio.wait({doing}, timeout=GRACE_S)
        if not doing.done():
            doing.cancel()
            await asyncio.wait({doing})
            await self._returned(job, jobs.give_back)
        elif (error := doing.exception()) is not None:
            raise error

    async def _do(self, job: Job, stop: asyncio.Event) -> None:
        self.reached("taken")
        steps = Steps(self.database, self.blobs, self.looker, self.max_attempts, self.reached)
        with ExitStack() as block:
            if job.request_id is not None:
                block.enter_context(logs.following(job.request_id))
            photo = {} if job.photo_id is None else {"photo_id": job.photo_id}
            told = {"stage": job.kind, "case_id": job.case_id, "attempt": job.attempts, **photo}
            _log.info("job.taken", **told)
            block.enter_context(spans.span(f"job {job.kind}", SpanKind.CONSUMER, job.traceparent, **told))
            if job.unended > self.max_crashes:
                return await steps.set_aside(job, QUARANTINED)
            ended = asyncio.Event()
            renewing = asyncio.create_task(self._renew(job, ended))
            try:
                await (steps.look(job) if job.kind == jobs.FACTS else steps.assess(job))
            except (LeaseLostError, *_NOTHING_KEPT) as error:  # of the originals, perhaps: the photo is not to blame
                await self._put_off(job, error.code, stop)
                metrics.job_ended(job.kind, "put_off")
            finally:
                ended.set()
                await asyncio.wait({renewing})

    async def _put_off(self, job: Job, code: str, stop: asyncio.Event) -> None:
        """Until the database takes it: of a job that nobody put off, its next worker thinks that we died.

        Raises `LeaseLostError` and, when told to stop, `StoreUnavailableError` and `StorageFullError`.
        """
        while True:
            try:
                return await self._returned(job, partial(jobs.put_off, error=code, wait_s=AWAY_S, counted=False))
            except _NOTHING_KEPT:
                if await _sleep_unless(stop, AWAY_S):
                    raise

    async def _returned(self, job: Job, give: Callable[[AsyncConnection, Job], Awaitable[None]]) -> None:
        """Not done, and no crash either, even where another has the job by now. Raises `LeaseLostError`."""
        try:
            async with self.database.write() as connection:
                await give(connection, job)
        except LeaseLostError:
            async with self.database.write() as connection:
                await jobs.lived(connection, job)
            raise

    async def _renew(self, job: Job, ended: asyncio.Event) -> None:
        while not await _sleep_unless(ended, self.lease_s / 3):
            try:
                async with self.database.write() as connection:
                    await jobs.renew(connection, job, self.lease_s)
            except _NOTHING_KEPT:
                continue
            except LeaseLostError:
                return

    async def _beat(self, ended: asyncio.Event) -> None:
        while not ended.is_set():
            try:
                async with self.database.write() as connection:
                    await workers.seen(connection, self.name, self.looker.model_set)
            except _NOTHING_KEPT:
                pass
            await _sleep_unless(ended, HEARTBEAT_S)


async def _sleep_unless(stop: asyncio.Event, seconds: float) -> bool:
    """Sleeps; true where ``stop`` came before the time was over."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
    return stop.is_set()
