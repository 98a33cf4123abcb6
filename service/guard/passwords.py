"""Passwords of local accounts: argon2id with the second recommendation of RFC 9106 (64 MiB, 3 passes, 4 lanes)."""

from __future__ import annotations

from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError
from argon2.profiles import RFC_9106_LOW_MEMORY

from vision.errors import InputError

MIN_LENGTH: Final = 12
MAX_LENGTH: Final = 200
_HASHER: Final = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
_NOBODY: Final = (
    "$argon2id$v=19$m=65536,t=3,p=4$bm9ib2R5bm9ib2R5bm9ibw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"  # fits nothing
)


class WeakPasswordError(InputError):
    """A new password is too easily guessed."""

    code = "weak_password"


def hash_password(text: str, login: str) -> str:
    """What is stored of a new password, salt included. Raises `WeakPasswordError`. Takes a tenth of a second."""
    if not MIN_LENGTH <= len(text) <= MAX_LENGTH or len(set(text)) < 6 or login.lower() in text.lower():
        raise WeakPasswordError(
            f"a password has {MIN_LENGTH} to {MAX_LENGTH} characters, six different ones, and not the login in it"
        )
    return _HASHER.hash(_bytes(text))


def verify(text: str, stored: str | None) -> bool:
    """Whether ``text`` is the password; takes as long where there is none (``stored`` null)."""
    try:
        return _HASHER.verify(stored or _NOBODY, _bytes(text)) and stored is not None
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
