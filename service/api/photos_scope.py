"""Whose a case, a photo or a link is: what every route that sends or looks for photos asks first."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from service.api.problems import CaseClosedError, ForbiddenError, NotFoundError
from service.store import cases, photos
from service.store.cases import CaseRow
from service.store.photos import PhotoRow
from vision.errors import InputError


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends. Of a party's link: for which case and party alone; ``namespace`` keeps its names from others'."""

    organisation: str
    name: str
    case_id: str | None = None
    party: str | None = None
    namespace: str = ""


async def case_for(connection: AsyncConnection, organisation: str, case_id: str, *, lock: bool = False) -> CaseRow:
    """The organisation's case. Raises `NotFoundError`."""
    # Ids are ours: what is none of them is looked for by no database, which may refuse to (NUL).
    plain = case_id if case_id.isascii() and case_id.isalnum() else ""
    case = await cases.find(connection, organisation, plain, lock=lock)
    if case is None:
        raise NotFoundError("no such case")
    return case


async def open_case(connection: AsyncConnection, organisation: str, case_id: str) -> CaseRow:
    """The case, locked, so that two of its photos come one after the other. Raises `CaseClosedError`."""
    case = await case_for(connection, organisation, case_id, lock=True)
    if case.state == cases.CLOSED:
        raise CaseClosedError("the case is closed")
    return case


async def photo_for(connection: AsyncConnection, organisation: str, case_id: str, client_id: str) -> PhotoRow:
    """The photo by its sender's name. Raises `NotFoundError`."""
    photo = await photos.find(connection, organisation, case_id, client_id)
    if photo is None:
        raise NotFoundError("no such photo")
    return photo


async def case_for_sender(connection: AsyncConnection, sender: Sender, case_id: str) -> CaseRow:
    """The same, and of a link its own case only. Raises `NotFoundError`."""
    if sender.case_id not in (None, case_id):
        raise NotFoundError("no such case")
    return await case_for(connection, sender.organisation, case_id)


def party_of(sender: Sender, case: CaseRow, told: str | None) -> str | None:
    """Whose photo it is. Raises `ForbiddenError` for a party not the link's, `InputError` for none of the case's."""
    if sender.party is not None and told not in (None, sender.party):
        raise ForbiddenError("this link is another party's")
    party = sender.party or told
    check_party(case, party)
    return party


def check_party(case: CaseRow, party: str | None) -> None:
    """Raises `InputError` for a party that the case has not."""
    if party is not None and party not in {one["id"] for one in case.parties}:
        raise InputError("the case has no such party")


def of_link(photo: PhotoRow, sender: Sender) -> bool:
    """Whether the photo came by a link for the sender's party."""
    return photo.party == sender.party and photo.received_by.startswith("link:")
