"""Which kind of file it is, by its first bytes."""

from __future__ import annotations

from enum import StrEnum

from vision.errors import KuaizhengError
from vision.types import UnreadableReason


class RefusedError(KuaizhengError):
    """These bytes give no pixels, and why. Never leaves intake: it becomes an `Unreadable`."""

    code = "refused"

    def __init__(self, reason: UnreadableReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Container(StrEnum):
    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    HEIF = "heif"


_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_BMP_HEADER_SIZES = frozenset({12, 40, 52, 56, 64, 108, 124})
# Pictures, videos and papers that people do upload; what is not here either is no picture at all.
_UNSUPPORTED = (
    b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"%PDF", b"8BPS", b"\0\0\1\0", b"\xff\x0a",
    b"\0\0\0\x0cJXL ", b"\0\0\0\x0cjP  ", b"\xff\x4f\xff\x51", b"\x1aE\xdf\xa3", b"<svg", b"IIRO", b"FUJIFILMCCD-RAW",
)  # fmt: skip


def sniff(data: bytes) -> Container:
    """Kind of file by its first bytes; the name plays no part.

    Raises:
        RefusedError: ``empty``, ``unsupported_format`` or ``not_an_image``.
    """
    if not data:
        raise RefusedError(UnreadableReason.EMPTY)
    if data.startswith(b"\xff\xd8\xff"):
        return Container.JPEG
    if data.startswith(_PNG_SIGNATURE):
        return Container.PNG
    if data.startswith(b"RIFF") and data[8:12] in {b"WEBP", b"AVI "}:
        return _only(Container.WEBP, data[8:12] == b"WEBP")
    if data[4:8] == b"ftyp":
        brands = _brands(data)
        return _only(Container.HEIF, bool(brands & _HEIF_BRANDS) and not brands & _AVIF_BRANDS)
    bmp = data.startswith(b"BM") and len(data) >= 18 and int.from_bytes(data[14:18], "little") in _BMP_HEADER_SIZES
    if bmp or data.startswith(_UNSUPPORTED):
        raise RefusedError(UnreadableReason.UNSUPPORTED_FORMAT)
    raise RefusedError(UnreadableReason.NOT_AN_IMAGE)


def _only(kind: Container, supported: bool) -> Container:
    if not supported:
        raise RefusedError(UnreadableReason.UNSUPPORTED_FORMAT)
    return kind


def _brands(data: bytes) -> frozenset[bytes]:
    """Major and compatible brands of a file-type box (at most 32, enough for every real file)."""
    end = min(int.from_bytes(data[:4], "big"), len(data), 16 + 4 * 32)
    return frozenset({data[8:12], *(data[at : at + 4] for at in range(16, end - 3, 4))})
