"""Originals: all of it or nothing, never over another, proved when read."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from obstore.store import MemoryStore, S3Store

from service.blobs import Blobs, BlobTooLargeError, Spooled, StoredBlob, spool
from service.blobs_local import LocalBlobs
from service.blobs_object import ObjectBlobs
from service.store.errors import BlobDamagedError, StorageFullError, StoreUnavailableError

DATA = bytes(range(256)) * 9000
SHA256 = hashlib.sha256(DATA).hexdigest()


async def chunks(data: bytes = DATA, size: int = 70_000) -> AsyncIterator[bytes]:
    for at in range(0, len(data), size):
        yield data[at : at + size]


async def keep(blobs: Blobs, key: str, data: bytes = DATA, max_bytes: int = 2**30) -> Spooled:
    async with spool(blobs.spool_folder, chunks(data), max_bytes) as spooled:
        await blobs.keep(key, spooled)
        return spooled


@pytest.fixture(params=["folder", "objects"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    """Both kinds; obstore's own store in memory stands for S3."""
    return LocalBlobs(tmp_path) if request.param == "folder" else ObjectBlobs(MemoryStore(), tmp_path)


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("data", [b"", b"x", DATA])
def test_what_was_kept_is_read(blobs: Blobs, data: bytes) -> None:
    spooled = asyncio.run(keep(blobs, "org/case/a", data))
    assert (spooled.sha256, spooled.size_bytes) == (hashlib.sha256(data).hexdigest(), len(data))
    assert spooled.head == data[:4096]
    assert asyncio.run(blobs.read("org/case/a", spooled.sha256)) == data
    assert files(blobs.spool_folder) == []


def test_the_same_bytes_again_are_fine_and_others_refused(blobs: Blobs) -> None:
    asyncio.run(keep(blobs, "a"))
    asyncio.run(keep(blobs, "a"))
    with pytest.raises(BlobDamagedError):
        asyncio.run(keep(blobs, "a", b"other"))
    assert asyncio.run(blobs.read("a", SHA256)) == DATA
    with pytest.raises(BlobDamagedError):
        asyncio.run(blobs.read("gone", SHA256))
    assert files(blobs.spool_folder) == []


def test_a_changed_file_is_never_read_as_the_original(tmp_path: Path) -> None:
    blobs = LocalBlobs(tmp_path)
    asyncio.run(keep(blobs, "a"))
    os.chmod(tmp_path / "a", 0o600)
    (tmp_path / "a").write_bytes(DATA[:-1] + b"!")
    with pytest.raises(BlobDamagedError):
        asyncio.run(blobs.read("a", SHA256))
    with pytest.raises(BlobDamagedError):
        asyncio.run(blobs.read("gone", SHA256))


def test_too_much_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(BlobTooLargeError):
        asyncio.run(keep(LocalBlobs(tmp_path), "a", max_bytes=len(DATA) - 1))
    assert files(tmp_path) == []


@pytest.mark.parametrize("call", ["write", "fsync", "link"])
def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    blobs = LocalBlobs(tmp_path)

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, call, full)
        with pytest.raises(StorageFullError):
            asyncio.run(keep(blobs, "a"))
    assert files(tmp_path) == []
    asyncio.run(keep(blobs, "a"))  # without a restart


def test_an_upload_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    blobs = LocalBlobs(tmp_path)

    async def broken() -> AsyncIterator[bytes]:
        yield DATA
        raise ConnectionError

    async def receive() -> None:
        async with spool(blobs.spool_folder, broken(), 2**30):
            raise AssertionError("must not get here")

    with pytest.raises(ConnectionError):
        asyncio.run(receive())
    assert files(tmp_path) == []


def test_file_then_folder_are_flushed_before_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blobs, did = LocalBlobs(tmp_path), list[str]()
    link, fsync = os.link, os.fsync

    def linked(source: Path, target: Path) -> None:
        did.append("link")
        link(source, target)

    def flushed(descriptor: int) -> None:
        path = os.readlink(f"/proc/self/fd/{descriptor}")
        did.append("file" if path.endswith(".part") else Path(path).name)
        fsync(descriptor)

    monkeypatch.setattr(os, "link", linked)
    monkeypatch.setattr(os, "fsync", flushed)
    asyncio.run(keep(blobs, "org/a"))
    assert did == ["file", tmp_path.name, "link", "org"]


def test_a_store_that_is_away_is_told_as_such(tmp_path: Path) -> None:
    store = S3Store(
        "bucket",
        endpoint="http://127.0.0.1:9",
        access_key_id="a",
        secret_access_key="b",
        region="c",
        client_options={"allow_http": True},
        retry_config={"max_retries": 0},
    )
    with pytest.raises(StoreUnavailableError):
        asyncio.run(keep(ObjectBlobs(store, tmp_path), "a"))
    assert files(tmp_path) == []


def test_what_is_stored_is_listed_and_removed(blobs: Blobs) -> None:
    async def run() -> None:
        for key in ("org/case/a", "org/case/uploads/u/0", "org/other/a"):
            await keep(blobs, key, key.encode())
        found = [one async for one in blobs.stored("org/case")]
        assert sorted(one.key for one in found) == ["org/case/a", "org/case/uploads/u/0"]
        assert all(-1 < one.age_s < 60 and one.size_bytes == len(one.key) for one in found)
        for one in found:
            await blobs.delete(one.key)
            await blobs.delete(one.key)
        assert [one.key async for one in blobs.stored()] == ["org/other/a"]
        assert [one async for one in blobs.stored("nothing/here")] == []

    asyncio.run(run())


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO])
def test_a_folder_that_cannot_be_listed_is_not_taken_for_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """A case whose photos are listed as none would be noted as gone, and they would stay for ever."""
    blobs, scandir = LocalBlobs(tmp_path), os.scandir
    asyncio.run(keep(blobs, "org/case/a"))

    def refused(path: str) -> Any:
        if str(path).endswith("case"):
            raise OSError(number, os.strerror(number))
        return scandir(path)

    async def listed(folder: str) -> list[StoredBlob]:
        return [one async for one in blobs.stored(folder)]

    monkeypatch.setattr(os, "scandir", refused)
    for folder in ("org/case", ""):
        with pytest.raises(StoreUnavailableError):
            asyncio.run(listed(folder))


def test_what_goes_while_it_is_listed_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of uploads go all the time: a listing that fails for one of them would end the worker."""
    blobs, walk = LocalBlobs(tmp_path), os.walk
    for key in ("org/case/a", "org/case/b"):
        asyncio.run(keep(blobs, key))

    def slow(*arguments: Any, **named: Any) -> Iterator[Any]:
        for found in walk(*arguments, **named):
            if "a" in found[2]:
                (tmp_path / "org/case/a").unlink()
            yield found

    async def listed() -> list[str]:
        return [one.key async for one in blobs.stored()]

    monkeypatch.setattr(os, "walk", slow)
    assert asyncio.run(listed()) == ["org/case/b"]


def test_no_empty_folders_are_left_and_none_but_empty_ones_go(tmp_path: Path) -> None:
    blobs = LocalBlobs(tmp_path / "blobs")
    asyncio.run(keep(blobs, "org/case/a"))
    asyncio.run(keep(blobs, "org/case/uploads/u/0"))
    asyncio.run(blobs.delete("org/case/uploads/u/0"))
    assert files(tmp_path) == ["blobs/org/case/a"] and not (tmp_path / "blobs/org/case/uploads").exists()
    asyncio.run(blobs.delete("org/case/a"))
    assert sorted(path.name for path in (tmp_path / "blobs").iterdir()) == ["incoming"]
    asyncio.run(keep(blobs, "org/case/a"))
