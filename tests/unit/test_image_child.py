"""The decoding child: limited, killed in time, started again, shared by threads, ended with us."""

from __future__ import annotations

import io
import mmap
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from vision import decoder_child, image
from vision.image import Limits, close_decoders, decode
from vision.types import Photo, Unreadable, UnreadableReason

SMALL = Limits(max_bytes=2**20, max_pixels=400_000, timeout_s=2.0)


def png(value: int, side: int = 64) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (side, side), (value, 0, 0)).save(file, "PNG")
    return file.getvalue()


def reason(result: Photo | Unreadable) -> UnreadableReason:
    assert isinstance(result, Unreadable)
    return result.unreadable


def red(result: Photo | Unreadable) -> int:
    assert isinstance(result, Photo)
    return int(result.pixels[0, 0, 0])


def test_threads_get_their_own_pixels() -> None:
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda value: red(decode(png(value), "x", limits=SMALL)), range(60)))
    assert results == list(range(60))


def test_hung_child_is_killed_and_replaced() -> None:
    decode(png(1), "x", limits=SMALL)
    child = image._children[SMALL]
    old = child.pid
    assert old is not None
    os.kill(old, signal.SIGSTOP)
    began = time.monotonic()
    assert reason(decode(png(2), "x", limits=SMALL)) is UnreadableReason.DECODE_TIMEOUT
    assert time.monotonic() - began < SMALL.timeout_s + 1.0
    assert red(decode(png(3), "x", limits=SMALL)) == 3
    assert child.pid != old


def test_what_was_broken_off_is_not_the_answer_for_the_next_upload(monkeypatch: pytest.MonkeyPatch) -> None:
    decode(png(1), "x", limits=SMALL)

    def broken_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(decoder_child, "_receive", broken_off)
        with pytest.raises(KeyboardInterrupt):
            decode(png(2, side=32), "x", limits=SMALL)
    later = [decode(png(value), "x", limits=SMALL) for value in (3, 4)]
    assert [(red(one), isinstance(one, Photo) and one.size_wh) for one in later] == [(3, (64, 64)), (4, (64, 64))]


def test_child_that_dies_while_decoding_is_a_crash() -> None:
    decode(png(1), "x", limits=SMALL)
    pid = image._children[SMALL].pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    killer = threading.Timer(0.3, os.kill, (pid, signal.SIGKILL))
    killer.start()
    assert reason(decode(png(2), "x", limits=SMALL)) is UnreadableReason.DECODER_CRASHED
    killer.join()
    assert red(decode(png(3), "x", limits=SMALL)) == 3


def test_child_that_died_idle_costs_no_photo() -> None:
    decode(png(1), "x", limits=SMALL)
    pid = image._children[SMALL].pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    time.sleep(0.1)
    assert red(decode(png(4), "x", limits=SMALL)) == 4


def test_memory_limit_holds() -> None:
    tight = Limits(max_bytes=2**20, max_pixels=30_000_000, memory_bytes=260 * 2**20)
    file = io.BytesIO()
    Image.new("RGBA", (5000, 5000), (9, 9, 9, 9)).save(file, "PNG", compress_level=1)
    assert reason(decode(file.getvalue(), "bomb", limits=tight)) is UnreadableReason.DECODER_CRASHED
    assert red(decode(png(5), "x", limits=tight)) == 5


def test_largest_allowed_picture_fits_the_default_memory() -> None:
    file = io.BytesIO()
    Image.new("RGBA", (8000, 8000), (7, 9, 9, 255)).save(file, "PNG", compress_level=1)
    assert red(decode(file.getvalue(), "large")) == 7
    close_decoders()  # gives back the shared memory of the largest limits


def test_limits_of_size() -> None:
    assert reason(decode(b"\xff\xd8\xff" + bytes(2**20), "x", limits=SMALL)) is UnreadableReason.TOO_LARGE
    assert reason(decode(png(1, side=1000), "x", limits=SMALL)) is UnreadableReason.TOO_MANY_PIXELS


def test_few_children_are_kept_and_all_end() -> None:
    for extra in range(6):
        decode(png(1), "x", limits=Limits(max_bytes=2**20, max_pixels=10_000 + extra))
    pids = [child.pid for child in image._children.values()]
    assert len(pids) == 4
    close_decoders()
    for pid in pids:
        assert pid is not None
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


LIES: tuple[dict[str, object], ...] = (
    {},
    {"reason": "made_up"},
    {"size_wh": [10_000, 10_000], "exif": "", "upright": False, "warnings": []},
    {"size_wh": [-1, -1], "exif": "", "upright": False, "warnings": []},
    {"size_wh": [8, 8], "exif": "zz", "upright": False, "warnings": []},
    {"size_wh": [8.0, 8], "exif": "", "upright": False, "warnings": []},
)


@pytest.mark.parametrize("lie", LIES)
def test_lying_child_is_refused(lie: dict[str, object]) -> None:
    with (
        mmap.mmap(-1, SMALL.max_bytes + 3 * SMALL.max_pixels) as shared,
        pytest.raises(ValueError, match=r"answer|pixels|Reason|hexadecimal"),
    ):
        decoder_child._raw(lie, shared, SMALL)


def test_only_known_warnings_come_through() -> None:
    shared = mmap.mmap(-1, SMALL.max_bytes + 3 * SMALL.max_pixels)
    told = {"size_wh": [8, 4], "exif": "", "upright": False, "warnings": ["<b>", "truncated"]}
    raw = decoder_child._raw(told, shared, SMALL)
    assert raw.warnings == ("truncated",)
    assert raw.pixels.shape == (4, 8, 3)
    assert raw.pixels.dtype == np.uint8
