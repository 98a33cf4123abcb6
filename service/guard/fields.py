"""Encryption at rest of plates, names, numbers and places, and a keyed hash to search them by.

AES-256-GCM under a key derived (HKDF-SHA256) from a master key for one organisation. Stored text is
``<key id>.<base64url of nonce, ciphertext, tag>``. Organisation, column and row are authenticated: a value that was
copied into another cell does not decrypt. New values take the current master key, old ones keep theirs; `needs_renewal`
tells which to write again before a master key is taken out. Nonces are random: NIST SP 800-38D allows 2**32 values
for one organisation and master key.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import itertools
import os
import re
import stat
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from service.guard.errors import DecryptionError, KeyFileError
from vision import plate_grammar

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_KEY_ID: Final = re.compile(r"[a-z0-9-]{1,32}", re.ASCII)
_SPACES: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a value lies. ``row`` is an id that is known before the row is written."""

    organisation: str
    column: str
    row: str

    def authenticated(self) -> bytes:
        return _joined("kuaizheng field 1", self.organisation, self.column, self.row)


class KeySource(Protocol):
    """Keys by organisation; a key file here, a KMS elsewhere."""

    @property
    def current(self) -> str:
        """Id of the key for new values."""
        ...

    def ids(self) -> tuple[str, ...]:
        """Ids of all keys, the current one first."""
        ...

    def derive(self, key_id: str, organisation: str, use: str) -> bytes:
        """32 bytes for one ``use``. Raises `DecryptionError` for an id that is not there."""
        ...


@dataclass(frozen=True, slots=True)
class MasterKeys:
    """Master keys of 32 bytes by id."""

    current: str
    secrets: Mapping[str, bytes]

    def __post_init__(self) -> None:
        if self.current not in self.secrets:
            raise KeyFileError("the current key is not among the keys")
        if any(_KEY_ID.fullmatch(name) is None or len(secret) != KEY_BYTES for name, secret in self.secrets.items()):
            raise KeyFileError("a key has an id of a-z 0-9 - and 32 bytes in base64")

    def __repr__(self) -> str:
        return f"MasterKeys(current={self.current!r}, ids={sorted(self.secrets)})"

    def ids(self) -> tuple[str, ...]:
        return (self.current, *sorted(set(self.secrets) - {self.current}))

    def derive(self, key_id: str, organisation: str, use: str) -> bytes:
        if key_id not in self.secrets:
            raise DecryptionError("the key of this value is not here")
        info = _joined("kuaizheng key 1", organisation, use)
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(self.secrets[key_id])


def read_key_file(path: Path) -> MasterKeys:
    """A TOML file with ``current = "<id>"`` and a table ``[keys]`` of id = base64. Nobody else may read it.

    Raises `KeyFileError`, which names the file and never what is in it.
    """
    try:
        if path.stat().st_mode & 0o077:
            raise KeyFileError(f"{path} can be read by others; chmod 600")
        told = tomllib.loads(path.read_text("ascii"))
        secrets = {name: base64.b64decode(text, validate=True) for name, text in told["keys"].items()}
        return MasterKeys(str(told["current"]), secrets)
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        # Not `from error`: its text may quote a line of the file.
        raise KeyFileError(f"{path} cannot be read as a key file ({type(error).__name__})") from None


def new_key_file(path: Path, key_id: str = "k1") -> None:
    """Writes a file with one new key, readable by its owner only. Raises `OSError` if it is there already."""
    text = f'current = "{key_id}"\n\n[keys]\n{key_id} = "{base64.b64encode(os.urandom(KEY_BYTES)).decode()}"\n'
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text)


def add_master_key(path: Path) -> str:
    """One more key in the file, for new values from now on; returns its id. The file is there whole at any moment,
    and its owner stays, whoever asks.

    Raises `KeyFileError` and `OSError`.
    """
    keys = read_key_file(path)
    new = next(name for name in (f"k{number}" for number in itertools.count(2)) if name not in keys.secrets)
    told = {**keys.secrets, new: os.urandom(KEY_BYTES)}
    lines = [f'{name} = "{base64.b64encode(secret).decode()}"' for name, secret in told.items()]
    before, beside = path.stat(), path.with_name(f"{path.name}.{os.urandom(6).hex()}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        os.fchown(file.fileno(), before.st_uid, before.st_gid)
        os.fchmod(file.fileno(), stat.S_IMODE(before.st_mode))
        file.write("\n".join([f'current = "{new}"', "", "[keys]", *lines, ""]))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # what is wrapped under the new key must not outlive it in a power cut
    finally:
        os.close(folder)
    return new


def encrypt(text: str, cell: Cell, keys: KeySource) -> str:
    """``text`` as it is stored in ``cell``; every call gives another."""
    nonce = os.urandom(_NONCE_BYTES)
    cipher = AESGCM(keys.derive(keys.current, cell.organisation, "encrypt"))
    sealed = nonce + cipher.encrypt(nonce, text.encode(), cell.authenticated() + keys.current.encode())
    return f"{keys.current}.{base64.urlsafe_b64encode(sealed).decode()}"


def decrypt(stored: str, cell: Cell, keys: KeySource) -> str:
    """What was encrypted for ``cell``. Raises `DecryptionError`: altered, from another cell, or its key is gone."""
    key_id, _, encoded = stored.partition(".")
    cipher = AESGCM(keys.derive(key_id, cell.organisation, "encrypt"))
    try:
        sealed = base64.b64decode(encoded.encode(), altchars=b"-_", validate=True)
        nonce, sealed = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        return cipher.decrypt(nonce, sealed, cell.authenticated() + key_id.encode()).decode()
    except (InvalidTag, binascii.Error, ValueError) as error:
        raise DecryptionError("a stored value was altered or moved") from error


def needs_renewal(stored: str, keys: KeySource) -> bool:
    """Whether ``stored`` is under a key that is no longer the current one."""
    return stored.partition(".")[0] != keys.current


def search_hash(text: str, organisation: str, column: str, keys: KeySource) -> str:
    """What to store beside a value to find it by: HMAC-SHA256 of its normalised text, under the current key."""
    return search_hashes(text, organisation, column, keys)[0]


def search_hashes(text: str, organisation: str, column: str, keys: KeySource) -> tuple[str, ...]:
    """What a query looks for: one hash for each key, the current one first, so that rows under older keys are found."""
    return tuple(
        hmac.new(
            keys.derive(key_id, organisation, f"search {column}"), normalise(text, column).encode(), hashlib.sha256
        ).hexdigest()
        for key_id in keys.ids()
    )


def normalise(text: str, column: str) -> str:
    """One spelling for equal values: plates by the plate grammar, else half-width, upper case, without spaces.

    What is ``exact`` stays as it is.
    """
    if column.startswith("exact"):
        return text
    if column.startswith("plate"):
        return plate_grammar.normalise(text)
    return _SPACES.sub("", unicodedata.normalize("NFKC", text)).upper()


def _joined(*parts: str) -> bytes:
    """Parts with their lengths, so that no two different lists give the same bytes."""
    return b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
