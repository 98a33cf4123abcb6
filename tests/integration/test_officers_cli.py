"""`kuaizheng officers` and `kuaizheng secrets` on an embedded service."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import anyio
import pytest
from typer.testing import CliRunner

from service.cli import app
from service.guard.passwords import verify
from service.settings import Settings
from service.store import keys, officers
from service.store.officers import OfficerRow
from service.store.opening import master_key_file, open_database, prepare_keys
from vision.errors import InputError

PASSWORD = "correct horse battery"


@pytest.fixture
def config(sqlite_template: Path, tmp_path: Path) -> Path:
    """Settings of a service that was started once."""
    settings = Settings(data_folder=tmp_path / "data")
    settings.data_folder.mkdir()
    shutil.copy(sqlite_template, settings.data_folder / "kuaizheng.db")
    anyio.run(prepare_keys, settings)

    async def begin() -> None:
        database = open_database(settings)
        async with database.write() as connection:
            await keys.add_organisation(connection, "police")
        await database.close()

    anyio.run(begin)
    file = tmp_path / "kuaizheng.toml"
    file.write_text(f'data_folder = "{settings.data_folder}"\n')
    return file


def run(config: Path, *words: str, told: str = "") -> str:
    result = CliRunner().invoke(app, [*words, "--config", str(config)], input=told)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def kept(config: Path) -> list[OfficerRow]:
    async def read() -> list[OfficerRow]:
        database = open_database(Settings(data_folder=config.parent / "data"))
        try:
            async with database.read() as connection:
                police = await keys.organisation_of(connection, "police")
                assert police is not None
                return await officers.all_of(connection, police)
        finally:
            await database.close()

    return anyio.run(read)


def test_officers_and_keys(config: Path) -> None:
    run(config, "officers", "add", "police", "wang", "--name", "王小明", "--role", "admin", told=f"{PASSWORD}\n")
    run(config, "officers", "add", "police", "li", "--name", "李四", "--subject", "s-1")
    li, wang = kept(config)
    assert (wang.name, wang.role, li.subject, li.password) == ("王小明", "admin", "s-1", None)
    assert verify(PASSWORD, wang.password)
    file = master_key_file(Settings(data_folder=config.parent / "data"))
    assert "keys wrapped under k2" in run(config, "secrets", "rotate-master")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and file.read_text().startswith('current = "k2"')
    assert run(config, "secrets", "rotate-data", "police").startswith("2 values")
    assert run(config, "secrets", "rotate-data", "police", "--only-seal").startswith("0 values")
    assert [one.name for one in kept(config)] == ["李四", "王小明"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("officers", "add", "nobody", "li", "--name", "李"), f"{PASSWORD}\n"),
        (("officers", "add", "police", "LI", "--name", "李"), f"{PASSWORD}\n"),
        (("officers", "add", "police", "li", "--name", "李"), "short\n"),
        (("officers", "add", "police", "li", "--name", "李"), ""),
        (("secrets", "rotate-data", "nobody"), ""),
    ],
)
def test_a_mistake_is_told(config: Path, words: tuple[str, ...], told: str) -> None:
    with pytest.raises(InputError):
        run(config, *words, told=told)
    assert kept(config) == []
