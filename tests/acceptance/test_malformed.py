"""Sixty malformed, hostile or odd files, made here: none crashes us, none hangs, each gives its reason or pixels."""

from __future__ import annotations

import io
import struct
import time
import zlib
from collections.abc import Callable

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from vision.image import Limits, close_decoders, decode
from vision.types import Photo, Unreadable

PIXELS = "pixels"
LIMITS = Limits(timeout_s=10.0)
HANG_S = 10.5

RNG = np.random.default_rng(20260501)
NOISE = Image.fromarray(RNG.integers(0, 255, (240, 320, 3), dtype=np.uint8))
LOOP = b"II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0"
HUGE_COUNT = b"MM\0*\0\0\0\x08\0\x01\x01\x0f\0\x02\xff\xff\xff\xff\0\0\0\x08"
PNG_HEAD = b"\x89PNG\r\n\x1a\n"


pillow_heif.register_heif_opener()


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


JPEG = saved(NOISE, "JPEG", quality=80)
PROGRESSIVE = saved(NOISE, "JPEG", quality=80, progressive=True)
PNG = saved(NOISE, "PNG")
WEBP = saved(NOISE, "WEBP", quality=80)
HEIF = saved(NOISE, "HEIF", quality=60)
FORMATS = {"JPEG": JPEG, "PROGRESSIVE": PROGRESSIVE, "PNG": PNG, "WEBP": WEBP, "HEIF": HEIF}
FRAMES = [NOISE, NOISE.rotate(180)]


def cut(data: bytes, share: float) -> bytes:
    return data[: int(len(data) * share)]


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, rows: bytes, *extra: bytes, depth: int = 8, colour: int = 2) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return PNG_HEAD + head + b"".join(extra) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def text_bomb(kind: bytes, head: bytes) -> bytes:
    return chunk(kind, head + zlib.compress(bytes(120_000_000), 9))


def small_rows() -> bytes:
    return b"".join(b"\0" + bytes(RNG.integers(0, 255, 24, dtype=np.uint8)) for _ in range(8))


def with_exif(exif: bytes) -> bytes:
    body = b"Exif\0\0" + exif
    return JPEG[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + JPEG[2:]


def jpeg_sized(height: int, width: int) -> bytes:
    at = JPEG.index(b"\xff\xc0") + 5
    return JPEG[:at] + struct.pack(">HH", height, width) + JPEG[at + 4 :]


def webp_sized(width: int, height: int) -> bytes:
    extended = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0"
    body = extended + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little") + WEBP[12:]
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def fuzzed(data: bytes, seed: int, hits: int) -> bytes:
    rng, bad = np.random.default_rng(seed), bytearray(data)
    for at in rng.integers(0, len(data), hits):
        bad[at] = int(rng.integers(0, 256))
    return bytes(bad)


def scans(count: int) -> bytes:
    """A progressive JPEG whose last scan comes again and again, each one over all the picture."""
    last = PROGRESSIVE.rindex(b"\xff\xda")
    return PROGRESSIVE[:last] + PROGRESSIVE[last:-2] * count + b"\xff\xd9"


EXACT: tuple[tuple[str, Callable[[], bytes], str], ...] = (
    ("empty", lambda: b"", "empty"),
    ("one byte", lambda: b"\xff", "not_an_image"),
    ("text", lambda: "现场照片".encode(), "not_an_image"),
    ("zeros", lambda: bytes(5000), "not_an_image"),
    ("noise", lambda: RNG.bytes(5000), "not_an_image"),
    ("html page", lambda: b"<!doctype html><title>502</title>", "not_an_image"),
    ("zip", lambda: b"PK\x03\x04" + bytes(100), "not_an_image"),
    ("program", lambda: b"\x7fELF" + bytes(100), "not_an_image"),
    ("jpeg after a byte order mark", lambda: b"\xef\xbb\xbf" + JPEG, "not_an_image"),
    ("text that begins like a bitmap", lambda: b"BMW X5, front left, 2026", "not_an_image"),
    ("gif", lambda: saved(NOISE, "GIF"), "unsupported_format"),
    ("animated gif", lambda: saved(NOISE, "GIF", save_all=True, append_images=FRAMES), "unsupported_format"),
    ("bmp", lambda: saved(NOISE, "BMP"), "unsupported_format"),
    ("tiff", lambda: saved(NOISE, "TIFF"), "unsupported_format"),
    ("avif", lambda: b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf" + bytes(64), "unsupported_format"),
    ("mp4", lambda: b"\0\0\0\x18ftypmp42\0\0\0\0isommp42" + bytes(64), "unsupported_format"),
    ("pdf", lambda: b"%PDF-1.7\n" + bytes(64), "unsupported_format"),
    ("svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unsupported_format"),
    ("jpeg 2000", lambda: b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(64), "unsupported_format"),
    ("jpeg xl", lambda: b"\xff\x0a" + bytes(64), "unsupported_format"),
    ("gif before a jpeg", lambda: b"GIF89a" + JPEG, "unsupported_format"),
    ("12-bit jpeg", lambda: JPEG.replace(b"\xff\xc0\0\x11\x08", b"\xff\xc0\0\x11\x0c"), "unsupported_format"),
    ("lossless jpeg", lambda: JPEG.replace(b"\xff\xc0\0\x11", b"\xff\xc3\0\x11"), "unsupported_format"),
    ("jpeg cut in the magic", lambda: JPEG[:3], "truncated"),
    ("jpeg cut in the tables", lambda: JPEG[:200], "truncated"),
    ("jpeg cut at the scan", lambda: JPEG[: JPEG.index(b"\xff\xda") + 15], "truncated"),
    ("jpeg cut at a fifth", lambda: cut(JPEG, 0.2), PIXELS + " truncated"),
    ("jpeg cut at half", lambda: cut(JPEG, 0.5), PIXELS + " truncated"),
    ("jpeg without its last byte", lambda: JPEG[:-1], PIXELS + " truncated"),
    ("progressive jpeg cut at half", lambda: cut(PROGRESSIVE, 0.5), PIXELS + " truncated"),
    ("jpeg of no scan", lambda: JPEG[: JPEG.index(b"\xff\xda")] + b"\xff\xd9", "not_an_image"),
    ("png cut in the magic", lambda: PNG[:8], "truncated"),
    ("png cut in the header", lambda: PNG[:20], "truncated"),
    ("png cut at half", lambda: cut(PNG, 0.5), "truncated"),
    ("png without its end", lambda: PNG[:-12], "truncated"),
    ("webp cut at half", lambda: cut(WEBP, 0.5), "truncated"),
    ("heif cut in the boxes", lambda: HEIF[:60], "truncated"),
    ("heif cut at half", lambda: cut(HEIF, 0.5), "truncated"),
    ("png of a billion pixels", lambda: png(60_000, 60_000, bytes(1000)), "too_many_pixels"),
    ("png of all the pixels", lambda: png(2**31 - 1, 2**31 - 1, bytes(1000)), "too_many_pixels"),
    ("png of one endless row", lambda: png(2**31 - 1, 1, bytes(1000)), "too_many_pixels"),
    ("png bomb in its data", lambda: png(8, 8, bytes(200_000_000)), PIXELS),
    ("png of no width", lambda: png(0, 100, b""), "not_an_image"),
    ("png of an impossible depth", lambda: png(8, 8, small_rows(), depth=7), "not_an_image"),
    ("png without data", lambda: PNG_HEAD + png(8, 8, b"")[8:33] + chunk(b"IEND", b""), "not_an_image"),
    ("png of bad data", lambda: png(8, 8, small_rows()).replace(b"IDAT\x78", b"IDAT\x00"), "not_an_image"),
    ("png with a text bomb", lambda: png(8, 8, small_rows(), text_bomb(b"zTXt", b"a\0\0")), PIXELS),
    ("png with a profile bomb", lambda: png(8, 8, small_rows(), text_bomb(b"iCCP", b"a\0\0")), PIXELS),
    ("jpeg of 65535 x 65535", lambda: jpeg_sized(65_535, 65_535), "too_many_pixels"),
    ("jpeg of no height", lambda: jpeg_sized(0, 320), "not_an_image"),
    ("jpeg that claims 8000 x 7999", lambda: jpeg_sized(7_999, 8_000), "truncated"),
    ("webp of 16384 x 16384", lambda: webp_sized(16_384, 16_384), "too_many_pixels"),
    ("webp canvas that does not fit", lambda: webp_sized(4_000, 4_000), "not_an_image"),
    ("jpeg of 2000 scans", lambda: scans(2000), PIXELS + " damaged_data"),
    ("exif of noise", lambda: with_exif(RNG.bytes(3000)), PIXELS),
    ("exif that points outside", lambda: with_exif(b"II*\0\xff\xff\xff\x7f"), PIXELS),
    ("exif that points at itself", lambda: with_exif(LOOP), PIXELS),
    ("exif of a huge count", lambda: with_exif(HUGE_COUNT), PIXELS),
    ("jpeg with a program behind it", lambda: JPEG + b"PK\x03\x04<?php system($_GET['c']); ?>" * 50, PIXELS),
    ("png with a page behind it", lambda: PNG + b"<script>alert(1)</script>", PIXELS),
    ("animated png", lambda: saved(NOISE, "PNG", save_all=True, append_images=FRAMES), PIXELS + " animation"),
    ("animated webp", lambda: saved(NOISE, "WEBP", save_all=True, append_images=FRAMES), PIXELS + " animation"),
    ("over 40 MB", lambda: JPEG + bytes(41 * 2**20), "too_large"),
)  # fmt: skip


def outcome(result: Photo | Unreadable) -> str:
    if isinstance(result, Unreadable):
        return result.unreadable.value
    return " ".join((PIXELS, *result.warnings))


@pytest.mark.parametrize(("name", "make", "expected"), EXACT, ids=[case[0] for case in EXACT])
def test_malformed_file(name: str, make: Callable[[], bytes], expected: str) -> None:
    data = make()
    began = time.monotonic()
    result = decode(data, "wrong-name.heic", limits=LIMITS)
    assert time.monotonic() - began < HANG_S
    assert outcome(result) == expected, name


@pytest.mark.parametrize("kind", sorted(FORMATS))
@pytest.mark.parametrize("seed", range(12))
def test_fuzzed_file_never_hurts(kind: str, seed: int) -> None:
    began = time.monotonic()
    result = decode(fuzzed(FORMATS[kind], seed, 1 + 4 * seed), "fuzz", limits=LIMITS)
    assert time.monotonic() - began < HANG_S
    if isinstance(result, Photo):
        assert result.pixels.ndim == 3
        assert result.pixels.shape[2] == 3


def test_every_share_of_every_format() -> None:
    for original in FORMATS.values():
        for share in np.linspace(0.002, 0.998, 25):
            result = decode(cut(original, float(share)), "cut", limits=LIMITS)
            assert outcome(result) in {"truncated", "not_an_image", PIXELS + " truncated"}


def test_a_good_photo_still_decodes_after_all_that() -> None:
    result = decode(JPEG, "good", limits=LIMITS)
    close_decoders()
    assert outcome(result) == PIXELS
