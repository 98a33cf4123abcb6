"""The few EXIF tags that evidence needs, read with bounds and without trust (EXIF 2.32, CIPA DC-008)."""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

_MAKE, _MODEL, _ORIENTATION, _EXIF_IFD, _GPS_IFD = 0x010F, 0x0110, 0x0112, 0x8769, 0x8825
_TAKEN, _TAKEN_OFFSET = 0x9003, 0x9011
_LAT_REF, _LAT, _LON_REF, _LON = 1, 2, 3, 4
_BYTES_PER_VALUE = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8}
_MAX_ENTRIES = 512
_DEVICE_MAX_CHARS = 64


@dataclass(frozen=True, slots=True)
class Capture:
    """How, when, where and with what a photo says it was taken. Anyone can write anything there."""

    orientation: int = 1
    """1..8, EXIF: where row 0 and column 0 lie."""
    taken_at: datetime | None = None
    """DateTimeOriginal; aware where OffsetTimeOriginal is there."""
    gps: tuple[float, float] | None = None
    """Latitude, longitude in degrees; 0, 0 is what cameras write without a fix and counts as none."""
    device: str | None = None


def read_exif(tiff: bytes) -> Capture:
    """Read a TIFF structure as it stands in APP1. Whatever is missing or makes no sense is left out; never raises."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None or len(tiff) < 8:
        return Capture()
    reader = _Reader(tiff, order)
    main = reader.directory(reader.pointer(tiff[4:8]))
    exif = reader.directory(reader.pointer(main.get(_EXIF_IFD, b"")))
    gps = reader.directory(reader.pointer(main.get(_GPS_IFD, b"")))
    orientation = reader.number(main.get(_ORIENTATION, b""))
    return Capture(
        orientation if 1 <= orientation <= 8 else 1,
        _time(exif.get(_TAKEN, b""), exif.get(_TAKEN_OFFSET, b"")),
        _position(reader, gps),
        _device(main.get(_MAKE, b""), main.get(_MODEL, b"")),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    tiff: bytes
    order: str

    def pointer(self, raw: bytes) -> int:
        return int(struct.unpack(self.order + "I", raw[:4])[0]) if len(raw) >= 4 else 0

    def short(self, raw: bytes) -> int:
        return int(struct.unpack(self.order + "H", raw[:2])[0]) if len(raw) >= 2 else 0

    def number(self, raw: bytes) -> int:
        """A number of two or of four bytes: some writers take the longer one where a short one is asked for."""
        return self.pointer(raw) if len(raw) == 4 else self.short(raw)

    def directory(self, at: int) -> Mapping[int, bytes]:
        """Tag to raw value, without following anything: a directory that points at itself is read once."""
        if not 8 <= at <= len(self.tiff) - 2:
            return {}
        count = min(self.short(self.tiff[at : at + 2]), _MAX_ENTRIES)
        entries = (self.tiff[start : start + 12] for start in range(at + 2, at + 2 + 12 * count, 12))
        return {tag: value for tag, value in map(self._entry, entries) if value}

    def _entry(self, entry: bytes) -> tuple[int, bytes]:
        if len(entry) < 12:
            return 0, b""
        tag, kind, count = struct.unpack(self.order + "HHI", entry[:8])
        length = _BYTES_PER_VALUE.get(kind, 0) * count
        if length <= 4:
            return tag, entry[8 : 8 + length]
        start = self.pointer(entry[8:])
        return tag, self.tiff[start : start + length] if start + length <= len(self.tiff) else b""

    def rationals(self, raw: bytes) -> tuple[float, ...]:
        """Unsigned rationals; a denominator of 0 counts as 1, as many phones write 0/0 for 0."""
        parts = struct.unpack(f"{self.order}{len(raw) // 8 * 2}I", raw[: len(raw) // 8 * 8])
        return tuple(top / (bottom or 1) for top, bottom in zip(parts[::2], parts[1::2], strict=True))


def _time(stamp: bytes, offset: bytes) -> datetime | None:
    text = _ascii(stamp)
    try:
        return datetime.strptime(text + _ascii(offset), "%Y:%m:%d %H:%M:%S%z")
    except ValueError:
        pass  # no offset, or a wrong one: the local time is still worth having
    try:
        return datetime.strptime(text, "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None


def _position(reader: _Reader, gps: Mapping[int, bytes]) -> tuple[float, float] | None:
    lat = _degrees(reader.rationals(gps.get(_LAT, b"")), _ascii(gps.get(_LAT_REF, b"")), "NS", 90.0)
    lon = _degrees(reader.rationals(gps.get(_LON, b"")), _ascii(gps.get(_LON_REF, b"")), "EW", 180.0)
    if lat is None or lon is None or (lat, lon) == (0.0, 0.0):
        return None
    return lat, lon


def _degrees(parts: tuple[float, ...], ref: str, signs: str, most: float) -> float | None:
    if len(parts) != 3 or ref not in tuple(signs) or parts[1] >= 60.0 or parts[2] > 60.0:
        return None
    value = parts[0] + parts[1] / 60.0 + parts[2] / 3600.0
    return round(value if ref == signs[0] else -value, 7) if value <= most else None


def _device(make: bytes, model: bytes) -> str | None:
    """ "Make Model" without what could fool a terminal, a page or a log: control, format and private characters."""
    maker, name = _plain(make), _plain(model)
    text = name if name.lower().startswith(maker.lower()) else f"{maker} {name}"
    return text[:_DEVICE_MAX_CHARS].strip() or None


def _plain(raw: bytes) -> str:
    text = raw.split(b"\0")[0].decode("utf-8", errors="ignore")
    return " ".join("".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text).split())


def _ascii(raw: bytes) -> str:
    return raw.split(b"\0")[0].decode("ascii", errors="ignore").strip()
