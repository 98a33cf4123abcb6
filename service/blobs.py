"""Originals: written once, never changed, proved by their SHA-256 whenever they are read.

An upload is first spooled: written to a file of ours and hashed while it arrives. Then `Blobs.keep` makes it durable
under its key, all of it or nothing.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import tempfile
from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, Protocol, TypeVar

from service.store.errors import StorageFullError, StoreUnavailableError
from vision.errors import InputError

CHUNK = 2**20
HEAD = 4096
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class BlobTooLargeError(InputError):
    """More bytes than are taken in."""

    code = "too_large"


@dataclass(frozen=True, slots=True)
class Spooled:
    """An upload in a file of ours, complete and flushed to disk."""

    path: Path
    sha256: str
    size_bytes: int
    head: bytes
    """Its first `HEAD` bytes."""


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """What is kept under a key. ``age_s`` since it was kept, by the store's time and ours."""

    key: str
    size_bytes: int
    age_s: float


class Blobs(Protocol):
    """Where originals are kept. Keys are paths of ids: ``organisation/case/name``."""

    @property
    def spool_folder(self) -> Path:
        """Where uploads are spooled."""
        ...

    async def keep(self, key: str, spooled: Spooled) -> bool:
        """Durable under ``key`` once this returns; false where these bytes were there before.

        Raises `StorageFullError`, `StoreUnavailableError`, `BlobDamagedError` if other bytes are there.
        """
        ...

    async def read(self, key: str, sha256: str) -> bytes:
        """All bytes, proved. Raises `BlobDamagedError`, `StoreUnavailableError`."""
        ...

    async def delete(self, key: str) -> None:
        """Nothing is under ``key`` once this returns; nothing there is fine. Raises `StoreUnavailableError`."""
        ...

    def stored(self, folder: str = "") -> AsyncIterator[StoredBlob]:
        """Everything below ``folder`` (``organisation/case``; empty: all). Raises `StoreUnavailableError`."""
        ...


@asynccontextmanager
async def spool(folder: Path, chunks: AsyncIterable[bytes], max_bytes: int) -> AsyncIterator[Spooled]:
    """Writes what arrives to a file that is gone when the block ends.

    Raises `BlobTooLargeError`, `StorageFullError`, `StoreUnavailableError`.
    """
    descriptor, name = await _in_thread(tempfile.mkstemp, ".part", "", str(folder))
    path = Path(name)
    try:
        try:
            spooled = await _received(descriptor, path, chunks, max_bytes)
        finally:
            os.close(descriptor)
        yield spooled
    finally:
        with suppress(FileNotFoundError):
            path.unlink()


async def _received(descriptor: int, path: Path, chunks: AsyncIterable[bytes], max_bytes: int) -> Spooled:
    hashed, size, head, waiting = hashlib.sha256(), 0, b"", bytearray()
    async for chunk in chunks:
        size += len(chunk)
        if size > max_bytes:
            raise BlobTooLargeError(f"larger than {max_bytes} bytes")
        head += chunk[: HEAD - len(head)]
        waiting += chunk
        if len(waiting) >= CHUNK:
            await _in_thread(_write, descriptor, bytes(waiting), hashed.update)
            waiting.clear()
    await _in_thread(_write, descriptor, bytes(waiting), hashed.update)
    await _in_thread(os.fsync, descriptor)
    return Spooled(path, hashed.hexdigest(), size, head)


def _write(descriptor: int, data: bytes, seen: Callable[[bytes], None]) -> None:
    seen(data)
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


async def _in_thread(
    work: Callable[Arguments, Result], *arguments: Arguments.args, **named: Arguments.kwargs
) -> Result:
    try:
        return await asyncio.to_thread(work, *arguments, **named)
    except OSError as error:
        raise storage_error(error) from error


def storage_error(error: OSError) -> StorageFullError | StoreUnavailableError:
    """Our name for what the file system says."""
    if error.errno in _FULL:
        return StorageFullError("no room left for originals")
    return StoreUnavailableError(f"originals cannot be kept: {error.strerror}")
