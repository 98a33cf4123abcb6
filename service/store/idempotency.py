"""One answer for one ``Idempotency-Key``: kept in the transaction of the work it answers, so both exist or neither."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.database import insert_new, now_ms
from service.store.schema import idempotency_keys as keys
from service.store.secrets import hashed, seal_json, unseal_json
from vision.errors import InputError

COLUMN = "idempotency_keys.answer"


class KeyReusedError(InputError):
    """The key has answered another request."""

    code = "idempotency_key_reused"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: dict[str, Any]
    case_id: str | None = None
    """The case that it tells of: the answer is kept for as long as that is there."""


async def once(
    connection: AsyncConnection,
    organisation: str,
    key: str | None,
    fingerprint: str,
    work: Callable[[], Awaitable[Answer]],
) -> Answer:
    """``work``'s answer, or the kept one where this key asked before. Raises `KeyReusedError`.

    Of several at once, one works; the others wait for its transaction and give its answer.
    """
    if key is None:
        return await work()
    # A plain hash of a request would tell a plate to whoever tries them all.
    fingerprint = await hashed(connection, organisation, "exact fingerprint", fingerprint)
    row = {"organisation_id": organisation, "key": key, "fingerprint": fingerprint}
    while not await insert_new(connection, keys, {**row, "status": 0, "answer": "", "created_ms": now_ms()}):
        kept = await _kept(connection, organisation, key, fingerprint)
        if kept is not None:  # else it went with its case just now
            return kept
    answer = await work()
    mine = and_(keys.c.organisation_id == organisation, keys.c.key == key)
    sealed = await seal_json(connection, organisation, COLUMN, key, answer.body)
    await connection.execute(
        update(keys).where(mine).values(status=answer.status, answer=sealed, case_id=answer.case_id)
    )
    return answer


async def _kept(connection: AsyncConnection, organisation: str, key: str, fingerprint: str) -> Answer | None:
    mine = and_(keys.c.organisation_id == organisation, keys.c.key == key)
    columns = (keys.c.fingerprint, keys.c.status, keys.c.answer, keys.c.case_id)
    found = (await connection.execute(select(*columns).where(mine))).first()
    if found is None:
        return None
    if found.fingerprint != fingerprint:
        raise KeyReusedError("this Idempotency-Key was used for another request")
    body = await unseal_json(connection, organisation, COLUMN, key, found.answer)
    return Answer(found.status, body, found.case_id)
