"""Time of a whole, and of the model runs and the decoding inside it: by the wall, and by the processor.

A busy machine disturbs the processor's clock less; threads that run at once count twice there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np

from vision.image import decode
from vision.models.session import Array, Session
from vision.types import Photo, Unreadable


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds, by both clocks."""

    wall_s: float = 0.0
    processor_s: float = 0.0

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.wall_s + other.wall_s, self.processor_s + other.processor_s)

    def __sub__(self, other: Spent) -> Spent:
        return Spent(self.wall_s - other.wall_s, self.processor_s - other.processor_s)


@dataclass(frozen=True, slots=True)
class Sample:
    """One run: all of it, and the parts spent inside `Session.run` and on decoding."""

    total: Spent
    models: Spent
    decoding: Spent


def children() -> tuple[int, ...]:
    """Process ids of this process's children, the decoder being one; empty where there is no Linux ``/proc``."""
    lists = Path("/proc/self/task").glob("*/children")
    return tuple(int(pid) for each in lists for pid in each.read_text().split())


def now() -> Spent:
    """Both clocks; the processor's is that of this process and of its children that still run."""
    # Linux, clock_getcpuclockid(3): the processor clock of another process.
    decoders = sum(time.clock_gettime((~pid << 3) | 2) for pid in children())
    return Spent(time.perf_counter(), time.process_time() + decoders)


class InnerClock:
    """What the model runs and the decoding took since the last `reset`."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.models = Spent()
        self.decoding = Spent()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """While it lasts, every run of every session is timed, and every photo that the pipeline decodes."""
        run = Session.run

        def timed_run(session: Session, *arrays: Array) -> tuple[Array, ...]:
            start = Spent(time.perf_counter(), time.process_time())
            outputs = run(session, *arrays)
            self.models += Spent(time.perf_counter(), time.process_time()) - start
            return outputs

        def timed_decode(data: bytes, name: str) -> Photo | Unreadable:
            start = now()
            photo = decode(data, name)
            self.decoding += now() - start
            return photo

        with patch.object(Session, "run", timed_run), patch("vision.pipeline.decode", timed_decode):
            yield

    def sample(self, work: Callable[[], object]) -> Sample:
        """Times one run of ``work``."""
        self.reset()
        start = now()
        work()
        return Sample(now() - start, self.models, self.decoding)


def median_ms(seconds: list[float]) -> float:
    return 1000 * float(np.median(seconds))


def p95_ms(seconds: list[float]) -> float:
    return 1000 * float(np.percentile(seconds, 95))
