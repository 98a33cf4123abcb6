"""`kuaizheng doctor`: whether everything the service stands on is there, told line by line.

What fails is told with what to do about it; passwords and signatures are never printed. Exit status 0: all is well;
1: something is not.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from sqlalchemy import select, text

from service import audit_signing
from service.app import open_blobs
from service.blobs_check import check_store
from service.failure import Failure, attempt
from service.guard.fields import read_key_file
from service.guard.spans import exporting
from service.output import print_line
from service.settings import Settings, load
from service.store.database import Database, now_ms, url_of
from service.store.migrate import is_current
from service.store.opening import master_key_file
from vision.errors import InputError, KuaizhengError

CLOCKS_APART_S: Final = 2.0
"""Links and webhooks are dated by this machine's clock, leases by the database's."""
LEAST_FREE: Final = 2**30
Check = Callable[[Settings], str]


class UnwellError(KuaizhengError):
    """Something the service stands on is not as it must be."""

    code = "unwell"


def run(config: Path | None, asked: tuple[str, ...]) -> int:
    """The exit status. Raises `InputError` for a name that is no check."""
    if unknown := set(asked) - set(CHECKS):
        raise InputError(f"no check {sorted(unknown)[0]!r}; there are {', '.join(CHECKS)}")
    settings = attempt(partial(load, config))
    well = True
    for name in asked or tuple(CHECKS):
        told = settings if isinstance(settings, Failure) else attempt(partial(CHECKS[name], settings))
        failed = isinstance(told, Failure)
        print_line(f"{'FAIL' if failed else 'ok  '}  {name:<9} {told.message if isinstance(told, Failure) else told}")
        well = well and not failed
        if isinstance(settings, Failure):
            break  # every other check would tell the same
    return 0 if well else 1


def _settings(settings: Settings) -> str:
    database, blobs = url_of(settings.database), urlsplit(settings.blobs)
    place = f"{database.host or 'local'}/{database.database}" if database.host else f"{database.database}"
    path = master_key_file(settings)
    if _is_there(path):
        read_key_file(path)
    elif settings.master_key_file is not None:
        raise UnwellError(f"{path} is not there: `kuaizheng secrets new` makes one, a backup brings one back")
    _audit_key(audit_signing.key_file(settings))
    if settings.otel_endpoint:
        exporting(settings.otel_endpoint).shutdown()
    originals = f"{blobs.scheme}://{blobs.netloc}{unquote(blobs.path)}"
    return f"database {database.get_backend_name()} {place}, originals {originals}"


def _audit_key(path: Path) -> None:
    """It can be read, or be made by the first start."""
    if _is_there(path):
        audit_signing.read(path)
        return
    try:
        with tempfile.TemporaryFile(dir=next(one for one in path.parents if one.exists())):
            return
    except OSError as error:
        raise UnwellError(f"{path} is not there and cannot be made: {error.strerror}") from error


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise UnwellError(f"{path}: {error.strerror}; it is for the account that the service runs under") from error


def _database(settings: Settings) -> str:
    if not is_current(settings.database):
        raise UnwellError("the schema is not this version's: `kuaizheng serve` brings it up to date")
    began = time.perf_counter()
    durable = asyncio.run(_asked(settings, _DURABLE[url_of(settings.database).get_backend_name()]))
    if durable in ("off", "0", "1"):
        raise UnwellError("a commit is told before it is on disk: synchronous_commit must be on")
    return f"schema is current, a commit is on disk when it is told, answered in {_ms(began)}"


def _storage(settings: Settings) -> str:
    began = time.perf_counter()
    report = asyncio.run(check_store(open_blobs(settings)))
    if not report.ok:
        raise UnwellError("; ".join(f"{one.code}: {one.detail}" for one in report.checks if not one.ok))
    return f"{', '.join(one.code for one in report.checks)}: in {_ms(began)}"


def _models(settings: Settings) -> str:
    from service.warm import warm
    from vision import facts
    from vision.models import bundle

    began = time.perf_counter()
    models = bundle.load(settings.provider)
    warm(partial(facts.gather, models=models))
    return f"{len(models.hashes)} networks fit their cards, provider {models.provider}, warm in {_ms(began)}"


def _disk(settings: Settings) -> str:
    """Room, and that we may write, where uploads arrive and where originals and the embedded database lie."""
    told = []
    for name, folder in _folders(settings).items():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"x")
                file.flush()
            free = shutil.disk_usage(folder).free
        except OSError as error:
            raise UnwellError(f"{folder}: {error.strerror}") from error
        if free < LEAST_FREE:
            raise UnwellError(
                f"{folder}: {free / 1e9:.2f} GB free, 1 GB is the least; uploads are refused when it is full"
            )
        told.append(f"{name} {folder} has {free / 1e9:.1f} GB free")
    return ", ".join(told)


def _folders(settings: Settings) -> dict[str, Path]:
    """Originals and the embedded database lie in the data folder unless they are told to lie elsewhere."""
    found = {"data": settings.data_folder, "temporary": Path(tempfile.gettempdir())}
    blobs, database = urlsplit(settings.blobs), url_of(settings.database)
    if settings.blob_url and blobs.scheme == "file":
        found["originals"] = Path(unquote(blobs.path))
    if settings.database_url and database.get_backend_name() == "sqlite":
        found["database"] = Path(database.database or "").absolute().parent
    return found


def _clock(settings: Settings) -> str:
    before = time.time()
    database = asyncio.run(_asked(settings, ""))
    after = time.time()
    apart = max(0.0, before - int(database) / 1000, int(database) / 1000 - after)
    if apart > CLOCKS_APART_S:
        raise UnwellError(f"this machine's clock and the database's are {apart:.1f} s apart: set both by NTP")
    return f"this machine's and the database's are {apart:.1f} s apart"


_DURABLE: Final = {"sqlite": "PRAGMA synchronous", "postgresql": "SHOW synchronous_commit"}
CHECKS: Final[dict[str, Check]] = {
    "settings": _settings,
    "database": _database,
    "storage": _storage,
    "models": _models,
    "disk": _disk,
    "clock": _clock,
}


async def _asked(settings: Settings, question: str) -> str:
    """The database's one answer; without a question, its time."""
    database = Database(settings.database)
    try:
        async with database.read() as connection:
            return str((await connection.execute(text(question) if question else select(now_ms()))).scalar_one())
    finally:
        await database.close()


def _ms(began: float) -> str:
    return f"{(time.perf_counter() - began) * 1000:.0f} ms"
