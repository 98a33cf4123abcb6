"""The key of the audit log's checkpoints, the task that signs, and the exit status of `kuaizheng audit`."""

from __future__ import annotations

import asyncio
import json
import shutil
import stat
from pathlib import Path

import pytest
from sqlalchemy import update

from service import audit_signing
from service.audit_signing import FILE, Signer
from service.cli import main
from service.guard.errors import KeyFileError
from service.settings import Settings
from service.store import audit, audit_reading, keys
from service.store.audit import Action
from service.store.schema_audit import audit_records
from tests.service_parts import opened


@pytest.fixture
def settings(sqlite_template: Path, tmp_path: Path) -> Settings:
    shutil.copy(sqlite_template, tmp_path / "kuaizheng.db")
    return Settings(data_folder=tmp_path)


async def told(settings: Settings, count: int = 1) -> None:
    database = opened(settings.database)
    async with database.write() as connection:
        organisation = await keys.organisation_of(connection, "police")
        organisation = organisation or await keys.add_organisation(connection, "police")
        for _ in range(count):
            await audit.record(connection, organisation, "key:k", Action.CASE_CREATED, "c")
    await database.close()


async def signed(settings: Settings, signer: Signer, *, everything: bool = False) -> int:
    database = opened(settings.database)
    try:
        return await signer.sign(database, everything=everything)
    finally:
        await database.close()


def test_the_key_is_made_once_for_its_owner_alone(settings: Settings) -> None:
    first = asyncio.run(audit_signing.prepare(settings))
    path = settings.data_folder / FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = asyncio.run(audit_signing.prepare(settings))
    assert first.key.public_key() == again.key.public_key()


def test_a_key_that_is_gone_is_not_replaced_once_something_was_signed(settings: Settings) -> None:
    signer = asyncio.run(audit_signing.prepare(settings))
    asyncio.run(told(settings))
    (settings.data_folder / FILE).unlink()
    signer = asyncio.run(audit_signing.prepare(settings))
    assert asyncio.run(signed(settings, signer)) == 1
    (settings.data_folder / FILE).unlink()
    with pytest.raises(KeyFileError, match="is not there"):
        asyncio.run(audit_signing.prepare(settings))


def test_a_key_that_cannot_be_made_is_told(settings: Settings) -> None:
    nowhere = settings.model_copy(update={"audit_key_file": Path("/proc/audit-key.pem")})
    with pytest.raises(KeyFileError, match="cannot be made"):
        asyncio.run(audit_signing.prepare(nowhere))


@pytest.mark.parametrize("text", [b"", b"x", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_what_is_no_key(settings: Settings, text: bytes) -> None:
    path = settings.data_folder / FILE
    path.write_bytes(text)
    path.chmod(0o600)
    with pytest.raises(KeyFileError):
        asyncio.run(audit_signing.prepare(settings))
    path.chmod(0o640)
    with pytest.raises(KeyFileError, match="chmod"):
        audit_signing.read(path)


def test_signs_what_is_due_and_at_the_end_what_is_left(settings: Settings, tmp_path: Path) -> None:
    copies = tmp_path / "kept" / "checkpoints.jsonl"
    signer = asyncio.run(audit_signing.prepare(settings.model_copy(update={"audit_checkpoint_file": copies})))
    assert asyncio.run(signed(settings, signer)) == 0, "nothing was recorded"
    asyncio.run(told(settings, 3))
    assert asyncio.run(signed(settings, signer)) == 1
    asyncio.run(told(settings, 2))
    assert asyncio.run(signed(settings, signer)) == 0, "not due for ten minutes"

    async def follow() -> None:
        database = opened(settings.database)
        task = asyncio.create_task(signer.follow(database))
        await asyncio.sleep(0.3)
        task.cancel()
        await asyncio.wait({task})
        async with database.read() as connection:
            (organisation,) = await audit_reading.all_organisations(connection)
            kept = await audit_reading.checkpoints_of(connection, organisation)
        await database.close()
        assert [one.sequence for one in kept] == [3, 5]
        assert audit_signing.read_copies(copies) == kept

    asyncio.run(follow())


def status(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["audit", *arguments])
    return int(ended.value.code or 0)


def test_exit_statuses(settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "kuaizheng.toml"
    config.write_text(f"data_folder = {json.dumps(str(tmp_path))}\n")
    told_where = ("--config", str(config))
    assert status("verify", *told_where) == 2, "no key yet"
    signer = asyncio.run(audit_signing.prepare(settings))
    asyncio.run(told(settings, 3))
    asyncio.run(signed(settings, signer))
    assert status("verify", *told_where) == 0
    capsys.readouterr()
    assert status("key", *told_where) == 0
    public = tmp_path / "audit.pub"
    public.write_text(capsys.readouterr().out)
    (tmp_path / FILE).unlink()
    assert status("verify", *told_where, "--public-key", str(public)) == 0, "who verifies needs no secret"
    (tmp_path / "copies").write_text("{}\n")
    assert status("verify", *told_where, "--public-key", str(public), "--checkpoints", str(tmp_path / "copies")) == 2
    assert "copies:1" in capsys.readouterr().err

    async def forge() -> None:
        database = opened(settings.database)
        async with database.write() as connection:
            await connection.execute(update(audit_records).values(actor="key:other"))
        await database.close()

    asyncio.run(forge())
    assert status("verify", *told_where, "--public-key", str(public)) == 1


def test_no_database_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "kuaizheng.toml"
    config.write_text(f"data_folder = {json.dumps(str(tmp_path))}\n")
    audit_signing.make(tmp_path / FILE)
    assert status("verify", "--config", str(config)) == 2 and "schema" in capsys.readouterr().err
