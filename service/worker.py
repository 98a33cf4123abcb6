"""Takes jobs and does them: photo to facts, facts to assessment. Any number of these, on any machine.

A worker may die at any point: what it had in hand is due again when its lease ends, and nothing of it was kept,
since a job's result and its end are one transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from service.assessing import judged, keep_assessment, original_key, read_case
from service.blobs import Blobs
from service.cases import Gather
from service.failure import Failure, attempt
from service.store import cases, facts, jobs, photos, workers
from service.store.database import Database
from service.store.errors import BlobDamagedError, LeaseLostError, StorageFullError, StoreUnavailableError
from service.store.jobs import Job
from service.store.photos import PhotoRow
from vision import wire
from vision.image import decode

IDLE_S, AWAY_S, HEARTBEAT_S, GRACE_S = 0.25, 2.0, 5.0, 20.0
CRASHED = "crashed"
"""The error of a job that was taken up too often without anybody telling why it failed."""


@dataclass(frozen=True, slots=True)
class Looker:
    """Warm models, and the name under which what they see is kept."""

    gather: Gather
    model_set: str

    def look(self, data: bytes, name: str) -> wire.Json:
        """A line of the facts contract; the bytes are decoded in a child process."""
        (one,) = self.gather((decode(data, name),))
        return wire.facts_to_json(one)


@dataclass(frozen=True, slots=True)
class Worker:
    """``reached`` is told each point of a job as it is passed: tests stop the process there."""

    database: Database
    blobs: Blobs
    looker: Looker
    name: str
    lease_s: float = 30.0
    max_attempts: int = 3
    reached: Callable[[str], None] = lambda _: None

    async def run(self, stop: asyncio.Event) -> None:
        """Works until ``stop``; then ends the job in hand, or returns it after `GRACE_S`."""
        beating = asyncio.create_task(self._beat())
        try:
            while not stop.is_set():
                try:
                    job = await self._take()
                    if job is None:
                        await _sleep_unless(stop, IDLE_S)
                    else:
                        await self._do_or_return(job, stop)
                except LeaseLostError:
                    continue
                except (StoreUnavailableError, StorageFullError):
                    await _sleep_unless(stop, AWAY_S)
        finally:
            beating.cancel()
            await asyncio.wait({beating})
        async with self.database.write() as connection:
            await workers.gone(connection, self.name)

    async def step(self) -> bool:
        """Does one job; false where none is due."""
        job = await self._take()
        if job is not None:
            await self._do(job)
        return job is not None

    async def _take(self) -> Job | None:
        async with self.database.read() as connection:
            if await jobs.oldest_wait_ms(connection) is None:
                return None  # looking takes no writer's lock
        async with self.database.write() as connection:
            return await jobs.take(connection, self.name, self.lease_s)

    async def _do_or_return(self, job: Job, stop: asyncio.Event) -> None:
        doing, stopping = asyncio.create_task(self._do(job)), asyncio.create_task(stop.wait())
        await asyncio.wait({doing, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        await asyncio.wait({doing}, timeout=GRACE_S)
        if not doing.done():
            doing.cancel()
            await asyncio.wait({doing})
            async with self.database.write() as connection:
                await jobs.give_back(connection, job)
        elif (error := doing.exception()) is not None:
            raise error

    async def _do(self, job: Job) -> None:
        self.reached("taken")
        if job.attempts > self.max_attempts:
            return await self._set_aside(job, CRASHED)
        renewing = asyncio.create_task(self._renew(job))
        try:
            await (self._look(job) if job.kind == jobs.FACTS else self._assess(job))
        except StoreUnavailableError as error:  # of the originals, perhaps: the photo is not to blame
            async with self.database.write() as connection:
                await jobs.put_off(connection, job, error.code, wait_s=AWAY_S, counted=False)
        finally:
            renewing.cancel()
            await asyncio.wait({renewing})

    async def _look(self, job: Job) -> None:
        async with self.database.read() as connection:
            photo = await photos.by_id(connection, job.organisation_id, job.photo_id or "")
            assert photo is not None, "jobs refer to photos, which are never deleted alone"
            known = await facts.known(connection, job.organisation_id, self.looker.model_set, photo.sha256)
        found = None if known or photo.withdrawn_ms else await self._found(photo)
        if isinstance(found, Failure):
            return await self._failed(job, found)
        async with self.database.write() as connection:
            if found is not None:
                model_set = self.looker.model_set
                await facts.keep(connection, job.organisation_id, model_set, photo.sha256, found)
            await cases.changed(connection, job.organisation_id, job.case_id)
            await jobs.finish(connection, job)
            self.reached("kept")
        self.reached("looked")

    async def _found(self, photo: PhotoRow) -> wire.Json | Failure:
        self.reached("found")
        try:
            data = await self.blobs.read(original_key(photo), photo.sha256)
        except BlobDamagedError as error:
            return Failure(error.code, str(error))
        self.reached("read")
        found = await asyncio.to_thread(attempt, partial(self.looker.look, data, photo.client_id))
        self.reached("seen")
        return found

    async def _assess(self, job: Job) -> None:
        async with self.database.read() as connection:
            reading = await read_case(connection, job.organisation_id, job.case_id, self.looker.model_set)
        body = await asyncio.to_thread(attempt, partial(judged, reading))
        if isinstance(body, Failure):
            return await self._failed(job, body)
        self.reached("judged")
        async with self.database.write() as connection:
            await keep_assessment(connection, reading, body)
            await jobs.finish(connection, job)
            self.reached("assessed")

    async def _failed(self, job: Job, failure: Failure) -> None:
        if job.attempts >= self.max_attempts:
            return await self._set_aside(job, failure.code)
        async with self.database.write() as connection:
            await jobs.put_off(connection, job, failure.code, wait_s=min(60.0, 2.0**job.attempts))

    async def _set_aside(self, job: Job, code: str) -> None:
        async with self.database.write() as connection:
            await jobs.fail(connection, job, code)
            if job.kind == jobs.FACTS:  # the assessment tells that this photo could not be looked at
                await cases.changed(connection, job.organisation_id, job.case_id)

    async def _renew(self, job: Job) -> None:
        while True:
            await asyncio.sleep(self.lease_s / 3)
            try:
                async with self.database.write() as connection:
                    await jobs.renew(connection, job, self.lease_s)
            except StoreUnavailableError:
                continue
            except LeaseLostError:
                return

    async def _beat(self) -> None:
        while True:
            try:
                async with self.database.write() as connection:
                    await workers.seen(connection, self.name, self.looker.model_set)
            except (StoreUnavailableError, StorageFullError):
                pass
            await asyncio.sleep(HEARTBEAT_S)


async def _sleep_unless(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
