"""Backup and restore as docs/operating.md tells them: in the new place the same case answers the same."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service import backup
from service.api.parts import Parts, StoredKeys
from service.app import create_app, open_blobs
from service.guard.errors import DecryptionError
from service.guard.fields import new_key_file
from service.guard.roles import Role
from service.job_steps import Looker
from service.serve import make_key
from service.settings import Settings
from service.store.database import url_of
from service.store.errors import StoreUnavailableError
from service.store.opening import open_database
from service.worker import Worker
from tests.postgres import ACCOUNT, Server
from tests.service_parts import MODEL_SET, gather, jpeg
from vision.errors import InputError


@dataclass(frozen=True, slots=True)
class Before:
    settings: Settings
    key: str
    answers: dict[str, Any]


def answers(settings: Settings, key: str) -> dict[str, Any]:
    """What a caller gets of every case."""
    database, headers = open_database(settings), {"Authorization": f"Bearer {key}"}
    parts = Parts(settings, database, open_blobs(settings), StoredKeys(database), gather)
    with TestClient(create_app(parts)) as client:
        cases = client.get("/v1/cases", headers=headers).json()["cases"]
        found = {"cases": cases}
        for case in cases:
            for what in ("photos", "assessments/latest"):
                answer = client.get(f"/v1/cases/{case['id']}/{what}", headers=headers)
                assert answer.status_code == 200
                found[what] = answer.json()
    return found


def lived(settings: Settings) -> Before:
    """A service that has a case with two photos and an assessment."""
    key = asyncio.run(make_key(settings, "police", Role.SUPERVISOR, "test"))
    assert key is not None
    database = open_database(settings)
    parts = Parts(settings, database, open_blobs(settings), StoredKeys(database), gather)
    headers = {"Authorization": f"Bearer {key}"}
    with TestClient(create_app(parts)) as client:
        party = {"id": "A", "plate": "皖A12345"}
        case = client.post("/v1/cases", json={"external_id": "A-1", "parties": [party]}, headers=headers).json()
        for number in range(2):
            url = f"/v1/cases/{case['id']}/photos/{number}"
            assert client.put(url, content=jpeg(number), headers=headers).status_code == 201
        worker = Worker(database, parts.blobs, Looker(gather, MODEL_SET), "test")
        assert client.portal is not None
        while client.portal.call(worker.step):
            pass
    return Before(settings, key, answers(settings, key))


def test_sqlite_and_a_folder(sqlite_template: Path, tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    shutil.copy(sqlite_template, old / "kuaizheng.db")
    new_key_file(old / "master-keys.toml")
    before = lived(Settings(data_folder=old))
    copied = backup.back_up(before.settings, tmp_path / "copy")
    assert copied.originals == 2 and copied.size_bytes == len(jpeg(0)) + len(jpeg(1))
    for key in copied.keys:
        assert not (tmp_path / "copy" / key.name).exists()
    with pytest.raises(InputError, match="not empty"):
        backup.back_up(before.settings, tmp_path / "copy")
    keys = shutil.copy(old / "master-keys.toml", tmp_path)
    shutil.rmtree(old)
    shutil.copytree(tmp_path / "copy", new)
    shutil.copy(keys, new)
    restored = Settings(data_folder=new)
    assert answers(restored, before.key) == before.answers
    assert asyncio.run(backup.prove(restored)) == backup.Proved(2, ())
    (original, _) = (path for path in (new / "blobs").rglob("*") if path.is_file())
    original.unlink()
    proved = asyncio.run(backup.prove(restored))
    assert proved.originals == 2 and [one.rpartition("/")[2] for one in proved.wrong] == [original.name]
    (new / "master-keys.toml").unlink()
    new_key_file(new / "master-keys.toml")
    with pytest.raises(DecryptionError):
        asyncio.run(backup.prove(restored))


def test_what_is_deleted_meanwhile_does_not_end_the_copy(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is made while the service runs, whose uploads drop their parts and whose cases are deleted."""
    old, copying = tmp_path / "old", shutil.copy2
    old.mkdir()
    shutil.copy(sqlite_template, old / "kuaizheng.db")
    new_key_file(old / "master-keys.toml")
    before = lived(Settings(data_folder=old))
    _, last = sorted(path for path in (old / "blobs").rglob("*") if path.is_file())

    def copied(path: Path, target: Path) -> None:
        last.unlink(missing_ok=True)  # while the first is on its way
        copying(path, target)

    monkeypatch.setattr(shutil, "copy2", copied)
    assert backup.back_up(before.settings, tmp_path / "copy").originals == 1
    shutil.copy(old / "master-keys.toml", tmp_path / "copy")
    proved = asyncio.run(backup.prove(Settings(data_folder=tmp_path / "copy")))
    assert proved.originals == 2 and [one.rpartition("/")[2] for one in proved.wrong] == [last.name]


def test_an_original_that_the_disk_cannot_read_is_named(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof goes on to the others; only where one after the other fails is the store away."""
    shutil.copy(sqlite_template, tmp_path / "kuaizheng.db")
    new_key_file(tmp_path / "master-keys.toml")
    settings = lived(Settings(data_folder=tmp_path)).settings
    bad, _ = (path for path in (tmp_path / "blobs").rglob("*") if path.is_file())
    read = Path.read_bytes

    def failing(path: Path) -> bytes:
        if path == bad:
            raise OSError(errno.EIO, "Input/output error")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", failing)
    proved = asyncio.run(backup.prove(settings))
    assert proved.originals == 2 and [one.rpartition("/")[2] for one in proved.wrong] == [bad.name]
    monkeypatch.setattr(backup, "MOST_UNREAD", 1)
    with pytest.raises(StoreUnavailableError):
        asyncio.run(backup.prove(settings))


def test_a_place_that_cannot_take_a_backup_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="Not a directory"):
        backup.back_up(Settings(data_folder=tmp_path), tmp_path / "file")


@pytest.fixture
def postgresql_settings(postgresql_server: Server, postgresql_template: str, tmp_path: Path) -> Settings:
    new_key_file(tmp_path / "master-keys.toml")
    url = postgresql_server.create(f"backup_{os.urandom(6).hex()}", postgresql_template)
    return _settings(url, tmp_path / "bucket", tmp_path)


def test_postgresql_and_a_store(postgresql_server: Server, postgresql_settings: Settings, tmp_path: Path) -> None:
    """The store is a folder here: its copy is its provider's business, what is tested is the order and the database."""
    before = lived(postgresql_settings)
    name = str(url_of(before.settings.database).database)
    dump = _run(postgresql_server, "pg_dump", "--format=custom", name)
    shutil.copytree(tmp_path / "bucket", tmp_path / "bucket-copy", ignore=shutil.ignore_patterns("incoming"))
    shutil.rmtree(tmp_path / "bucket")
    _run(postgresql_server, "dropdb", "--force", name)
    restored = f"{name}_restored"
    _run(postgresql_server, "createdb", restored)
    _run(postgresql_server, "pg_restore", "--exit-on-error", f"--dbname={restored}", given=dump)
    settings = _settings(postgresql_server.url(restored), tmp_path / "bucket-copy", tmp_path)
    assert answers(settings, before.key) == before.answers
    assert asyncio.run(backup.prove(settings)) == backup.Proved(2, ())
    with pytest.raises(InputError, match="pg_dump"):
        backup.back_up(settings, tmp_path / "copy")


def _settings(url: str, bucket: Path, folder: Path) -> Settings:
    return Settings(
        data_folder=folder, database_url=url, blob_url=f"file://{bucket}", master_key_file=folder / "master-keys.toml"
    )


def _run(server: Server, program: str, *arguments: str, given: bytes = b"") -> bytes:
    told = ["--host", str(server.folder), "--username", ACCOUNT, *arguments]
    return subprocess.run([server.programs / program, *told], check=True, input=given, stdout=subprocess.PIPE).stdout
