"""EXIF is read with bounds: what is there is told, what makes no sense is left out, nothing raises."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from vision.exif import Capture, read_exif

BEIJING = timezone(timedelta(hours=8))


def tiff(
    main: dict[int, object] | None = None,
    exif: dict[int, object] | None = None,
    gps: dict[int, object] | None = None,
) -> bytes:
    written = Image.Exif()
    written.update(main or {})
    for pointer, values in ((0x8769, exif), (0x8825, gps)):
        if values:
            written.get_ifd(pointer).update(values)
    return written.tobytes().removeprefix(b"Exif\0\0")


TIMES = (
    ("2026:05:01 08:03:11", "+08:00", datetime(2026, 5, 1, 8, 3, 11, tzinfo=BEIJING)),
    ("2026:05:01 08:03:11", "Z", datetime(2026, 5, 1, 8, 3, 11, tzinfo=UTC)),
    ("2026:05:01 08:03:11", "", datetime(2026, 5, 1, 8, 3, 11)),
    ("2026:05:01 08:03:11", "late", datetime(2026, 5, 1, 8, 3, 11)),
    ("0000:00:00 00:00:00", "+08:00", None),
    ("    :  :     :  :  ", "", None),
    ("2026-05-01", "", None),
    ("", "", None),
)


@pytest.mark.parametrize(("stamp", "offset", "expected"), TIMES)
def test_capture_time(stamp: str, offset: str, expected: datetime | None) -> None:
    taken_at = read_exif(tiff(exif={0x9003: stamp, 0x9011: offset})).taken_at
    assert taken_at == expected
    if expected is not None and taken_at is not None:
        assert taken_at.utcoffset() == expected.utcoffset()


POSITIONS: tuple[tuple[dict[int, object], tuple[float, float] | None], ...] = (
    ({1: "N", 2: (31.0, 30.0, 0.0), 3: "E", 4: (117.0, 15.0, 36.0)}, (31.5, 117.26)),
    ({1: "S", 2: (31.0, 30.0, 0.0), 3: "W", 4: (117.0, 15.0, 36.0)}, (-31.5, -117.26)),
    ({1: "N", 2: (91.0, 0.0, 0.0), 3: "E", 4: (117.0, 0.0, 0.0)}, None),
    ({1: "N", 2: (31.0, 61.0, 0.0), 3: "E", 4: (117.0, 0.0, 0.0)}, None),
    ({1: "?", 2: (31.0, 0.0, 0.0), 3: "E", 4: (117.0, 0.0, 0.0)}, None),
    ({1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)}, None),
    ({1: "N", 2: (31.0, 0.0, 0.0)}, None),
    ({}, None),
)


@pytest.mark.parametrize(("gps", "expected"), POSITIONS)
def test_position(gps: dict[int, object], expected: tuple[float, float] | None) -> None:
    assert read_exif(tiff(gps=gps)).gps == expected


DEVICES = (
    ("Xiaomi", "2210132C", "Xiaomi 2210132C"),
    ("Apple", "Apple iPhone 15", "Apple iPhone 15"),
    ("", "V2202A", "V2202A"),
    ("HUAWEI", "", "HUAWEI"),
    ("", "", None),
    ("Evil\x1b[31m\r\n", "x\x07", "Evil [31m x"),
    ("\u202egnp", "\u200b", "gnp"),
    ("M" * 90, "", "M" * 64),
)


@pytest.mark.parametrize(("make", "model", "expected"), DEVICES)
def test_device_is_plain_text(make: str, model: str, expected: str | None) -> None:
    # Pillow writes ASCII only: the bytes are put in by hand.
    raw_make, raw_model = make.encode(), model.encode()
    data = tiff({0x010F: "a" * len(raw_make), 0x0110: "b" * len(raw_model)})
    if len(raw_make) > 3:
        data = data.replace(b"a" * len(raw_make), raw_make)
    elif make:
        pytest.fail("longer than what lies inside the entry, or empty")
    if model and len(raw_model) > 0:
        data = data.replace(b"b" * len(raw_model), raw_model)
    assert read_exif(data).device == expected


@pytest.mark.parametrize(("order", "kind", "raw"), [
    ("MM", 3, b"\0\6\0\0"), ("MM", 4, b"\0\0\0\6"), ("II", 3, b"\6\0\0\0"), ("II", 4, b"\6\0\0\0"),
])  # fmt: skip
def test_orientation_in_two_bytes_or_four(order: str, kind: int, raw: bytes) -> None:
    """Pillow and phones' galleries turn the photo either way, so a party saw it upright when it was uploaded."""
    sign = {"MM": ">", "II": "<"}[order]
    entry = struct.pack(sign + "HHI", 0x0112, kind, 1) + raw
    assert read_exif(order.encode() + struct.pack(sign + "HIH", 42, 8, 1) + entry + bytes(4)).orientation == 6


@pytest.mark.parametrize("orientation", [0, 9, 65_535])
def test_impossible_orientation_is_upright(orientation: int) -> None:
    assert read_exif(tiff({0x0112: orientation})).orientation == 1


def test_directory_that_points_at_itself_ends() -> None:
    loop = b"II*\0\x08\0\0\0" + b"\x01\0" + b"\x69\x87\x04\0\x01\0\0\0\x08\0\0\0" + b"\x08\0\0\0"
    assert read_exif(loop) == Capture()


@given(st.binary(max_size=400))
def test_any_bytes_give_a_capture(junk: bytes) -> None:
    for head in (b"", b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08"):
        assert 1 <= read_exif(head + junk).orientation <= 8


@given(st.data())
def test_any_damage_gives_a_capture(data: st.DataObject) -> None:
    good = tiff(
        {0x010F: "Maker", 0x0110: "Model 7", 0x0112: 6},
        {0x9003: "2026:05:01 08:03:11", 0x9011: "+08:00"},
        {1: "N", 2: (31.0, 30.0, 0.0), 3: "E", 4: (117.0, 15.0, 36.0)},
    )
    bad = bytearray(good)
    for _ in range(data.draw(st.integers(1, 6))):
        bad[data.draw(st.integers(0, len(bad) - 1))] = data.draw(st.integers(0, 255))
    capture = read_exif(bytes(bad[: data.draw(st.integers(0, len(bad)))]))
    if capture.gps is not None:
        assert abs(capture.gps[0]) <= 90
        assert abs(capture.gps[1]) <= 180
