"""Signatures of webhooks after Standard Webhooks 1.0: ``webhook-id``, ``webhook-timestamp``, ``webhook-signature``.

The other side is `docs/webhooks/verify.py` and `verify.mjs`, which receivers copy.
Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Final

SECRET_PREFIX: Final = "whsec_"
_MIN_SECRET_BYTES, _MAX_SECRET_BYTES = 24, 64


class SignatureError(ValueError):
    """Nothing can be signed with what is there."""


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
