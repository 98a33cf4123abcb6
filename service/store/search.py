"""Finding cases by a plate, a name or a number without keeping any of them in plain text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from sqlalchemy import and_, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.database import insert_new
from service.store.schema import cases
from service.store.schema_officers import search_hashes as table
from service.store.secrets import hashed
from vision.types import Document, PhotoFacts, Unreadable

PLATE: Final = "plate"
NAME: Final = "name"
NUMBER: Final = "number"
Sought = tuple[str, str]
"""A kind and a text."""

FIELD_KINDS: Final[Mapping[str, str]] = {
    "plate_number": PLATE,
    "name": NAME,
    "owner": NAME,
    "insured": NAME,
    "licence_number": NUMBER,
    "id_number": NUMBER,
    "file_number": NUMBER,
    "policy_number": NUMBER,
    "vin": NUMBER,
    "engine_number": NUMBER,
}


async def index(connection: AsyncConnection, organisation: str, case_id: str, sought: Iterable[Sought]) -> None:
    """The case is found by these too; what it was found by before stays."""
    for kind, text in sorted(set(sought)):
        row = {"organisation_id": organisation, "kind": kind, "case_id": case_id}
        await insert_new(connection, table, {**row, "hash": await hashed(connection, organisation, kind, text)})


async def index_anew(connection: AsyncConnection, organisation: str, case_id: str, sought: Iterable[Sought]) -> None:
    """The case is found by these alone from now on."""
    mine = and_(table.c.organisation_id == organisation, table.c.case_id == case_id)
    await connection.execute(delete(table).where(mine))
    await index(connection, organisation, case_id, sought)


async def find(connection: AsyncConnection, organisation: str, kind: str, text: str, limit: int) -> list[str]:
    """Ids of up to ``limit`` cases, the newest first."""
    digest = await hashed(connection, organisation, kind, text)
    mine = and_(table.c.organisation_id == organisation, table.c.kind == kind, table.c.hash == digest)
    told = select(cases.c.id).join_from(table, cases, table.c.case_id == cases.c.id).where(mine)
    newest = told.order_by(cases.c.created_ms.desc(), cases.c.id.desc()).limit(limit)
    return list((await connection.execute(newest)).scalars())


def told_by(facts: Iterable[PhotoFacts | Unreadable]) -> Iterator[Sought]:
    """What photos tell that a case is searched by."""
    for one in facts:
        if isinstance(one, Unreadable):
            continue
        yield from ((PLATE, plate.text) for plate in one.plates if plate.text)
        for document in (one.document, *one.more_documents):
            if document is not None:
                yield from _of_document(document)


def _of_document(document: Document) -> Iterator[Sought]:
    read = [(key, field.text) for key, field in document.fields.items()]
    read += [(repeat.key, repeat.text) for repeat in document.repeats]
    yield from ((FIELD_KINDS[key], text) for key, text in read if key in FIELD_KINDS and text)
