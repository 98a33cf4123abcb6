"""What is fixed to a vehicle's skin: mirrors, handles, wipers, rails, an aerial; and what is seen inside."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from datasets.scenes.blender import BlenderObject, Material, box, lathe
from datasets.scenes.body import curve
from datasets.scenes.fittings import Trim
from datasets.scenes.plan import PlannedVehicle
from datasets.scenes.spec import CarSpec
from datasets.scenes.vehicle_spec import half_width


def add_outside(root: BlenderObject, spec: CarSpec, trim: Trim, paint: Material, planned: PlannedVehicle) -> None:
    """Everything is a child of ``root`` with its own place, so that a blow can move it. An open door takes its own
    handle along only by leaving it out."""
    if spec.build in ("cab", "bus"):
        _big_mirrors(root, spec, trim)
    else:
        _mirrors(root, spec, trim, paint)
    if spec.build != "bus":
        _handles(root, spec, trim, paint, planned.open_door)
    _wipers(root, spec, trim)
    if spec.roof_rails:
        _rails(root, spec, trim)
    if spec.build in ("car", "hatch"):
        end = spec.glazing.rear_window[0] - 0.22
        box(
            "fin",
            (spec.front - end, 0, float(curve(spec.profile.top)(end)) + 0.02),
            (0.15, 0.035, 0.06),
            paint,
            root,
            0.015,
        )


def _rails(root: BlenderObject, spec: CarSpec, trim: Trim) -> None:
    """Two pieces a side that follow the roof's slope."""
    top = curve(spec.profile.top)
    ends = np.linspace(spec.length * 0.46, spec.length * 0.84, 3)
    for start, end in pairwise(ends):
        z0, z1 = float(top(start)) - 0.035, float(top(end)) - 0.035
        tilt = math.atan2(z0 - z1, end - start)
        for side in (1, -1):
            place = (spec.front - (start + end) / 2, side * 0.60, (z0 + z1) / 2)
            box("roof_rail", place, (end - start + 0.02, 0.03, 0.05), trim.rim, root, 0.012, (0, -tilt, 0))


def _mirrors(root: BlenderObject, spec: CarSpec, trim: Trim, paint: Material) -> None:
    belt_width = half_width(spec) * 0.958
    z = float(curve(spec.profile.belt)(spec.glazing.sides[0] + 0.2))
    x = spec.front - spec.glazing.sides[0] - 0.10
    for side in (1, -1):
        y = side * (belt_width + 0.085)
        box("mirror", (x, y, z + 0.09), (0.11, 0.20, 0.125), paint, root, 0.042, (0, 0, side * 0.12))
        box("mirror_foot", (x - 0.008, y, z + 0.035), (0.10, 0.19, 0.05), trim.plastic, root, 0.02, (0, 0, side * 0.12))
        box("mirror_glass", (x - 0.058, y, z + 0.09), (0.006, 0.165, 0.095), trim.mirror, root, 0.002)
        box(
            "mirror_arm",
            (x + 0.01, side * (belt_width - 0.01), z + 0.03),
            (0.06, 0.10, 0.035),
            trim.plastic,
            root,
            0.01,
        )


def _big_mirrors(root: BlenderObject, spec: CarSpec, trim: Trim) -> None:
    z = float(curve(spec.profile.belt)(0.6)) + 0.42
    x, half = spec.front - 0.22, half_width(spec)
    for side in (1, -1):
        y = side * (half + 0.13)
        box("mirror", (x, y, z), (0.09, 0.20, 0.38), trim.plastic, root, 0.035)
        box("mirror_glass", (x - 0.047, y, z), (0.006, 0.17, 0.34), trim.mirror, root, 0.002)
        for dz in (-0.13, 0.16):
            box("mirror_arm", (x - 0.02, side * (half + 0.02), z + dz), (0.025, 0.22, 0.025), trim.plastic, root, 0.01)


def _handles(root: BlenderObject, spec: CarSpec, trim: Trim, paint: Material, open_door: str) -> None:
    doors = spec.doors
    rows = [("front", doors.middle - 0.17)] + ([("rear", doors.rear - 0.19)] if doors.rear > doors.middle + 0.3 else [])
    for side, name in ((1, "left"), (-1, "right")):
        for which, edge in rows:
            if open_door == f"{which}_{name}":
                continue
            place = (spec.front - edge, side * (half_width(spec) * 0.988 + 0.008), doors.handle_z)
            box("handle", place, (0.19, 0.03, 0.024), trim.plastic if spec.build == "cab" else paint, root, 0.010)


def _wipers(root: BlenderObject, spec: CarSpec, trim: Trim) -> None:
    start, end = spec.glazing.windscreen
    top = curve(spec.profile.top)
    foot = start + 0.12 * (end - start)
    for y in (0.27, -0.33):
        place = (spec.front - foot - 0.02, y, float(top(foot)) + 0.014)
        box("wiper", place, (0.018, 0.56, 0.014), trim.plastic, root, 0.004, (0, 0, 0.12))


def add_inside(root: BlenderObject, spec: CarSpec, trim: Trim) -> None:
    """Floor, dashboard, seats and a steering wheel, seen through the glass."""
    wide = half_width(spec)
    if spec.build == "bus":
        _bus_inside(root, spec, trim, wide)
        return
    nose, screen = spec.front, spec.glazing.windscreen[0] + 0.16
    end = spec.length - 0.12 if spec.build == "cab" else min(spec.glazing.rear_window[0] + 0.5, spec.length - 0.55)
    belt = float(curve(spec.profile.belt)(screen))
    box("floor", (nose - (screen + end) / 2, 0, belt - 0.6), (end - screen, wide * 1.7, 0.05), trim.interior, root)
    box("dash", (nose - screen - 0.22, 0, belt - 0.12), (0.50, wide * 1.6, 0.22), trim.interior, root, 0.06)
    rows = [spec.doors.middle - 0.05] if spec.build == "cab" else [spec.doors.middle - 0.05, spec.doors.middle + 0.85]
    if spec.build == "hatch" and spec.length > 4.8:
        rows.append(spec.doors.middle + 1.65)
    for station in rows:
        for y in (0.37, -0.37):
            x = nose - station
            box("seat", (x - 0.02, y, spec.seat_z), (0.14, 0.5, 0.62), trim.interior, root, 0.06, (0, -0.22, 0))
            box("seat", (x + 0.22, y, spec.seat_z - 0.32), (0.5, 0.5, 0.14), trim.interior, root, 0.06)
            box("head_rest", (x - 0.13, y, spec.seat_z + 0.38), (0.10, 0.26, 0.18), trim.interior, root, 0.04)
    if spec.build == "car":
        box(
            "shelf",
            (nose - spec.glazing.rear_window[0] - 0.1, 0, belt + 0.02),
            (0.55, wide * 1.4, 0.04),
            trim.interior,
            root,
        )
    ring = [(0.18 + 0.015 * math.cos(a), 0.015 * math.sin(a)) for a in np.linspace(0, 2 * math.pi, 12)]
    wheel = lathe("steering_wheel", ring, trim.dark, 40, root)
    wheel.location, wheel.rotation_euler = (nose - screen - 0.56, 0.37, belt + 0.02), (0, 0.0, math.pi / 2)
    top = spec.glazing.windscreen[1]
    box(
        "inner_mirror",
        (nose - top + 0.10, 0, float(curve(spec.profile.top)(top)) - 0.13),
        (0.03, 0.22, 0.06),
        trim.dark,
        root,
        0.015,
    )


def _bus_inside(root: BlenderObject, spec: CarSpec, trim: Trim, wide: float) -> None:
    box("floor", (0, 0, 0.95), (spec.length - 0.6, wide * 1.8, 0.05), trim.interior, root)
    box("dash", (spec.front - 0.55, 0, 1.15), (0.45, wide * 1.7, 0.28), trim.interior, root, 0.06)
    for k in range(8):
        x = spec.front - 2.3 - 0.85 * k
        for y in (0.75, 0.32, -0.75, -0.32):
            box("seat", (x, y, spec.seat_z + 0.25), (0.12, 0.42, 0.75), trim.interior, root, 0.05, (0, -0.15, 0))
