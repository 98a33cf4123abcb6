"""Accounts of officers: an administrator adds them, sets their role, closes them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from service.api.officer_bodies import OfficerChange, OfficerIn, OfficerList, OfficerOut, officer_out
from service.api.parts import OFFICER_PREFIX, Caller, TheParts, caller_with
from service.api.problems import RESPONSES, ConflictError, ForbiddenError, NotFoundError
from service.api.sessions_steps import hashed
from service.guard.roles import PERMISSIONS, Permission, Role
from service.store import audit, officers, sessions
from service.store.audit import Action
from service.store.database import unique
from service.store.officers import NewOfficer, OfficerRow

router = APIRouter(prefix="/v1/officers", tags=["officers"], responses=RESPONSES)
Manager = Annotated[Caller, Depends(caller_with(Permission.ACCOUNT_MANAGE))]


@router.post("", status_code=201)
async def add(body: OfficerIn, parts: TheParts, caller: Manager) -> OfficerOut:
    """A new officer of the organisation."""
    _refuse_more(caller, body.role)
    password = None if body.password is None else await hashed(body.password.get_secret_value(), body.login)
    new = NewOfficer(body.login, body.name, body.role, password, body.subject)
    async with parts.database.write() as connection:
        officer_id = await officers.add(connection, caller.organisation, new)
        if officer_id is None:
            raise ConflictError("there is an officer of this login or subject")
        made = await officers.find(connection, caller.organisation, officer_id)
        assert made is not None
        told = {"role": body.role.value}
        await audit.record(connection, caller.organisation, caller.name, Action.OFFICER_ADDED, officer_id, told)
    return officer_out(made)


@router.get("")
async def all_of_organisation(parts: TheParts, caller: Manager) -> OfficerList:
    """All officers, by login."""
    async with parts.database.read() as connection:
        rows = await officers.all_of(connection, caller.organisation)
    return OfficerList(officers=[officer_out(row) for row in rows])


@router.patch("/{officer_id}")
async def change(officer_id: str, body: OfficerChange, parts: TheParts, caller: Manager) -> OfficerOut:
    """Sets what is told, and ends the officer's sessions. Nobody takes their own account away by mistake."""
    mine = caller.name == f"{OFFICER_PREFIX}{officer_id}"
    if mine and (body.disabled or body.role is not None):
        raise ConflictError("one's own role and account are changed by another administrator")
    found = await _found(parts, caller, officer_id)
    if body.role is not None or body.password is not None or body.subject is not None:
        _refuse_more(caller, found.role, body.role or found.role)
    values: dict[str, Any] = {"role": body.role} if body.role else {}
    if body.subject is not None:
        values["subject"] = body.subject
    if body.password is not None:
        values["password"] = await hashed(body.password.get_secret_value(), found.login)
    with unique(ConflictError("there is an officer of this subject")):
        async with parts.database.write() as connection:
            if values:
                await officers.change(connection, caller.organisation, found.id, values)
            if body.disabled is not None:
                await officers.disable(connection, caller.organisation, found.id, disabled=body.disabled)
            await sessions.end_all(connection, caller.organisation, found.id)
            told = {"what": ".".join(sorted(body.model_fields_set)), "role": (body.role or found.role).value}
            await audit.record(connection, caller.organisation, caller.name, Action.OFFICER_CHANGED, found.id, told)
    return officer_out(await _found(parts, caller, officer_id))


def _refuse_more(caller: Caller, *roles: Role) -> None:
    """Who may only manage accounts must neither make nor get into one that may do more of what administrators do."""
    given = frozenset[Permission]().union(*(PERMISSIONS[role] for role in roles)) & PERMISSIONS[Role.ADMIN]
    if not given <= caller.scopes:
        raise ForbiddenError("a key cannot give what it may not do")


async def _found(parts: TheParts, caller: Caller, officer_id: str) -> OfficerRow:
    plain = officer_id if officer_id.isascii() and officer_id.isalnum() else ""
    async with parts.database.read() as connection:
        found = await officers.find(connection, caller.organisation, plain)
    if found is None:
        raise NotFoundError("no such officer")
    return found
