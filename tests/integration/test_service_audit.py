"""The audit log in a real database: written with what it records, and whatever is done to it afterwards is found."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from service.store import audit, keys
from service.store.audit import Action
from service.store.database import Database
from service.store.schema_audit import audit_records
from tests.service_client import asking, code
from tests.service_parts import opened as open_with_keys
from vision.errors import InputError

pytestmark = pytest.mark.anyio


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = open_with_keys(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def organisation(database: Database) -> str:
    async with database.write() as connection:
        return await keys.add_organisation(connection, "police")


async def count(database: Database) -> int:
    async with database.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(audit_records))).scalar_one())


async def test_many_at_once_make_one_chain(database: Database, organisation: str) -> None:
    async def one(number: int) -> None:
        async with database.write() as connection:
            await audit.record(connection, organisation, "key:k", Action.CASE_CREATED, f"{number}", {"n": number})

    await asyncio.gather(*(one(number) for number in range(20)))
    async with database.read() as connection:
        rows = (await connection.execute(select(audit_records).order_by(audit_records.c.sequence))).all()
    assert [row.sequence for row in rows] == list(range(1, 21))
    assert [row.previous_hash for row in rows[1:]] == [row.hash for row in rows[:-1]]


async def test_what_is_rolled_back_was_never_recorded(database: Database, organisation: str) -> None:
    async def fail() -> None:
        async with database.write() as connection:
            await audit.record(connection, organisation, "key:k", Action.CASE_CLOSED, "c")
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    assert await count(database) == 0
    async with database.write() as connection:
        await audit.record(connection, organisation, "key:k", Action.CASE_CLOSED, "c")
    assert await count(database) == 1


@pytest.mark.parametrize("text", ["王小明", "wang xiaoming", "苏E12F6", "a\n", "x" * 129])
async def test_no_names(database: Database, organisation: str, text: str) -> None:
    async with database.write() as connection:
        for actor, subject, details in ((text, "s", {}), ("a", text, {}), ("a", "s", {"x": text})):
            with pytest.raises(InputError):
                await audit.record(connection, organisation, actor, Action.CASE_CLOSED, subject, details)
    assert await count(database) == 0


def test_in_pages_over_http_and_for_auditors_only(database_url: str, tmp_path: Path) -> None:
    with asking(database_url, tmp_path) as service:
        cases = [service.case(f"A-{number}") for number in range(5)]
        told, after = [], 0
        while after is not None:
            page = service.client.get(
                f"/v1/audit?limit=2&after={after}&action=case.created", headers=service.police
            ).json()
            told += page["records"]
            after = page["next"]
        assert [one["subject"] for one in told] == cases
        assert all(one["actor"].startswith("key:") and one["request_id"].startswith("req_") for one in told)
        assert code(service.client.get("/v1/audit", headers=service.uploader)) == (403, "forbidden")
        foreign = service.client.get("/v1/audit?action=case.created", headers=service.insurer).json()
        assert foreign == {"records": [], "next": None}
        assert service.client.get("/v1/audit/checkpoints", headers=service.police).json() == {
            "checkpoints": [],
            "next": None,
        }
        for query in (
            "?after=-1",
            "?limit=0",
            "?limit=1001",
            "?action=x",
            "?subject=王",
            "?after=99999999999999999999",
        ):
            assert code(service.client.get(f"/v1/audit{query}", headers=service.police))[0] == 422
