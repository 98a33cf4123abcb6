"""Real databases for the service's tests: a SQLite file, and a PostgreSQL server that the tests start."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.store.migrate import migrate
from tests.postgres import Server, server


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module", autouse=True)
def uvicorn_logs_as_before() -> Iterator[None]:
    """A server that runs in the tests' own process silences uvicorn's loggers for good; later tests read them."""
    loggers = [logging.getLogger(name) for name in ("uvicorn", "uvicorn.error", "uvicorn.access")]
    before = [(one.level, one.propagate, one.handlers[:]) for one in loggers]
    yield
    for one, (level, propagate, handlers) in zip(loggers, before, strict=True):
        one.propagate, one.handlers[:] = propagate, handlers
        one.setLevel(level)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """A running server; durable as in production."""
    with server() as running:
        if running is None:
            pytest.skip("no PostgreSQL here: apt-get install postgresql")
        yield running


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the newest schema, to be copied: migrating anew for each test takes seconds."""
    path = tmp_path_factory.mktemp("template") / "kuaizheng.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: Server) -> str:
    """The same on the server, by name."""
    migrate(postgresql_server.create("migrated"))
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
    running: Server = request.getfixturevalue("postgresql_server")
    return running.create(f"test_{os.urandom(6).hex()}", request.getfixturevalue("postgresql_template"))
