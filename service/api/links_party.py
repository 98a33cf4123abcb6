"""What a party reads by its link: its case, the newest assessment as it concerns the party, and news of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection

from service.api.assessments import EVENT_STREAM, LARGEST, events
from service.api.limits import counted_stream
from service.api.links_bearer import Bearer, TheParty
from service.api.links_view import PartyView, Words, party_view
from service.api.parts import TheParts
from service.api.problems import RESPONSES, NotFoundError
from service.store import assessments, facts, links, photos
from service.store.assessments import AssessmentRow
from vision import standard

router = APIRouter(prefix="/v1/party", tags=["party"], responses=RESPONSES)


class PartyCase(BaseModel):
    case_id: str
    party: str
    accident_type: str | None
    asked_for: Words
    state: str
    expires_at: datetime


@router.get("")
async def read(bearer: TheParty) -> PartyCase:
    """What the link is for."""
    title = standard.load(bearer.case.standard).title
    return PartyCase(
        case_id=bearer.case.id,
        party=bearer.link.party,
        accident_type=bearer.case.accident_type,
        asked_for=Words(zh=title.zh, en=title.en),
        state=bearer.case.state,
        expires_at=datetime.fromtimestamp(bearer.link.expires_ms / 1000, UTC),
    )


@router.get("/assessment")
async def assessment(parts: TheParts, bearer: TheParty) -> PartyView:
    """What to do next, and each photo's verdict; 404 until the first photo was looked at."""
    async with parts.database.read() as connection:
        row = await assessments.latest(connection, bearer.link.organisation_id, bearer.case.id)
        if row is None:
            raise NotFoundError("no assessment yet")
        return await _view(connection, bearer, row)


@router.get("/stream", response_class=StreamingResponse, responses=EVENT_STREAM)
async def stream(
    request: Request,
    parts: TheParts,
    bearer: TheParty,
    until_idle: Annotated[bool, Query(description="End once nothing of the case is waiting.")] = False,
    last_event_id: Annotated[int, Header(ge=0, le=LARGEST, description="The last version that was seen.")] = 0,
) -> StreamingResponse:
    """The same with each newer version, as server-sent events `assessment`; ended when the link is."""

    async def tell(connection: AsyncConnection, row: AssessmentRow) -> str | None:
        link = bearer.link
        if await links.valid(connection, link.organisation_id, link.case_id, link.id) is None:
            return None
        return (await _view(connection, bearer, row)).model_dump_json()

    told = events(parts, bearer.link.organisation_id, bearer.case.id, last_event_id, until_idle, tell)
    few = counted_stream(request, bearer.sender.name, told)
    return StreamingResponse(few, media_type="text/event-stream", headers={"Cache-Control": "no-store"})


async def _view(connection: AsyncConnection, bearer: Bearer, row: AssessmentRow) -> PartyView:
    organisation = bearer.link.organisation_id
    rows = await photos.of_case(connection, organisation, bearer.case.id)
    own = [one for one in rows if one.party == bearer.link.party]
    return party_view(bearer, row, own, await facts.of_photos(connection, organisation, row.model_set, own))
