"""The child process that decodes what strangers send: ``python -m vision.decoder_worker FD BYTES PIXELS MEMORY``.

FD is a shared file: input bytes first, room for ``PIXELS`` RGB pixels behind ``BYTES``. A request on stdin is
``<Qd`` (length of the input, seconds it may take); the answer on stdout is ``<I`` and that many bytes of JSON:
``{"reason": ...}`` or ``{"size_wh": [w, h], "exif": hex, "upright": bool, "warnings": [...]}``.
It ends when stdin does.
"""

from __future__ import annotations

import json
import mmap
import os
import resource
import signal
import struct
import sys
from typing import BinaryIO

import numpy as np

from vision.containers import RefusedError
from vision.decoder import decode_raw
from vision.types import Pixels, UnreadableReason

REQUEST = struct.Struct("<Qd")
ANSWER = struct.Struct("<I")


def main(fd: int, max_bytes: int, max_pixels: int, memory_bytes: int) -> None:
    """Limit this process, say that it is ready (an empty answer), then serve requests until stdin ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not speak into the answers
    _limit(memory_bytes)
    shared = mmap.mmap(fd, max_bytes + 3 * max_pixels)
    _send(answers, {})
    while len(request := sys.stdin.buffer.read(REQUEST.size)) == REQUEST.size:
        length, timeout_s = REQUEST.unpack(request)
        # The parent kills us in time; should it be gone itself, the alarm does.
        signal.setitimer(signal.ITIMER_REAL, timeout_s + 1.0)
        answer = _answer(shared, length, max_bytes, max_pixels)
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        _send(answers, answer)


def _limit(memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def _answer(shared: mmap.mmap, length: int, max_bytes: int, max_pixels: int) -> dict[str, object]:
    def allocate(height: int, width: int) -> Pixels:
        return np.ndarray((height, width, 3), np.uint8, buffer=shared, offset=max_bytes)

    try:
        raw = decode_raw(shared[:length], max_pixels, allocate)
    except RefusedError as refused:
        return {"reason": refused.reason.value}
    except MemoryError:
        return {"reason": UnreadableReason.DECODER_CRASHED.value}
    height, width, _ = raw.pixels.shape
    return {
        "size_wh": [width, height],
        "exif": raw.exif.hex(),
        "upright": raw.upright,
        "warnings": list(raw.warnings),
    }


def _send(answers: BinaryIO, answer: dict[str, object]) -> None:
    body = json.dumps(answer).encode()
    answers.write(ANSWER.pack(len(body)) + body)
    answers.flush()


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:5]))
