"""What a worker does for a job: photo to facts, facts to assessment; result and end are one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from service import metrics
from service.assessing import judged, keep_assessment, original_key, read_case
from service.blobs import Blobs
from service.cases import Gather
from service.failure import Failure, attempt
from service.guard.webhooks.payload import Event
from service.store import cases, facts, jobs, photos, webhooks
from service.store.database import Database
from service.store.errors import BlobDamagedError, LeaseLostError
from service.store.jobs import Job
from service.store.photos import PhotoRow
from vision import wire
from vision.image import decode
from vision.types import PhotoFacts, Unreadable

QUARANTINED = "quarantined"
"""The error of a photo that workers died of; nobody looks at it again."""


@dataclass(frozen=True, slots=True)
class Looker:
    """Warm models, and the name under which what they see is kept."""

    gather: Gather
    model_set: str

    def look(self, data: bytes, name: str) -> wire.Json:
        """A line of the facts contract; the bytes are decoded in a child process."""
        with metrics.stage("decode"):
            photo = decode(data, name)
        with metrics.stage("facts"):
            (one,) = self.gather((photo,))
        return wire.facts_to_json(one)


@dataclass(frozen=True, slots=True)
class Steps:
    """The work of one job of either kind. Raises `LeaseLostError`, `StoreUnavailableError`, `StorageFullError`."""

    database: Database
    blobs: Blobs
    looker: Looker
    max_attempts: int
    reached: Callable[[str], None]

    async def look(self, job: Job) -> None:
        """Facts of the job's photo, unless these bytes were looked at before."""
        async with self.database.read() as connection:
            photo = await photos.by_id(connection, job.organisation_id, job.photo_id or "")
            if photo is None:
                raise LeaseLostError("the case was deleted, and the job with it")
            known = await facts.of_photos(connection, job.organisation_id, self.looker.model_set, (photo,))
        found = None if known or photo.withdrawn_ms else await self._found(photo)
        if isinstance(found, Failure):
            return await self._failed(job, found)
        reason = _unreadable(found, known.get(photo.id))
        with metrics.stage("keep_facts"):
            async with self.database.write() as connection:
                if found is not None:
                    model_set = self.looker.model_set
                    await facts.keep(connection, job.organisation_id, model_set, photo.sha256, found)
                await cases.changed(connection, job.organisation_id, job.case_id)
                if reason is not None:
                    await _rejected(connection, job, reason)
                await jobs.finish(connection, job)
                self.reached("kept")
        metrics.job_ended(job.kind, "reused" if found is None else "done")
        self.reached("looked")

    async def assess(self, job: Job) -> None:
        """The next assessment of the job's case."""
        async with self.database.read() as connection:
            reading = await read_case(connection, job.organisation_id, job.case_id, self.looker.model_set)
        with metrics.stage("judge"):
            body = await asyncio.to_thread(attempt, partial(judged, reading))
        if isinstance(body, Failure):
            return await self._failed(job, body)
        self.reached("judged")
        with metrics.stage("keep_assessment"):
            async with self.database.write() as connection:
                await jobs.finish(connection, job)
                await keep_assessment(connection, reading, body)  # last: it locks the audit log
                self.reached("assessed")
        metrics.job_ended(job.kind, "done")
        metrics.judged(reading.case.standard, body["assessment"]["decision"])

    async def set_aside(self, job: Job, code: str) -> None:
        """Given up; the next assessment tells that this photo could not be looked at."""
        async with self.database.write() as connection:
            await jobs.fail(connection, job, code)
            if job.kind == jobs.FACTS:
                await cases.changed(connection, job.organisation_id, job.case_id)
                await _rejected(connection, job, code)
        metrics.job_ended(job.kind, "quarantined" if code == QUARANTINED else "failed")

    async def _found(self, photo: PhotoRow) -> wire.Json | Failure:
        self.reached("found")
        try:
            with metrics.stage("read"):
                data = await self.blobs.read(original_key(photo), photo.sha256)
        except BlobDamagedError as error:
            return Failure(error.code, str(error))
        self.reached("read")
        found = await asyncio.to_thread(attempt, partial(self.looker.look, data, photo.client_id))
        self.reached("seen")
        return found

    async def _failed(self, job: Job, failure: Failure) -> None:
        if job.attempts >= self.max_attempts:
            return await self.set_aside(job, failure.code)
        async with self.database.write() as connection:
            await jobs.put_off(connection, job, failure.code, wait_s=min(60.0, 2.0**job.attempts))
        metrics.job_ended(job.kind, "put_off")


def _unreadable(found: wire.Json | None, known: PhotoFacts | Unreadable | None) -> str | None:
    if isinstance(known, Unreadable):
        return known.unreadable.value
    reason: str | None = None if found is None else found.get("unreadable")
    return reason


async def _rejected(connection: AsyncConnection, job: Job, reason: str) -> None:
    told = {"photo_id": job.photo_id, "reason": reason}
    await webhooks.record_event(connection, job.organisation_id, Event.PHOTO_REJECTED, job.case_id, told)
