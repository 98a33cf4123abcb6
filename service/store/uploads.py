"""Resumable uploads: how far each has come, by its row, whichever process takes the next part."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.database import now_ms
from service.store.schema_uploads import upload_parts as parts
from service.store.schema_uploads import uploads
from service.store.secrets import seal, unseal

TOLD = "uploads.told"


@dataclass(frozen=True, slots=True)
class NewUpload:
    client_id: str
    sha256: str | None
    shot_hint: str | None
    party: str | None
    received_by: str
    told: str
    """The sender's metadata as it came; it may hold a file's name, so it is sealed."""
    length_bytes: int
    hours: float
    """Until it expires, from the last part on."""


@dataclass(frozen=True, slots=True)
class UploadRow:
    id: str
    organisation_id: str
    case_id: str
    client_id: str
    sha256: str | None
    shot_hint: str | None
    party: str | None
    received_by: str
    told: str
    length_bytes: int
    offset_bytes: int
    created_ms: int
    expires_ms: int
    finished_ms: int | None
    expired: bool


@dataclass(frozen=True, slots=True)
class PartRow:
    offset_bytes: int
    size_bytes: int
    sha256: str
    blob_key: str


async def create(connection: AsyncConnection, organisation: str, case_id: str, new: NewUpload) -> UploadRow:
    """The new upload, with nothing received of it."""
    upload_id = uuid.uuid4().hex
    row = {name: getattr(new, name) for name in NewUpload.__dataclass_fields__ if name != "hours"}
    row["told"] = await seal(connection, organisation, TOLD, upload_id, new.told)
    place = {"id": upload_id, "organisation_id": organisation, "case_id": case_id, "offset_bytes": 0}
    times = {"created_ms": now_ms(), "expires_ms": _after(new.hours)}
    await connection.execute(insert(uploads).values(**place, **row, **times))
    made = await find(connection, organisation, upload_id)
    assert made is not None
    return made


async def find(connection: AsyncConnection, organisation: str, upload_id: str) -> UploadRow | None:
    """The upload, expired or not."""
    columns = [uploads.c[name] for name in UploadRow.__dataclass_fields__ if name in uploads.c]
    statement = select(*columns, (uploads.c.expires_ms <= now_ms()).label("expired"))
    row = (await connection.execute(statement.where(_one(organisation, upload_id)))).mappings().first()
    if row is None:
        return None
    told = await unseal(connection, organisation, TOLD, upload_id, row["told"])
    return UploadRow(**{**row, "told": told, "expired": bool(row["expired"])})


async def advance(
    connection: AsyncConnection, upload: UploadRow, part: PartRow, hours: float, *, finished: bool
) -> bool:
    """Enters the part that begins where the upload stood; false where another part was quicker.

    ``finished``: the photo is kept whole in this transaction, so the part itself is not.
    """
    still = and_(_one(upload.organisation_id, upload.id), uploads.c.offset_bytes == part.offset_bytes)
    values = {"offset_bytes": part.offset_bytes + part.size_bytes, "expires_ms": _after(hours)}
    if finished:
        values["finished_ms"] = now_ms()
    statement = update(uploads).where(still, uploads.c.finished_ms.is_(None)).values(**values)
    if (await connection.execute(statement)).rowcount != 1:
        return False
    if not finished:
        place = {"upload_id": upload.id, "organisation_id": upload.organisation_id, "case_id": upload.case_id}
        row = {name: getattr(part, name) for name in PartRow.__dataclass_fields__}
        await connection.execute(insert(parts).values(**place, **row))
    return True


async def parts_of(connection: AsyncConnection, organisation: str, upload_id: str) -> list[PartRow]:
    """The parts that are kept, in the order of their bytes."""
    columns = (parts.c[name] for name in PartRow.__dataclass_fields__)
    mine = and_(parts.c.organisation_id == organisation, parts.c.upload_id == upload_id)
    found = await connection.execute(select(*columns).where(mine).order_by(parts.c.offset_bytes))
    return [PartRow(*row) for row in found]


async def forget_parts(connection: AsyncConnection, organisation: str, upload_id: str) -> None:
    """Their rows; what they held is the caller's business."""
    mine = and_(parts.c.organisation_id == organisation, parts.c.upload_id == upload_id)
    await connection.execute(delete(parts).where(mine))


async def remove(connection: AsyncConnection, organisation: str, upload_id: str) -> None:
    """The upload and the rows of its parts."""
    await forget_parts(connection, organisation, upload_id)
    await connection.execute(delete(uploads).where(_one(organisation, upload_id)))


def _one(organisation: str, upload_id: str) -> ColumnElement[bool]:
    return and_(uploads.c.organisation_id == organisation, uploads.c.id == upload_id)


def _after(hours: float) -> ColumnElement[int]:
    return now_ms() + int(hours * 3_600_000)
