"""What logging in takes, however it is done: a new session, delays, passwords looked at two at a time."""

from __future__ import annotations

import asyncio
import math
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from fastapi import Request, Response
from starlette.exceptions import HTTPException

from service.api import cookies
from service.api.parts import OFFICER_PREFIX, Caller, Parts, lifetime_of
from service.guard import passwords
from service.guard import sessions as guard_sessions
from service.guard.errors import Denied
from service.guard.ratelimit import Limit, Limiter
from service.store import audit, officers, sessions
from service.store.audit import Action
from service.store.officers import OfficerRow

PER_ADDRESS: Final = Limit(0.5, 20)
SENT_OFF: Final = Limit(2.0, 100)
"""Of one address, to the provider and back: nothing is guessed there, but each costs a row or a look at the table."""
_HASHING: Final = ThreadPoolExecutor(2, "password")
"""Each takes 64 MiB and four cores: guessing must not leave nothing for the others."""


async def begin(
    request: Request, answer: Response, parts: Parts, officer: OfficerRow, forgiven: tuple[str, str] | None = None
) -> None:
    """A new session in place of the one that the browser had.

    Raises `Denied` where the account is not as it was when ``officer`` was proved: changing it ends its sessions, and
    one that was just being begun must not come after that.
    """
    token, old = guard_sessions.new_token(), cookies.token_of(request, parts.settings)
    async with parts.database.write() as connection:
        if await officers.find(connection, officer.organisation_id, officer.id, lock=True) != officer:
            raise Denied("this account was changed just now: log in again")
        if old is not None:
            await sessions.end(connection, guard_sessions.digest(old))
        if forgiven is not None:
            await officers.succeeded(connection, *forgiven)
        await sessions.sweep(connection, lifetime_of(parts.settings))
        await sessions.begin(connection, officer.organisation_id, officer.id, guard_sessions.digest(token))
        name = f"{OFFICER_PREFIX}{officer.id}"
        await audit.record(connection, officer.organisation_id, name, Action.OFFICER_LOGIN, officer.id)
    cookies.set_session(request, answer, parts.settings, token)


async def note_failure(parts: Parts, officer: OfficerRow | None) -> None:
    """Writes down a login in vain, where it was for an account of ours: others would fill the log."""
    if officer is None:
        return
    async with parts.database.write() as connection:
        name = f"{OFFICER_PREFIX}{officer.id}"
        await audit.record(connection, officer.organisation_id, name, Action.OFFICER_LOGIN_FAILED, officer.id)


async def count_attempt(parts: Parts, organisation: str, login: str) -> None:
    """Counts a try. Raises `HTTPException` (429) where it comes too early."""
    async with parts.database.write() as connection:
        wait_s = await officers.begin_attempt(connection, organisation, login)
    if wait_s > 0:
        raise _too_many(wait_s)


def slow_down(request: Request) -> None:
    """Raises `HTTPException` (429) for too many tries from one address, whatever the logins."""
    _slow_down(request, request.app.state.logins)


def slow_down_redirects(request: Request) -> None:
    """The same for ways to the provider and back."""
    _slow_down(request, request.app.state.redirects)


def _slow_down(request: Request, limiter: Limiter) -> None:
    answer = limiter.take(request.client.host if request.client else "", time.monotonic())
    if not answer.allowed:
        raise _too_many(answer.retry_after_s)


def _too_many(wait_s: float) -> HTTPException:
    return HTTPException(429, "too many logins in vain", {"Retry-After": str(math.ceil(wait_s))})


async def verified(text: str, officer: OfficerRow | None) -> bool:
    """Whether it is the officer's password; takes as long where there is no officer."""
    stored = None if officer is None else officer.password
    return await asyncio.get_running_loop().run_in_executor(_HASHING, passwords.verify, text, stored)


async def hashed(text: str, login: str) -> str:
    """A new password as it is kept. Raises `WeakPasswordError`."""
    return await asyncio.get_running_loop().run_in_executor(_HASHING, passwords.hash_password, text, login)


async def officer_of(parts: Parts, caller: Caller) -> OfficerRow | None:
    """The officer who asks; null for a key."""
    if not caller.name.startswith(OFFICER_PREFIX):
        return None
    async with parts.database.read() as connection:
        return await officers.find(connection, caller.organisation, caller.name.removeprefix(OFFICER_PREFIX))
