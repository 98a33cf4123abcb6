"""A worker whose database is full or away when its job ends: it goes on when it can, and no photo is quarantined."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service import worker as worker_module
from service.blobs_local import LocalBlobs
from service.job_steps import Looker
from service.store import assessments, cases, jobs, keys
from service.store.cases import NewCase
from service.store.database import Database
from service.store.errors import LeaseLostError, StorageFullError, StoreUnavailableError
from service.store.schema import jobs as jobs_table
from service.worker import Worker
from tests.service_parts import MODEL_SET, gather, jpeg, opened, upload

pytestmark = pytest.mark.anyio
LEASE_S, PATIENCE_S = 0.6, 60.0


class Troubled(Database):
    """A database that is away for a while."""

    away_until = 0.0

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        self._ask()
        async with super().write() as connection:
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        self._ask()
        async with super().read() as connection:
            yield connection

    def _ask(self) -> None:
        if time.monotonic() < self.away_until:
            raise StoreUnavailableError("away")


@pytest.fixture
async def troubled(database_url: str) -> AsyncIterator[Troubled]:
    database = Troubled(database_url, opened(database_url).vault)
    yield database
    await database.close()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "AWAY_S", 0.1)


async def case_with_a_photo(database: Database, folder: Path) -> tuple[str, str]:
    async with database.write() as connection:
        organisation = await keys.add_organisation(connection, "police")
        case = await cases.create(connection, organisation, NewCase("A-1", None, None, None, "four-photos", ()))
    assert case is not None
    await upload(database, LocalBlobs(folder), organisation, case.id, "a.jpg", jpeg())
    return organisation, case.id


async def rows(database: Database) -> list[tuple[Any, ...]]:
    columns = (jobs_table.c[name] for name in ("kind", "state", "attempts", "unended"))
    async with database.read() as connection:
        return [tuple(row) for row in await connection.execute(select(*columns).order_by(jobs_table.c.id))]


async def worked(database: Troubled, folder: Path, reached: Callable[[str], None]) -> str | None:
    """Works until the case is judged; why its photo could not be looked at."""
    organisation, case_id = await case_with_a_photo(database, folder)
    looker, stop = Looker(gather, MODEL_SET), asyncio.Event()
    running = asyncio.create_task(
        Worker(database, LocalBlobs(folder), looker, "test", LEASE_S, reached=reached).run(stop)
    )
    latest = None
    async with asyncio.timeout(PATIENCE_S):
        while latest is None:
            await asyncio.sleep(0.05)
            try:
                async with database.read() as connection:
                    latest = await assessments.latest(connection, organisation, case_id)
            except StoreUnavailableError:
                continue
    stop.set()
    await asyncio.wait_for(running, PATIENCE_S)
    error: str | None = latest.body["photos"][0]["error"]
    return error


@pytest.mark.parametrize("point", ["kept", "assessed"])
async def test_a_full_database_quarantines_nothing(troubled: Troubled, tmp_path: Path, point: str) -> None:
    times = 0

    def full(at: str) -> None:
        nonlocal times
        if at == point and times < 5:
            times += 1
            raise StorageFullError("no room left in the database")

    assert await worked(troubled, tmp_path, full) is None
    assert times == 5
    assert [row[:3] for row in await rows(troubled)] == [("facts", "done", 1), ("assess", "done", 1)]


async def test_a_database_away_for_longer_than_a_lease(troubled: Troubled, tmp_path: Path) -> None:
    times = 0

    def stops(at: str) -> None:
        nonlocal times
        if at == "seen" and times < 3:
            times += 1
            troubled.away_until = time.monotonic() + 2 * LEASE_S

    assert await worked(troubled, tmp_path, stops) is None
    assert times == 3 and [row[1] for row in await rows(troubled)] == ["done", "done"]


async def test_who_lost_the_lease_and_lives_was_no_crash(troubled: Troubled, tmp_path: Path) -> None:
    await case_with_a_photo(troubled, tmp_path)

    async def take(name: str) -> jobs.Job:
        async with troubled.write() as connection:
            job = await jobs.take(connection, name, lease_s=0)
        assert job is not None
        return job

    slow, quick = await take("slow"), await take("quick")
    worker = Worker(troubled, LocalBlobs(tmp_path), Looker(gather, MODEL_SET), "slow")
    with pytest.raises(LeaseLostError):
        await worker._put_off(slow, "store_unavailable", asyncio.Event())
    assert [row[3] for row in await rows(troubled)] == [1]
    for _ in range(2):  # the answer to the first was lost
        async with troubled.write() as connection:
            try:
                await jobs.put_off(connection, quick, "store_unavailable", 60.0, counted=False)
            except LeaseLostError:
                await jobs.lived(connection, quick)
    assert [row[2:] for row in await rows(troubled)] == [(1, 0)]


async def test_told_to_stop_it_waits_for_no_database(troubled: Troubled, tmp_path: Path) -> None:
    await case_with_a_photo(troubled, tmp_path)
    async with troubled.write() as connection:
        job = await jobs.take(connection, "test", LEASE_S)
    assert job is not None
    stop = asyncio.Event()
    troubled.away_until = time.monotonic() + 2 * PATIENCE_S
    worker = Worker(troubled, LocalBlobs(tmp_path), Looker(gather, MODEL_SET), "test")
    waiting = asyncio.create_task(worker._put_off(job, "store_unavailable", stop))
    await asyncio.sleep(0.3)
    assert not waiting.done()
    stop.set()
    with pytest.raises(StoreUnavailableError):
        await asyncio.wait_for(waiting, PATIENCE_S)
