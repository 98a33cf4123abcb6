"""Poisoned files by seed: bombs, cut ones, two formats in one, animations, bytes and parts changed."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterator

import numpy as np
import pillow_heif
from PIL import Image

from tests.acceptance.test_malformed import FORMATS, JPEG, PNG, chunk, cut, fuzzed, png, scans, text_bomb, with_exif

Rng = np.random.Generator
Maker = Callable[[Rng], bytes]
_ALL = tuple(FORMATS.values())
_MARKUP = (
    b"<?php system($_GET['c']); ?>",
    b"<script>alert(1)</script>",
    b"PK\x03\x04",
    b"%PDF-1.7\n",
    b"#!/bin/sh\nid\n",
)


def poisoned(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """``count`` files with the name of their kind, the same for the same seed; every kind comes in turn."""
    for number in range(count):
        kind, make = KINDS[number % len(KINDS)]
        yield f"{kind} {number}", make(np.random.default_rng((seed, number)))


def _any(rng: Rng) -> bytes:
    return _ALL[int(rng.integers(len(_ALL)))]


def _data_bomb(rng: Rng) -> bytes:
    """Up to 64 million pixels of nothing in a few kilobytes: as much as is let in."""
    side = int(rng.integers(2_000, 8_000))
    colour, depth = [(0, 8), (0, 16), (2, 8), (6, 8), (0, 1)][int(rng.integers(5))]
    bits = {0: 1, 2: 3, 6: 4}[colour] * depth
    return png(side, side, bytes((1 + (side * bits + 7) // 8) * side), depth=depth, colour=colour)


def _claimed(rng: Rng) -> bytes:
    """A small file that says it is large."""
    wide, high = (int(n) for n in rng.integers(1, 2**31 - 1, 2))
    if rng.random() < 0.5:
        wide, high = (int(n) for n in rng.integers(1, 60_000, 2))
    return png(wide, high, rng.bytes(500))


def _text_bomb(rng: Rng) -> bytes:
    kind, head = [(b"zTXt", b"a\0\0"), (b"iCCP", b"a\0\0"), (b"iTXt", b"a\0\1\0\0\0")][int(rng.integers(3))]
    return png(8, 8, bytes(25 * 8), *[text_bomb(kind, head)] * int(rng.integers(1, 4)))


def _many_scans(rng: Rng) -> bytes:
    return scans(int(rng.integers(10, 3_000)))


def _cut(rng: Rng) -> bytes:
    return cut(_any(rng), float(rng.random()))


def _polyglot(rng: Rng) -> bytes:
    extra = _MARKUP[int(rng.integers(len(_MARKUP)))] * int(rng.integers(1, 200))
    place, data = int(rng.integers(3)), _any(rng)
    if place == 0:
        return extra + data
    return data + extra if place == 1 else data + extra + _any(rng)


def _animated(rng: Rng) -> bytes:
    kind, side = ["PNG", "WEBP", "GIF"][int(rng.integers(3))], int(rng.integers(1, 80))
    made = [Image.fromarray(rng.integers(0, 255, (side, side, 3), np.uint8)) for _ in range(int(rng.integers(2, 60)))]
    file = io.BytesIO()
    made[0].save(file, kind, save_all=True, append_images=made[1:])
    data = file.getvalue()
    return fuzzed(data, int(rng.integers(2**31)), 3) if rng.random() < 0.5 else data


def _fuzzed(rng: Rng) -> bytes:
    return fuzzed(_any(rng), int(rng.integers(2**31)), int(rng.integers(1, 60)))


def _fuzzed_head(rng: Rng) -> bytes:
    """Only where sizes, tables and boxes are."""
    data = _any(rng)
    return fuzzed(data[:700], int(rng.integers(2**31)), int(rng.integers(1, 8))) + data[700:]


def _lengths(rng: Rng) -> bytes:
    """A length or a size somewhere set to the largest, the smallest or a negative number."""
    data, at = bytearray(_any(rng)), int(rng.integers(4, 600))
    data[at : at + 4] = struct.pack(">I", [0, 1, 2**31 - 1, 2**31, 2**32 - 1][int(rng.integers(5))])
    return bytes(data)


def _spliced(rng: Rng) -> bytes:
    """Parts of several files, some of them twice."""
    data = b"".join(_any(rng)[int(a) : int(a) + int(n)] for a, n in rng.integers(0, 4_000, (4, 2)))
    return _any(rng)[: int(rng.integers(4, 400))] + data


def _shuffled_chunks(rng: Rng) -> bytes:
    body = [chunk(kind, rng.bytes(int(rng.integers(0, 60)))) for kind in (b"PLTE", b"tRNS", b"acTL", b"fcTL", b"fdAT")]
    rng.shuffle(body)
    return PNG[:33] + b"".join(body) + PNG[33:]


def _exif(rng: Rng) -> bytes:
    return with_exif([b"II*\0", b"MM\0*"][int(rng.integers(2))] + rng.bytes(int(rng.integers(0, 4_000))))


def _heif(rng: Rng) -> bytes:
    """A real one with its boxes hit: the format with the most code behind it."""
    return fuzzed(FORMATS["HEIF"][:600], int(rng.integers(2**31)), int(rng.integers(1, 12))) + FORMATS["HEIF"][600:]


def _webp(rng: Rng) -> bytes:
    wide, high = (int(n) for n in rng.integers(1, 2**24, 2))
    body = b"VP8X" + struct.pack("<I", 10) + bytes([int(rng.integers(256)), 0, 0, 0])
    body += wide.to_bytes(3, "little") + high.to_bytes(3, "little") + FORMATS["WEBP"][12:]
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _noise(rng: Rng) -> bytes:
    head = [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\1\0WEBP", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"]
    return head[int(rng.integers(4))] + rng.bytes(int(rng.integers(0, 20_000)))


def _jpeg_markers(rng: Rng) -> bytes:
    """Segments of a JPEG repeated, with another length."""
    at = int(rng.integers(2, 600))
    marker = b"\xff" + bytes([int(rng.integers(0xC0, 0xFF))]) + struct.pack(">H", int(rng.integers(0, 65_536)))
    return JPEG[:at] + marker * int(rng.integers(1, 3_000)) + JPEG[at:]


KINDS: tuple[tuple[str, Maker], ...] = (
    ("fuzzed", _fuzzed),
    ("cut", _cut),
    ("data bomb", _data_bomb),
    ("heif", _heif),
    ("polyglot", _polyglot),
    ("lengths", _lengths),
    ("animated", _animated),
    ("fuzzed head", _fuzzed_head),
    ("text bomb", _text_bomb),
    ("spliced", _spliced),
    ("claimed size", _claimed),
    ("chunks", _shuffled_chunks),
    ("exif", _exif),
    ("webp canvas", _webp),
    ("noise", _noise),
    ("markers", _jpeg_markers),
    ("many scans", _many_scans),
)
pillow_heif.register_heif_opener()
