"""How much one key, officer or link may ask for: requests by each web process, photos and bytes a day by the database.

The rate is counted in the memory of a web process: of n processes a key gets up to n times as much, and it protects
each of them. The quota is counted in the database, in the transaction of the photo, whichever process takes it in.
"""

from __future__ import annotations

import math
import time

from fastapi import FastAPI, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from service.api.problems import TooManyRequestsError
from service.guard.ratelimit import Limit, Limiter
from service.settings import Settings
from service.store import usage

_DAY_S = 86_400
_GIGABYTE = 10**9


class QuotaExceededError(TooManyRequestsError):
    """The day's photos or bytes are used up."""

    code = "quota_exceeded"


def start_limiting(app: FastAPI, settings: Settings) -> None:
    """Gives the app its buckets."""
    app.state.limiter = Limiter([Limit(settings.requests_per_s, settings.requests_burst)])


def count_request(request: Request, name: str) -> None:
    """One more request of ``name``. Raises `TooManyRequestsError`."""
    limiter: Limiter = request.app.state.limiter
    answer = limiter.take(name, time.monotonic())
    if not answer.allowed:
        raise TooManyRequestsError("too many requests of this key", math.ceil(answer.retry_after_s))


async def count_photo(
    connection: AsyncConnection, settings: Settings, organisation: str, name: str, size_bytes: int
) -> None:
    """One more photo of ``name``, in the transaction that keeps it. Raises `QuotaExceededError`."""
    today = await usage.add(connection, organisation, name, size_bytes)
    over = 0 < settings.photos_per_day < today.photos or 0 < settings.gigabytes_per_day * _GIGABYTE < today.bytes
    if over:
        raise QuotaExceededError("the day's photos of this key are used up", _DAY_S - int(time.time()) % _DAY_S)
