"""Signed links that expire: an upload link for one case; an original, crop or overlay for a short while.

A token is ``<key id>.<claims>.<mac>``. The MAC (HMAC-SHA256) covers the text of everything before it, and is itself
compared as text, so that no second spelling of a token passes. Claims are ids that we made, never a plate or name.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from service.guard.errors import Denied
from vision.errors import InputError

MAX_TOKEN: Final = 2048
MIN_SECRET_BYTES: Final = 32
_CONTEXT: Final = b"kuaizheng link 1\n"
_KEY_ID: Final = re.compile(r"[a-z0-9-]{1,32}", re.ASCII)
_CLAIM: Final = re.compile(r"[A-Za-z0-9_:,-]{0,128}", re.ASCII)


class Purpose(StrEnum):
    UPLOAD = "upload"
    ORIGINAL = "original"
    CROP = "crop"
    OVERLAY = "overlay"


LONGEST: Final[dict[Purpose, timedelta]] = {
    Purpose.UPLOAD: timedelta(days=7),
    Purpose.ORIGINAL: timedelta(minutes=15),
    Purpose.CROP: timedelta(minutes=15),
    Purpose.OVERLAY: timedelta(minutes=15),
}


@dataclass(frozen=True, slots=True)
class Link:
    """What a link is good for. ``photo`` and ``detail`` (a box, a party) are empty where they say nothing."""

    purpose: Purpose
    organisation: str
    case: str
    photo: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class LinkKeys:
    """Secrets by key id; ``current`` signs, the others still verify until they are taken out."""

    current: str
    secrets: Mapping[str, bytes]

    def __post_init__(self) -> None:
        if self.current not in self.secrets:
            raise InputError("the signing key of links is missing")
        for key_id, secret in self.secrets.items():
            if _KEY_ID.fullmatch(key_id) is None or len(secret) < MIN_SECRET_BYTES:
                raise InputError("a link key needs an id of a-z 0-9 - and 32 bytes or more")

    def __repr__(self) -> str:
        return f"LinkKeys(current={self.current!r}, ids={sorted(self.secrets)})"


def sign(link: Link, keys: LinkKeys, now: datetime, lifetime: timedelta) -> str:
    """A token of characters that a URL carries unchanged. Raises `InputError` for a lifetime or claim out of bounds."""
    if not timedelta(seconds=1) <= lifetime <= LONGEST[link.purpose]:
        raise InputError(f"a link of this kind lives from a second to {LONGEST[link.purpose]}")
    if not link.organisation or not link.case:
        raise InputError("a link is for one case of one organisation")
    claims = {**asdict(link), "expires": int((now + lifetime).timestamp())}
    if any(isinstance(value, str) and _CLAIM.fullmatch(value) is None for value in claims.values()):
        raise InputError("a link holds ids only")
    body = json.dumps(claims, sort_keys=True, separators=(",", ":")).encode("ascii")
    text = f"{keys.current}.{_base64(body)}"
    return f"{text}.{_mac(text, keys.secrets[keys.current])}"


def verify(token: str, purpose: Purpose, keys: LinkKeys, now: datetime) -> Link:
    """What ``token`` is good for. Raises `Denied`: altered, expired, for something else, or by a key taken out."""
    text, _, mac = token.rpartition(".")
    key_id, _, body = text.partition(".")
    secret = keys.secrets.get(key_id)
    if len(token) > MAX_TOKEN or not token.isascii() or secret is None:
        raise Denied("link not valid")
    if not hmac.compare_digest(mac, _mac(text, secret)):
        raise Denied("link not valid")
    # From here on the text is ours.
    link, expires = _read(body)
    if link.purpose is not purpose or now.timestamp() >= expires:
        raise Denied("link not valid")
    return link


def claimed_organisation(token: str) -> str:
    """Whose keys `verify` needs. Nothing is proved by it. Raises `Denied`."""
    if len(token) > MAX_TOKEN or not token.isascii():
        raise Denied("link not valid")
    link, _ = _read(token.partition(".")[2].rpartition(".")[0])
    return link.organisation


def _read(body: str) -> tuple[Link, int]:
    """The claims and when they expire, in seconds since 1970. Raises `Denied`."""
    try:
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        expires = int(claims.pop("expires"))
        link = Link(**{**claims, "purpose": Purpose(claims["purpose"])})
    except (binascii.Error, ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError) as error:
        raise Denied("link not valid") from error
    if any(not isinstance(value, str) or _CLAIM.fullmatch(value) is None for value in asdict(link).values()):
        raise Denied("link not valid")
    return link, expires


def _mac(text: str, secret: bytes) -> str:
    return _base64(hmac.new(secret, _CONTEXT + text.encode("ascii"), hashlib.sha256).digest())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")
