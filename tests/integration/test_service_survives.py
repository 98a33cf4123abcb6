"""A database that is stopped hard, also while it recovers, and full disks: nothing acknowledged is lost."""

from __future__ import annotations

import asyncio
import os
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copy
from typing import Any

import httpx2
import numpy as np
import pytest
from fastapi.testclient import TestClient
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
FULL = {503, 507}


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
    sent = 0
    while not storm.over:
        name, data = f"{number}-{sent}", jpeg(90) + f"{number} {sent}".encode()
        answer = await client.put(f"/v1/cases/{case}/photos/{name}", content=data)
        storm.statuses[answer.status_code] += 1
        if answer.status_code == 201:
            storm.acknowledged[name] = answer.json()["sha256"]
            storm.last_s = time.monotonic()
            sent += 1
        await asyncio.sleep(0.02)


async def stopped_and_started(postgresql: Server, storm: Storm, rounds: int) -> list[float]:
    """Stops it hard ``rounds`` times, each time once more while it recovers; how long until uploads went on."""
    took = []
    for _ in range(rounds):
        while not storm.acknowledged or storm.last_s < time.monotonic() - 1:
            await asyncio.sleep(0.05)
        await asyncio.to_thread(postgresql.stop_hard)
        await asyncio.sleep(0.5)
        await asyncio.to_thread(postgresql.start, wait=False)
        with suppress(subprocess.CalledProcessError):  # it may not have got as far as to be stopped
            await asyncio.to_thread(postgresql.stop_hard)
        with suppress(subprocess.CalledProcessError):  # or not have been stopped
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
    assert set(storm.statuses) <= {201, 503} and storm.acknowledged


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of 6 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("no small file system can be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def filled(folder: Path) -> Path:
    """A file that takes all the room there is left."""
    path = folder / "filler"
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    return path


@dataclass(frozen=True, slots=True)
class Place:
    client: TestClient
    headers: dict[str, str]
    case: str

    def put(self, name: str, size: int) -> int:
        url = f"/v1/cases/{self.case}/photos/{name}"
        data = np.random.default_rng(len(name)).bytes(size)
        return int(self.client.put(url, content=data, headers=self.headers).status_code)

    def check(self, data: bytes, case: str = "") -> int:
        told: dict[str, Any] = {"files": {"photos": ("a.jpg", data)}, "data": {"case": case}}
        return int(self.client.post("/v1/check", headers=self.headers, **told).status_code)


def placed(template: Path, database: Path, blobs: Path, data_folder: Path) -> Iterator[Place]:
    opened_database = opened(f"sqlite:///{copy(template, database / 'kuaizheng.db')}")
    settings = Settings(data_folder=data_folder)
    parts = Parts(settings, opened_database, LocalBlobs(blobs), StoredKeys(opened_database), gather)
    with TestClient(create_app(parts)) as client:
        assert client.portal is not None
        _, headers = client.portal.call(key_of, opened_database)
        answer = client.post("/v1/cases", json={"external_id": "A"}, headers=headers)
        yield Place(client, headers, answer.json()["id"])


def test_a_full_database(small: Path, sqlite_template: Path, tmp_path: Path) -> None:
    for place in placed(sqlite_template, small, tmp_path / "blobs", tmp_path):
        assert place.put("before", 1000) == 201
        filler, number, status = filled(small), 0, 201
        while status == 201 and number < 500:  # what the database had room for already
            number += 1
            status = place.put(f"n{number}", 1000)
        assert status in FULL
        filler.unlink()
        assert place.put("after", 1000) == 201
        listed = place.client.get(f"/v1/cases/{place.case}/photos", headers=place.headers).json()["photos"]
        assert [one["client_id"] for one in listed] == ["before", *(f"n{n}" for n in range(1, number)), "after"]


def test_a_full_folder_of_originals(small: Path, sqlite_template: Path, tmp_path: Path) -> None:
    for place in placed(sqlite_template, tmp_path, small / "blobs", tmp_path):
        filler = filled(small)
        assert place.put("a", 1_000_000) == 507
        assert not [path for path in (small / "blobs").rglob("*") if path.is_file()]
        filler.unlink()
        assert place.put("a", 1_000_000) == 201


def test_a_full_temporary_folder(
    small: Path, sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(small))
    for place in placed(sqlite_template, tmp_path, tmp_path / "blobs", tmp_path):
        filler = filled(small)
        assert place.check(jpeg() + bytes(2_000_000)) in FULL
        assert place.check(jpeg(), 'accident_type = "rear_end"') in FULL
        filler.unlink()
        assert place.check(jpeg() + bytes(2_000_000)) == 200
