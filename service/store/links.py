"""Links for parties: rows say whose, until when, and whether they were taken back. The link itself is kept nowhere."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.guard.links import LinkKeys
from service.store.database import now_ms
from service.store.schema_uploads import links
from service.store.secrets import vault_of

_USE = "links"


@dataclass(frozen=True, slots=True)
class LinkRow:
    id: str
    organisation_id: str
    case_id: str
    party: str
    made_by: str
    created_ms: int
    expires_ms: int
    revoked_ms: int | None


async def signing_keys(connection: AsyncConnection, organisation: str) -> LinkKeys:
    """What the organisation's links are signed under. Raises `DecryptionError` where there is no such organisation."""
    keys = await vault_of(connection).keys(connection, organisation)
    secrets = {key_id: keys.derive(key_id, organisation, _USE) for key_id in keys.ids()}
    return LinkKeys(keys.current, secrets)


async def add(
    connection: AsyncConnection, organisation: str, case_id: str, party: str, made_by: str, lifetime_s: int
) -> LinkRow:
    """A link's row."""
    link_id = uuid.uuid4().hex
    place = {"id": link_id, "organisation_id": organisation, "case_id": case_id, "party": party, "made_by": made_by}
    times = {"created_ms": now_ms(), "expires_ms": now_ms() + lifetime_s * 1000}
    await connection.execute(insert(links).values(**place, **times))
    made = await find(connection, organisation, case_id, link_id)
    assert made is not None
    return made


async def find(connection: AsyncConnection, organisation: str, case_id: str, link_id: str) -> LinkRow | None:
    """The link, taken back or not."""
    return await _first(connection, and_(_of(organisation, case_id), links.c.id == link_id))


async def valid(connection: AsyncConnection, organisation: str, case_id: str, link_id: str) -> LinkRow | None:
    """The link, if it is neither expired nor taken back."""
    alive = and_(links.c.revoked_ms.is_(None), links.c.expires_ms > now_ms())
    return await _first(connection, and_(_of(organisation, case_id), links.c.id == link_id, alive))


async def of_case(connection: AsyncConnection, organisation: str, case_id: str) -> list[LinkRow]:
    """All links of the case, in the order made."""
    statement = select(*_COLUMNS).where(_of(organisation, case_id)).order_by(links.c.created_ms, links.c.id)
    return [LinkRow(*row) for row in await connection.execute(statement)]


async def revoke(connection: AsyncConnection, organisation: str, case_id: str, link_id: str) -> bool:
    """Takes the link back; false where that was done before."""
    fresh = and_(_of(organisation, case_id), links.c.id == link_id, links.c.revoked_ms.is_(None))
    return (await connection.execute(update(links).where(fresh).values(revoked_ms=now_ms()))).rowcount == 1


_COLUMNS = tuple(links.c[name] for name in LinkRow.__dataclass_fields__)


def _of(organisation: str, case_id: str) -> ColumnElement[bool]:
    return and_(links.c.organisation_id == organisation, links.c.case_id == case_id)


async def _first(connection: AsyncConnection, where: ColumnElement[bool]) -> LinkRow | None:
    row: Any = (await connection.execute(select(*_COLUMNS).where(where))).first()
    return None if row is None else LinkRow(*row)
