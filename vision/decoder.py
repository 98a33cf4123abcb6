"""Bytes to RGB pixels in this process. `vision.decoder_worker` runs it for bytes that nobody vouches for.

Imports little, since the worker's start waits for it: no OpenCV, HEIF only when the first HEIF comes.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import simplejpeg
from PIL import Image

from vision.containers import Container, RefusedError, sniff
from vision.headers import EXIF_MAX_BYTES, Header, png_chunks, read_header
from vision.types import Pixels, UnreadableReason

Allocate = Callable[[int, int], Pixels]
"""(height, width) -> writable RGB array to decode into."""

WARNINGS = ("truncated", "damaged_data", "animation")
"""What may be said of pixels that were given nevertheless: the end of a JPEG is missing; bytes inside it are wrong
(a decoder's warning, often harmless); only the first frame of several was taken."""
_PNG_KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_PILLOW_ERRORS = (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError)
_NOTHING_ROWS = 17
"""So many rows differ from the rest although no block was complete: one row of 16x16 blocks and its chroma's seam."""


@dataclass(frozen=True, slots=True)
class Raw:
    """Pixels as they lie in the file, before any EXIF turn."""

    pixels: Pixels
    exif: bytes
    upright: bool
    """The decoder has applied the container's own turn (HEIF); EXIF orientation must not be applied again."""
    warnings: tuple[str, ...] = ()


def decode_raw(data: bytes, max_pixels: int, allocate: Allocate) -> Raw:
    """Decode the first frame of a JPEG, PNG, WebP or HEIF file; grey, palette, alpha (on white), 16 bits, CMYK too.

    Args:
        data: the file.
        max_pixels: refused above, before any pixel is decoded.
        allocate: called once, for the array that becomes ``Raw.pixels``.

    Raises:
        RefusedError: with the reason.
        MemoryError: not enough memory for this picture.
    """
    kind = sniff(data)
    header = read_header(data, kind)
    if header.size_wh is not None:
        _check_pixels(header.size_wh, max_pixels)
    animation = ("animation",) if header.animated else ()
    match kind:
        case Container.JPEG:
            return _decode_jpeg(data, header, allocate)
        case Container.PNG:
            return _decode_pillow(_bare_png(data), "PNG", header, allocate, animation)
        case Container.WEBP:
            return _decode_pillow(data, "WEBP", header, allocate, animation)
        case Container.HEIF:
            return _decode_heif(data, max_pixels, allocate, animation)


def _check_pixels(size_wh: tuple[int, int], max_pixels: int) -> None:
    if size_wh[0] * size_wh[1] > max_pixels:
        raise RefusedError(UnreadableReason.TOO_MANY_PIXELS)


def _decode_jpeg(data: bytes, header: Header, allocate: Allocate) -> Raw:
    try:
        height, width, colours, _ = simplejpeg.decode_jpeg_header(data, strict=False)
    except ValueError:
        return _decode_pillow(data, "JPEG", header, allocate, ())  # a sampling that TurboJPEG does not know
    if colours in {"CMYK", "YCCK"} or (width, height) != header.size_wh:
        return _decode_pillow(data, "JPEG", header, allocate, ())
    pixels = allocate(height, width)
    try:
        simplejpeg.decode_jpeg(data, "RGB", buffer=pixels)
        return Raw(pixels, header.exif, False)
    except ValueError as error:
        warning = "truncated" if "premature end" in str(error).lower() else "damaged_data"
    try:
        simplejpeg.decode_jpeg(data, "RGB", buffer=pixels, strict=False)
    except ValueError:
        # A warning of the header (bytes between segments, an odd JFIF revision) is an error to it, strict or not.
        return _decode_pillow(data, "JPEG", header, lambda *_: pixels, (warning,))
    if warning == "truncated" and _good_rows(pixels) <= min(_NOTHING_ROWS, height - 1):
        raise RefusedError(UnreadableReason.TRUNCATED)
    return Raw(pixels, header.exif, False, (warning,))


def _good_rows(pixels: Pixels) -> int:
    """Rows above the flat rest: where data ends, libjpeg repeats the last block mean down to the last pixel."""
    differs = (pixels != pixels[-1, -1]).any(axis=(1, 2))
    return int(np.flatnonzero(differs)[-1]) + 1 if differs.any() else 0


def _bare_png(data: bytes) -> bytes:
    """Only the chunks that make the picture: text and profiles may be bombs, and later frames are not asked for."""
    return data[:8] + b"".join(data[at:end] for kind, at, end in png_chunks(data) if kind in _PNG_KEPT)


def _decode_pillow(data: bytes, kind: str, header: Header, allocate: Allocate, warnings: tuple[str, ...]) -> Raw:
    try:
        with Image.open(io.BytesIO(data), formats=(kind,)) as image:
            if image.size != header.size_wh:
                raise RefusedError(UnreadableReason.NOT_AN_IMAGE)
            rgb = _to_rgb(image)
    except _PILLOW_ERRORS as error:
        cut = kind == "JPEG" and "truncated" in str(error)
        raise RefusedError(UnreadableReason.TRUNCATED if cut else UnreadableReason.NOT_AN_IMAGE) from error
    pixels = allocate(rgb.height, rgb.width)
    np.copyto(pixels, np.asarray(rgb))
    return Raw(pixels, header.exif, False, warnings)


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16-bit grey: Pillow's own conversion clips at 255 instead of scaling
        grey = np.asarray(image).astype(np.uint16)
        return Image.fromarray((grey >> 8).astype(np.uint8)).convert("RGB")
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        page = Image.new("RGB", rgba.size, "white")
        page.paste(rgba, mask=rgba.getchannel("A"))
        return page
    return image.convert("RGB")


def _decode_heif(data: bytes, max_pixels: int, allocate: Allocate, warnings: tuple[str, ...]) -> Raw:
    import pillow_heif  # type: ignore[import-untyped, unused-ignore]  # 60 ms that JPEG need not wait for

    try:
        image = pillow_heif.open_heif(data, convert_hdr_to_8bit=True)
        _check_pixels(image.size, max_pixels)
        exif = bytes(image.info.get("exif") or b"")[:EXIF_MAX_BYTES]
        rgb = _to_rgb(image.to_pillow())
    except (*_PILLOW_ERRORS, RuntimeError) as error:
        raise RefusedError(UnreadableReason.NOT_AN_IMAGE) from error
    pixels = allocate(rgb.height, rgb.width)
    np.copyto(pixels, np.asarray(rgb))
    return Raw(pixels, exif.removeprefix(b"Exif\0\0"), True, warnings)
