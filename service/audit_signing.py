"""Checkpoints of the audit log: the key that signs them, made at the first start, and the task that makes them.

The web process signs: workers need no key. A checkpoint is in the database and, where a file is set, in that too,
one JSON line each.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import structlog
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from service.guard.audit import Checkpoint, due, sign_checkpoint
from service.guard.errors import KeyFileError
from service.settings import Settings
from service.store import audit_reading
from service.store.database import Database
from service.store.errors import StorageFullError, StoreUnavailableError

FILE: Final = "audit-key.pem"
EVERY_S: Final = 30.0
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Signer:
    """``copies``: where checkpoints are added beside the database."""

    key: Ed25519PrivateKey
    copies: Path | None = None

    async def follow(self, database: Database) -> None:
        """Signs what is due until cancelled, then what is left."""
        try:
            while True:
                await self._try(database)
                await asyncio.sleep(EVERY_S)
        finally:
            await self._try(database, everything=True)

    async def sign(self, database: Database, *, everything: bool = False) -> int:
        """Signs the heads that are due, or all that are ahead of their checkpoint; returns how many.

        Raises `StoreUnavailableError`, `StorageFullError` and, of the copies, `OSError`.
        """
        async with database.read() as connection:
            waiting, now = await audit_reading.unsigned(connection)
        heads = [head for head, last in waiting if everything or due(last, head, now)]
        made = [sign_checkpoint(head, key_id(self.key.public_key()), self.key, now) for head in heads]
        if made:
            if self.copies is not None:
                await asyncio.to_thread(_append, self.copies, made)
            async with database.write() as connection:
                for one in made:
                    await audit_reading.add_checkpoint(connection, one)
        return len(made)

    async def _try(self, database: Database, *, everything: bool = False) -> None:
        try:
            await self.sign(database, everything=everything)
        except (StoreUnavailableError, StorageFullError, OSError) as error:
            _log.error("audit.not_signed", exc_info=error)


def key_file(settings: Settings) -> Path:
    """Where the key lies."""
    return settings.audit_key_file or settings.data_folder / FILE


async def prepare(settings: Settings) -> Signer:
    """For the start of `serve`: the signer, its key made where nothing was ever signed.

    Raises `KeyFileError` where it cannot be made, and where the key is gone, or lies on another machine: a new one
    would prove nothing of what the old one signed.
    """
    path = key_file(settings)
    if not path.exists():
        database = Database(settings.database)
        try:
            async with database.read() as connection:
                signed = await audit_reading.any_checkpoint(connection)
        finally:
            await database.close()
        if signed:
            raise KeyFileError(f"{path} is not there, but the audit log was signed: copy it from where it was made")
        try:
            make(path)
        except OSError as error:
            raise KeyFileError(f"{path} cannot be made: {error.strerror}") from error
    return Signer(read(path), settings.audit_checkpoint_file)


def public_key(settings: Settings) -> Ed25519PublicKey:
    """Of the settings' own key. Raises `KeyFileError`."""
    return read(key_file(settings)).public_key()


def read(path: Path) -> Ed25519PrivateKey:
    """The key of a file that nobody else may read. Raises `KeyFileError`."""
    try:
        if path.stat().st_mode & 0o077:
            raise KeyFileError(f"{path} can be read by others; chmod 600")
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyFileError(f"{path} cannot be read as a key ({type(error).__name__})") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError(f"{path} is no Ed25519 key")
    return key


def read_public(path: Path) -> Ed25519PublicKey:
    """A public key in PEM. Raises `KeyFileError`."""
    try:
        key = serialization.load_pem_public_key(path.read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise KeyFileError(f"{path} cannot be read as a public key ({type(error).__name__})") from None
    if not isinstance(key, Ed25519PublicKey):
        raise KeyFileError(f"{path} is no Ed25519 key")
    return key


def public_text(key: Ed25519PublicKey) -> str:
    """PEM."""
    encoding, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(encoding, form).decode("ascii")


def key_id(key: Ed25519PublicKey) -> str:
    """A short name of the key: 16 hex digits of its SHA-256."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:16]


def read_copies(path: Path) -> list[Checkpoint]:
    """Checkpoints that were kept elsewhere. Raises `KeyFileError`, told with the line."""
    try:
        lines = path.read_text("ascii").splitlines()
    except (OSError, ValueError) as error:
        raise KeyFileError(f"{path} cannot be read ({type(error).__name__})") from None
    return [_checkpoint(line, f"{path}:{number}") for number, line in enumerate(lines, 1)]


def _checkpoint(line: str, place: str) -> Checkpoint:
    try:
        return Checkpoint(**json.loads(line))
    except (ValueError, TypeError):
        raise KeyFileError(f"{place} is no checkpoint") from None


def make(path: Path) -> None:
    """A new key file, readable by its owner alone. Raises `OSError` where there is one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    data = Ed25519PrivateKey.generate().private_bytes(serialization.Encoding.PEM, form, plain)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", buffering=0) as file:
        file.write(data)
        _flushed(file.fileno(), path.parent)


def _append(path: Path, made: list[Checkpoint]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640), "ab", buffering=0) as file:
        file.write(b"".join(json.dumps(asdict(one), sort_keys=True).encode("ascii") + b"\n" for one in made))
        os.fsync(file.fileno())


def _flushed(file: int, folder: Path) -> None:
    os.fsync(file)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
