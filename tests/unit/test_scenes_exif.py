"""EXIF that the demo's photos carry: written, read back."""

from __future__ import annotations

import io
from datetime import datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from datasets.scenes.exif import Capture, degrees_minutes_seconds, exif_block

CHINA = timezone(timedelta(hours=8))


def _round_trip(capture: Capture) -> Image.Exif:
    file = io.BytesIO()
    Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(file, "JPEG", exif=exif_block(capture))
    return Image.open(io.BytesIO(file.getvalue())).getexif()


def test_time_place_and_device_survive_a_jpeg() -> None:
    exif = _round_trip(Capture(datetime(2026, 9, 18, 10, 28, 7, tzinfo=CHINA), 31.5, -120.25, "Maker", "Model"))
    details, place = exif.get_ifd(IFD.Exif), exif.get_ifd(IFD.GPSInfo)
    assert details[Base.DateTimeOriginal] == "2026:09:18 10:28:07"
    assert details[Base.OffsetTimeOriginal] == "+08:00"
    assert (exif[Base.Make], exif[Base.Model]) == ("Maker", "Model")
    assert (place[GPS.GPSLatitudeRef], place[GPS.GPSLongitudeRef]) == ("N", "W")
    assert [float(v) for v in place[GPS.GPSLatitude]] == [31, 30, 0]
    assert [float(v) for v in place[GPS.GPSLongitude]] == [120, 15, 0]


@pytest.mark.parametrize(("hours", "written"), [(-5.5, "-05:30"), (0, "+00:00"), (8, "+08:00")])
def test_offsets(hours: float, written: str) -> None:
    zone = timezone(timedelta(hours=hours))
    exif = _round_trip(Capture(datetime(2026, 1, 2, tzinfo=zone), 0, 0, "a", "b"))
    assert exif.get_ifd(IFD.Exif)[Base.OffsetTimeOriginal] == written


def test_a_time_without_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        exif_block(Capture(datetime(2026, 1, 2), 0, 0, "a", "b"))


@given(st.floats(-180, 180))
def test_angles_come_back(angle: float) -> None:
    degrees, minutes, seconds = degrees_minutes_seconds(angle)
    assert 0 <= minutes < 60
    assert 0 <= seconds < 60
    assert degrees + minutes / 60 + seconds / 3600 == pytest.approx(abs(angle), abs=1.5e-6)
