"""What the routes need: the parts the app was made with, and who is asking."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

from fastapi import Depends, Header, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from service.api.problems import ForbiddenError
from service.blobs import Blobs
from service.cases import Gather
from service.guard import keys as guard_keys
from service.guard.errors import Denied
from service.guard.roles import Permission, Role, allowed
from service.settings import Settings
from service.store import keys
from service.store.database import Database

_BEARER = HTTPBearer(auto_error=False, description="A machine key, `kz_...`.")
IdempotencyKey = Annotated[
    str | None, Header(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$", description="One answer for one key.")
]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and for whom."""

    organisation: str
    name: str
    """What is noted as the sender of a photo: the key's prefix."""
    role: Role
    scopes: frozenset[Permission]


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
        return Caller(proved.organisation, f"key:{prefix}", proved.role, proved.scopes)


@dataclass(frozen=True, slots=True)
class Parts:
    """The app's own: made once, shared by all requests."""

    settings: Settings
    database: Database
    blobs: Blobs
    keys: Keys
    gather: Gather
    """For `POST /v1/check`, where nothing is stored."""


def parts_of(request: Request) -> Parts:
    """The parts of the app that got the request."""
    found = request.app.state.parts
    assert isinstance(found, Parts)
    return found


def caller_with(permission: Permission) -> Callable[..., Coroutine[Any, Any, Caller]]:
    """A dependency: the caller, proved to have ``permission``. Raises `Denied`, `ForbiddenError`."""

    async def proved(
        request: Request, told: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]
    ) -> Caller:
        if told is None:
            raise Denied("a key is needed: Authorization: Bearer kz_...")
        caller = await parts_of(request).keys.caller(told.credentials)
        if not allowed(caller.role, permission, caller.scopes):
            raise ForbiddenError(f"this key has no permission {permission.value}")
        return caller

    return proved


TheParts = Annotated[Parts, Depends(parts_of)]
