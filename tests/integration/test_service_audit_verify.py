"""`kuaizheng audit verify`: an honest log is right, and whatever is done to its rows is found."""

from __future__ import annotations

import asyncio
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service import audit_signing, audit_verifying
from service.guard.audit import AuditEvent, Detail, genesis, next_record
from service.settings import Settings
from service.store import audit, audit_reading, keys
from service.store.audit import Action
from service.store.database import Database
from service.store.schema_audit import audit_checkpoints as checkpoints
from service.store.schema_audit import audit_heads as heads
from service.store.schema_audit import audit_records as records
from tests.service_parts import opened

COUNT = 8
SIGNED = 6


async def made(settings: Settings) -> str:
    """Two organisations with a log each; the first one's id. The last two records came after the checkpoint."""
    database = opened(settings.database)
    signer = await audit_signing.prepare(settings)
    async with database.write() as connection:
        first, second = [await keys.add_organisation(connection, name) for name in ("police", "insurer")]
    for number in range(COUNT):
        async with database.write() as connection:
            for organisation in (first, second):
                action = Action.CASE_CREATED if number % 2 else Action.CASE_CLOSED
                details: dict[str, Detail] = {"version": number, "held": True, "reason": "x", "none": None}
                await audit.record(connection, organisation, f"key:{number}", action, f"{number}", details)
        if number == SIGNED - 1:
            assert await signer.sign(database) == 2
    await database.close()
    return first


def written(database_url: str, folder: Path) -> tuple[Settings, str]:
    copies = folder / "kept" / "checkpoints.jsonl"
    settings = Settings(data_folder=folder, database_url=database_url, audit_checkpoint_file=copies)
    return settings, asyncio.run(made(settings))


@pytest.fixture
def log(sqlite_template: Path, tmp_path: Path) -> tuple[Settings, str]:
    """On SQLite alone: what is looked for does not depend on the database."""
    return written(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'kuaizheng.db')}", tmp_path)


def verified(settings: Settings) -> int:
    return asyncio.run(audit_verifying.verify(settings, (), ()))


def tampered(settings: Settings, *statements: object) -> None:
    async def work() -> None:
        database = Database(settings.database)
        async with database.write() as connection:
            for one in statements:
                await connection.execute(one)  # type: ignore[call-overload]
        await database.close()

    asyncio.run(work())


def asked(settings: Settings, statement: Select[tuple[Any]]) -> Any:
    async def work() -> Any:
        database = Database(settings.database)
        async with database.read() as connection:
            value = (await connection.execute(statement)).scalar_one()
        await database.close()
        return value

    return asyncio.run(work())


def told(capsys: pytest.CaptureFixture[str]) -> set[str]:
    """The codes that were printed."""
    lines = capsys.readouterr().out.splitlines()
    return {line.rpartition(": ")[2] for line in lines if line.startswith("  record ")}


def test_an_honest_log_is_right_and_a_shorter_one_is_not(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, first = written(database_url, tmp_path)
    assert verified(settings) == 0
    out = capsys.readouterr().out
    assert f"{first} (police): {COUNT} records, signed up to {SIGNED}: right" in out and "insurer" in out
    tampered(settings, delete(records).where(records.c.organisation_id == first, records.c.sequence >= SIGNED))
    assert verified(settings) > 0 and told(capsys) == {"cut_tail"}


def test_every_kind_of_edit_is_found(log: tuple[Settings, str], capsys: pytest.CaptureFixture[str]) -> None:
    settings, first = log
    third = (records.c.organisation_id == first, records.c.sequence == 3)
    columns = ("at", "actor", "action", "subject", "details", "request_id", "previous_hash", "hash")
    for name in columns:
        before = asked(settings, select(records.c[name]).where(*third))
        other = {"version": 9} if name == "details" else f"{before}x"
        tampered(settings, update(records).where(*third).values({name: other}))
        assert verified(settings) > 0 and "altered_record" in told(capsys), name
        tampered(settings, update(records).where(*third).values({name: before}))
    assert verified(settings) == 0


@pytest.mark.parametrize("gone", [1, 4, COUNT])
def test_a_deletion_is_found(log: tuple[Settings, str], capsys: pytest.CaptureFixture[str], gone: int) -> None:
    settings, first = log
    tampered(settings, delete(records).where(records.c.organisation_id == first, records.c.sequence == gone))
    assert verified(settings) > 0
    assert told(capsys) & {"gap_or_disorder", "cut_tail"}


def test_reordering_is_found(log: tuple[Settings, str], capsys: pytest.CaptureFixture[str]) -> None:
    settings, first = log
    mine = records.c.organisation_id == first
    moves = ((3, 99), (4, 3), (99, 4))
    tampered(
        settings,
        *(update(records).where(mine, records.c.sequence == old).values(sequence=new) for old, new in moves),
    )
    assert verified(settings) > 0 and "altered_record" in told(capsys)


def test_a_cut_tail_is_found(log: tuple[Settings, str], capsys: pytest.CaptureFixture[str]) -> None:
    """Cut without a thought of the head; then with the head set back; then with the database's checkpoint gone."""
    settings, first = log
    mine, kept = records.c.organisation_id == first, SIGNED - 2

    end = asked(settings, select(records.c.hash).where(mine, records.c.sequence == kept))
    tampered(settings, delete(records).where(mine, records.c.sequence == COUNT))
    assert verified(settings) > 0 and told(capsys) == {"cut_tail"}
    tampered(
        settings,
        delete(records).where(mine, records.c.sequence > kept),
        update(heads).where(heads.c.organisation_id == first).values(sequence=kept, hash=end),
    )
    assert verified(settings) > 0 and told(capsys) == {"cut_tail"}
    tampered(settings, delete(checkpoints).where(checkpoints.c.organisation_id == first))
    assert verified(settings) > 0 and told(capsys) == {"cut_tail"}
    without = settings.model_copy(update={"audit_checkpoint_file": None})
    assert verified(without) == 0, "the limit that the page tells of: nothing signed was kept elsewhere"


def test_a_whole_log_that_is_gone_is_found(log: tuple[Settings, str], capsys: pytest.CaptureFixture[str]) -> None:
    settings, first = log
    every = [delete(one).where(one.c.organisation_id == first) for one in (records, heads, checkpoints)]
    tampered(settings, *every)
    assert verified(settings) > 0 and told(capsys) == {"cut_tail"}


def test_a_log_worked_out_anew_is_found(log: tuple[Settings, str], capsys: pytest.CaptureFixture[str]) -> None:
    settings, first = log

    async def rewrite(connection: AsyncConnection) -> None:
        kept = [record async for record in audit_reading.chain(connection, first)]
        await connection.execute(delete(records).where(records.c.organisation_id == first))
        head = genesis(first)
        for one in kept:
            actor = "key:forged" if one.sequence == 2 else one.actor
            event = AuditEvent(actor, one.action, one.subject, one.details, one.request_id)
            new = next_record(head, event, datetime.fromisoformat(one.at))
            row = {name: getattr(new, name) for name in new.__dataclass_fields__ if name != "chain"}
            await connection.execute(insert(records).values(organisation_id=first, **row))
            head = new.head
        moved = {"sequence": head.sequence, "hash": head.hash}
        await connection.execute(update(heads).where(heads.c.organisation_id == first).values(moved))

    async def work() -> None:
        database = Database(settings.database)
        async with database.write() as connection:
            await rewrite(connection)
        await database.close()

    asyncio.run(work())
    assert verified(settings) > 0 and told(capsys) == {"not_what_was_signed"}


def test_a_forged_checkpoint_is_found(log: tuple[Settings, str], capsys: pytest.CaptureFixture[str]) -> None:
    settings, _ = log
    tampered(settings, update(checkpoints).values(hash="0" * 64))
    assert verified(settings) > 0 and told(capsys) == {"bad_checkpoint"}
