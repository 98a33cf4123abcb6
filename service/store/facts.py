"""Facts, kept by the SHA-256 of the photo's bytes and the set of models that gathered them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.database import insert_new, now_ms
from service.store.photos import PhotoRow
from service.store.schema import facts
from service.store.secrets import seal_json, unseal_json
from vision import wire
from vision.types import PhotoFacts, Unreadable

COLUMN = "facts.facts"


async def keep(connection: AsyncConnection, organisation: str, model_set: str, sha256: str, value: wire.Json) -> None:
    """Keeps a line of the facts contract; the first one stays where another worker was quicker."""
    row = {"organisation_id": organisation, "sha256": sha256, "model_set": model_set}
    sealed = await seal_json(connection, organisation, COLUMN, _row(sha256, model_set), value)
    await insert_new(connection, facts, {**row, "facts": sealed, "created_ms": now_ms()})


async def of_photos(
    connection: AsyncConnection, organisation: str, model_set: str, asked: Iterable[PhotoRow]
) -> dict[str, PhotoFacts | Unreadable]:
    """Photo id to its facts, under the photo's own name, of those that have been looked at."""
    photos = tuple(asked)
    key = _key(organisation, model_set, {photo.sha256 for photo in photos})
    rows = await connection.execute(select(facts.c.sha256, facts.c.facts).where(key))
    found = {
        row.sha256: await unseal_json(connection, organisation, COLUMN, _row(row.sha256, model_set), row.facts)
        for row in rows.all()
    }
    return {photo.id: _named(found[photo.sha256], photo) for photo in photos if photo.sha256 in found}


def _key(organisation: str, model_set: str, hashes: Iterable[str]) -> ColumnElement[bool]:
    mine = and_(facts.c.organisation_id == organisation, facts.c.model_set == model_set)
    return and_(mine, facts.c.sha256.in_(hashes))


def _row(sha256: str, model_set: str) -> str:
    return f"{sha256}/{model_set}"


def _named(value: wire.Json, photo: PhotoRow) -> PhotoFacts | Unreadable:
    read = wire.facts_from_json(value)
    if isinstance(read, Unreadable):  # the contract's line has neither hash nor size
        return replace(read, photo=photo.client_id, sha256=photo.sha256, size_bytes=photo.size_bytes)
    return replace(read, photo=photo.client_id)
