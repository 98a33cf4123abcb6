"""Formats and pixel layouts become upright RGB; the child gives what the process itself gives."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable

import cv2
import numpy as np
import pillow_heif
import pytest
from PIL import Image

from vision.image import Limits, decode
from vision.types import Photo, Pixels, Unreadable, UnreadableReason

SMALL = Limits(max_bytes=2**20, max_pixels=400_000)


def picture(width: int = 96, height: int = 64) -> Pixels:
    """Red to the right, green downwards, a blue top left corner: no two turns look the same."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[..., 0] = np.linspace(0, 200, width)[None, :]
    pixels[..., 1] = np.linspace(0, 200, height)[:, None]
    pixels[: height // 4, : width // 4, 2] = 250
    return pixels


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def photo(data: bytes, *, trusted: bool = True, limits: Limits = SMALL) -> Photo:
    result = decode(data, "name.bin", limits=limits, trusted=trusted)
    assert isinstance(result, Photo), result
    return result


def close(a: Pixels, b: Pixels, mean: float) -> bool:
    return a.shape == b.shape and float(np.abs(a.astype(int) - b.astype(int)).mean()) <= mean


def heif(image: Image.Image) -> bytes:
    file = io.BytesIO()
    pillow_heif.from_pillow(image).save(file, quality=95)
    return file.getvalue()


def cv2_png(pixels: np.ndarray) -> bytes:
    return cv2.imencode(".png", pixels)[1].tobytes()


def grey16() -> bytes:
    return cv2_png((np.arange(64 * 96).reshape(64, 96) * 10).astype(np.uint16))


RGB = Image.fromarray(picture())
LAYOUTS: tuple[tuple[str, Callable[[], bytes], float], ...] = (
    ("jpeg", lambda: encoded(RGB, "JPEG", quality=95), 3.0),
    ("progressive jpeg", lambda: encoded(RGB, "JPEG", quality=95, progressive=True), 3.0),
    ("cmyk jpeg", lambda: encoded(RGB.convert("CMYK"), "JPEG", quality=95), 4.0),
    ("png", lambda: encoded(RGB, "PNG"), 0.0),
    ("16-bit png", lambda: cv2_png(picture()[..., ::-1].astype(np.uint16) * 257), 0.0),
    ("interlaced alpha png", lambda: encoded(RGB.convert("RGBA"), "PNG"), 0.0),
    ("palette png", lambda: encoded(RGB.quantize(256), "PNG"), 6.0),
    ("webp", lambda: encoded(RGB, "WEBP", quality=95), 4.0),
    ("lossless webp", lambda: encoded(RGB, "WEBP", lossless=True), 0.0),
    ("webp with alpha", lambda: encoded(RGB.convert("RGBA"), "WEBP", lossless=True), 0.0),
    ("heif", lambda: heif(RGB), 4.0),
)


@pytest.mark.parametrize("trusted", [True, False])
@pytest.mark.parametrize(("data", "mean"), [case[1:] for case in LAYOUTS], ids=[case[0] for case in LAYOUTS])
def test_layouts_become_rgb(data: Callable[[], bytes], mean: float, trusted: bool) -> None:
    result = photo(data(), trusted=trusted)
    assert close(result.pixels, picture(), mean)
    assert result.pixels.dtype == np.uint8
    assert not result.pixels.flags.writeable
    assert result.warnings == ()


def test_sixteen_bit_grey_is_scaled_not_clipped() -> None:
    pixels = photo(grey16()).pixels
    assert pixels[0, 0].tolist() == [0, 0, 0]
    assert pixels[-1, -1].tolist() == [(64 * 96 - 1) * 10 >> 8] * 3


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P"])
def test_grey_layouts_have_three_equal_channels(mode: str) -> None:
    pixels = photo(encoded(RGB.convert("L").convert(mode), "PNG")).pixels
    assert (pixels == pixels[..., :1]).all()


def test_alpha_is_laid_on_white() -> None:
    clear = Image.new("RGBA", (8, 8), (255, 0, 0, 0))
    assert photo(encoded(clear, "PNG")).pixels[0, 0].tolist() == [255, 255, 255]


def test_cmyk_as_photoshop_writes_it_is_not_inverted() -> None:
    white = Image.new("CMYK", (32, 32), (0, 0, 0, 0))
    assert photo(encoded(white, "JPEG", quality=95)).pixels.min() > 250


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("trusted", [True, False])
def test_exif_orientation(orientation: int, trusted: bool) -> None:
    upright = picture()
    # What a camera held that way stores: the inverse of the turn that the tag asks for.
    stored = {
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.transpose(1, 0, 2),
        6: np.rot90(upright, 1),
        7: upright.transpose(1, 0, 2)[::-1, ::-1],
        8: np.rot90(upright, -1),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    for kind, options in (("JPEG", {"quality": 95}), ("PNG", {}), ("WEBP", {"lossless": True})):
        data = encoded(Image.fromarray(np.ascontiguousarray(stored)), kind, exif=exif.tobytes(), **options)
        result = photo(data, trusted=trusted)
        assert close(result.pixels, upright, 3.0), kind
        assert result.size_wh == (96, 64)


def test_heif_is_turned_once() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = np.ascontiguousarray(np.rot90(picture(), 1))
    file = io.BytesIO()  # as phones write it: turned by the container's irot, and the same told by EXIF
    pillow_heif.encode("RGB", (64, 96), stored.tobytes(), file, exif=exif.tobytes(), quality=95)
    assert b"irot" in file.getvalue()
    assert close(photo(file.getvalue()).pixels, picture(), 4.0)


def frames() -> list[Image.Image]:
    return [Image.fromarray(picture()), Image.fromarray(255 - picture())]


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_first_frame_of_an_animation(kind: str) -> None:
    first, *rest = frames()
    data = encoded(first, kind, save_all=True, append_images=rest, lossless=True, duration=100)
    result = photo(data, trusted=False)
    assert result.warnings == ("animation",)
    assert close(result.pixels, picture(), 1.0)


def test_sha256_is_of_the_original_bytes() -> None:
    data = encoded(RGB, "PNG")
    assert photo(data).sha256 == hashlib.sha256(data).hexdigest()
    broken = decode(data[:40], "x", limits=SMALL)
    assert isinstance(broken, Unreadable)
    assert (broken.sha256, broken.size_bytes) == (hashlib.sha256(data[:40]).hexdigest(), 40)


def test_name_is_carried_not_believed() -> None:
    result = decode(encoded(RGB, "PNG"), "evil.exe", limits=SMALL)
    assert isinstance(result, Photo)
    assert result.name == "evil.exe"


@pytest.mark.parametrize("share", [0.25, 0.5, 0.9])
@pytest.mark.parametrize("progressive", [False, True])
def test_truncated_jpeg_keeps_its_upper_part(share: float, progressive: bool) -> None:
    rng = np.random.default_rng(7)
    noisy = Image.fromarray(rng.integers(0, 255, (240, 320, 3), dtype=np.uint8))
    data = encoded(noisy, "JPEG", quality=85, progressive=progressive)
    whole, cut = photo(data), photo(data[: int(len(data) * share)], trusted=False)
    assert cut.warnings == ("truncated",)
    assert cut.size_wh == whole.size_wh
    if not progressive:
        rows = int(240 * share * 0.7) // 16 * 16
        assert close(cut.pixels[:rows], whole.pixels[:rows], 0.0)


@pytest.mark.parametrize("behind", [b'vivo{"mode":"photo","zoom":1}', b"\xff\xd8\xff\xe1 and more", bytes(3)])
def test_what_stands_behind_a_heif_picture_is_passed_over(behind: bytes) -> None:
    data = heif(RGB)
    assert close(photo(data + behind, trusted=False).pixels, picture(), 4.0)
    cut = decode(data[:-1], "x", limits=SMALL)
    assert isinstance(cut, Unreadable) and cut.unreadable is UnreadableReason.TRUNCATED


def test_bytes_between_the_segments_of_a_jpeg_are_passed_over() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encoded(Image.fromarray(np.rot90(picture(), 1)), "JPEG", quality=95, exif=exif.tobytes())
    at = 4 + int.from_bytes(data[4:6], "big")
    result = photo(data[:at] + bytes(3) + data[at:], trusted=False)
    assert close(result.pixels, picture(), 3.0)
    assert result.warnings == ("damaged_data",)


def test_a_jpeg_of_an_odd_revision_is_a_photo() -> None:
    data = encoded(RGB, "JPEG", quality=95)
    odd = data.replace(b"JFIF\0\1", b"JFIF\0\2", 1)
    assert odd != data
    assert (photo(odd, trusted=False).pixels == photo(data).pixels).all()


def test_jpeg_with_no_picture_data_is_truncated() -> None:
    data = encoded(RGB, "JPEG")
    scan = data.index(b"\xff\xda")
    result = decode(data[: scan + 14], "x", limits=SMALL)
    assert isinstance(result, Unreadable)
    assert result.unreadable is UnreadableReason.TRUNCATED
