"""Machine keys: ``kz_<prefix>_<secret>``. The prefix finds the row and may be shown; the secret is shown once.

Stored is the SHA-256 of the whole key. A slow hash (argon2) protects secrets that people choose, by making guesses
dear. This secret has 256 random bits: no one guesses it however fast the hash is, and a slow hash on every request
would only give strangers a way to use up our CPU.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from service.guard.errors import Denied
from service.guard.roles import Permission, Role

SECRET_BYTES: Final = 32
_FORM: Final = re.compile(r"kz_([a-z2-7]{12})_([a-z2-7]{52})", re.ASCII)
_NO_ROW: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class NewKey:
    """``text`` goes to its owner and is kept nowhere; ``prefix`` and ``digest`` (64 hex digits) are stored."""

    text: str
    prefix: str
    digest: str

    def __repr__(self) -> str:
        return f"NewKey(prefix={self.prefix!r})"


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A row of the store; times are aware. ``scopes`` narrow what the role may do."""

    prefix: str
    digest: str
    organisation: str
    role: Role
    scopes: frozenset[Permission]
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def opens(self, now: datetime) -> bool:
        """Whether it is neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def make() -> NewKey:
    """A new key from the system's random source: 60 bits of prefix, 256 bits of secret."""
    prefix = _base32(secrets.token_bytes(8))[:12]
    text = f"kz_{prefix}_{_base32(secrets.token_bytes(SECRET_BYTES))}"
    return NewKey(text, prefix, digest(text))


def prefix_of(text: str) -> str:
    """The prefix to look the row up by. Raises `Denied` if ``text`` has not the form of a key."""
    form = _FORM.fullmatch(text)
    if form is None:
        raise Denied("not a key")
    return form.group(1)


def digest(text: str) -> str:
    """SHA-256 of the key, 64 hex digits."""
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def verify(text: str, stored: StoredKey | None, now: datetime) -> StoredKey:
    """The row, proved to belong to ``text``; ``stored`` is None where the prefix has no row.

    Raises `Denied`, with one message for every cause. Comparison takes the same time wherever the texts differ,
    and an unknown prefix costs the same as a wrong secret.
    """
    prefix = prefix_of(text)
    same = hmac.compare_digest(digest(text), stored.digest if stored else _NO_ROW)
    if stored is None or not same or stored.prefix != prefix:
        raise Denied("unknown key")
    if not stored.opens(now):
        raise Denied("unknown key")
    return stored


def _base32(data: bytes) -> str:
    """Lower case and without padding: neither `_` nor letters that look alike."""
    return base64.b32encode(data).decode("ascii").rstrip("=").lower()
