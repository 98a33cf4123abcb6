"""A copy of the embedded service while it runs, and the proof that a restored service has all its originals.

The database is copied first: an original is durable before its row is, so that the copy of the originals, taken
later, lacks none that the copied rows name. Keys are not copied: who finds the backup alone reads no personal data.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy import select

from service.app import open_blobs
from service.audit_signing import key_file
from service.settings import Settings
from service.store import cases
from service.store.cases import Filters
from service.store.database import url_of
from service.store.errors import BlobDamagedError, StoreUnavailableError
from service.store.opening import master_key_file, open_database
from service.store.schema import organisations, photos
from vision.errors import InputError, KuaizhengError

DATABASE, BLOBS = "kuaizheng.db", "blobs"
_INCOMING = "incoming"
MOST_UNREAD = 5
"""So many originals one after the other that cannot be read: their store is away."""


class BackupError(KuaizhengError):
    """The copy could not be made; what there is of it must not be relied on."""

    code = "backup_failed"


@dataclass(frozen=True, slots=True)
class Copied:
    originals: int
    size_bytes: int
    keys: tuple[Path, ...]
    """What to keep elsewhere: without it the copy cannot be opened."""


@dataclass(frozen=True, slots=True)
class Proved:
    originals: int
    wrong: tuple[str, ...]
    """Keys of originals that are gone, damaged or not to be read."""


def back_up(settings: Settings, folder: Path) -> Copied:
    """Copies database and originals into ``folder``, a data folder then. Raises `InputError`, `BackupError`."""
    url, blobs = url_of(settings.database), urlsplit(settings.blobs)
    if url.get_backend_name() != "sqlite" or blobs.scheme != "file":
        raise InputError("this copies SQLite and a folder; PostgreSQL has pg_dump, a bucket its provider's copy")
    _refuse_unless_new(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        source = sqlite3.connect(f"{Path(url.database or '').absolute().as_uri()}?mode=rw", uri=True)
        with closing(source), closing(sqlite3.connect(folder / DATABASE)) as target:
            source.backup(target)
        sizes = list(_copy(Path(unquote(blobs.path)), folder / BLOBS))
        os.sync()
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"{folder}: {error}") from error
    return Copied(len(sizes), sum(sizes), (master_key_file(settings), key_file(settings)))


def _refuse_unless_new(folder: Path) -> None:
    try:
        if folder.exists() and any(folder.iterdir()):
            raise InputError(f"{folder} is not empty")
    except OSError as error:
        raise InputError(f"{folder}: {error.strerror}") from error


async def prove(settings: Settings) -> Proved:
    """Reads every original that a photo names, and a case of each organisation by its key.

    Raises `DecryptionError` where the keys are not those that sealed, `StoreUnavailableError`.
    """
    database, blobs = open_database(settings), open_blobs(settings)
    wrong, count, unread = [], 0, 0
    try:
        async with database.read() as connection:
            for organisation in list((await connection.execute(select(organisations.c.id))).scalars()):
                await cases.page(connection, organisation, Filters(), None, 1)
            names = (photos.c.organisation_id, photos.c.case_id, photos.c.sha256)
            named = [tuple(row) for row in await connection.execute(select(*names).distinct())]
        for organisation, case_id, sha256 in named:
            key, count = f"{organisation}/{case_id}/{sha256}", count + 1
            try:
                await blobs.read(key, sha256)
                unread = 0
            except BlobDamagedError:
                wrong.append(key)
            except StoreUnavailableError:  # of one file, a bad place on the disk: the others are to be looked at too
                unread += 1
                if unread == MOST_UNREAD:
                    raise
                wrong.append(key)
    finally:
        await database.close()
    return Proved(count, tuple(wrong))


def _copy(source: Path, target: Path) -> Iterator[int]:
    """Copies every original; yields its size.

    The service goes on meanwhile: parts of an upload go when it is whole, a case's photos when it is deleted. A copy
    that ended at the first of them would never be finished where much is going on.
    """
    target.mkdir(parents=True)
    for path in sorted(source.rglob("*")):
        place = path.relative_to(source)
        if place.parts[0] == _INCOMING:
            continue  # uploads that nobody was told are kept
        if path.is_dir():
            (target / place).mkdir(parents=True, exist_ok=True)
            continue
        (target / place).parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copy2(path, target / place)
        except FileNotFoundError:
            if path.exists():
                raise
            continue
        yield (target / place).stat().st_size
