"""Machine keys of the organisation: made, listed, revoked."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from service.api.officer_bodies import KeyIn, KeyList, KeyOut, KeyWithText, key_out
from service.api.parts import Caller, TheParts, caller_with
from service.api.problems import RESPONSES, ForbiddenError, NotFoundError
from service.guard import keys as guard_keys
from service.guard.roles import PERMISSIONS, Permission, Role
from service.store import audit, keys
from service.store.audit import Action
from vision.errors import InputError

router = APIRouter(prefix="/v1/keys", tags=["keys"], responses=RESPONSES)
Manager = Annotated[Caller, Depends(caller_with(Permission.KEY_MANAGE))]
Prefix = Annotated[str, Path(pattern=r"^[a-z2-7]{12}$", description="The part of the key that may be shown.")]


@router.post("", status_code=201)
async def add(body: KeyIn, parts: TheParts, caller: Manager) -> KeyWithText:
    """A new key. Its text is told here and never again."""
    scopes = PERMISSIONS[body.role] if body.scopes is None else frozenset(body.scopes)
    if not scopes <= PERMISSIONS[body.role]:
        raise InputError("a key's scopes narrow its role: one of them is not the role's")
    # Who may only make keys must not make one that may do more of what administrators do.
    if not scopes & PERMISSIONS[Role.ADMIN] <= caller.scopes:
        raise ForbiddenError("a key cannot give what its maker may not do")
    new = guard_keys.make()
    async with parts.database.write() as connection:
        await keys.add(connection, caller.organisation, new, body.name, body.role, scopes, body.expires_at)
        made = next(row for row in await keys.all_of(connection, caller.organisation) if row.prefix == new.prefix)
        told = {"role": body.role.value, "scopes": len(scopes)}
        await audit.record(connection, caller.organisation, caller.name, Action.KEY_ADDED, new.prefix, told)
    return KeyWithText(**key_out(made).model_dump(), key=new.text)


@router.get("")
async def all_of_organisation(parts: TheParts, caller: Manager) -> KeyList:
    """All keys, revoked ones too, newest first."""
    async with parts.database.read() as connection:
        rows = await keys.all_of(connection, caller.organisation)
    return KeyList(keys=[key_out(row) for row in rows])


@router.delete("/{prefix}")
async def revoke(prefix: Prefix, parts: TheParts, caller: Manager) -> KeyOut:
    """The key opens nothing from now on; revoking twice changes nothing."""
    async with parts.database.write() as connection:
        if await keys.revoke(connection, caller.organisation, prefix):
            await audit.record(connection, caller.organisation, caller.name, Action.KEY_REVOKED, prefix)
        rows = await keys.all_of(connection, caller.organisation)
    found = next((row for row in rows if row.prefix == prefix), None)
    if found is None:
        raise NotFoundError("no such key")
    return key_out(found)
