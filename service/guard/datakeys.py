"""The keys of one organisation, wrapped by a master key that lies in a file or in a key management service."""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from service.guard import fields
from service.guard.errors import DecryptionError
from service.guard.fields import KEY_BYTES, Cell, MasterKeys

SEAL: Final = "seal"
SEARCH: Final = "search"


class KeyWrapper(Protocol):
    """What holds the master key. Calls may take a network's time, so they are made in a thread."""

    def wrap(self, secret: bytes, cell: Cell) -> str:
        """``secret`` as it may be stored in ``cell``, under the current master key."""
        ...

    def unwrap(self, wrapped: str, cell: Cell) -> bytes:
        """Raises `DecryptionError`: altered, from another cell, or the master key is not here."""
        ...

    def is_current(self, wrapped: str) -> bool:
        """Whether ``wrapped`` is under the current master key."""
        ...


class FileWrapper:
    """Master keys read from a key file, which is read again when a key is asked for that was not in it."""

    def __init__(self, masters: MasterKeys, path: Path | None = None) -> None:
        self.masters, self._path = masters, path

    @classmethod
    def of_file(cls, path: Path) -> FileWrapper:
        """Raises `KeyFileError`."""
        return cls(fields.read_key_file(path), path)

    def wrap(self, secret: bytes, cell: Cell) -> str:
        return fields.encrypt(base64.b64encode(secret).decode("ascii"), cell, self.masters)

    def unwrap(self, wrapped: str, cell: Cell) -> bytes:
        if self._path is not None and wrapped.partition(".")[0] not in self.masters.secrets:
            self.masters = fields.read_key_file(self._path)
        try:
            return base64.b64decode(fields.decrypt(wrapped, cell, self.masters), validate=True)
        except binascii.Error as error:
            raise DecryptionError("no key was wrapped here") from error

    def is_current(self, wrapped: str) -> bool:
        return not fields.needs_renewal(wrapped, self.masters)


@dataclass(frozen=True, slots=True)
class DataKeys:
    """An organisation's own keys, a `fields.KeySource`: ``seal`` by version, the highest for new values; ``search``.

    The search key stays when a new seal key comes: hashes must go on being equal.
    """

    organisation: str
    seal: Mapping[int, bytes] = field(repr=False)
    search: bytes = field(repr=False)

    @property
    def current(self) -> str:
        return _name(max(self.seal))

    def ids(self) -> tuple[str, ...]:
        return tuple(_name(version) for version in sorted(self.seal, reverse=True))

    def derive(self, key_id: str, organisation: str, use: str) -> bytes:
        if organisation != self.organisation:
            raise DecryptionError("these are another organisation's keys")
        secret = self.search if use.startswith(f"{SEARCH} ") else self._seal_key(key_id)
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"kuaizheng data key 1 {use}".encode()).derive(secret)

    def _seal_key(self, key_id: str) -> bytes:
        found = {_name(version): secret for version, secret in self.seal.items()}.get(key_id)
        if found is None:
            raise DecryptionError("the key of this value is not here")
        return found


def new_secret() -> bytes:
    """A new data key."""
    return os.urandom(KEY_BYTES)


def cell_of(organisation: str, use: str, version: int) -> Cell:
    """Where a wrapped key lies."""
    return Cell(organisation, f"organisation_keys.{use}", str(version))


def _name(version: int) -> str:
    return f"d{version}"
