"""Photos of a case: an upload is answered once its original is on disk and its row committed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from fastapi.responses import JSONResponse
from pydantic import AfterValidator

from service.api import photos_intake
from service.api.bodies import Code, PhotoList, PhotoOut, impersonal, photo_out
from service.api.cases import Reader, found
from service.api.links_bearer import sender_with
from service.api.parts import IdempotencyKey, TheParts
from service.api.photos_intake import Sent, take_in
from service.api.photos_scope import Sender, case_for_sender, party_of
from service.api.problems import RESPONSES
from service.blobs import spool
from service.guard.roles import Permission
from service.store import photos

router = APIRouter(prefix="/v1/cases/{case_id}/photos", tags=["photos"], responses=RESPONSES)
ClientId = Annotated[
    str,
    Path(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9._-]+$", description="The sender's own name for it."),
    AfterValidator(impersonal),
]
Sha256 = Annotated[str | None, Header(pattern=r"^[0-9a-fA-F]{64}$", description="Hex; refused if other bytes arrive.")]
_RAW = {"requestBody": {"required": True, "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}}


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
    sender: Annotated[Sender, Depends(sender_with(Permission.PHOTO_UPLOAD))],
    party: Annotated[Code | None, Query(description="Id of the party that sends it.")] = None,
    shot_hint: Annotated[Code | None, Query(description="What the sender meant it to show.")] = None,
    content_sha256: Sha256 = None,
    idempotency_key: IdempotencyKey = None,
) -> JSONResponse:
    """The photo's bytes as they are, in any format. Answered once nothing can be lost any more."""
    async with parts.database.read() as connection:
        case = await case_for_sender(connection, sender, case_id)
    party = party_of(sender, case, party)
    sent = Sent(sender.namespace + client_id, party, shot_hint, content_sha256)
    async with spool(parts.blobs.spool_folder, request.stream(), parts.settings.max_photo_bytes) as spooled:
        answer = await take_in(parts, sender, case.id, sent, spooled, idempotency_key)
    return JSONResponse({**answer.body, "client_id": client_id}, answer.status)


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
    sender: Annotated[Sender, Depends(sender_with(Permission.PHOTO_WITHDRAW))],
) -> PhotoOut:
    """The photo counts no more; its original is kept. Withdrawing twice changes nothing."""
    row = await photos_intake.withdraw(parts, sender, case_id, sender.namespace + client_id)
    return photo_out(row).model_copy(update={"client_id": client_id})
