"""Photos of a case: an upload is answered once its original is on disk and its row committed."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import AsyncConnection

from service.api.bodies import Line, PhotoList, PhotoOut, photo_out
from service.api.cases import Reader, found
from service.api.parts import Caller, IdempotencyKey, Parts, TheParts, caller_with
from service.api.problems import RESPONSES, CaseClosedError, ChecksumError, NotFoundError, PhotoDiffersError
from service.blobs import Spooled, spool
from service.guard.roles import Permission
from service.store import cases, photos
from service.store.cases import CaseRow
from service.store.idempotency import Answer, once
from service.store.photos import NewPhoto, PhotoRow
from vision.containers import RefusedError, sniff
from vision.errors import InputError

router = APIRouter(prefix="/v1/cases/{case_id}/photos", tags=["photos"], responses=RESPONSES)
ClientId = Annotated[
    str, Path(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9._-]+$", description="The sender's own name for it.")
]
Sha256 = Annotated[str | None, Header(pattern=r"^[0-9a-fA-F]{64}$", description="Hex; refused if other bytes arrive.")]
_RAW = {"requestBody": {"required": True, "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}}


class TooManyPhotosError(InputError):
    """The case is full."""

    code = "too_many_photos"


@router.put(
    "/{client_id}",
    status_code=201,
    response_model=PhotoOut,
    responses={200: {"model": PhotoOut, "description": "These bytes were received before."}},
    openapi_extra=_RAW,
)
async def put(
    case_id: str,
    client_id: ClientId,
    request: Request,
    parts: TheParts,
    caller: Annotated[Caller, Depends(caller_with(Permission.PHOTO_UPLOAD))],
    party: Annotated[Line | None, Query(description="Id of the party that sends it.")] = None,
    shot_hint: Annotated[Line | None, Query(description="What the sender meant it to show.")] = None,
    content_sha256: Sha256 = None,
    idempotency_key: IdempotencyKey = None,
) -> JSONResponse:
    """The photo's bytes as they are, in any format. Answered once nothing can be lost any more."""
    async with parts.database.read() as connection:
        case = await found(connection, caller, case_id)
    if party is not None and party not in {one["id"] for one in case.parties}:
        raise InputError("the case has no such party")
    async with spool(parts.blobs.spool_folder, request.stream(), parts.settings.max_photo_bytes) as spooled:
        if content_sha256 is not None and content_sha256.lower() != spooled.sha256:
            raise ChecksumError("what arrived is not what Content-SHA256 says")
        new = NewPhoto(
            client_id, spooled.sha256, spooled.size_bytes, _format(spooled.head), caller.name, shot_hint, party
        )
        await parts.blobs.keep(f"{caller.organisation}/{case.id}/{spooled.sha256}", spooled)
        answer = await _committed(parts, caller, case, new, idempotency_key, spooled)
    return JSONResponse(answer.body, answer.status)


@router.get("")
async def all_of_case(case_id: str, parts: TheParts, caller: Reader) -> PhotoList:
    """All photos in the order received, withdrawn ones too."""
    async with parts.database.read() as connection:
        case = await found(connection, caller, case_id)
        rows = await photos.of_case(connection, caller.organisation, case.id)
    return PhotoList(photos=[photo_out(row) for row in rows])


@router.post("/{client_id}/withdraw")
async def withdraw(
    case_id: str,
    client_id: ClientId,
    parts: TheParts,
    caller: Annotated[Caller, Depends(caller_with(Permission.PHOTO_WITHDRAW))],
) -> PhotoOut:
    """The photo counts no more; its original is kept. Withdrawing twice changes nothing."""
    async with parts.database.write() as connection:
        case = await _open(connection, caller, case_id)
        photo = await _photo(connection, caller, case.id, client_id)
        if await photos.withdraw(connection, caller.organisation, photo):
            await cases.changed(connection, caller.organisation, case.id)
        return photo_out(await _photo(connection, caller, case.id, client_id))


async def _committed(
    parts: Parts, caller: Caller, case: CaseRow, new: NewPhoto, idempotency_key: str | None, spooled: Spooled
) -> Answer:
    told = f"PUT photo {case.id} {new.client_id} {spooled.sha256} {new.party!r} {new.shot_hint!r}"
    async with parts.database.write() as connection:

        async def work() -> Answer:
            await _open(connection, caller, case.id)
            before = await photos.find(connection, caller.organisation, case.id, new.client_id)
            if before is not None:
                return _again(before, new)
            if await photos.count(connection, caller.organisation, case.id) >= parts.settings.max_photos_per_case:
                raise TooManyPhotosError(f"the case has {parts.settings.max_photos_per_case} photos already")
            await photos.add(connection, caller.organisation, case.id, new)
            photo = await _photo(connection, caller, case.id, new.client_id)
            return Answer(201, photo_out(photo).model_dump(mode="json"))

        fingerprint = hashlib.sha256(told.encode()).hexdigest()
        return await once(connection, caller.organisation, idempotency_key, fingerprint, work)


def _again(before: PhotoRow, new: NewPhoto) -> Answer:
    if before.sha256 != new.sha256:
        raise PhotoDiffersError("other bytes were received under this name; originals are never replaced")
    return Answer(200, photo_out(before).model_dump(mode="json"))


async def _open(connection: AsyncConnection, caller: Caller, case_id: str) -> CaseRow:
    """The case, locked, so that two of its photos come one after the other. Raises `CaseClosedError`."""
    case = await found(connection, caller, case_id, lock=True)
    if case.state == cases.CLOSED:
        raise CaseClosedError("the case is closed")
    return case


async def _photo(connection: AsyncConnection, caller: Caller, case_id: str, client_id: str) -> PhotoRow:
    photo = await photos.find(connection, caller.organisation, case_id, client_id)
    if photo is None:
        raise NotFoundError("no such photo")
    return photo


def _format(head: bytes) -> str | None:
    try:
        return sniff(head).value
    except RefusedError:
        return None  # an unreadable upload is evidence too
