"""Links for parties: one case, one party, for a while, without an account. Made, listed, taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from service.api.bodies import Line
from service.api.cases import found
from service.api.links_bearer import plain_id
from service.api.parts import LINK_PREFIX, Caller, TheParts, caller_with
from service.api.photos_scope import check_party, open_case
from service.api.problems import RESPONSES, NotFoundError
from service.guard import links as guard_links
from service.guard.links import LONGEST, Link, Purpose
from service.guard.roles import Permission
from service.store import audit, links
from service.store.audit import Action
from service.store.links import LinkRow

router = APIRouter(prefix="/v1/cases/{case_id}/links", tags=["links"], responses=RESPONSES)
Maker = Annotated[Caller, Depends(caller_with(Permission.LINK_MAKE))]


class LinkIn(BaseModel):
    """A link to be made."""

    model_config = ConfigDict(extra="forbid")

    party: Line = Field(description="Id of the party it is for.")
    lifetime_s: Annotated[int, Field(ge=60, le=int(LONGEST[Purpose.UPLOAD].total_seconds()))] = 86_400


class LinkOut(BaseModel):
    id: str
    party: str
    made_by: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class NewLink(LinkOut):
    token: str = Field(description="Goes to the party, and is kept nowhere: `Authorization: Bearer kl_...`.")


class LinkList(BaseModel):
    links: list[LinkOut]


@router.post("", status_code=201)
async def make(case_id: str, body: LinkIn, parts: TheParts, caller: Maker) -> NewLink:
    """A link. What it opens: sending and withdrawing the party's photos, and what the party may see of the case."""
    async with parts.database.write() as connection:
        case = await open_case(connection, caller.organisation, case_id)
        check_party(case, body.party)
        row = await links.add(connection, caller.organisation, case.id, body.party, caller.name, body.lifetime_s)
        keys = await links.signing_keys(connection, caller.organisation)
        signed = Link(Purpose.UPLOAD, caller.organisation, case.id, detail=row.id)
        token = guard_links.sign(signed, keys, datetime.now(UTC), timedelta(seconds=body.lifetime_s))
        await audit.record(connection, caller.organisation, caller.name, Action.LINK_MADE, case.id, {"link": row.id})
    return NewLink(**link_out(row).model_dump(), token=LINK_PREFIX + token)


@router.get("")
async def all_of_case(case_id: str, parts: TheParts, caller: Maker) -> LinkList:
    """All links of the case, those taken back too; never their tokens."""
    async with parts.database.read() as connection:
        case = await found(connection, caller, case_id)
        rows = await links.of_case(connection, caller.organisation, case.id)
    return LinkList(links=[link_out(row) for row in rows])


@router.delete("/{link_id}")
async def revoke(case_id: str, link_id: str, parts: TheParts, caller: Maker) -> LinkOut:
    """Takes the link back: it opens nothing from now on. Twice changes nothing."""
    async with parts.database.write() as connection:
        case = await found(connection, caller, case_id, lock=True)
        details = {"link": plain_id(link_id)}
        fresh = await links.revoke(connection, caller.organisation, case.id, details["link"])
        row = await links.find(connection, caller.organisation, case.id, details["link"])
        if row is None:
            raise NotFoundError("no such link")
        if fresh:
            await audit.record(connection, caller.organisation, caller.name, Action.LINK_REVOKED, case.id, details)
    return link_out(row)


def link_out(row: LinkRow) -> LinkOut:
    """A link as the interface tells it."""
    times = (row.created_ms, row.expires_ms, row.revoked_ms)
    created, expires, revoked = (None if ms is None else datetime.fromtimestamp(ms / 1000, UTC) for ms in times)
    assert created is not None and expires is not None
    return LinkOut(
        id=row.id, party=row.party, made_by=row.made_by, created_at=created, expires_at=expires, revoked_at=revoked
    )
