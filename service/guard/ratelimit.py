"""Rate limits and quotas per key: token buckets with a clock that is passed in."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vision.errors import InputError

MAX_KEYS: Final = 100_000


@dataclass(frozen=True, slots=True)
class Limit:
    """``burst`` at once, refilled at ``per_s`` a second. A quota of n a day is ``Limit(n / 86_400, n)``."""

    per_s: float
    burst: float

    def __post_init__(self) -> None:
        if not (0 < self.per_s < math.inf and 0 < self.burst < math.inf):
            raise InputError("a limit needs a rate and a burst above zero")


@dataclass(frozen=True, slots=True)
class Bucket:
    """``tokens`` left at ``at_s``."""

    tokens: float
    at_s: float


@dataclass(frozen=True, slots=True)
class Answer:
    """``retry_after_s`` is 0 when allowed, infinite for a cost above the burst; ``remaining`` counts whole tokens."""

    allowed: bool
    retry_after_s: float
    remaining: int


def refill(bucket: Bucket, limit: Limit, now_s: float) -> Bucket:
    """The bucket at ``now_s``; a clock that went back gives nothing and takes nothing."""
    elapsed_s = max(0.0, now_s - bucket.at_s)
    return Bucket(min(limit.burst, bucket.tokens + elapsed_s * limit.per_s), max(now_s, bucket.at_s))


def take(
    buckets: Sequence[Bucket], limits: Sequence[Limit], now_s: float, cost: float = 1.0
) -> tuple[tuple[Bucket, ...], Answer]:
    """Takes ``cost`` from every bucket, or, if one has not enough, from none."""
    full = tuple(refill(bucket, limit, now_s) for bucket, limit in zip(buckets, limits, strict=True))
    waits = [
        0.0 if bucket.tokens >= cost else math.inf if cost > limit.burst else (cost - bucket.tokens) / limit.per_s
        for bucket, limit in zip(full, limits, strict=True)
    ]
    wait_s = max(waits, default=0.0)
    if wait_s == 0:
        full = tuple(Bucket(bucket.tokens - cost, bucket.at_s) for bucket in full)
    return full, Answer(wait_s == 0, wait_s, int(min((bucket.tokens for bucket in full), default=0)))


class Limiter:
    """Buckets of the keys seen last, in the memory of one web process.

    With n processes a key gets up to n times its limit: the limit protects a process, the store enforces quotas that
    must be exact. A key pushed out by ``max_keys`` others starts with a full bucket.
    """

    def __init__(self, limits: Sequence[Limit], max_keys: int = MAX_KEYS) -> None:
        self._limits, self._max_keys = tuple(limits), max_keys
        self._buckets: OrderedDict[str, tuple[Bucket, ...]] = OrderedDict()

    def take(self, key: str, now_s: float, cost: float = 1.0) -> Answer:
        """``now_s`` is a monotonic clock's reading."""
        buckets = self._buckets.pop(key, None) or tuple(Bucket(limit.burst, now_s) for limit in self._limits)
        self._buckets[key], answer = take(buckets, self._limits, now_s, cost)
        if len(self._buckets) > self._max_keys:
            self._buckets.popitem(last=False)
        return answer
