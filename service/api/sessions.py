"""Officers log in by a password, log out, and change their password."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from service.api import cookies
from service.api.officer_bodies import LoginIn, PasswordIn, SessionOut
from service.api.parts import OFFICER_PREFIX, Caller, TheParts, who
from service.api.problems import RESPONSES, ForbiddenError
from service.api.sessions_steps import begin, count_attempt, hashed, note_failure, officer_of, slow_down, verified
from service.guard import sessions as guard_sessions
from service.guard.errors import Denied
from service.guard.roles import PERMISSIONS
from service.store import audit, keys, officers, sessions
from service.store.audit import Action
from service.store.officers import OfficerRow

router = APIRouter(prefix="/v1/session", tags=["sessions"], responses=RESPONSES)
Anyone = Annotated[Caller, Depends(who)]


@router.post("", status_code=201)
async def log_in(body: LoginIn, request: Request, response: Response, parts: TheParts) -> SessionOut:
    """A session, in a cookie. Tries in vain are answered ever later; there is one answer for all that is wrong."""
    cookies.refuse_foreign_origin(request, parts.settings)
    slow_down(request)
    await count_attempt(parts, body.organisation, body.login)
    async with parts.database.read() as connection:
        organisation = await keys.organisation_of(connection, body.organisation)
        found = None if organisation is None else await officers.by_login(connection, organisation, body.login)
    right = await verified(body.password.get_secret_value(), found)
    if found is None or not right or found.disabled_ms is not None:
        await note_failure(parts, found)
        raise Denied("login or password is wrong")
    await begin(request, response, parts, found, forgiven=(body.organisation, body.login))
    return _told(found)


@router.get("")
async def read(parts: TheParts, caller: Anyone) -> SessionOut:
    """Who asks, by a session or a key, and what they may do."""
    officer = await officer_of(parts, caller)
    if officer is not None:
        return _told(officer)
    return SessionOut(caller=caller.name, login=None, name=None, role=caller.role, permissions=sorted(caller.scopes))


@router.delete("", status_code=204)
async def log_out(request: Request, response: Response, parts: TheParts, caller: Anyone) -> None:
    """The session is over, here and in the table."""
    token = cookies.token_of(request, parts.settings)
    if token is not None and caller.name.startswith(OFFICER_PREFIX):
        async with parts.database.write() as connection:
            await sessions.end(connection, guard_sessions.digest(token))
            officer_id = caller.name.removeprefix(OFFICER_PREFIX)
            await audit.record(connection, caller.organisation, caller.name, Action.OFFICER_LOGOUT, officer_id)
    cookies.clear_session(request, response, parts.settings)


@router.put("/password", status_code=204)
async def change_password(
    body: PasswordIn, request: Request, response: Response, parts: TheParts, caller: Anyone
) -> None:
    """A new password of one's own; ends all other sessions of the account."""
    officer = await officer_of(parts, caller)
    if officer is None:
        raise ForbiddenError("a key has no password")
    await count_attempt(parts, f"own {officer.organisation_id}", officer.login)
    if not await verified(body.current.get_secret_value(), officer):
        await note_failure(parts, officer)
        raise Denied("the password is wrong")
    new = await hashed(body.new.get_secret_value(), officer.login)
    async with parts.database.write() as connection:
        await officers.change(connection, officer.organisation_id, officer.id, {"password": new})
        await sessions.end_all(connection, officer.organisation_id, officer.id)
        told = {"what": "password"}
        await audit.record(connection, officer.organisation_id, caller.name, Action.OFFICER_CHANGED, officer.id, told)
    changed = replace(officer, password=new)
    await begin(request, response, parts, changed, forgiven=(f"own {officer.organisation_id}", officer.login))


def _told(officer: OfficerRow) -> SessionOut:
    may, name = sorted(PERMISSIONS[officer.role]), f"{OFFICER_PREFIX}{officer.id}"
    return SessionOut(caller=name, login=officer.login, name=officer.name, role=officer.role, permissions=may)
