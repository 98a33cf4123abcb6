"""Verifies webhooks of kuaizheng (Standard Webhooks 1.0). Python 3.9 or newer; nothing to install.

    from verify import verify_webhook
    message_id = verify_webhook(request.headers, raw_body, ["whsec_..."])   # raises NotOurs if it is not ours

``raw_body`` is the body as it came (bytes), before any parsing. Deliveries are repeated after failures: do nothing
twice for one id. While a secret is being changed, give both.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping, Sequence

TOLERANCE_S = 300


class NotOurs(ValueError):  # noqa: N818 - what the receiver wants to know
    """The request was not proved to come from the sender: altered, too old, or unsigned."""


def verify_webhook(
    headers: Mapping[str, str], raw_body: bytes, secrets: Sequence[str], now_s: float | None = None
) -> str:
    """The message's id. Raises `NotOurs`: a header is missing, more than 300 s from now, or no signature fits."""
    told = {name.lower(): value for name, value in headers.items()}
    try:
        message_id, timestamp = told["webhook-id"], told["webhook-timestamp"]
        signatures = told["webhook-signature"].split(" ")
    except KeyError as error:
        raise NotOurs("a header is missing") from error
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise NotOurs("the timestamp is no number")
    if abs((time.time() if now_s is None else now_s) - int(timestamp)) > TOLERANCE_S:
        raise NotOurs("too old, or from the future")
    signed = b".".join((message_id.encode(), timestamp.encode(), raw_body))
    expected = ["v1," + base64.b64encode(hmac.digest(_key(one), signed, hashlib.sha256)).decode() for one in secrets]
    # All are compared, so that the time taken does not tell which one fits.
    matches = [hmac.compare_digest(one.encode(), given.encode()) for one in expected for given in signatures]
    if not any(matches):
        raise NotOurs("no signature fits")
    return message_id


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError as error:
        raise NotOurs("a secret is whsec_ and base64") from error
    if not 24 <= len(key) <= 64:
        raise NotOurs("a secret is whsec_ and base64 of 24 to 64 bytes")
    return key
