"""Originals in an S3-compatible store, by obstore: put only where nothing is, answered once the store has answered."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError
from obstore.store import ObjectStore

from service.blobs import Spooled, StoredBlob, storage_error
from service.store.errors import BlobDamagedError, StoreUnavailableError


class ObjectBlobs:
    """Objects of ``store``; uploads are spooled in a local folder, which needs to outlast nothing."""

    def __init__(self, store: ObjectStore, spool_folder: Path) -> None:
        self._store, self._spool_folder = store, spool_folder
        try:
            spool_folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise storage_error(error) from error

    @property
    def store(self) -> ObjectStore:
        """obstore's own, for who checks it."""
        return self._store

    @property
    def spool_folder(self) -> Path:
        return self._spool_folder

    async def keep(self, key: str, spooled: Spooled) -> bool:
        try:
            # In one piece: a put of many pieces cannot be made to fail where an object is.
            await obstore.put_async(self._store, key, spooled.path, mode="create", use_multipart=False)
        except AlreadyExistsError:
            await self.read(key, spooled.sha256)  # ours, if an answer was lost on its way
            return False
        except (BaseError, OSError) as error:
            raise _away(error) from error
        return True

    async def read(self, key: str, sha256: str) -> bytes:
        try:
            found = await obstore.get_async(self._store, key)
            data = bytes(await found.bytes_async())
        except (NotFoundError, FileNotFoundError) as error:  # obstore raises the latter where Python has a name
            raise BlobDamagedError(f"original {sha256} is gone") from error
        except (BaseError, OSError) as error:
            raise _away(error) from error
        if (await asyncio.to_thread(hashlib.sha256, data)).hexdigest() != sha256:
            raise BlobDamagedError(f"original {sha256} is not what was received")
        return data

    async def delete(self, key: str) -> None:
        try:
            await obstore.delete_async(self._store, key)
        except (NotFoundError, FileNotFoundError):
            pass
        except (BaseError, OSError) as error:
            raise _away(error) from error

    async def stored(self, folder: str = "") -> AsyncIterator[StoredBlob]:
        try:
            async for page in obstore.list(self._store, prefix=folder or None):
                now = datetime.now(UTC)
                for one in page:
                    yield StoredBlob(one["path"], one["size"], (now - one["last_modified"]).total_seconds())
        except (BaseError, OSError) as error:
            raise _away(error) from error


def _away(error: Exception) -> StoreUnavailableError:
    # The store's own text may quote the request, with its signature: only its kind is told.
    return StoreUnavailableError(f"the store of originals does not answer ({type(error).__name__})")
