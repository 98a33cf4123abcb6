"""What the routes need: the parts the app was made with, and who is asking."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

from fastapi import Depends, Header, Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.ext.asyncio import AsyncConnection

from service.api import cookies
from service.api.limits import count_request
from service.api.problems import ForbiddenError
from service.audit_signing import Signer
from service.blobs import Blobs
from service.cases import Gather
from service.guard import keys as guard_keys
from service.guard import sessions as guard_sessions
from service.guard.errors import Denied
from service.guard.roles import PERMISSIONS, Permission, Role, allowed
from service.guard.sessions import Lifetime
from service.settings import Settings
from service.store import keys, sessions
from service.store.database import Database

LINK_PREFIX = "kl_"
"""Of parties' links, which open nothing that asks for a key."""
KEY_PREFIX, OFFICER_PREFIX = "key:", "officer:"
_COOKIE = APIKeyCookie(
    name="__Host-kz_session", auto_error=False, description="An officer's session; `kz_session` without TLS."
)
_BEARER = HTTPBearer(auto_error=False, description="A machine key, `kz_...`.")
IdempotencyKey = Annotated[
    str | None, Header(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$", description="One answer for one key.")
]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and for whom."""

    organisation: str
    name: str
    """What is noted as the sender of a photo: ``key:`` and the key's prefix, or ``officer:`` and an id."""
    role: Role
    scopes: frozenset[Permission]

    @property
    def sees_personal(self) -> bool:
        """Whether plates, names, numbers and places are told in full; else masked."""
        return allowed(self.role, Permission.PERSONAL_READ, self.scopes)


class Keys(Protocol):
    """Whose a key is."""

    async def caller(self, key: str) -> Caller:
        """Raises `Denied`."""
        ...


@dataclass(frozen=True, slots=True)
class StoredKeys:
    """Machine keys in the database."""

    database: Database

    async def caller(self, key: str) -> Caller:
        prefix = guard_keys.prefix_of(key)
        async with self.database.read() as connection:
            stored, now = await keys.find(connection, prefix)
        proved = guard_keys.verify(key, stored, now)
        return Caller(proved.organisation, f"{KEY_PREFIX}{prefix}", proved.role, proved.scopes)


@dataclass(frozen=True, slots=True)
class Parts:
    """The app's own: made once, shared by all requests."""

    settings: Settings
    database: Database
    blobs: Blobs
    keys: Keys
    gather: Gather
    """For `POST /v1/check`, where nothing is stored."""
    signer: Signer | None = None
    """Of the audit log's checkpoints."""
    stopping: Callable[[], bool] = lambda: False
    """Whether the process has been told to stop: what would go on for minutes ends."""


def parts_of(request: Request) -> Parts:
    """The parts of the app that got the request."""
    found = request.app.state.parts
    assert isinstance(found, Parts)
    return found


def caller_with(permission: Permission) -> Callable[..., Coroutine[Any, Any, Caller]]:
    """A dependency: the caller, proved to have ``permission``. Raises `Denied`, `ForbiddenError`."""

    async def proved(
        request: Request,
        told: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)],
        _: Annotated[str | None, Security(_COOKIE)] = None,
    ) -> Caller:
        caller = await who(request, told)
        if not allowed(caller.role, permission, caller.scopes):
            raise ForbiddenError(f"the caller has no permission {permission.value}")
        return caller

    return proved


async def who(
    request: Request,
    told: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)],
    _: Annotated[str | None, Security(_COOKIE)] = None,
) -> Caller:
    """A dependency: who asks, by a machine key or an officer's session.

    Raises `Denied`, `ForbiddenError`, `TooManyRequestsError`.
    """
    if told is not None and told.credentials.startswith(LINK_PREFIX):
        raise ForbiddenError("a party's link does not open this")
    caller = await (_by_session(request) if told is None else parts_of(request).keys.caller(told.credentials))
    count_request(request, caller.name)
    return caller


async def _by_session(request: Request) -> Caller:
    parts = parts_of(request)
    token = cookies.token_of(request, parts.settings)
    if token is None or not guard_sessions.well_formed(token):
        raise Denied("a key is needed: Authorization: Bearer kz_...; or an officer's session")
    cookies.refuse_cross_site(request, parts.settings)
    digest, lifetime = guard_sessions.digest(token), lifetime_of(parts.settings)
    async with parts.database.read() as connection:
        found = await sessions.find(connection, digest, lifetime)
    if found is None:
        raise Denied("this session is over")
    if found.stale:
        async with parts.database.write() as connection:
            await sessions.touch(connection, digest)
    name = f"{OFFICER_PREFIX}{found.officer_id}"
    return Caller(found.organisation_id, name, found.role, PERMISSIONS[found.role])


async def may_still(connection: AsyncConnection, request: Request, caller: Caller) -> bool:
    """Whether the key or session that a long answer was begun with is good still."""
    if caller.name.startswith(OFFICER_PREFIX):
        settings = parts_of(request).settings
        digest = guard_sessions.digest(cookies.token_of(request, settings) or "")
        return await sessions.find(connection, digest, lifetime_of(settings)) is not None
    stored, now = await keys.find(connection, caller.name.removeprefix(KEY_PREFIX))
    return stored is not None and stored.opens(now)


def lifetime_of(settings: Settings) -> Lifetime:
    """How long sessions last."""
    return Lifetime(settings.session_idle_s, settings.session_s)


TheParts = Annotated[Parts, Depends(parts_of)]
