"""The left half of a car's skin as a grid of points: sections lofted along the curves of a `CarSpec`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.interpolate import PchipInterpolator

from datasets.scenes.spec import CarSpec, Curve

Floats: TypeAlias = npt.NDArray[np.float64]

CAP_ROWS = 16
ROOF_RADIUS = 0.045
SMOOTHINGS = 3
# Indices of the section's control points that paint refers to.
FLOOR_END, BELT, GLASS_END, LAST = 2.6, 10.0, 13.6, 17.0


@dataclass(frozen=True, slots=True, eq=False)
class Sections:
    """What belongs to a station: shape (rows,) each, metres."""

    station: Floats
    bottom: Floats
    belt: Floats
    top: Floats
    belt_half: Floats
    roof_half: Floats


@dataclass(frozen=True, slots=True, eq=False)
class BodyGrid:
    """``along`` (distance from the nose), ``y`` and ``z`` of the grid, shape (rows, columns), metres.

    ``station`` is ``along`` before the nose and tail were bowed; ``section`` counts control points round a section
    from the middle of the floor (0) to the middle of the roof (17).
    """

    along: Floats
    y: Floats
    z: Floats
    station: Floats
    section: Floats
    sections: Sections


def curve(points: Curve) -> PchipInterpolator:
    stations, values = zip(*points, strict=True)
    return PchipInterpolator(stations, values)


def build_body(spec: CarSpec, rows: int = 260) -> BodyGrid:
    """The skin's left half; mirrored it is the right one."""
    sections = _sections(spec, rows)
    points = _control_points(spec, sections)
    counts = np.arange(points.shape[1], dtype=np.float64)[None, :, None]
    smooth, section = _chaikin(points), _chaikin(counts)[0, :, 0]
    y, z = smooth[..., 0], smooth[..., 1]
    station = np.repeat(sections.station[:, None], y.shape[1], axis=1)
    nose, tail = _cap(spec, y[0], z[0], 0.0, 1), _cap(spec, y[-1], z[-1], spec.length, -1)
    y = np.concatenate([nose[0][::-1], y, tail[0]])
    z = np.concatenate([nose[1][::-1], z, tail[1]])
    station = np.concatenate([nose[2][::-1], station, tail[2]])
    section = np.broadcast_to(section, y.shape).copy()
    along = _bow(spec, y, station, section)
    return BodyGrid(along, y, z, np.clip(station, 0, spec.length), section, sections)


def _sections(spec: CarSpec, rows: int) -> Sections:
    profile = spec.profile
    fine = np.linspace(0, spec.length, 6000)
    heights = curve(profile.top)(fine)
    arc = np.r_[0, np.cumsum(np.hypot(np.diff(fine), np.diff(heights)))]
    station = np.interp(np.linspace(0, arc[-1], rows), arc, fine)
    top = curve(profile.top)(station)
    belt = np.minimum(curve(profile.belt)(station), top - ROOF_RADIUS - 0.025)
    belt_half = curve(profile.half_width)(station) * 0.958
    window = np.maximum(top - ROOF_RADIUS - belt, 0.02)
    roof_half = belt_half - profile.tumblehome * window - 0.01
    return Sections(station, curve(profile.bottom)(station), belt, top, belt_half, roof_half)


def _control_points(spec: CarSpec, s: Sections) -> Floats:
    """Shape (rows, 18, 2): (y, z) from the floor's middle round the sill, shoulder, belt and roof."""
    w = curve(spec.profile.half_width)(s.station)
    shoulder = np.minimum(curve(spec.profile.shoulder)(s.station), s.belt - 0.06)
    window = np.maximum(s.top - ROOF_RADIUS - s.belt, 0.02)
    flank = s.bottom + 0.42 * (shoulder - s.bottom)
    upper = flank + 0.75 * (shoulder - flank)
    b, r, top = s.belt_half, s.roof_half, s.top
    zero = np.zeros_like(w)
    points = (
        (zero, s.bottom), (0.5 * w, s.bottom), (0.86 * w, s.bottom), (0.955 * w, s.bottom + 0.02),
        (0.985 * w, s.bottom + 0.25 * (flank - s.bottom)), (0.998 * w, flank), (w, upper), (w, shoulder - 0.012),
        (0.996 * w, shoulder + 0.006), (0.978 * w, shoulder + 0.03), (b, s.belt), (b - 0.012, s.belt + 0.018),
        (r + 0.25 * (b - r), s.belt + 0.72 * window),
        (r + 0.015, top - ROOF_RADIUS - 0.05 * np.clip(window / 0.3, 0, 1)), (r - 0.05, top - ROOF_RADIUS * 0.75),
        (0.62 * r, top - ROOF_RADIUS * 0.28), (0.3 * r, top - 0.004), (zero, top),
    )  # fmt: skip
    return np.stack([np.stack(p, axis=-1) for p in points], axis=1)


def _chaikin(points: Floats) -> Floats:
    """Chaikin's corner cutting along axis 1; end points stay."""
    for _ in range(SMOOTHINGS):
        first = 0.75 * points[:, :-1] + 0.25 * points[:, 1:]
        second = 0.25 * points[:, :-1] + 0.75 * points[:, 1:]
        mixed = np.empty((points.shape[0], 2 * first.shape[1], points.shape[2]))
        mixed[:, 0::2], mixed[:, 1::2] = first, second
        points = np.concatenate([points[:, :1], mixed, points[:, -1:]], axis=1)
    return points


def _cap(spec: CarSpec, y: Floats, z: Floats, station: float, sign: int) -> tuple[Floats, Floats, Floats]:
    """Closes an end: the section shrinks to a line while it bulges outwards. (y, z, station), shape (CAP_ROWS, n)."""
    step = np.linspace(1 / CAP_ROWS, 1, CAP_ROWS)[:, None]
    middle = (z.min() + z.max()) / 2
    heights = middle + (z - middle) * (1 - step)
    widths = y * (1 - 0.03 * step)
    out = station - sign * spec.profile.bulge * np.sqrt(1 - (1 - step) ** 2)
    return widths, heights, np.broadcast_to(out, widths.shape).copy()


def _bow(spec: CarSpec, y: Floats, station: Floats, section: Floats) -> Floats:
    """Bows the nose, the tail and both screens in plan."""
    profile, glazing = spec.profile, spec.glazing
    across = np.clip(y / y.max(), 0, 1)
    at_nose = np.clip(1 - station / 1.1, 0, 1) ** 1.3
    at_tail = np.clip(1 - (spec.length - station) / 0.9, 0, 1) ** 1.3
    windscreen = np.exp(-(((station - glazing.windscreen[0] - 0.17) / 0.55) ** 2))
    rear = np.exp(-(((station - sum(glazing.rear_window) / 2) / 0.5) ** 2))
    upper = np.clip((section - 9) / 3, 0, 1)
    nose = profile.nose_bow * across**2.6 * at_nose + 0.16 * across**2 * windscreen * upper
    tail = profile.tail_bow * across**2.8 * at_tail + 0.10 * across**2 * rear * upper
    return np.asarray(station + nose - tail, np.float64)
