"""Officers of an organisation: their accounts, and how often a login was tried in vain."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.guard.roles import Role
from service.guard.sessions import wait_s
from service.store.database import insert_new, now_ms
from service.store.schema_officers import login_attempts as attempts
from service.store.schema_officers import officers
from service.store.secrets import seal, unseal

COLUMN: Final = "officers.name"
_FORGET_MS: Final = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class NewOfficer:
    login: str
    name: str
    role: Role
    password: str | None
    """Hashed; null: cannot log in by one."""
    subject: str | None
    """Who it is to the OIDC provider; null: cannot log in by it."""


@dataclass(frozen=True, slots=True)
class OfficerRow:
    id: str
    organisation_id: str
    login: str
    name: str
    role: Role
    password: str | None
    subject: str | None
    created_ms: int
    disabled_ms: int | None

    def __repr__(self) -> str:
        return f"OfficerRow(id={self.id!r})"


async def add(connection: AsyncConnection, organisation: str, new: NewOfficer) -> str | None:
    """The new officer's id; null where the organisation has one of this login or subject."""
    officer_id = uuid.uuid4().hex
    row = {
        "id": officer_id,
        "organisation_id": organisation,
        "login": new.login,
        "name": await seal(connection, organisation, COLUMN, officer_id, new.name),
        "role": new.role.value,
        "password": new.password,
        "subject": new.subject,
        "created_ms": now_ms(),
    }
    return officer_id if await insert_new(connection, officers, row) else None


async def find(
    connection: AsyncConnection, organisation: str, officer_id: str, *, lock: bool = False
) -> OfficerRow | None:
    """The officer, disabled or not; with ``lock`` nobody changes the account until the transaction ends."""
    return next(iter(await _those(connection, organisation, officers.c.id == officer_id, lock=lock)), None)


async def by_login(connection: AsyncConnection, organisation: str, login: str) -> OfficerRow | None:
    """The officer of this login."""
    return next(iter(await _those(connection, organisation, officers.c.login == login)), None)


async def by_subject(connection: AsyncConnection, organisation: str, subject: str) -> OfficerRow | None:
    """The officer whom the OIDC provider calls so."""
    return next(iter(await _those(connection, organisation, officers.c.subject == subject)), None)


async def all_of(connection: AsyncConnection, organisation: str) -> list[OfficerRow]:
    """All officers, by login."""
    return await _those(connection, organisation)


async def any_of(connection: AsyncConnection, organisation: str) -> bool:
    """Whether the organisation has an officer."""
    mine = select(officers.c.id).where(officers.c.organisation_id == organisation)
    return bool((await connection.execute(select(exists(mine)))).scalar_one())


async def change(connection: AsyncConnection, organisation: str, officer_id: str, values: Mapping[str, Any]) -> None:
    """Sets ``role``, ``password`` or ``subject``."""
    mine = and_(officers.c.organisation_id == organisation, officers.c.id == officer_id)
    await connection.execute(update(officers).where(mine).values(dict(values)))


async def disable(connection: AsyncConnection, organisation: str, officer_id: str, *, disabled: bool) -> None:
    """Closes the account, or opens it again; closing twice keeps the first time."""
    mine = and_(officers.c.organisation_id == organisation, officers.c.id == officer_id)
    if disabled:
        mine = and_(mine, officers.c.disabled_ms.is_(None))
    await connection.execute(update(officers).where(mine).values(disabled_ms=now_ms() if disabled else None))


async def begin_attempt(connection: AsyncConnection, organisation_name: str, login: str) -> float:
    """Counts a try before its password is looked at; the seconds to wait where it comes too early, which count nothing.

    What was tried is kept as a hash: people type passwords into the wrong field.
    """
    digest, now = _digest(organisation_name, login), (await connection.execute(select(now_ms()))).scalar_one()
    await insert_new(connection, attempts, {"digest": digest, "failures": 0, "until_ms": 0})
    mine = attempts.c.digest == digest
    row = (await connection.execute(select(attempts).where(mine).with_for_update())).mappings().one()
    if row["until_ms"] > now:
        return float(row["until_ms"] - now) / 1000
    failures = row["failures"] + 1
    until = now + int(wait_s(failures) * 1000)
    await connection.execute(update(attempts).where(mine).values(failures=failures, until_ms=until))
    return 0.0


async def succeeded(connection: AsyncConnection, organisation_name: str, login: str) -> None:
    """The failures of this login are forgotten, and those of all logins that are a day old."""
    await connection.execute(delete(attempts).where(attempts.c.digest == _digest(organisation_name, login)))
    await connection.execute(delete(attempts).where(and_(attempts.c.until_ms < now_ms() - _FORGET_MS)))


def _digest(organisation_name: str, login: str) -> str:
    return hashlib.sha256(f"{organisation_name}\0{login}".encode("utf-8", "surrogatepass")).hexdigest()


async def _those(
    connection: AsyncConnection, organisation: str, where: ColumnElement[bool] | None = None, *, lock: bool = False
) -> list[OfficerRow]:
    columns = (officers.c[name] for name in OfficerRow.__dataclass_fields__)
    statement = select(*columns).where(officers.c.organisation_id == organisation).order_by(officers.c.login)
    if where is not None:
        statement = statement.where(where)
    if lock:
        statement = statement.with_for_update()  # SQLite's writers have the whole database already
    told = []
    for row in (await connection.execute(statement)).mappings().all():
        name = await unseal(connection, organisation, COLUMN, row["id"], row["name"])
        told.append(OfficerRow(**{**row, "name": name, "role": Role(row["role"])}))
    return told
