"""Settings: file and environment, defaults that run, and no mistake left unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.app import open_blobs
from service.settings import FILE, PREFIX, Settings, SettingsError, environment_of, load
from service.store.database import url_of


def test_defaults_need_nothing_else() -> None:
    settings = load(environ={"PATH": "/bin", "KUAIZHENG_SHARED": "elsewhere"})
    assert settings == Settings()
    assert url_of(settings.database).drivername == "sqlite+aiosqlite"
    assert settings.blobs.startswith("file:///")


def test_the_environment_counts_for_more_than_the_file(tmp_path: Path) -> None:
    file = tmp_path / "kuaizheng.toml"
    file.write_text("port = 9000\nworkers = 2\n")
    settings = load(environ={"KUAIZHENG_CONFIG": str(file), "KUAIZHENG_PORT": "9001"})
    assert (settings.port, settings.workers) == (9001, 2)


@pytest.mark.parametrize(
    ("environ", "text", "says"),
    [
        ({"KUAIZHENG_PROT": "1"}, "", "KUAIZHENG_PROT"),
        ({"KUAIZHENG_PORT": "x"}, "", "KUAIZHENG_PORT"),
        ({"KUAIZHENG_LEASE_S": "0"}, "", "lease_s"),
        ({"KUAIZHENG_SESSION_S": "inf"}, "", "session_s"),
        ({}, "prot = 1", "prot"),
        ({}, "port = ", "Invalid value"),
    ],
)
def test_a_mistake_is_told(tmp_path: Path, environ: dict[str, str], text: str, says: str) -> None:
    file = tmp_path / "kuaizheng.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=says):
        load(file, environ)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load(tmp_path / "none.toml", {})


@pytest.mark.parametrize("url", ["mysql://a/b", "no url", ""])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="database_url"):
        url_of(url)


def test_a_started_process_gets_the_same(tmp_path: Path) -> None:
    settings = Settings(data_folder=tmp_path, port=9000, provider="cpu", lease_s=2.5)
    assert load(environ=environment_of(settings)) == settings


def test_a_started_process_takes_nothing_from_a_file_of_its_own(tmp_path: Path) -> None:
    """A worker that read another file would delete what its operator told to be kept for ever."""
    other = tmp_path / "other.toml"
    other.write_text("retention_days = 30\nprovider = 'cuda'\n")
    inherited = {FILE: str(other), "KUAIZHENG_RETENTION_OPEN_DAYS": "1"}
    settings = Settings(data_folder=tmp_path, retention_days=None, provider=None, retention_open_days=None)
    assert load(environ={**inherited, **environment_of(settings)}) == settings


@pytest.mark.parametrize("name", [name for name, field in Settings.model_fields.items() if field.default is None])
def test_empty_is_nothing(tmp_path: Path, name: str) -> None:
    assert load(environ={PREFIX + name.upper(): ""}) == Settings()
    file = tmp_path / "kuaizheng.toml"
    file.write_text(f"{name} = ''\n")
    assert load(file, {}) == Settings()


@pytest.mark.parametrize("name", ["a%20b", "x#1", "q?1", "证据 1"])
def test_everything_lies_in_the_data_folder_whatever_its_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    settings = Settings(data_folder=folder)
    assert url_of(settings.database).database == str(folder / "kuaizheng.db")
    assert open_blobs(settings).spool_folder == folder / "blobs" / "incoming"
