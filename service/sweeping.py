"""Removes what is due: cases whose time is up, bytes of deleted cases, uploads nobody finished, orphaned bytes.

A worker does it beside its photos. It may be cut off anywhere: rows go first, then bytes, and the next sweep finds
what is left over. Nothing of a case under legal hold goes.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from service.blobs import Blobs, storage_error
from service.retention import empty, forget
from service.settings import Settings
from service.store import cases, retention, uploads
from service.store.database import Database
from service.store.retention import DAY_MS, Deleted
from vision.errors import KuaizhengError

BATCH = 200
MOST_FAILED = 5
"""Of one sweep: one thing that cannot be removed keeps no other waiting, but a store that is away is left alone."""
ANSWERS_DAYS = 7.0
ORPHANS_EVERY_S = SPOOLED_S = 86_400.0
WORKER = "worker"
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Sweeper:
    """``reached`` is told each point as it is passed: tests stop there."""

    database: Database
    blobs: Blobs
    settings: Settings
    reached: Callable[[str], None] = lambda _: None

    async def run(self, stop: asyncio.Event) -> None:
        """Sweeps again and again until ``stop``; of several workers one at a time."""
        every_s = self.settings.sweep_minutes * 60
        while not stop.is_set():
            try:
                if await self._claimed("due", every_s):
                    await self.sweep()
                if await self._claimed("orphans", ORPHANS_EVERY_S):
                    await self.sweep_orphans()
                await asyncio.to_thread(clear_spool, self.blobs.spool_folder)
            except KuaizhengError as error:
                _log.warning("sweep.failed", code=error.code)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), every_s)

    async def sweep(self) -> None:
        """Everything that is due, but for orphans."""
        days = (self.settings.retention_days, self.settings.retention_open_days)
        async with self.database.write() as connection:
            await retention.forget_answers(connection, ANSWERS_DAYS)
        async with self.database.read() as connection:
            old = await retention.expired_uploads(connection, BATCH)
            due = await retention.due_cases(connection, *days, BATCH)
        count = await self._each(self._end_upload, old) + await self._each(self._delete, due)
        async with self.database.read() as connection:
            deleted = [(one.organisation_id, one.case_id) for one in await retention.to_remove(connection, BATCH)]
        count += await self._each(self._empty, deleted)
        _log.info("sweep.done", stage="due", count=count)

    async def sweep_orphans(self) -> None:
        """Bytes that no row of their case speaks of and that are old enough for every row to have been written.

        Those of a case that was never heard of stay: a database brought back from a backup may be older than they.
        """
        oldest_s = self.settings.orphan_days * DAY_MS / 1000
        count, place, keys = 0, ("", ""), list[str]()
        async for blob in self.blobs.stored():
            organisation, _, rest = blob.key.partition("/")
            case_id, _, name = rest.partition("/")
            if place != (organisation, case_id):
                # Case by case, as they are listed: the keys of a whole archive would fill the memory.
                count += await self._drop(*place, keys)
                place, keys = (organisation, case_id), []
            if blob.age_s >= oldest_s and name:
                keys.append(blob.key)
        count += await self._drop(*place, keys)
        _log.info("sweep.done", stage="orphans", count=count)

    async def _each(self, work: Callable[..., Awaitable[None]], places: Iterable[tuple[str, ...]]) -> int:
        """Does ``work`` for each (organisation, case, ...); what fails is told and due again at the next sweep.

        How many were done. Raises the last of `MOST_FAILED` errors.
        """
        done = failed = 0
        for place in places:
            try:
                await work(*place)
                done += 1
            except KuaizhengError as error:
                failed += 1
                if failed == MOST_FAILED:
                    raise
                _log.warning("sweep.failed", code=error.code, case_id=place[1])
        return done

    async def _empty(self, organisation: str, case_id: str) -> None:
        await empty(self.database, self.blobs, Deleted(organisation, case_id), self.reached)

    async def _claimed(self, name: str, every_s: float) -> bool:
        async with self.database.write() as connection:
            return await retention.claim(connection, name, every_s)

    async def _delete(self, organisation: str, case_id: str) -> None:
        async with self.database.write() as connection:
            case = await cases.find(connection, organisation, case_id, lock=True)
            if case is None or case.legal_hold:  # since it was looked for
                return
            await forget(connection, case, by=WORKER, reason=retention.RETENTION)
        self.reached("case_deleted")

    async def _end_upload(self, organisation: str, case_id: str, upload_id: str) -> None:
        async with self.database.write() as connection:
            case = await cases.find(connection, organisation, case_id, lock=True)
            upload = await uploads.find(connection, organisation, upload_id)
            if case is None or case.legal_hold or upload is None or not upload.expired:
                return
            kept = await uploads.parts_of(connection, organisation, upload_id)
            await uploads.remove(connection, organisation, upload_id)
        self.reached("upload_removed")
        for part in kept:
            await self.blobs.delete(part.blob_key)

    async def _drop(self, organisation: str, case_id: str, keys: list[str]) -> int:
        if not keys:
            return 0
        async with self.database.write() as connection:
            # While the case is locked nobody writes a row about these; who does afterwards keeps the bytes anew.
            case = await cases.find(connection, organisation, case_id, lock=True)
            known = case is not None or await retention.was_deleted(connection, organisation, case_id)
            if not known or (case is not None and case.legal_hold):
                return 0
            spoken_of = await retention.referenced(connection, organisation, case_id)
            orphans = [key for key in keys if key not in spoken_of]
            for key in orphans:
                await self.blobs.delete(key)
        return len(orphans)


def clear_spool(folder: Path, older_s: float = SPOOLED_S) -> None:
    """Removes what processes that died left of uploads on their way. Raises `StoreUnavailableError`."""
    now = time.time()
    try:
        for path in folder.glob("*.part"):
            with suppress(FileNotFoundError):  # its process has just ended it
                if now - path.stat().st_mtime > older_s:
                    path.unlink()
    except OSError as error:
        raise storage_error(error) from error
