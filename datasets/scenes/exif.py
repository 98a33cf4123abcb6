"""Writes what a phone writes into a JPEG: time with offset, place, device. All values of the demo are made up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base


@dataclass(frozen=True, slots=True)
class Capture:
    """Time (aware), latitude and longitude in degrees (WGS 84), maker and model of the device."""

    taken_at: datetime
    latitude: float
    longitude: float
    maker: str
    model: str


def exif_block(capture: Capture) -> Image.Exif:
    """EXIF with capture time, offset, GPS and device. Raises ValueError when the time has no offset."""
    offset = capture.taken_at.strftime("%z")
    if not offset:
        raise ValueError("the capture time needs an offset")
    offset = f"{offset[:3]}:{offset[3:5]}"
    stamp = capture.taken_at.strftime("%Y:%m:%d %H:%M:%S")
    exif = Image.Exif()
    exif[Base.Make] = capture.maker
    exif[Base.Model] = capture.model
    exif[Base.Orientation] = 1
    exif[Base.DateTime] = stamp
    details = exif.get_ifd(IFD.Exif)
    details[Base.DateTimeOriginal] = stamp
    details[Base.DateTimeDigitized] = stamp
    details[Base.OffsetTime] = offset
    details[Base.OffsetTimeOriginal] = offset
    place = exif.get_ifd(IFD.GPSInfo)
    place[GPS.GPSVersionID] = b"\x02\x03\x00\x00"
    place[GPS.GPSLatitudeRef] = "N" if capture.latitude >= 0 else "S"
    place[GPS.GPSLatitude] = degrees_minutes_seconds(capture.latitude)
    place[GPS.GPSLongitudeRef] = "E" if capture.longitude >= 0 else "W"
    place[GPS.GPSLongitude] = degrees_minutes_seconds(capture.longitude)
    return exif


def degrees_minutes_seconds(angle: float) -> tuple[float, float, float]:
    """Whole degrees, whole minutes and seconds (to 0.01) of an angle's absolute value."""
    hundredths = round(abs(angle) * 3600 * 100)
    minutes, rest = divmod(hundredths, 6000)
    degrees, minutes = divmod(minutes, 60)
    return float(degrees), float(minutes), rest / 100
