"""Resumable upload of photos by tus 1.0 (core, creation, checksum, expiration, termination).

`Upload-Metadata` says which photo it is: ``client_id`` and ``case_id``, perhaps ``party``, ``shot_hint`` and
``sha256``. The last part is answered once the photo is as safe as one that came in one request.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Response

from service.api import uploads_steps as steps
from service.api.links_bearer import sender_with
from service.api.parts import TheParts
from service.api.photos_scope import Sender
from service.api.problems import RESPONSES, NotFoundError
from service.api.uploads_tus import (
    ALGORITHMS,
    EXTENSIONS,
    PART_TYPE,
    VERSION,
    Checksum,
    PartTypeError,
    TusVersionError,
    expires,
    metadata,
    number,
)
from service.guard.roles import Permission
from service.store.uploads import UploadRow

PATH = "/v1/uploads"
Sending = Annotated[Sender, Depends(sender_with(Permission.PHOTO_UPLOAD))]
Length = Annotated[str | None, Header(description="Of the whole photo, in bytes.")]
Offset = Annotated[str | None, Header(description="Where this part begins: where the upload stands.")]
Told = Annotated[str, Header(description="`client_id`, `case_id`, `party`, `shot_hint`, `sha256`, in base64.")]
PartChecksum = Annotated[str | None, Header(description="`sha1` or `sha256`, a space, and the checksum in base64.")]
Override = Annotated[str | None, Header(description="`PATCH`, `HEAD` or `DELETE`, where a proxy knows only `POST`.")]
_PART: dict[str, Any] = {
    "requestBody": {"required": True, "content": {PART_TYPE: {"schema": {"type": "string", "format": "binary"}}}}
}


async def _speaks_tus(tus_resumable: Annotated[str | None, Header(description=f"`{VERSION}`.")] = None) -> None:
    if tus_resumable != VERSION:
        raise TusVersionError(f"Tus-Resumable: {VERSION} is spoken here")


_SPOKEN = [Depends(_speaks_tus)]
router = APIRouter(prefix=PATH, tags=["uploads"], responses=RESPONSES)


@router.options("", status_code=204)
async def options(parts: TheParts) -> Response:
    """What this server can do; asked without a key."""
    headers = {
        "Tus-Max-Size": str(parts.settings.max_photo_bytes),
        "Tus-Extension": EXTENSIONS,
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }
    return Response(status_code=204, headers=headers)


@router.post("", status_code=201, response_class=Response, dependencies=_SPOKEN)
async def create(
    parts: TheParts, sender: Sending, upload_length: Length = None, upload_metadata: Told = ""
) -> Response:
    """A new upload; `Location` is where its parts go."""
    length_bytes = number(upload_length, "Upload-Length")
    upload = await steps.begin(parts, sender, upload_metadata, metadata(upload_metadata), length_bytes)
    return _answer(upload, 201, {"Location": f"{PATH}/{upload.id}"})


@router.head("/{upload_id}", response_class=Response, dependencies=_SPOKEN)
async def head(upload_id: str, parts: TheParts, sender: Sending) -> Response:
    """How much of it has arrived for good."""
    upload = await steps.standing(parts, sender, upload_id)
    more = {"Upload-Length": str(upload.length_bytes), "Upload-Metadata": upload.told}
    return _answer(upload, 200, {name: value for name, value in more.items() if value})


@router.patch("/{upload_id}", status_code=204, response_class=Response, dependencies=_SPOKEN, openapi_extra=_PART)
async def patch(
    upload_id: str,
    request: Request,
    parts: TheParts,
    sender: Sending,
    upload_offset: Offset = None,
    upload_checksum: PartChecksum = None,
) -> Response:
    """The next part. What of it was received stays received, if the connection breaks."""
    if request.headers.get("content-type") != PART_TYPE:
        raise PartTypeError(f"Content-Type: {PART_TYPE} is needed")
    offset = number(upload_offset, "Upload-Offset")
    upload = await steps.append(parts, sender, upload_id, offset, request.stream(), Checksum(upload_checksum))
    return _answer(upload, 204)


@router.delete("/{upload_id}", status_code=204, response_class=Response, dependencies=_SPOKEN)
async def delete(upload_id: str, parts: TheParts, sender: Sending) -> Response:
    """Gives the upload up; a photo that is finished stays. 409 under legal hold."""
    await steps.give_up(parts, sender, upload_id)
    return Response(status_code=204)


@router.post("/{upload_id}", status_code=204, response_class=Response, dependencies=_SPOKEN)
async def by_post(
    upload_id: str,
    request: Request,
    parts: TheParts,
    sender: Sending,
    x_http_method_override: Override = None,
    upload_offset: Offset = None,
    upload_checksum: PartChecksum = None,
) -> Response:
    """The method that `X-HTTP-Method-Override` names."""
    match x_http_method_override:
        case "PATCH":
            return await patch(upload_id, request, parts, sender, upload_offset, upload_checksum)
        case "HEAD":
            return await head(upload_id, parts, sender)
        case "DELETE":
            return await delete(upload_id, parts, sender)
    raise NotFoundError("no such upload")


def _answer(upload: UploadRow, status: int, more: dict[str, str] | None = None) -> Response:
    headers = {"Upload-Offset": str(upload.offset_bytes), "Cache-Control": "no-store", **(more or {})}
    if upload.finished_ms is None:
        headers["Upload-Expires"] = expires(upload.expires_ms)
    return Response(status_code=status, headers=headers)
