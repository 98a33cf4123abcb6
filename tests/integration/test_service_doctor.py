"""`kuaizheng doctor` on both databases: all well after a start, and each fault told in one line with exit status 1."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from service import audit_signing, doctor
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


def test_the_disk_of_originals_is_looked_at_wherever_they_lie(
    environment: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    originals = environment / "other disk"
    monkeypatch.setenv("KUAIZHENG_BLOB_URL", originals.as_uri())

    def usage(folder: Path) -> Usage:
        return Usage(10**12, 0, 10**6 if folder == originals else 10**12)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    assert doctor.run(None, ("disk",)) == 1
    assert f"{originals}: 0.00 GB free" in capsys.readouterr().out


def test_an_audit_key_is_there_or_can_be_made(
    environment: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = environment / "new" / "audit-key.pem"
    monkeypatch.setenv("KUAIZHENG_AUDIT_KEY_FILE", str(key))
    assert doctor.run(None, ("settings",)) == 0 and not key.parent.exists()
    audit_signing.make(key)
    assert doctor.run(None, ("settings",)) == 0
    key.chmod(0o644)
    assert doctor.run(None, ("settings",)) == 1
    monkeypatch.setenv("KUAIZHENG_AUDIT_KEY_FILE", "/proc/audit-key.pem")  # nobody makes a file there
    assert doctor.run(None, ("settings",)) == 1
    told = capsys.readouterr().out.splitlines()
    assert "can be read by others" in told[2] and "cannot be made" in told[3]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another account")
def test_keys_of_another_account(environment: Path) -> None:
    """As the units' account finds what root made."""
    (environment / "keys.toml").chmod(0o600)
    program = "import os, sys; from service import doctor; os.setuid(65534); sys.exit(doctor.run(None, ('settings',)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and str(environment) in done.stdout, done.stderr


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
