"""Sessions of officers, and logins that are on their way through the OIDC provider."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.guard.roles import Role
from service.guard.sessions import Lifetime
from service.store.database import now_ms
from service.store.schema_officers import officers, oidc_logins, sessions

TOUCH_MS: Final = 60_000
"""A request notes that the session lives at most so often: reading must not cost a write each time."""
LOGIN_MS: Final = 600_000


@dataclass(frozen=True, slots=True)
class Session:
    organisation_id: str
    officer_id: str
    role: Role
    stale: bool
    """Whether `touch` is due."""


@dataclass(frozen=True, slots=True)
class OidcLogin:
    nonce: str
    verifier: str


async def begin(connection: AsyncConnection, organisation: str, officer_id: str, digest: str) -> None:
    """A new session."""
    row = {"digest": digest, "organisation_id": organisation, "officer_id": officer_id}
    await connection.execute(insert(sessions).values(**row, created_ms=now_ms(), seen_ms=now_ms()))


async def find(connection: AsyncConnection, digest: str, lifetime: Lifetime) -> Session | None:
    """The session, with what its officer may do now; null where it is over or the account is closed."""
    columns = (sessions.c[name] for name in ("organisation_id", "officer_id", "created_ms", "seen_ms"))
    statement = select(*columns, officers.c.role, now_ms().label("now")).join_from(
        sessions, officers, sessions.c.officer_id == officers.c.id
    )
    row = (
        await connection.execute(statement.where(sessions.c.digest == digest, officers.c.disabled_ms.is_(None)))
    ).first()
    if row is None or lifetime.ended(row.created_ms, row.seen_ms, row.now):
        return None
    return Session(row.organisation_id, row.officer_id, Role(row.role), row.now - row.seen_ms > TOUCH_MS)


async def touch(connection: AsyncConnection, digest: str) -> None:
    """The session was used just now."""
    await connection.execute(update(sessions).where(sessions.c.digest == digest).values(seen_ms=now_ms()))


async def end(connection: AsyncConnection, digest: str) -> None:
    """Logged out."""
    await connection.execute(delete(sessions).where(sessions.c.digest == digest))


async def end_all(connection: AsyncConnection, organisation: str, officer_id: str) -> None:
    """Of an officer whose account, role or password was changed."""
    mine = and_(sessions.c.organisation_id == organisation, sessions.c.officer_id == officer_id)
    await connection.execute(delete(sessions).where(mine))


async def sweep(connection: AsyncConnection, lifetime: Lifetime) -> None:
    """Forgets what is over."""
    oldest = now_ms() - int(lifetime.absolute_s * 1000)
    await connection.execute(delete(sessions).where(sessions.c.created_ms < oldest))
    await _forget_late(connection)


async def _forget_late(connection: AsyncConnection) -> None:
    await connection.execute(delete(oidc_logins).where(oidc_logins.c.created_ms < now_ms() - LOGIN_MS))


async def send_off(connection: AsyncConnection, state: str, browser: str, login: OidcLogin) -> None:
    """A browser goes to the provider; ``state`` and ``browser`` are digests of what it will bring back.

    Those that took too long are forgotten: who only begins logins must not fill the table.
    """
    await _forget_late(connection)
    row = {"state": state, "browser": browser, "nonce": login.nonce, "verifier": login.verifier}
    await connection.execute(insert(oidc_logins).values(**row, created_ms=now_ms()))


async def come_back(connection: AsyncConnection, state: str, browser: str) -> OidcLogin | None:
    """What was kept of the login, this once; null for another browser's, an old one, or one that came back before."""
    mine = and_(
        oidc_logins.c.state == state, oidc_logins.c.browser == browser, oidc_logins.c.created_ms > now_ms() - LOGIN_MS
    )
    gone = delete(oidc_logins).where(mine).returning(oidc_logins.c.nonce, oidc_logins.c.verifier)
    row = (await connection.execute(gone)).first()
    return None if row is None else OidcLogin(row.nonce, row.verifier)
