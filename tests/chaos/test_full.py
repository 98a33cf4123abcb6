"""Disks that fill up again and again under eight senders: nothing acknowledged is lost, no part of a file is left."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copy

import httpx2
import numpy as np
import pytest

from service.blobs_local import LocalBlobs
from tests.full_disks import FULL, Place, filled, placed, placed_on, small_disk, small_server

ROUNDS, SENDERS, SIZE = 5, 8, 4_000_000
ROOM_FOR_ROWS = 300_000


@dataclass(slots=True)
class Sent:
    """What senders were told; names of photos to be found again."""

    statuses: Counter[int] = field(default_factory=Counter)
    taken: set[str] = field(default_factory=set)

    async def until_refused(self, client: httpx2.AsyncClient, place: Place, name: str, size: int) -> None:
        body = np.random.default_rng(list(name.encode())).bytes(size - 8)
        for number in range(2000):
            url = f"/v1/cases/{place.case}/photos/{name}-{number}"
            answer = await client.put(url, content=body + f"{number:8d}".encode(), headers=place.headers)
            self.statuses[answer.status_code] += 1
            if answer.status_code != 201:
                return
            self.taken.add(f"{name}-{number}")
        raise AssertionError("never full")

    async def round(self, place: Place, name: str, size: int) -> None:
        transport = httpx2.ASGITransport(app=place.client.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test", timeout=120) as client:
            names = [f"{name}-{sender}" for sender in range(SENDERS)]
            await asyncio.gather(*(self.until_refused(client, place, one, size) for one in names))

    def rounds(self, place: Place, disk: Path, size: int, room: int, blobs: Path) -> None:
        """Leaves ``room`` bytes on ``disk``, sends until all are refused, makes room; asserts what must hold."""
        assert place.client.portal is not None
        for number in range(ROUNDS):
            filler = filled(disk)
            os.truncate(filler, filler.stat().st_size - room)
            place.client.portal.call(self.round, place, f"r{number}", size)
            filler.unlink()
            assert place.put(f"after{number}", 1000) == 201
            self.taken.add(f"after{number}")
        print(f"{ROUNDS} rounds: {dict(self.statuses)}, {len(self.taken)} photos kept")
        assert set(self.statuses) - {201} <= FULL and self.statuses[201]
        assert set(place.names()) == self.taken
        assert not list(LocalBlobs(blobs).spool_folder.iterdir())


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "small", 512) as folder:
        yield folder


def test_originals(disk: Path, sqlite_template: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{copy(sqlite_template, tmp_path / 'kuaizheng.db')}"
    with placed(url, disk / "blobs", tmp_path) as place:
        Sent().rounds(place, disk, SIZE, 4 * SIZE, disk / "blobs")
        kept = [path for path in (disk / "blobs").rglob("*") if path.is_file()]
        assert len(kept) == len(place.names()) and {path.stat().st_size for path in kept} == {SIZE, 1000}


def test_sqlite(disk: Path, sqlite_template: Path, tmp_path: Path) -> None:
    with placed(f"sqlite:///{copy(sqlite_template, disk / 'kuaizheng.db')}", tmp_path / "blobs", tmp_path) as place:
        Sent().rounds(place, disk, 20_000, ROOM_FOR_ROWS, tmp_path / "blobs")


def test_postgresql(tmp_path: Path) -> None:
    with small_server(256, log=False) as (server, disk), placed_on(server, tmp_path) as place:
        Sent().rounds(place, disk, 20_000, ROOM_FOR_ROWS, tmp_path / "blobs")


def test_temporary_folder(disk: Path, sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(disk))
    url = f"sqlite:///{copy(sqlite_template, tmp_path / 'kuaizheng.db')}"
    with placed(url, tmp_path / "blobs", tmp_path) as place:
        for _ in range(ROUNDS):
            filler = filled(disk)
            assert place.check(bytes(SIZE)) in FULL
            filler.unlink()
            assert place.check(bytes(SIZE)) == 200
        assert not list(disk.iterdir())
