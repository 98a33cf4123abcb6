"""Who sends photos: the holder of a key, or a party with a link.

A link is ``kl_`` and a signed token, in the `Authorization` header as a key is: a URL would end in logs and histories.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.ext.asyncio import AsyncConnection

from service.api.limits import count_request
from service.api.parts import LINK_PREFIX, caller_with, parts_of
from service.api.photos_scope import Sender
from service.guard import links as guard_links
from service.guard.errors import DecryptionError, Denied
from service.guard.links import Link, Purpose
from service.guard.roles import Permission
from service.store import cases, links
from service.store.cases import CaseRow
from service.store.links import LinkRow

_BEARER = HTTPBearer(auto_error=False, scheme_name="HTTPBearer", description="A machine key, `kz_...`.")
_LINK = HTTPBearer(auto_error=False, scheme_name="PartyLink", description="A party's link, `kl_...`.")
Told = Annotated[HTTPAuthorizationCredentials | None, Security(_LINK)]


@dataclass(frozen=True, slots=True)
class Bearer:
    """A party, by its link."""

    link: LinkRow
    case: CaseRow

    @property
    def sender(self) -> Sender:
        # By the party's place in the case: its own name may be anything, and other links of it find the same photos.
        place = [one["id"] for one in self.case.parties].index(self.link.party)
        name = f"link:{self.link.id}"
        return Sender(self.link.organisation_id, name, self.case.id, self.link.party, f"p{place + 1}-")


async def bearer_of(connection: AsyncConnection, token: str) -> Bearer:
    """The party that a link was made for. Raises `Denied`: altered, expired, taken back, or its case is gone."""
    link = await verified(connection, token.removeprefix(LINK_PREFIX), Purpose.UPLOAD)
    row = await links.valid(connection, link.organisation, link.case, link.detail)
    case = await cases.find(connection, link.organisation, link.case) if row is not None else None
    if row is None or case is None:
        raise Denied("link not valid")
    return Bearer(row, case)


def plain_id(told: str) -> str:
    """An id of ours, or nothing: what is none is looked for by no database, which may refuse to (NUL)."""
    return told if told.isascii() and told.isalnum() else ""


async def verified(connection: AsyncConnection, token: str, purpose: Purpose) -> Link:
    """What a token of ours is good for. Raises `Denied`."""
    try:
        keys = await links.signing_keys(connection, guard_links.claimed_organisation(token))
    except DecryptionError as error:
        raise Denied("link not valid") from error
    return guard_links.verify(token, purpose, keys, datetime.now(UTC))


async def party(request: Request, told: Told) -> Bearer:
    """A dependency: the party that asks. Raises `Denied`, `TooManyRequestsError`."""
    if told is None or not told.credentials.startswith(LINK_PREFIX):
        raise Denied("a link is needed: Authorization: Bearer kl_...")
    return await _counted(request, told.credentials)


async def _counted(request: Request, token: str) -> Bearer:
    async with parts_of(request).database.read() as connection:
        bearer = await bearer_of(connection, token)
    count_request(request, bearer.sender.name)
    return bearer


def sender_with(permission: Permission) -> Callable[..., Coroutine[Any, Any, Sender]]:
    """A dependency: who sends, by a key with ``permission`` or by a link. Raises `Denied`, `ForbiddenError`."""
    by_key = caller_with(permission)

    async def proved(
        request: Request, told: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)], _: Told
    ) -> Sender:
        if told is not None and told.credentials.startswith(LINK_PREFIX):
            return (await _counted(request, told.credentials)).sender
        caller = await by_key(request, told)
        return Sender(caller.organisation, caller.name)

    return proved


TheParty = Annotated[Bearer, Depends(party)]
