"""`kuaizheng doctor` on both databases: all well after a start, and each fault told in one line with exit status 1."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from service import doctor
from service.guard.fields import new_key_file
from vision.errors import InputError

QUICK = ("settings", "database", "storage", "disk", "clock")


@pytest.fixture
def environment(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    keys = tmp_path / "keys.toml"
    new_key_file(keys)
    monkeypatch.setenv("KUAIZHENG_DATABASE_URL", database_url)
    monkeypatch.setenv("KUAIZHENG_DATA_FOLDER", str(tmp_path))
    monkeypatch.setenv("KUAIZHENG_MASTER_KEY_FILE", str(keys))
    return tmp_path


def test_all_is_well(environment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.run(None, QUICK) == 0
    told = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in told] == [["ok", name] for name in QUICK]
    assert not list((environment / "blobs").rglob("*doctor*"))


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_what_is_not_well_is_told(
    environment: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (environment / "keys.toml").unlink()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 10**12 - 10**6, 10**6))
    monkeypatch.setattr("service.doctor.time.time", lambda: 1e9)
    assert doctor.run(None, ("settings", "disk", "clock")) == 1
    told = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in told] == [["FAIL", name] for name in ("settings", "disk", "clock")]
    assert "secrets new" in told[0] and "0.00 GB free" in told[1] and "NTP" in told[2]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("DATABASE_URL", "postgresql://u:hunter2@127.0.0.1:9/none", "does not answer"),
        ("DATABASE_URL", "mysql://u:hunter2@h/d", "neither sqlite nor postgresql"),
        ("PROT", "1", "KUAIZHENG_PROT"),
    ],
)
def test_a_wrong_setting(
    environment: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    value: str,
    says: str,
) -> None:
    monkeypatch.setenv(f"KUAIZHENG_{name}", value)
    assert doctor.run(None, ("settings", "database")) == 1
    told = capsys.readouterr().out
    assert says in told and "hunter2" not in told


def test_an_old_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("KUAIZHENG_DATA_FOLDER", str(tmp_path))
    assert doctor.run(None, ("database",)) == 1
    assert "kuaizheng serve" in capsys.readouterr().out


def test_a_check_that_is_none() -> None:
    with pytest.raises(InputError, match="settings, database, storage, models, disk, clock"):
        doctor.run(None, ("disc",))
