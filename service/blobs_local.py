"""Originals in a folder: a file is complete, flushed and entered in its folder before anybody is told of it."""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

from service.blobs import Spooled, StoredBlob, storage_error
from service.store.errors import BlobDamagedError

_SPOOL = "incoming"
_KEPT_MODE = 0o440


class LocalBlobs:
    """Files below ``folder``; uploads are spooled on the same file system, so that keeping one is a link."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            self.spool_folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise storage_error(error) from error

    @property
    def spool_folder(self) -> Path:
        return self._folder / _SPOOL

    async def keep(self, key: str, spooled: Spooled) -> bool:
        return await asyncio.to_thread(self._keep, key, spooled)

    async def read(self, key: str, sha256: str) -> bytes:
        return await asyncio.to_thread(self._read, key, sha256)

    async def delete(self, key: str) -> None:
        await asyncio.to_thread(self._delete, key)

    async def stored(self, folder: str = "") -> AsyncIterator[StoredBlob]:
        folders = self._folders(folder)
        while (found := await asyncio.to_thread(next, folders, None)) is not None:
            for one in found:
                yield one

    def _keep(self, key: str, spooled: Spooled) -> bool:
        target = self._folder / key
        try:
            os.chmod(spooled.path, _KEPT_MODE)
            new = self._linked(spooled, target)
            # Also for a file that was there: who linked it may have died before this.
            _flush(target.parent)
        except OSError as error:
            raise storage_error(error) from error
        return new

    def _linked(self, spooled: Spooled, target: Path) -> bool:
        for again in (True, False):
            _make_folders(target.parent, self._folder)
            try:
                os.link(spooled.path, target)  # fails where a file is: nothing is ever written over
                return True
            except FileExistsError:
                _prove(target, spooled.sha256)
                return False
            except FileNotFoundError:  # the folder was empty, and somebody was just tidying up
                if not again or not spooled.path.exists():
                    raise
        raise AssertionError("the second time returns or raises")

    def _read(self, key: str, sha256: str) -> bytes:
        try:
            data = (self._folder / key).read_bytes()
        except FileNotFoundError as error:
            raise BlobDamagedError(f"original {sha256} is gone") from error
        except OSError as error:
            raise storage_error(error) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise BlobDamagedError(f"original {sha256} is not what was received")
        return data

    def _delete(self, key: str) -> None:
        target = self._folder / key
        try:
            with suppress(FileNotFoundError):
                target.unlink()
        except OSError as error:
            raise storage_error(error) from error
        above = target.parents
        for folder in above[: len(above) - len(self._folder.parents) - 1]:
            try:
                folder.rmdir()
            except OSError:  # something is in it
                return

    def _folders(self, folder: str) -> Iterator[tuple[StoredBlob, ...]]:
        """The files of each folder, folder by folder; one that cannot be looked into is told, never taken for empty."""
        for path, below, names in os.walk(self._folder / folder, onerror=_refuse_unless_gone):
            here = Path(path)
            if here == self._folder:
                below.remove(_SPOOL)
            yield tuple(one for name in names if (one := self._stored(here / name)) is not None)

    def _stored(self, file: Path) -> StoredBlob | None:
        try:
            stat = file.stat()
        except FileNotFoundError:  # deleted since it was listed
            return None
        except OSError as error:
            raise storage_error(error) from error
        # By the time of the link: the bytes may have been written long before.
        return StoredBlob(file.relative_to(self._folder).as_posix(), stat.st_size, time.time() - stat.st_ctime)


def _refuse_unless_gone(error: OSError) -> None:
    """Who deletes a case believes what is listed: an error passed over would leave its photos for ever."""
    if not isinstance(error, FileNotFoundError):
        raise storage_error(error) from error


def _prove(path: Path, sha256: str) -> None:
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            raise BlobDamagedError(f"original {sha256} is not what was received")


def _make_folders(folder: Path, root: Path) -> None:
    """Folders down to ``folder``, each entered for good in the one above it."""
    below = [folder, *folder.parents]
    for one in reversed(below[: below.index(root)]):
        one.mkdir(exist_ok=True)
        _flush(one.parent)  # also of a folder that was there: who made it may have died before this


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
