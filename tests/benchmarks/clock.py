"""Time of a whole and of the model runs inside it: by the wall, and by the processor, which a busy machine disturbs
less (threads that run at once count twice there)."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np

from vision.models.session import Array, Session


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
    """One run: all of it, and the part spent inside `Session.run`."""

    total: Spent
    models: Spent


def children() -> tuple[int, ...]:
    """Process ids of this process's children, the decoder being one; empty where there is no Linux ``/proc``."""
    lists = Path("/proc/self/task").glob("*/children")
    return tuple(int(pid) for each in lists for pid in each.read_text().split())


def now() -> Spent:
    """Both clocks; the processor's is that of this process and of its children that still run."""
    # Linux, clock_getcpuclockid(3): the processor clock of another process.
    decoders = sum(time.clock_gettime((~pid << 3) | 2) for pid in children())
    return Spent(time.perf_counter(), time.process_time() + decoders)


class ModelClock:
    """What `Session.run` took since the last `reset`, in all and session by session."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.total = Spent()
        self.runs: dict[Session, list[float]] = defaultdict(list)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """While it lasts, every run of every session is timed."""
        run = Session.run

        def timed(session: Session, *arrays: Array) -> tuple[Array, ...]:
            start = Spent(time.perf_counter(), time.process_time())
            outputs = run(session, *arrays)
            took = Spent(time.perf_counter(), time.process_time()) - start
            self.total += took
            self.runs[session].append(took.wall_s)
            return outputs

        with patch.object(Session, "run", timed):
            yield

    def sample(self, work: Callable[[], object]) -> Sample:
        """Times one run of ``work``."""
        self.reset()
        start = now()
        work()
        return Sample(now() - start, self.total)


def median_ms(seconds: list[float]) -> float:
    return 1000 * float(np.median(seconds))


def p95_ms(seconds: list[float]) -> float:
    return 1000 * float(np.percentile(seconds, 95))
