"""Originals in an S3-compatible store over HTTP, and what `check_store` says of stores that do not keep their word."""

from __future__ import annotations

import asyncio
import hashlib
import subprocess
import sys
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from obstore.store import MemoryStore, S3Store

from service.app import open_blobs
from service.blobs import Blobs, spool
from service.blobs_check import FOLDER, check_store
from service.blobs_local import LocalBlobs
from service.blobs_object import ObjectBlobs
from service.settings import Settings
from service.store.errors import BlobDamagedError
from tests.service_client import asking
from tests.service_parts import jpeg

pytest.importorskip("moto", reason="moto is in requirements/dev.txt")
pytestmark = pytest.mark.anyio


@contextmanager
def serving(flaw: str) -> Iterator[str]:
    """The address of a server with the bucket ``evidence``."""
    command = [sys.executable, "-m", "tests.s3_server", flaw]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            address = f"http://127.0.0.1:{int(process.stdout.readline())}"
            request = urllib.request.Request(f"{address}/evidence", method="PUT")
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request).close()
            yield address
        finally:
            process.kill()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving("none") as told:
        yield told


def blobs_at(address: str, folder: Path) -> ObjectBlobs:
    store = S3Store(
        "evidence",
        prefix="kept",
        endpoint=address,
        access_key_id="test",
        secret_access_key="test",
        region="us-east-1",
        client_options={"allow_http": True},
        retry_config={"max_retries": 0},
    )
    return ObjectBlobs(store, folder)


@pytest.fixture
def blobs(address: str, tmp_path: Path) -> ObjectBlobs:
    return blobs_at(address, tmp_path)


async def keep(blobs: Blobs, key: str, data: bytes) -> bool:
    async def chunks() -> AsyncIterator[bytes]:
        yield data

    async with spool(blobs.spool_folder, chunks(), len(data)) as spooled:
        return await blobs.keep(key, spooled)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


async def test_what_was_kept_is_read_at_once(blobs: ObjectBlobs) -> None:
    data = bytes(range(256)) * 20_000
    assert await keep(blobs, "org/case/a", data) is True
    assert await blobs.read("org/case/a", sha256(data)) == data
    assert await keep(blobs, "org/case/a", data) is False
    with pytest.raises(BlobDamagedError):
        await blobs.read("org/case/a", "0" * 64)


async def test_of_many_writers_of_one_key_one_has_it(blobs: ObjectBlobs) -> None:
    offers = [f"bytes of {number}".encode() for number in range(20)]
    made = await asyncio.gather(*(keep(blobs, "org/case/race", one) for one in offers), return_exceptions=True)
    assert sum(one is True for one in made) == 1
    assert all(one is True or isinstance(one, BlobDamagedError) for one in made)
    winner = offers[made.index(True)]
    assert await blobs.read("org/case/race", sha256(winner)) == winner


async def test_what_is_stored_is_listed_with_its_age(blobs: ObjectBlobs) -> None:
    for name in ("b", "c/d"):
        await keep(blobs, f"org/listed/{name}", b"12345")
    found = {one.key: one async for one in blobs.stored("org/listed")}
    assert sorted(found) == ["org/listed/b", "org/listed/c/d"]
    assert {one.size_bytes for one in found.values()} == {5}
    assert all(-2 < one.age_s < 60 for one in found.values())
    await blobs.delete("org/listed/b")
    await blobs.delete("org/listed/b")
    assert [one.key async for one in blobs.stored("org/listed")] == ["org/listed/c/d"]
    with pytest.raises(BlobDamagedError):
        await blobs.read("org/listed/b", sha256(b"12345"))


async def test_a_store_that_keeps_its_word_passes(blobs: ObjectBlobs) -> None:
    report = await check_store(blobs)
    assert report.ok, report
    assert [one.key async for one in blobs.stored(FOLDER)] == []


@pytest.mark.parametrize(
    ("flaw", "failed"),
    [
        ("no-create-only", {"same_bytes_again", "create_only_race", "other_bytes_refused"}),
        ("no-checksum", {"wrong_checksum_refused"}),
    ],
)
async def test_a_store_that_does_not_is_told(flaw: str, failed: set[str], tmp_path: Path) -> None:
    with serving(flaw) as address:
        report = await check_store(blobs_at(address, tmp_path))
    assert {one.code for one in report.checks if not one.ok} == failed


async def test_stores_without_a_network_pass(tmp_path: Path) -> None:
    assert (await check_store(LocalBlobs(tmp_path / "local"))).ok
    assert (await check_store(ObjectBlobs(MemoryStore(), tmp_path))).ok
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


async def test_a_store_that_is_away_is_a_report(tmp_path: Path) -> None:
    report = await check_store(blobs_at("http://127.0.0.1:9", tmp_path))
    assert not report.ok and not any(one.ok for one in report.checks)


async def test_the_setting_opens_it(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"ENDPOINT": address, "ACCESS_KEY_ID": "a", "SECRET_ACCESS_KEY": "b", "REGION": "c", "ALLOW_HTTP": "true"}
    for name, value in told.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    blobs = open_blobs(Settings(data_folder=tmp_path, blob_url="s3://evidence/by-setting"))
    await keep(blobs, "org/case/s", b"data")
    assert await blobs.read("org/case/s", sha256(b"data")) == b"data"


def test_a_cases_life_in_the_store(address: str, sqlite_url: str, tmp_path: Path) -> None:
    blobs = blobs_at(address, tmp_path / "incoming")

    async def names(folder: str) -> list[str]:
        return [one.key async for one in blobs.stored(folder)]

    with asking(sqlite_url, tmp_path, blobs) as service:
        case, other = service.case("A-1"), service.case("A-2")
        told = [service.put(case, "1", jpeg(1)), service.put(case, "2", jpeg(2)), service.put(other, "1", jpeg(1))]
        assert [answer.status_code for answer in told] == [201] * 3
        assert service.put(case, "1", jpeg(1)).status_code == 200
        service.work()
        files = service.client.get(f"/v1/cases/{case}/photos/1/files", headers=service.police).json()
        assert service.client.get(files["original"]).content == jpeg(1)
        organisation = service.call(names, "")[0].split("/")[0]
        assert len(service.call(names, f"{organisation}/{case}")) == 2
        assert service.client.delete(f"/v1/cases/{case}", headers=service.police).status_code == 204
        assert service.call(names, f"{organisation}/{case}") == []
        assert len(service.call(names, f"{organisation}/{other}")) == 1
