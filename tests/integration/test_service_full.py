"""Full disks under the database, the originals and the temporary folder: told as such, and over when there is room."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import pytest

from tests.full_disks import FULL, filled, placed, placed_on, small_disk, small_server
from tests.service_parts import jpeg


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of 6 MB."""
    with small_disk(tmp_path / "small", 6) as folder:
        yield folder


def sqlite(template: Path, folder: Path) -> str:
    return f"sqlite:///{copy(template, folder / 'kuaizheng.db')}"


def test_a_full_database(small: Path, sqlite_template: Path, tmp_path: Path) -> None:
    with placed(sqlite(sqlite_template, small), tmp_path / "blobs", tmp_path) as place:
        assert place.put("before", 1000) == 201
        filler = filled(small)
        taken = place.until_full(1000, most=500)  # what the database had room for already
        filler.unlink()
        assert place.put("after", 1000) == 201
        assert place.names() == ["before", *taken, "after"]


def test_a_full_postgresql(tmp_path: Path) -> None:
    with small_server(80, log=False) as (server, disk), placed_on(server, tmp_path) as place:
        assert place.put("before", 1000) == 201
        filler = filled(disk)
        taken = place.until_full(1000, most=500)
        assert place.put("more", 1000) in FULL and place.names() == ["before", *taken]  # what is kept can be read
        filler.unlink()
        assert place.put("after", 1000) == 201
        assert place.names() == ["before", *taken, "after"]


def test_a_full_log_of_postgresql(tmp_path: Path) -> None:
    """PostgreSQL stops itself then, and whoever runs it starts it; the service goes on as it is."""
    with small_server(80, log=True) as (server, disk), placed_on(server, tmp_path) as place:
        assert place.put("before", 1000) == 201
        filler = filled(disk)
        taken = place.until_full(1000, most=1000)
        assert b"PANIC" in server.log.read_bytes()
        filler.unlink()
        server.start_again()
        assert place.put("after", 1000) == 201
        assert place.names() == ["before", *taken, "after"]


def test_a_full_folder_of_originals(small: Path, sqlite_template: Path, tmp_path: Path) -> None:
    with placed(sqlite(sqlite_template, tmp_path), small / "blobs", tmp_path) as place:
        filler = filled(small)
        assert place.put("a", 1_000_000) == 507
        assert not [path for path in (small / "blobs").rglob("*") if path.is_file()]
        filler.unlink()
        assert place.put("a", 1_000_000) == 201


def test_a_full_temporary_folder(
    small: Path, sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(small))
    with placed(sqlite(sqlite_template, tmp_path), tmp_path / "blobs", tmp_path) as place:
        filler = filled(small)
        assert place.check(jpeg() + bytes(2_000_000)) in FULL
        assert place.check(jpeg(), 'accident_type = "rear_end"') in FULL
        filler.unlink()
        assert place.check(jpeg() + bytes(2_000_000)) == 200
