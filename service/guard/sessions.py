"""Sessions of officers: a random text in a cookie, its SHA-256 in the table, an idle and an absolute lifetime; and the
delays that meet whoever guesses passwords. Why no slow hash: see `service.guard.keys`.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import Final

_FORM: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
FREE_FAILURES: Final = 5
LONGEST_WAIT_S: Final = 300.0


@dataclass(frozen=True, slots=True)
class Lifetime:
    """A session ends ``idle_s`` after its last request, and ``absolute_s`` after the login whatever happens."""

    idle_s: float
    absolute_s: float

    def ended(self, created_ms: int, seen_ms: int, now_ms: int) -> bool:
        """Whether a session of these times is over."""
        return now_ms >= seen_ms + self.idle_s * 1000 or now_ms >= created_ms + self.absolute_s * 1000


def new_token() -> str:
    """256 random bits as 43 characters; also for state, nonce and verifier of a login by OIDC."""
    return secrets.token_urlsafe(32)


def well_formed(token: str) -> bool:
    """Whether ``token`` could be one of ours."""
    return _FORM.fullmatch(token) is not None


def digest(token: str) -> str:
    """SHA-256, 64 hex digits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def wait_s(failures: int) -> float:
    """How long the next try is refused after so many failures in a row: 0 below five, then 1, 2, 4 s, up to 300."""
    return 0.0 if failures < FREE_FAILURES else min(LONGEST_WAIT_S, 2.0 ** min(failures - FREE_FAILURES, 30))
