"""SQLite and PostgreSQL behind two context managers: `Database.read` and `Database.write`, one transaction each.

SQLite: WAL, ``synchronous=FULL`` (a commit is on disk before it is told), writers take the lock at BEGIN, so that no
transaction fails halfway because another wrote first. Writers of one process stand in a queue for it: SQLite lets who
waits try again after longer and longer sleeps, so that a late one gets in first and an early one waits for a second.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from sqlalchemy import BigInteger, Connection, Engine, Table, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from service.settings import SettingsError
from service.store.errors import StorageFullError, StoreUnavailableError

Row = Mapping[str, Any]
BUSY_MS = 20_000
_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}")
_DISK_FULL_PG, _READ_ONLY_PG = "53100", "25006"


class now_ms(FunctionElement[int]):  # noqa: N801 - written like the SQL function it is
    """Milliseconds since 1970 by the database's clock: machines with wrong clocks agree on leases."""

    type = BigInteger()
    inherit_cache = True


@compiles(now_ms, "sqlite")
def _sqlite_now(element: now_ms, compiler: SQLCompiler, **_: Any) -> str:
    return "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"


@compiles(now_ms, "postgresql")
def _postgresql_now(element: now_ms, compiler: SQLCompiler, **_: Any) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)"


class Database:
    """Connections to one database. Raises `StoreUnavailableError` and `StorageFullError` from either manager."""

    def __init__(self, url: str, vault: object = None) -> None:
        """``vault`` (`service.store.secrets.Vault`) opens what is sealed; without it nothing personal can be kept."""
        self.url, self.vault = url_of(url), vault
        self._writer: asyncio.Lock | None = None
        if self.url.get_backend_name() == "sqlite":
            self._writer = asyncio.Lock()
            self._engine = create_async_engine(self.url, pool_size=8, max_overflow=24, hide_parameters=True)
            prepare_sqlite(self._engine.sync_engine)
        else:
            self._engine = create_async_engine(
                self.url, pool_size=8, max_overflow=24, pool_pre_ping=True, hide_parameters=True
            )

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that is committed when the block ends, rolled back when it raises."""
        async with self._turn(), self._transaction(writes=True) as connection:
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that only reads; it waits for no writer."""
        async with self._transaction(writes=False) as connection:
            yield connection

    async def close(self) -> None:
        await self._engine.dispose()

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._writer is None:
            yield
            return
        try:
            async with asyncio.timeout(BUSY_MS / 1000):
                await self._writer.acquire()
        except TimeoutError as error:
            raise StoreUnavailableError("the database is busy") from error
        try:
            yield
        finally:
            self._writer.release()

    @asynccontextmanager
    async def _transaction(self, *, writes: bool) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._engine.connect() as connection:
                await connection.execution_options(kuaizheng_writes=writes, kuaizheng_vault=self.vault)
                async with connection.begin():
                    yield connection
        except (OperationalError, InterfaceError) as error:
            raise _ours(error) from error
        except InternalError as error:
            if getattr(error.orig, "sqlstate", "") != _READ_ONLY_PG:
                raise
            raise StoreUnavailableError("the database takes no writes just now: it is a copy of another") from error
        except PoolTimeoutError as error:
            raise StoreUnavailableError("the database is busy") from error


async def insert_new(connection: AsyncConnection, table: Table, values: Row) -> bool:
    """Inserts unless a row with the same unique key is there, waiting for one that is just being written."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table).values(values).on_conflict_do_nothing()
    return (await connection.execute(statement.returning(next(iter(table.primary_key))))).first() is not None


@contextmanager
def unique(refusal: Exception) -> Iterator[None]:
    """Raises ``refusal`` where the transaction inside breaks a unique key."""
    try:
        yield
    except IntegrityError as error:
        raise refusal from error


def url_of(told: str) -> URL:
    """The URL with our driver for it. Raises `SettingsError` for a database that is neither."""
    try:
        url = make_url(told)
    except ArgumentError as error:
        raise SettingsError("setting 'database_url': not a URL") from error
    driver = _DRIVERS.get(url.drivername.split("+")[0])
    if driver is None:
        raise SettingsError(f"setting 'database_url': {url.drivername!r} is neither sqlite nor postgresql")
    return url.set(drivername=driver)


def prepare_sqlite(engine: Engine) -> None:
    """Pragmas for each connection, and transactions that begin where we say."""
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


def _set_up_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # the driver must not open transactions of its own
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("kuaizheng_writes", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _ours(error: OperationalError | InterfaceError) -> StorageFullError | StoreUnavailableError:
    cause = error.orig
    full = (
        getattr(cause, "sqlite_errorname", "") in ("SQLITE_FULL", "SQLITE_IOERR_WRITE")
        or getattr(cause, "sqlstate", "") == _DISK_FULL_PG
        or "database or disk is full" in str(cause)
    )
    # The driver's own text may quote values: only its kind is told.
    if full:
        return StorageFullError("no room left in the database")
    return StoreUnavailableError(f"the database does not answer ({type(cause).__name__})")
