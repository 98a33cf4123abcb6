"""Brings a database to the newest schema, and tells whether it is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.pool import NullPool

from service.store.database import prepare_sqlite, url_of
from service.store.errors import StoreUnavailableError

FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x6B75616A  # any number of our own: two machines that start at once migrate one after the other


def migrate(url: str) -> None:
    """Creates or upgrades the schema. Raises `StoreUnavailableError`."""
    with _connection(url) as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(url: str) -> bool:
    """Whether the schema is this version's. Raises `StoreUnavailableError`."""
    with _connection(url) as connection:
        found = MigrationContext.configure(connection).get_current_revision()
        return found == ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return config


@contextmanager
def _connection(told: str) -> Iterator[Connection]:
    url = _synchronous(url_of(told))
    engine = create_engine(url, poolclass=NullPool)
    try:
        if url.get_backend_name() == "sqlite":
            if url.database:
                Path(url.database).parent.mkdir(parents=True, exist_ok=True)
            prepare_sqlite(engine)
        with engine.begin() as connection:
            if url.get_backend_name() == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            yield connection
    except (OperationalError, InterfaceError) as error:
        raise StoreUnavailableError(f"the database does not answer ({type(error.orig).__name__})") from error
    finally:
        engine.dispose()


def _synchronous(url: URL) -> URL:
    return url.set(drivername="sqlite") if url.get_backend_name() == "sqlite" else url
