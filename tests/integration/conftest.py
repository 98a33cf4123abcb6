"""Real databases for the service's tests: a SQLite file, and a PostgreSQL server that the tests start."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.store.migrate import migrate

_ACCOUNT = "postgres"
"""PostgreSQL refuses to run as root; Debian's package makes this account."""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def _programs() -> Path | None:
    """The folder of initdb and pg_ctl, newest version first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: -int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[0].parent if found else Path(on_path).resolve().parent if on_path else None


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Path]:
    """The folder of the socket of a running server; durable as in production."""
    programs = _programs()
    if programs is None:
        pytest.skip("no PostgreSQL here: apt-get install postgresql")
    user = _ACCOUNT if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="pg") as name:
        folder = Path(name)
        if user is not None:
            shutil.chown(folder, user)
        data = folder / "data"
        quiet = {"user": user, "cwd": folder, "check": True, "stdout": subprocess.DEVNULL}
        subprocess.run([programs / "initdb", "-D", data, "-A", "trust", "-U", _ACCOUNT, "--no-sync"], **quiet)  # type: ignore[call-overload]
        options = f"-c listen_addresses='' -k {folder} -c max_connections=100"
        start = [programs / "pg_ctl", "-D", data, "-w", "-o", options, "-l", folder / "log", "start"]
        subprocess.run(start, **quiet)  # type: ignore[call-overload]
        try:
            yield folder
        finally:
            subprocess.run([programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **quiet)  # type: ignore[call-overload]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the newest schema, to be copied: migrating anew for each test takes seconds."""
    path = tmp_path_factory.mktemp("template") / "kuaizheng.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: Path) -> str:
    """The same on the server, by name."""
    _create(postgresql_server, "migrated", "template1")
    migrate(_url(postgresql_server, "migrated"))
    return "migrated"


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A SQLite database with the newest schema and nothing in it."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'kuaizheng.db')}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with the newest schema and nothing in it."""
    if request.param == "sqlite":
        path = shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "kuaizheng.db")
        return f"sqlite:///{path}"
    server, name = request.getfixturevalue("postgresql_server"), f"test_{os.urandom(6).hex()}"
    _create(server, name, request.getfixturevalue("postgresql_template"))
    return _url(server, name)


def _create(server: Path, name: str, template: str) -> None:
    import psycopg

    with psycopg.connect(host=str(server), user=_ACCOUNT, dbname="postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())


def _url(server: Path, name: str) -> str:
    return f"postgresql://{_ACCOUNT}@/{name}?host={server}"
