"""Signatures of webhooks after Standard Webhooks 1.0: ``webhook-id``, ``webhook-timestamp``, ``webhook-signature``.

Needs the standard library only, so that a receiver may copy this one file and call `verify`.
Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from typing import Final

TOLERANCE_S: Final = 300
SECRET_PREFIX: Final = "whsec_"
_MIN_SECRET_BYTES, _MAX_SECRET_BYTES = 24, 64


class SignatureError(ValueError):
    """The request was not proved to come from the sender: altered, too old, or unsigned."""


def make_secret() -> str:
    """A new secret of an endpoint, ``whsec_`` and 32 random bytes in base64."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def sign(message_id: str, timestamp_s: int, body: bytes, endpoint_secrets: Sequence[str]) -> dict[str, str]:
    """The three headers. While a secret is being changed give the new and the old: one signature each."""
    if not endpoint_secrets:
        raise SignatureError("no secret to sign with")
    signatures = [f"v1,{_mac(message_id, str(timestamp_s), body, _key(secret))}" for secret in endpoint_secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp_s),
        "webhook-signature": " ".join(signatures),
    }


def verify(
    headers: Mapping[str, str],
    body: bytes,
    endpoint_secrets: Sequence[str],
    now_s: float,
    tolerance_s: int = TOLERANCE_S,
) -> str:
    """The message's id, proved to be the sender's. Do nothing twice for one id: deliveries are repeated on failure.

    ``body`` is the raw body as it came, before any parsing. ``endpoint_secrets`` are all that are valid now.
    Raises `SignatureError` for a missing header, more than ``tolerance_s`` from ``now_s`` (Unix time), or no match.
    """
    told = {name.lower(): value for name, value in headers.items()}
    try:
        message_id, timestamp = told["webhook-id"], told["webhook-timestamp"]
        signatures = told["webhook-signature"].split(" ")
    except KeyError as error:
        raise SignatureError("a header is missing") from error
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise SignatureError("the timestamp is no number")
    if abs(now_s - int(timestamp)) > tolerance_s:
        raise SignatureError("too old, or from the future")
    expected = [f"v1,{_mac(message_id, timestamp, body, _key(secret))}".encode() for secret in endpoint_secrets]
    # All are compared, so that the time taken does not tell which one fits.
    matches = [hmac.compare_digest(one, told_one.encode()) for one in expected for told_one in signatures]
    if not any(matches):
        raise SignatureError("no signature fits")
    return message_id


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError) as error:
        raise SignatureError("a secret is whsec_ and base64") from error
    if not _MIN_SECRET_BYTES <= len(key) <= _MAX_SECRET_BYTES:
        raise SignatureError(f"a secret has {_MIN_SECRET_BYTES} to {_MAX_SECRET_BYTES} bytes")
    return key


def _mac(message_id: str, timestamp: str, body: bytes, key: bytes) -> str:
    signed = b".".join((message_id.encode(), timestamp.encode(), body))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode("ascii")
