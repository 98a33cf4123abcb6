"""A few of the poisoned files; `make chaos` takes 2,000 of them through the same function."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from tests.poisoned import KINDS, poisoned
from vision import image
from vision.errors import DecodeError
from vision.image import Limits, close_decoders, decode
from vision.types import Photo, Unreadable

LIMITS = Limits(timeout_s=10.0)
SLACK_S = 90.0
"""Of a busy machine, for starting a child, ending a late one, and what is done with its pixels here."""
MOST_BYTES = 1_500 * 2**20


def peak_bytes(pid: int) -> int:
    """The most memory that a process ever had mapped, shared file included: what RLIMIT_AS limits; 0 if it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii")
    except OSError:
        return 0
    (line,) = (line for line in status.splitlines() if line.startswith("VmPeak:"))
    return int(line.split()[1]) * 1024


def processor_s(pid: int) -> float:
    """What a process has used of the processor (Linux, clock_getcpuclockid(3)); 0 if it is gone."""
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0


def child_pid() -> int | None:
    child = image._children.get(LIMITS)
    return None if child is None else child.pid


def decoded(data: bytes, name: str) -> Photo | Unreadable:
    """On a machine too busy to start a child in time, which no bytes are to blame for, another is tried."""
    for _ in range(3):
        with suppress(DecodeError):
            return decode(data, name, limits=LIMITS)
    return decode(data, name, limits=LIMITS)


def hurt(seed: int, count: int) -> Counter[str]:
    """Decodes them all; asserts what must hold of each, and counts how they ended."""
    ends: Counter[str] = Counter()
    for name, data in poisoned(seed, count):
        began, before = time.monotonic(), child_pid()
        used = 0.0 if before is None else processor_s(before)
        found = decoded(data, name)
        took = time.monotonic() - began
        assert took < LIMITS.timeout_s + SLACK_S, f"{name} (seed {seed}) took {took:.1f} s"
        if (pid := child_pid()) is not None:
            assert peak_bytes(pid) <= MOST_BYTES, f"{name} (seed {seed})"
            assert processor_s(pid) - (used if pid == before else 0.0) <= LIMITS.timeout_s, f"{name} (seed {seed})"
        if isinstance(found, Photo):
            assert found.pixels.size <= 3 * LIMITS.max_pixels
        ends[found.unreadable.value if isinstance(found, Unreadable) else "pixels"] += 1
    return ends


def test_poisoned_files() -> None:
    ends = hurt(seed=1, count=2 * len(KINDS))
    close_decoders()
    assert sum(ends.values()) == 2 * len(KINDS) and ends["pixels"] and ends["not_an_image"] and ends["truncated"], ends


def test_the_same_seed_makes_the_same_files() -> None:
    assert list(poisoned(7, 2)) == list(poisoned(7, 2))
    assert list(poisoned(7, 2)) != list(poisoned(8, 2))
