"""A database that is stopped hard, also while it recovers: nothing acknowledged is lost."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import select

from service.api.parts import Parts, StoredKeys
from service.app import create_app
from service.assessing import original_key
from service.blobs import Blobs
from service.blobs_local import LocalBlobs
from service.guard import keys as guard_keys
from service.guard.roles import Role
from service.job_steps import Looker
from service.settings import Settings
from service.store import keys, photos
from service.store.database import Database
from service.store.migrate import migrate
from service.store.schema import jobs as jobs_table
from service.worker import Worker
from tests.postgres import Server, server
from tests.service_parts import MODEL_SET, gather, jpeg, opened

SENDERS = 4
TRIES = 5
BALLAST_MB = 64
"""For a recovery of which a stop comes before the end."""


@dataclass(slots=True)
class Storm:
    """What senders were told."""

    statuses: Counter[int] = field(default_factory=Counter)
    acknowledged: dict[str, str] = field(default_factory=dict)
    """Client id to SHA-256."""
    over: bool = False
    last_s: float = 0.0
    """When something was last accepted."""


async def key_of(database: Database) -> tuple[str, dict[str, str]]:
    """A new organisation and the headers of its key."""
    new = guard_keys.make()
    async with database.write() as connection:
        owner = await keys.add_organisation(connection, "police")
        await keys.add(connection, owner, new, "test", Role.SUPERVISOR)
    return owner, {"Authorization": f"Bearer {new.text}"}


async def send(client: httpx2.AsyncClient, case: str, number: int, storm: Storm) -> None:
    sent, refused = 0, ""
    while not storm.over:
        name, data = f"{number}-{sent}", jpeg(90) + f"{number} {sent}".encode()
        answer = await client.put(f"/v1/cases/{case}/photos/{name}", content=data)
        storm.statuses[answer.status_code] += 1
        # A refusal whose commit was done before the database died: sent again, the photo is there already.
        assert answer.status_code != 200 or refused == name
        if answer.status_code in (200, 201):
            storm.acknowledged[name] = answer.json()["sha256"]
            storm.last_s = time.monotonic()
            sent += 1
        else:
            refused = name
        await asyncio.sleep(0.02)


async def stopped_and_started(postgresql: Server, storm: Storm, rounds: int) -> list[float]:
    """Stops it hard ``rounds`` times, each time once more while it recovers; how long until uploads went on."""
    took = []
    for _ in range(rounds):
        for attempt in range(TRIES):
            while not storm.acknowledged or storm.last_s < time.monotonic() - 1:
                await asyncio.sleep(0.05)
            # a free machine recovers too quickly to be caught at it: more work each time
            await asyncio.to_thread(postgresql.give_work_to_recovery, BALLAST_MB * 2**attempt)
            await asyncio.to_thread(postgresql.stop_hard)
            await asyncio.sleep(0.5)
            if await asyncio.to_thread(postgresql.stop_in_recovery):
                break
            await asyncio.to_thread(postgresql.start)
        else:
            raise AssertionError("never stopped while it recovered")
        await asyncio.to_thread(postgresql.start)
        began = time.monotonic()
        while storm.last_s < began:
            assert time.monotonic() < began + 120, storm.statuses
            await asyncio.sleep(0.02)
        took.append(time.monotonic() - began)
    storm.over = True
    return took


async def survived(postgresql: Server, url: str, folder: Path, rounds: int) -> tuple[Storm, list[float]]:
    """Asserts that all that was acknowledged is there, and has been looked at in the end."""
    database, blobs, storm, stop = opened(url), LocalBlobs(folder / "blobs"), Storm(), asyncio.Event()
    owner, headers = await key_of(database)
    settings = Settings(data_folder=folder, max_photos_per_case=100_000, requests_per_s=10_000)
    parts = Parts(settings, database, blobs, StoredKeys(database), gather)
    transport = httpx2.ASGITransport(app=create_app(parts))
    worker = Worker(database, blobs, Looker(gather, MODEL_SET), "test", lease_s=2)
    working = asyncio.create_task(worker.run(stop))
    async with httpx2.AsyncClient(transport=transport, base_url="http://test", headers=headers, timeout=60) as client:
        case = (await client.post("/v1/cases", json={"external_id": "A"})).json()["id"]
        sending = [asyncio.create_task(send(client, case, number, storm)) for number in range(SENDERS)]
        took = await stopped_and_started(postgresql, storm, rounds)
        await asyncio.gather(*sending)
    await all_there(database, blobs, owner, case, storm)
    stop.set()
    await working
    await database.close()
    return storm, took


async def all_there(database: Database, blobs: Blobs, owner: str, case: str, storm: Storm) -> None:
    async with database.read() as connection:
        rows = {photo.client_id: photo for photo in await photos.of_case(connection, owner, case)}
    for name, sha256 in storm.acknowledged.items():
        assert rows[name].sha256 == sha256
        await blobs.read(original_key(rows[name]), sha256)
    open_jobs = select(jobs_table.c.id).where(jobs_table.c.finished_ms.is_(None)).limit(1)
    until = time.monotonic() + 300
    while True:
        async with database.read() as connection:
            if (await connection.execute(open_jobs)).first() is None:
                break
        assert time.monotonic() < until, "workers do not go on"
        await asyncio.sleep(0.2)
    async with database.read() as connection:
        assert set((await connection.execute(select(jobs_table.c.state).distinct())).scalars()) == {"done"}


def test_a_database_that_is_stopped_hard(tmp_path: Path) -> None:
    with server() as postgresql:
        if postgresql is None:
            pytest.skip("no PostgreSQL here: apt-get install postgresql")
        url = postgresql.create("hard")
        migrate(url)
        storm, _ = asyncio.run(survived(postgresql, url, tmp_path, rounds=1))
    assert set(storm.statuses) <= {200, 201, 503} and storm.statuses[201]
