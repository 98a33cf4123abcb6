"""Originals, crops and overlays by signed addresses that last for minutes.

Who may read originals asks for a photo's addresses, which is written down; who has an address, a browser's ``img`` for
instance, needs nothing else. An address holds ids only.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from service.api.cases import found
from service.api.files_pictures import KINDS, boxes_of, boxes_of_finding, crop_jpeg, overlay_svg
from service.api.links_bearer import verified
from service.api.parts import Caller, TheParts, caller_with
from service.api.photos import ClientId
from service.api.photos_scope import photo_for
from service.api.problems import RESPONSES, NotFoundError
from service.assessing import original_key
from service.guard import links as guard_links
from service.guard.links import Link, LinkKeys, Purpose
from service.guard.roles import Permission
from service.store import assessments, audit, facts, links, photos
from service.store.assessments import AssessmentRow
from service.store.audit import Action
from service.store.photos import PhotoRow
from service.words import Lang
from vision import wire
from vision.types import Box, PhotoFacts

router = APIRouter(tags=["files"], responses=RESPONSES)
LIFETIME = timedelta(minutes=10)
FINDING = "finding"
_TYPES = {"jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "heif": "image/heif"}
_GUARDED = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    # A picture is all it can be, whatever its bytes would say to a browser.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "Referrer-Policy": "no-referrer",
}
_BYTES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}, "description": "The bytes."}
}


class Crop(BaseModel):
    of: str = Field(description="`plate`, `document`, `damage` or `finding`.")
    number: int = Field(description="Which one, counted from 0 in the facts; of findings, in the assessment.")
    url: str


class PhotoFiles(BaseModel):
    expires_at: datetime
    original: str
    overlay: str | None = Field(description="SVG of what was seen, to lay over the original; null until it was.")
    crops: list[Crop]


@router.get("/v1/cases/{case_id}/photos/{client_id}/files")
async def addresses(
    case_id: str,
    client_id: ClientId,
    parts: TheParts,
    caller: Annotated[Caller, Depends(caller_with(Permission.ORIGINAL_READ))],
) -> PhotoFiles:
    """Addresses of the photo's original, of what was cut out of it, and of the overlay, good for ten minutes."""
    now = datetime.now(UTC)
    async with parts.database.write() as connection:
        case = await found(connection, caller, case_id)
        photo = await photo_for(connection, caller.organisation, case.id, client_id)
        keys = await links.signing_keys(connection, caller.organisation)
        row = await assessments.latest(connection, caller.organisation, case.id)
        seen = await _facts(connection, photo, row.model_set) if row is not None else None
        details = {"photo": photo.id, "sha256": photo.sha256}
        await audit.record(connection, caller.organisation, caller.name, Action.ORIGINAL_READ, case.id, details)
    seen_at = "" if row is None or seen is None else str(row.version)
    return PhotoFiles(
        expires_at=now + LIFETIME,
        original=_address(Purpose.ORIGINAL, photo, "", keys, now),
        overlay=_address(Purpose.OVERLAY, photo, f"overlay:0:{seen_at}", keys, now) if seen_at else None,
        crops=[
            Crop(of=kind, number=number, url=_address(Purpose.CROP, photo, f"{kind}:{number}:{seen_at}", keys, now))
            for kind, number in (_cut_out(photo, seen, row) if row is not None and seen is not None else ())
        ],
    )


@router.get("/v1/files/original/{token}", response_class=Response, responses=_BYTES)
async def original(token: str, parts: TheParts) -> Response:
    """The photo as it was received, proved by its SHA-256 on the way out."""
    async with parts.database.read() as connection:
        _, photo = await _photo(connection, token, Purpose.ORIGINAL)
    data = await parts.blobs.read(original_key(photo), photo.sha256)
    known = _TYPES.get(photo.format or "")
    shown = "attachment" if known is None else "inline"
    return _file(data, known or "application/octet-stream", f'{shown}; filename="{photo.client_id}"')


@router.get("/v1/files/crop/{token}", response_class=Response, responses=_BYTES)
async def crop(token: str, parts: TheParts) -> Response:
    """A part of the photo as JPEG, turned upright."""
    async with parts.database.read() as connection:
        link, photo = await _photo(connection, token, Purpose.CROP)
        kind, number, seen, row = await _told(connection, link, photo)
    boxes = _boxes(photo, seen, row, kind, number)
    data = await parts.blobs.read(original_key(photo), photo.sha256)
    picture = await asyncio.to_thread(crop_jpeg, data, seen, boxes, kind) if boxes else None
    if picture is None:
        raise NotFoundError("no such picture")
    return _file(picture, "image/jpeg", f'inline; filename="{kind}-{number}.jpg"')


@router.get("/v1/files/overlay/{token}", response_class=Response, responses=_BYTES)
async def overlay(token: str, parts: TheParts, lang: Annotated[Lang, Query()] = Lang.ZH) -> Response:
    """What was seen on the photo, as SVG."""
    async with parts.database.read() as connection:
        link, photo = await _photo(connection, token, Purpose.OVERLAY)
        _, _, seen, _ = await _told(connection, link, photo)
    return _file(overlay_svg(seen, lang).encode(), "image/svg+xml", 'inline; filename="overlay.svg"')


def _cut_out(photo: PhotoRow, seen: PhotoFacts, row: AssessmentRow) -> list[tuple[str, int]]:
    counts = {kind: len(boxes_of(seen, kind)) for kind in KINDS}
    findings = wire.assessment_from_json(row.body["assessment"])
    shown = [n for n in range(len(findings.findings)) if boxes_of_finding(findings, n, photo.client_id)]
    return [(kind, n) for kind in KINDS for n in range(counts[kind])] + [(FINDING, n) for n in shown]


def _boxes(photo: PhotoRow, seen: PhotoFacts, row: AssessmentRow, kind: str, number: int) -> tuple[Box, ...]:
    if kind == FINDING:
        return boxes_of_finding(wire.assessment_from_json(row.body["assessment"]), number, photo.client_id)
    return boxes_of(seen, kind)[number : number + 1]


def _address(purpose: Purpose, photo: PhotoRow, detail: str, keys: LinkKeys, now: datetime) -> str:
    link = Link(purpose, photo.organisation_id, photo.case_id, photo.id, detail)
    return f"/v1/files/{purpose.value}/{guard_links.sign(link, keys, now, LIFETIME)}"


async def _photo(connection: AsyncConnection, token: str, purpose: Purpose) -> tuple[Link, PhotoRow]:
    link = await verified(connection, token, purpose)
    photo = await photos.by_id(connection, link.organisation, link.photo)
    if photo is None or photo.case_id != link.case:
        raise NotFoundError("no such photo")
    return link, photo


async def _told(connection: AsyncConnection, link: Link, photo: PhotoRow) -> tuple[str, int, PhotoFacts, AssessmentRow]:
    """What a crop or an overlay is of: kind, number, and what it was seen in. Of our own making, for it was signed."""
    kind, number, version = link.detail.split(":")
    row = await assessments.find(connection, photo.organisation_id, photo.case_id, int(version))
    seen = await _facts(connection, photo, row.model_set) if row is not None else None
    if row is None or seen is None:
        raise NotFoundError("no such picture")
    return kind, int(number), seen, row


async def _facts(connection: AsyncConnection, photo: PhotoRow, model_set: str) -> PhotoFacts | None:
    seen = await facts.of_photos(connection, photo.organisation_id, model_set, [photo])
    told = seen.get(photo.id)
    return told if isinstance(told, PhotoFacts) else None


def _file(data: bytes, media_type: str, disposition: str) -> Response:
    return Response(data, media_type=media_type, headers={"Content-Disposition": disposition, **_GUARDED})
