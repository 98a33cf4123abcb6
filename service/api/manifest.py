"""The manifest of a case's evidence, as JSON and as PDF."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from service.api.cases import found
from service.api.parts import Caller, Parts, TheParts, caller_with
from service.api.problems import RESPONSES
from service.guard.roles import Permission
from service.manifest import digest_of, manifest_bytes, manifest_of
from service.manifest_pdf import manifest_pdf
from service.store import photos

router = APIRouter(prefix="/v1/cases/{case_id}", tags=["manifest"], responses=RESPONSES)
Reader = Annotated[Caller, Depends(caller_with(Permission.MANIFEST_READ))]
_PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}, "description": "A PDF."}
}


class ManifestCase(BaseModel):
    id: str
    external_id: str
    accident_type: str | None
    happened_at: str | None
    standard: str
    parties: list[str]
    created_at: str
    state: str
    closed_at: str | None
    legal_hold: bool


class ManifestPhoto(BaseModel):
    client_id: str
    sha256: str
    size_bytes: int
    format: str | None
    received_at: str
    received_by: str
    party: str | None
    shot_hint: str | None
    withdrawn_at: str | None


class Manifest(BaseModel):
    manifest: int
    case: ManifestCase
    photos: list[ManifestPhoto]


@router.get("/manifest", response_model=Manifest)
async def as_json(case_id: str, parts: TheParts, caller: Reader) -> Response:
    """Every photo of the case, withdrawn ones too; `ETag` is the SHA-256 of these bytes."""
    manifest = await _manifest(case_id, parts, caller)
    headers = {"ETag": f'"{digest_of(manifest)}"', "Cache-Control": "private, no-store"}
    return Response(manifest_bytes(manifest), media_type="application/json", headers=headers)


@router.get("/manifest.pdf", response_class=Response, responses=_PDF)
async def as_pdf(case_id: str, parts: TheParts, caller: Reader) -> Response:
    """The same to be filed, with the SHA-256 of the JSON at the foot of each page."""
    manifest = await _manifest(case_id, parts, caller)
    pdf = await asyncio.to_thread(manifest_pdf, manifest, parts.settings.manifest_font)
    headers = {
        "Content-Disposition": f'attachment; filename="manifest-{manifest["case"]["id"]}.pdf"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(pdf, media_type="application/pdf", headers=headers)


async def _manifest(case_id: str, parts: Parts, caller: Caller) -> dict[str, Any]:
    async with parts.database.read() as connection:
        case = await found(connection, caller, case_id)
        rows = await photos.of_case(connection, caller.organisation, case.id)
    return manifest_of(case, rows)
