"""Containers as far as intake must know them before a decoder runs: size, EXIF bytes, animation, completeness.

Pure Python over bounded slices, so that nothing a stranger sends reaches native code before its size is known.
Sources: ITU T.81 annex B (JPEG markers), PNG third edition chapter 5, RFC 9649 (WebP), ISO/IEC 14496-12 (boxes).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from vision.containers import Container, RefusedError
from vision.types import UnreadableReason

EXIF_MAX_BYTES = 65_536
"""A JPEG segment cannot hold more; of other containers the first 64 KiB are looked at."""
_HEIF_PICTURE = frozenset({b"meta", b"mdat"})
"""Boxes that hold a still picture."""
_HEIF_BOXES = frozenset({*_HEIF_PICTURE, b"moov", b"moof", b"free", b"skip", b"uuid"})
_HEIF_SEQUENCES = frozenset({b"hevc", b"hevx", b"hevm", b"hevs", b"msf1"})


@dataclass(frozen=True, slots=True)
class Header:
    """What a container says of its picture. ``size_wh`` null: only the decoder can tell (HEIF)."""

    size_wh: tuple[int, int] | None
    exif: bytes = b""
    """TIFF structure without the ``Exif`` prefix; empty where there is none."""
    animated: bool = False


def read_header(data: bytes, kind: Container) -> Header:
    """Size, EXIF and animation of a file of a known kind.

    Raises:
        RefusedError: ``truncated`` where the file ends before its picture does (for JPEG: before its picture begins),
            ``not_an_image`` where the structure makes no sense, ``unsupported_format`` for exotic JPEG processes.
    """
    match kind:
        case Container.JPEG:
            return _jpeg_header(data)
        case Container.PNG:
            return _png_header(data)
        case Container.WEBP:
            return _webp_header(data)
        case Container.HEIF:
            _boxes_complete(data)
            return Header(None, animated=data[8:12] in _HEIF_SEQUENCES)


def _jpeg_header(data: bytes) -> Header:
    at, size_wh, exif = 2, None, b""
    while True:
        # Bytes between two segments are passed over, as every decoder does: somebody counted one of them wrongly.
        if (at := data.find(b"\xff", at)) < 0:
            raise RefusedError(UnreadableReason.TRUNCATED)
        while data[at : at + 2] == b"\xff\xff":  # fill bytes
            at += 1
        if data[at : at + 2] == b"\xff\xd9":  # the end before any scan
            raise RefusedError(UnreadableReason.NOT_AN_IMAGE)
        if at + 4 > len(data):
            raise RefusedError(UnreadableReason.TRUNCATED)
        code, length = struct.unpack_from(">xBH", data, at)
        if length < 2 or code == 0x00:
            raise RefusedError(UnreadableReason.NOT_AN_IMAGE)
        body = data[at + 4 : at + 2 + length]
        if len(body) < length - 2:
            raise RefusedError(UnreadableReason.TRUNCATED)
        if code == 0xDA:
            break
        if 0xC0 <= code <= 0xCF and code not in {0xC4, 0xC8, 0xCC}:
            size_wh = _jpeg_size(code, body)
        if code == 0xE1 and body.startswith(b"Exif\0") and not exif:
            exif = body[6:]
        at += 2 + length
    if size_wh is None:
        raise RefusedError(UnreadableReason.NOT_AN_IMAGE)
    return Header(_possible(*size_wh), exif)


def _jpeg_size(code: int, body: bytes) -> tuple[int, int]:
    if len(body) < 6:
        raise RefusedError(UnreadableReason.NOT_AN_IMAGE)
    precision, height, width = struct.unpack_from(">BHH", body)
    # Baseline, extended and progressive, Huffman or arithmetic, of 8 bits; not lossless, hierarchical or 12 bits.
    if precision != 8 or code not in {0xC0, 0xC1, 0xC2, 0xC9, 0xCA}:
        raise RefusedError(UnreadableReason.UNSUPPORTED_FORMAT)
    return width, height


def png_chunks(data: bytes) -> tuple[tuple[bytes, int, int], ...]:
    """Chunks up to IEND as (type, offset of the chunk, offset behind it).

    Raises:
        RefusedError: ``truncated`` if the file ends before IEND.
    """
    at, chunks = 8, []
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if at + 12 + length > len(data):
            break
        chunks.append((kind, at, at + 12 + length))
        at += 12 + length
        if kind == b"IEND":
            return tuple(chunks)
    raise RefusedError(UnreadableReason.TRUNCATED)


def _png_header(data: bytes) -> Header:
    chunks = png_chunks(data)
    kinds = {kind for kind, _, _ in chunks}
    kind, at, end = chunks[0]
    if kind != b"IHDR" or end - at != 25 or b"IDAT" not in kinds:
        raise RefusedError(UnreadableReason.NOT_AN_IMAGE)
    exif = next((data[a + 8 : e - 4] for kind, a, e in chunks if kind == b"eXIf"), b"")
    width, height = struct.unpack_from(">II", data, at + 8)
    return Header(_possible(width, height), exif[:EXIF_MAX_BYTES], b"acTL" in kinds)


def _webp_header(data: bytes) -> Header:
    if 8 + int.from_bytes(data[4:8], "little") > len(data):
        raise RefusedError(UnreadableReason.TRUNCATED)
    kind, body, at = data[12:16], data[20:30], 12
    if len(body) < 10:
        raise RefusedError(UnreadableReason.NOT_AN_IMAGE)
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", body, 6)
        return Header(_possible(width & 0x3FFF, height & 0x3FFF))
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return Header(_possible((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1))
    if kind != b"VP8X":
        raise RefusedError(UnreadableReason.NOT_AN_IMAGE)
    exif = b""
    while at + 8 <= len(data) and not exif:
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        if data[at : at + 4] == b"EXIF":
            exif = data[at + 8 : at + 8 + min(length, EXIF_MAX_BYTES)].removeprefix(b"Exif\0\0")
        at += 8 + length + length % 2
    size_wh = int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    return Header(_possible(*size_wh), exif, animated=bool(body[0] & 0x02))


def _boxes_complete(data: bytes) -> None:
    """Top-level boxes must end with the file; a box of size 0 runs to the end, size 1 has 64 bits behind.

    What some phones write behind the picture is no box: it is not looked at.
    """
    at, seen = 0, set[bytes]()
    while at + 8 <= len(data):
        if _HEIF_PICTURE <= seen and data[at + 4 : at + 8] not in _HEIF_BOXES:
            return
        seen.add(data[at + 4 : at + 8])
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size == 0:
            return
        if size < 8:
            raise RefusedError(UnreadableReason.NOT_AN_IMAGE)
        at += size
    if at > len(data):
        raise RefusedError(UnreadableReason.TRUNCATED)


def _possible(width: int, height: int) -> tuple[int, int]:
    if width < 1 or height < 1:
        raise RefusedError(UnreadableReason.NOT_AN_IMAGE)
    return width, height
