"""The parent's side of the decoding child: start, ask, wait no longer than allowed, kill, start again.

What comes back is not trusted either: a child that was taken over can only give wrong pixels or be refused.
"""

from __future__ import annotations

import contextlib
import json
import mmap
import os
import select
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import numpy as np

from vision.containers import RefusedError
from vision.decoder import WARNINGS, Raw
from vision.decoder_worker import ANSWER, REQUEST
from vision.errors import DecodeError
from vision.headers import EXIF_MAX_BYTES
from vision.types import UnreadableReason

_START_TIMEOUT_S: Final = 20.0
_ANSWER_MAX_BYTES: Final = 4 * EXIF_MAX_BYTES
_KEEP_RESIDENT_BYTES: Final = 64 * 2**20
Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one upload may cost."""

    max_bytes: int = 40 * 2**20
    max_pixels: int = 64_000_000
    timeout_s: float = 10.0
    """Wall time of one decode; the child's start is not counted."""
    memory_bytes: int = 1_500 * 2**20
    """Address space of the decoding child."""


class DecoderChild:
    """One child process, started when first needed. Safe to share between threads, which then wait for each other."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._fd = _shared_file(limits.max_bytes + 3 * limits.max_pixels)
        self._shared = mmap.mmap(self._fd, 0)  # all of the file

    @property
    def pid(self) -> int | None:
        """Process id of the running child, for tests and diagnosis."""
        return self._process.pid if self._process else None

    def decode(self, data: bytes, keep: Callable[[Raw], Kept]) -> Kept:
        """Decode in the child.

        Args:
            data: the file, not longer than the limit.
            keep: makes of the answer what the caller wants; must copy the pixels, whose memory is used again.

        Raises:
            RefusedError: bad bytes, too slow (``decode_timeout``), or the child died of them (``decoder_crashed``).
            DecodeError: no child can be started here.
        """
        with self._lock:
            raw = self._ask(data)
            kept = keep(raw)
            if len(data) + raw.pixels.nbytes > _KEEP_RESIDENT_BYTES and sys.platform == "linux":
                self._shared.madvise(mmap.MADV_REMOVE)
            return kept

    def _ask(self, data: bytes) -> Raw:
        process = self._process
        if process is None or process.poll() is not None:
            self._kill()
            process = self._start()
        self._shared[: len(data)] = data
        try:
            _write(process, REQUEST.pack(len(data), self._limits.timeout_s))
            return _raw(_receive(process, self._limits.timeout_s), self._shared, self._limits)
        except RefusedError:
            raise
        except BaseException as error:  # also what breaks off from outside: the answer would be the next upload's
            self._kill()
            if not isinstance(error, OSError | EOFError | ValueError):
                raise
            late = isinstance(error, TimeoutError)
            raise RefusedError(UnreadableReason.DECODE_TIMEOUT if late else UnreadableReason.DECODER_CRASHED) from error

    def close(self) -> None:
        """End the child. A later `decode` starts another."""
        with self._lock:
            self._kill()

    def _start(self) -> subprocess.Popen[bytes]:
        sizes = (self._fd, self._limits.max_bytes, self._limits.max_pixels, self._limits.memory_bytes)
        command = [sys.executable, "-P", "-m", "vision.decoder_worker", *map(str, sizes)]
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=(self._fd,),
                env=_environment(),
            )
        except OSError as error:
            raise DecodeError(f"the decoding process cannot be started: {error}") from error
        self._process = process
        try:
            _receive(process, _START_TIMEOUT_S)
        except (OSError, EOFError, ValueError) as error:
            self._kill()
            raise DecodeError("the decoding process ended before it was ready") from error
        return process

    def _kill(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # unsent bytes of a request to a dead child
                    pipe.close()
        process.wait()


def _raw(answer: Mapping[str, object], shared: mmap.mmap, limits: Limits) -> Raw:
    """The answer checked; ValueError for one that no honest child gives."""
    match answer:
        case {"reason": str(reason)}:
            raise RefusedError(UnreadableReason(reason))
        case {"size_wh": [int(width), int(height)], "exif": str(exif), "upright": bool(turned), "warnings": [*said]}:
            if width < 1 or height < 1 or width * height > limits.max_pixels:
                raise ValueError("more pixels than were asked for, or none")
            pixels = np.ndarray((height, width, 3), np.uint8, shared, limits.max_bytes)
            return Raw(pixels, bytes.fromhex(exif), turned, tuple(each for each in WARNINGS if each in said))
    raise ValueError("answer of a wrong kind")


def _shared_file(size: int) -> int:
    """A nameless file in memory. On Linux its size is sealed: no child can cut it and crash the parent by that."""
    if sys.platform != "linux":
        with tempfile.TemporaryFile() as file:
            file.truncate(size)
            return os.dup(file.fileno())
    import fcntl

    fd = os.memfd_create("kuaizheng-decoder", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(fd, size)
    fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)
    return fd


def _environment() -> dict[str, str]:
    """Nothing of ours but where Python finds us: no keys, no settings. One BLAS thread: each costs address space."""
    return {"PYTHONPATH": str(Path(__file__).parents[1]), "OPENBLAS_NUM_THREADS": "1"}


def _write(process: subprocess.Popen[bytes], request: bytes) -> None:
    assert process.stdin is not None
    process.stdin.write(request)
    process.stdin.flush()


def _receive(process: subprocess.Popen[bytes], timeout_s: float) -> Mapping[str, object]:
    assert process.stdout is not None
    fd, until = process.stdout.fileno(), time.monotonic() + timeout_s
    (length,) = ANSWER.unpack(_read(fd, ANSWER.size, until))
    if length > _ANSWER_MAX_BYTES:
        raise ValueError("answer too long")
    answer = json.loads(_read(fd, length, until))
    if not isinstance(answer, dict):
        raise ValueError("answer of a wrong kind")
    return answer


def _read(fd: int, size: int, until: float) -> bytes:
    parts, ready = bytearray(), select.poll()  # not select.select, which ends at descriptor 1023
    ready.register(fd, select.POLLIN)
    while len(parts) < size:
        if not ready.poll(max(0.0, until - time.monotonic()) * 1000.0):
            raise TimeoutError
        part = os.read(fd, size - len(parts))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)
