"""How much one key, officer or link may ask for: requests by each web process, photos and bytes a day by the database.

The rate is counted in the memory of a web process: of n processes a key gets up to n times as much, and it protects
each of them. The quota is counted in the database, in the transaction of the photo, whichever process takes it in.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import AsyncIterator
from typing import Final

from fastapi import FastAPI, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from service.api.problems import TooManyRequestsError
from service.guard.ratelimit import Limit, Limiter
from service.settings import Settings
from service.store import usage

MOST_STREAMS: Final = 8
"""Of one link, open at once at one web process: a telephone has one, or two while it comes back."""
_STREAM_WAIT_S: Final = 30
_DAY_S = 86_400
_GIGABYTE = 10**9


class QuotaExceededError(TooManyRequestsError):
    """The day's photos or bytes are used up."""

    code = "quota_exceeded"


def start_limiting(app: FastAPI, settings: Settings) -> None:
    """Gives the app its buckets."""
    app.state.limiter = Limiter([Limit(settings.requests_per_s, settings.requests_burst)])
    app.state.streams = Counter()


def counted_stream(request: Request, name: str, events: AsyncIterator[str]) -> AsyncIterator[str]:
    """``events``, counted while they are told. Raises `TooManyRequestsError` where as many are open as may be.

    A stream looks at its case twice a second for ten minutes: counted as one request each, a stranger's thousand would
    leave nothing for the others.
    """
    streams: Counter[str] = request.app.state.streams
    if streams[name] >= MOST_STREAMS:
        raise TooManyRequestsError("too many streams are open by this link", _STREAM_WAIT_S)
    return _counted(streams, name, events)


async def _counted(streams: Counter[str], name: str, events: AsyncIterator[str]) -> AsyncIterator[str]:
    if streams[name] >= MOST_STREAMS:  # others began between the question and the first event
        return
    streams[name] += 1
    try:
        async for event in events:
            yield event
    finally:
        streams[name] -= 1
        if streams[name] == 0:
            del streams[name]


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
