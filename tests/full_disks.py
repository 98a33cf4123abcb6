"""File systems of a few megabytes that are filled and emptied, and a service on one of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from service.api.parts import Parts, StoredKeys
from service.app import create_app
from service.blobs_local import LocalBlobs
from service.settings import Settings
from service.store.migrate import migrate
from tests.integration.test_service_survives import key_of
from tests.postgres import ACCOUNT, Server, programs
from tests.service_parts import gather, opened

FULL = {503, 507}


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A file system at ``folder``, which is made; skips the test where none can be mounted."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("no small file system can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def filled(folder: Path) -> Path:
    """A file that takes all the room there is left."""
    path = folder / "filler"
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    return path


@contextmanager
def small_server(megabytes: int, *, log: bool) -> Iterator[tuple[Server, Path]]:
    """PostgreSQL with its tables on a small disk, or its log, which has files of 1 MB; and that disk's folder."""
    there = programs()
    if there is None:
        pytest.skip("no PostgreSQL here: apt-get install postgresql")
    with tempfile.TemporaryDirectory(prefix="pg") as name:
        made, log_files = Server(Path(name), there), Path(name) / "log_files"
        shutil.chown(name, ACCOUNT)
        with small_disk(log_files if log else made.data, megabytes) as disk:
            shutil.chown(disk, ACCOUNT)
            made.make("--wal-segsize=1", "-X", log_files)
            made.start()
            try:
                yield made, disk
            finally:
                if made.is_running():
                    made.stop_hard()


@dataclass(frozen=True, slots=True)
class Place:
    """A service with a case."""

    client: TestClient
    headers: dict[str, str]
    case: str

    def put(self, name: str, size: int) -> int:
        url = f"/v1/cases/{self.case}/photos/{name}"
        data = np.random.default_rng(list(name.encode())).bytes(size)
        return int(self.client.put(url, content=data, headers=self.headers).status_code)

    def check(self, data: bytes, case: str = "") -> int:
        told: dict[str, Any] = {"files": {"photos": ("a.jpg", data)}, "data": {"case": case}}
        return int(self.client.post("/v1/check", headers=self.headers, **told).status_code)

    def until_full(self, size: int, most: int) -> list[str]:
        """Puts photos until one is refused for want of room; the names of those that were taken."""
        for number in range(most):
            if (status := self.put(f"n{number}", size)) != 201:
                assert status in FULL
                return [f"n{before}" for before in range(number)]
        raise AssertionError("never full")

    def names(self) -> list[str]:
        listed = self.client.get(f"/v1/cases/{self.case}/photos", headers=self.headers).json()["photos"]
        return [one["client_id"] for one in listed]


@contextmanager
def placed(url: str, blobs: Path, data_folder: Path) -> Iterator[Place]:
    """On a database that has our tables."""
    database = opened(url)
    settings = Settings(data_folder=data_folder, max_photos_per_case=100_000, requests_burst=100_000)
    parts = Parts(settings, database, LocalBlobs(blobs), StoredKeys(database), gather)
    with TestClient(create_app(parts)) as client:
        assert client.portal is not None
        _, headers = client.portal.call(key_of, database)
        answer = client.post("/v1/cases", json={"external_id": "A"}, headers=headers)
        yield Place(client, headers, answer.json()["id"])


@contextmanager
def placed_on(server: Server, folder: Path) -> Iterator[Place]:
    """On a new database of the server."""
    url = server.create("small")
    migrate(url)
    with placed(url, folder / "blobs", folder) as place:
        yield place
