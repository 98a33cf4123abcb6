"""Full disks under the database, the originals and the temporary folder: told as such, and over when there is room."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import copy
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from service.api.parts import Parts, StoredKeys
from service.app import create_app
from service.blobs_local import LocalBlobs
from service.settings import Settings
from tests.integration.test_service_survives import key_of
from tests.service_parts import gather, jpeg, opened

FULL = {503, 507}


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
