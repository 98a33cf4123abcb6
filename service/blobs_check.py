"""Whether a store keeps what we rely on: tried on it, with objects of our own that are removed again.

A store that lets two writers have one key, or that does not answer with what was just written, would lose originals.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import urllib.error
import urllib.request
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from service.blobs import Blobs, spool
from service.blobs_object import ObjectBlobs
from service.store.errors import BlobDamagedError, StorageFullError, StoreUnavailableError

FOLDER = "kuaizheng-check"
_WRITERS = 8
_TRIES = 4
_TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was tried. ``code`` is stable; ``detail`` is empty where all is well."""

    code: str
    ok: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class StoreReport:
    checks: tuple[Checked, ...]

    @property
    def ok(self) -> bool:
        return all(one.ok for one in self.checks)


async def check_store(blobs: Blobs) -> StoreReport:
    """Tries everything the service relies on; a few seconds, a few kilobytes.

    Raises nothing for a store that fails: it is told in the report.
    """
    folder = f"{FOLDER}/{uuid.uuid4().hex}"
    done = [
        await _tried(code, check, blobs, f"{folder}/{code}")
        for code, check in (
            ("read_after_write", _read_after_write),
            ("same_bytes_again", _same_again),
            ("create_only_race", _race),
            ("other_bytes_refused", _other_bytes),
            ("listed", _listed),
            ("wrong_checksum_refused", _wrong_checksum),
            ("deleted", _deleted),
        )
    ]
    done.append(await _tried("cleared", _cleared, blobs, folder))
    return StoreReport(tuple(done))


async def _tried(code: str, check: Callable[[Blobs, str], Awaitable[str]], blobs: Blobs, key: str) -> Checked:
    try:
        detail = await check(blobs, key)
    except (BlobDamagedError, StorageFullError, StoreUnavailableError) as error:
        detail = str(error)
    return Checked(code, not detail, detail)


async def _read_after_write(blobs: Blobs, key: str) -> str:
    for number in range(_TRIES):
        data = _bytes(f"read {number}")
        await _keep(blobs, f"{key}-{number}", data)
        if await blobs.read(f"{key}-{number}", _sha256(data)) != data:
            return "what was written was not what was read"
    return ""


async def _same_again(blobs: Blobs, key: str) -> str:
    first, again = [await _keep(blobs, key, _bytes("same")) for _ in range(2)]
    return "" if (first, again) == (True, False) else "a second writer of the same bytes was not told of the first"


async def _race(blobs: Blobs, key: str) -> str:
    """Several writers, one key: one has it, the others are told."""
    for number in range(_TRIES):
        offers = [_bytes(f"race {number} {writer}") for writer in range(_WRITERS)]
        made = await asyncio.gather(*(_keep(blobs, f"{key}-{number}", data) for data in offers), return_exceptions=True)
        winners = [data for data, new in zip(offers, made, strict=True) if new is True]
        for error in made:
            if isinstance(error, BaseException) and not isinstance(error, BlobDamagedError):
                raise error
        if len(winners) != 1:
            return f"{len(winners)} of {_WRITERS} writers were told that the key is theirs: originals would be lost"
        await blobs.read(f"{key}-{number}", _sha256(winners[0]))
    return ""


async def _other_bytes(blobs: Blobs, key: str) -> str:
    await _keep(blobs, key, _bytes("first"))
    try:
        await _keep(blobs, key, _bytes("second"))
    except BlobDamagedError:
        await blobs.read(key, _sha256(_bytes("first")))
        return ""
    return "other bytes were written over what was kept"


async def _listed(blobs: Blobs, key: str) -> str:
    await _keep(blobs, key, _bytes("listed"))
    ages = [one.age_s async for one in blobs.stored(key.rpartition("/")[0]) if one.key == key]
    if len(ages) != 1:
        return "what was written is not listed"
    return "" if abs(ages[0]) < 300 else f"the store's clock and ours differ by {abs(ages[0]):.0f} s"


async def _wrong_checksum(blobs: Blobs, key: str) -> str:
    """The store itself refuses bytes that were damaged on their way; a folder here has no such way."""
    if not isinstance(blobs, ObjectBlobs):
        return ""
    from obstore import sign_async
    from obstore.exceptions import BaseError
    from obstore.store import S3Store

    if not isinstance(blobs.store, S3Store):
        return ""
    try:
        url = await sign_async(blobs.store, "PUT", key, timedelta(seconds=60))
    except BaseError as error:
        return f"no address could be signed ({type(error).__name__})"
    status = await asyncio.to_thread(_put_damaged, url)
    return "" if status == 400 else f"a body that is not what its checksum says was answered with {status}"


def _put_damaged(url: str) -> int:
    wrong = base64.b64encode(hashlib.md5(b"other", usedforsecurity=False).digest()).decode("ascii")
    request = urllib.request.Request(url, data=b"damaged", method="PUT", headers={"Content-MD5": wrong})
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError as error:
        # The address carries a signature: only the kind of the failure is told.
        raise StoreUnavailableError(f"the store of originals does not answer ({type(error).__name__})") from None


async def _deleted(blobs: Blobs, key: str) -> str:
    data = _bytes("deleted")
    await _keep(blobs, key, data)
    await blobs.delete(key)
    await blobs.delete(key)
    try:
        await blobs.read(key, _sha256(data))
    except BlobDamagedError:
        return ""
    return "what was deleted is still there"


async def _cleared(blobs: Blobs, folder: str) -> str:
    for one in [one async for one in blobs.stored(folder)]:
        await blobs.delete(one.key)
    return "" if [one async for one in blobs.stored(folder)] == [] else "not all of it could be removed again"


async def _keep(blobs: Blobs, key: str, data: bytes) -> bool:
    async def chunks() -> AsyncIterator[bytes]:
        yield data

    async with spool(blobs.spool_folder, chunks(), len(data)) as spooled:
        return await blobs.keep(key, spooled)


def _bytes(name: str) -> bytes:
    return f"kuaizheng doctor: {name}\n".encode() * 20


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
