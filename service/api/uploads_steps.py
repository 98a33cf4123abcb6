"""A photo that comes in parts. Each part is durable before it is acknowledged; the last one makes the photo.

Any web process takes any part: where the upload stands is its row, moved by compare-and-set in the transaction that
enters the part. Parts are kept beside the originals of the case, so that they go when the case goes.
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import suppress
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from service.api.parts import Parts
from service.api.photos_intake import Sent, take_in
from service.api.photos_scope import Sender, case_for, case_for_sender, open_case, party_of
from service.api.problems import NotFoundError
from service.api.uploads_tus import (
    Checksum,
    Metadata,
    OffsetConflictError,
    UploadExpiredError,
    UploadMetadataError,
    as_far_as_it_came,
)
from service.blobs import CHUNK, Blobs, BlobTooLargeError, Spooled, spool
from service.retention import LegalHoldError
from service.store import uploads
from service.store.errors import BlobDamagedError, StorageFullError, StoreUnavailableError
from service.store.uploads import NewUpload, PartRow, UploadRow
from vision.errors import InputError


async def begin(parts: Parts, sender: Sender, told: str, read: Metadata, length_bytes: int) -> UploadRow:
    """A new upload; one of no bytes is finished at once.

    Raises `BlobTooLargeError`, `UploadMetadataError`, `NotFoundError`, `CaseClosedError`, `InputError`.
    """
    if length_bytes > parts.settings.max_photo_bytes:
        raise BlobTooLargeError(f"larger than {parts.settings.max_photo_bytes} bytes")
    case_id = read.case_id or sender.case_id
    if case_id is None:
        raise UploadMetadataError("case_id is needed")
    async with parts.database.write() as connection:
        await case_for_sender(connection, sender, case_id)
        case = await open_case(connection, sender.organisation, case_id)
        new = NewUpload(
            sender.namespace + read.client_id,
            read.sha256.lower() if read.sha256 else None,
            read.shot_hint,
            party_of(sender, case, read.party),
            sender.name,
            told,
            length_bytes,
            parts.settings.upload_hours,
        )
        upload = await uploads.create(connection, sender.organisation, case.id, new)
    if length_bytes == 0:
        return await append(parts, sender, upload.id, 0, _nothing(), Checksum(None))
    return upload


async def standing(parts: Parts, sender: Sender, upload_id: str) -> UploadRow:
    """The sender's upload as it stands. Raises `NotFoundError`, `UploadExpiredError`."""
    async with parts.database.read() as connection:
        return await _mine(connection, sender, upload_id)


async def append(
    parts: Parts, sender: Sender, upload_id: str, offset: int, stream: AsyncIterable[bytes], checksum: Checksum
) -> UploadRow:
    """Takes in the part that begins at ``offset``; of a body that breaks off, what came of it.

    Raises `OffsetConflictError`, `PartChecksumError`, `BlobTooLargeError`, and what `standing` and `take_in` raise.
    """
    upload = await standing(parts, sender, upload_id)
    if offset != upload.offset_bytes:
        raise OffsetConflictError(f"the upload stands at {upload.offset_bytes}")
    if upload.finished_ms is not None:
        return upload
    folder, left = parts.blobs.spool_folder, upload.length_bytes - offset
    async with spool(folder, as_far_as_it_came(stream, checksum), left) as part:
        checksum.prove()
        if part.size_bytes == left:
            await _finish(parts, sender, upload, part)
        elif part.size_bytes > 0:
            await _keep_part(parts, sender, upload, part)
    return await standing(parts, sender, upload_id)


async def give_up(parts: Parts, sender: Sender, upload_id: str) -> None:
    """The sender wants it no more. A photo that is finished stays.

    Raises `NotFoundError`, `UploadExpiredError`, and `LegalHoldError` where bytes of a held case would go.
    """
    async with parts.database.write() as connection:
        upload = await _mine(connection, sender, upload_id)
        case = await case_for(connection, sender.organisation, upload.case_id, lock=True)
        if case.legal_hold and upload.finished_ms is None:
            raise LegalHoldError("the case is under legal hold")
        kept = await uploads.parts_of(connection, sender.organisation, upload.id)
        await uploads.remove(connection, sender.organisation, upload.id)
    await _drop(parts.blobs, kept)


async def _mine(connection: AsyncConnection, sender: Sender, upload_id: str) -> UploadRow:
    plain = upload_id if upload_id.isascii() and upload_id.isalnum() else ""
    upload = await uploads.find(connection, sender.organisation, plain)
    if upload is None or upload.received_by != sender.name:
        raise NotFoundError("no such upload")
    if upload.expired:
        raise UploadExpiredError("the upload was not finished in time; begin again")
    return upload


async def _keep_part(parts: Parts, sender: Sender, upload: UploadRow, part: Spooled) -> None:
    folder = f"{upload.organisation_id}/{upload.case_id}/uploads/{upload.id}"
    key = f"{folder}/{upload.offset_bytes}-{uuid.uuid4().hex}"  # of two who send one part, each keeps its own
    row = PartRow(upload.offset_bytes, part.size_bytes, part.sha256, key)
    await parts.blobs.keep(key, part)
    try:
        async with parts.database.write() as connection:
            await open_case(connection, sender.organisation, upload.case_id)
            await _advance(parts, connection, upload, row, finished=False)
    except (InputError, StorageFullError):  # of any other error nobody knows that the row is not there
        await _drop(parts.blobs, [row])
        raise


async def _finish(parts: Parts, sender: Sender, upload: UploadRow, last: Spooled) -> None:
    async with parts.database.read() as connection:
        kept = await uploads.parts_of(connection, upload.organisation_id, upload.id)
    row = PartRow(upload.offset_bytes, last.size_bytes, last.sha256, "")
    sent = Sent(upload.client_id, upload.party, upload.shot_hint, upload.sha256)

    async def after(connection: AsyncConnection) -> None:
        await _advance(parts, connection, upload, row, finished=True)
        await uploads.forget_parts(connection, upload.organisation_id, upload.id)

    if sum(one.size_bytes for one in kept) != upload.offset_bytes:
        raise OffsetConflictError("another part was quicker")  # and has made the photo already
    if not kept:
        await take_in(parts, sender, upload.case_id, sent, last, after=after)
        return
    joined = _joined(parts.blobs, kept, last.path)
    try:
        async with spool(parts.blobs.spool_folder, joined, upload.length_bytes) as whole:
            await take_in(parts, sender, upload.case_id, sent, whole, after=after)
    except BlobDamagedError:
        if (await standing(parts, sender, upload.id)).offset_bytes != upload.offset_bytes:
            raise OffsetConflictError("another part was quicker") from None
        raise
    await _drop(parts.blobs, kept)


async def _advance(
    parts: Parts, connection: AsyncConnection, upload: UploadRow, part: PartRow, *, finished: bool
) -> None:
    if not await uploads.advance(connection, upload, part, parts.settings.upload_hours, finished=finished):
        raise OffsetConflictError("another part was quicker")


async def _joined(blobs: Blobs, kept: list[PartRow], last: Path) -> AsyncIterator[bytes]:
    for part in kept:
        yield await blobs.read(part.blob_key, part.sha256)
    with last.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


async def _drop(blobs: Blobs, kept: list[PartRow]) -> None:
    """What is no part of any row any more; what cannot be removed now is swept later."""
    with suppress(StoreUnavailableError):
        for part in kept:
            await blobs.delete(part.blob_key)


async def _nothing() -> AsyncIterator[bytes]:
    yield b""
