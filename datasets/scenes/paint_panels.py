"""Paints seams, glass, wheel arches and grime of a car's half onto its canvas."""

from __future__ import annotations

import numpy as np

from datasets.scenes.body import BELT, FLOOR_END, GLASS_END, curve
from datasets.scenes.canvas import Canvas, Maps, Mask, grown
from datasets.scenes.spec import CarSpec

SEAM = 0.0032
BLACK_PLASTIC = (0.014, 0.014, 0.015)
PIANO_BLACK = (0.006, 0.006, 0.007)
BRIGHT = (0.62, 0.62, 0.64)
WINDOW_TINT = (0.36, 0.40, 0.38)
SCREEN_TINT = (0.62, 0.68, 0.65)
DUST = (0.20, 0.18, 0.15)


def paint_panels(canvas: Canvas, maps: Maps, spec: CarSpec) -> None:
    """Sills, floor, doors, bonnet, boot; then glass."""
    low = (maps.z < maps.bottom + spec.sill) & (maps.section < 6)
    canvas.put(low, BLACK_PLASTIC, 0.6)
    canvas.put((maps.section < FLOOR_END) & (maps.z < maps.bottom + 0.05), (0.01, 0.01, 0.01), 0.9)
    if spec.build != "bus":
        _door_seams(canvas, maps, spec)
    if spec.build in ("car", "hatch"):
        _bonnet_and_boot(canvas, maps, spec)
    _side_glass(canvas, maps, spec)
    _screens(canvas, maps, spec)


def _door_seams(canvas: Canvas, maps: Maps, spec: CarSpec) -> None:
    doors, sill = spec.doors, maps.bottom + spec.sill + 0.03
    upright = (maps.z > sill) & (maps.z < maps.belt) & (maps.section > 3.2) & (maps.section < 10.9)
    for index, station in enumerate((doors.front, doors.middle, doors.rear)):
        line = station + (-0.10, 0.0, 0.10)[index] * np.clip(maps.z - 0.5, -0.2, 0.6)
        if index == 2:  # the rear door's edge follows the wheel arch
            reach = (spec.wheel_radius + 0.11) ** 2 - (maps.z - spec.wheel_radius) ** 2
            arch = spec.axles[1] - np.sqrt(np.clip(reach, 0, None))
            line = np.where(maps.z < 2 * spec.wheel_radius + 0.1, np.minimum(line, arch), line)
        canvas.seam((np.abs(maps.along - line) < SEAM) & upright)
    between = (maps.along > doors.front) & (maps.along < doors.rear - 0.25) & (maps.section > 2.8) & (maps.section < 6)
    canvas.seam((np.abs(maps.z - sill) < SEAM) & between)
    crease = (maps.along > 0.9) & (maps.along < spec.length - 0.5) & (maps.section > 4) & (maps.section < 9)
    line = doors.handle_z - 0.075 + (0.01 + spec.style.crease) * (maps.along - 2)
    canvas.height[crease] -= 0.5 * np.exp(-(((maps.z - line) / 0.007) ** 2))[crease]


def _bonnet_and_boot(canvas: Canvas, maps: Maps, spec: CarSpec) -> None:
    front, screen = spec.bonnet
    edge = maps.belt_half - 0.055 - 0.025 * np.clip(screen - 0.35 - maps.station, 0, 2) ** 2
    on_bonnet = (maps.station > front) & (maps.station < screen - 0.25) & (maps.section > 11)
    canvas.seam((np.abs(maps.y - edge) < SEAM) & on_bonnet)
    ahead = (maps.section > 9) & (maps.y < maps.belt_half - 0.06) & (maps.station < 0.8)
    canvas.seam((np.abs(maps.along - front) < SEAM * 1.3) & ahead)
    behind = maps.aft < 0.75
    canvas.seam(behind & (np.abs(maps.z - spec.bumper_z) < SEAM) & (maps.aft < 0.45) & (maps.section < 11))
    lid = (maps.z > spec.lid.z0) & (maps.z < spec.lid.z1) & (maps.aft < 0.35)
    canvas.seam(behind & lid & (np.abs(maps.y - spec.lid.half) < SEAM))


def _side_glass(canvas: Canvas, maps: Maps, spec: CarSpec) -> None:
    glazing, profile = spec.glazing, spec.profile
    top = curve(profile.top)
    inside = np.clip(maps.along, 0, spec.length)
    slope = (top(np.clip(inside + 0.01, 0, spec.length)) - top(np.clip(inside - 0.01, 0, spec.length))) / 0.02
    frame = glazing.frame * np.sqrt(1 + slope**2)
    belt = np.interp(
        maps.along, np.linspace(0, spec.length, 400), curve(profile.belt)(np.linspace(0, spec.length, 400))
    )
    opening: Mask = (
        (maps.section > BELT + 0.3) & (maps.section < GLASS_END)
        & (maps.z > belt + 0.028) & (maps.z < top(inside) - frame)
        & (maps.along > glazing.sides[0]) & (maps.along < glazing.sides[1] - glazing.slant * (maps.z - 1.0))
    )  # fmt: skip
    rim = grown(opening, (opening.shape[1], opening.shape[0]), 0.006)
    canvas.put(rim, BRIGHT if glazing.bright_frame else (0.02, 0.02, 0.02), 0.2, float(glazing.bright_frame))
    canvas.put(opening, PIANO_BLACK, 0.08, 0, 1)
    for station, half_width in glazing.pillars:
        lean = 0.06 * (maps.z - 1.1) * (station > spec.doors.middle + 0.2)
        opening &= ~(np.abs(maps.along - station - lean) < half_width)
    canvas.put_glass(opening, WINDOW_TINT)


def _screens(canvas: Canvas, maps: Maps, spec: CarSpec) -> None:
    for (start, end), inset, tint in (
        (spec.glazing.windscreen, 0.015, SCREEN_TINT),
        (spec.glazing.rear_window, 0.04, WINDOW_TINT),
    ):
        screen = (maps.station > start) & (maps.station < end) & (maps.section > 12.2)
        canvas.put(screen & (maps.y < maps.roof_half - inset), PIANO_BLACK, 0.1, 0, 1)
        clear = (maps.station > start + 0.035) & (maps.station < end - 0.03) & (maps.section > 12.5)
        canvas.put_glass(clear & (maps.y < maps.roof_half - inset - 0.035), tint)


def paint_arches(canvas: Canvas, maps: Maps, spec: CarSpec) -> None:
    """Cuts the wheels' openings; lips or cladding round them."""
    radius = spec.wheel_radius
    outer = (maps.section > 2.4) & (maps.y > 0.45)
    for axle in spec.axles:
        distance = np.hypot(maps.along - axle, maps.z - radius - 0.005)
        if spec.clad:
            canvas.put(outer & (distance < radius + 0.115) & (maps.section < 10), BLACK_PLASTIC, 0.6)
        else:
            canvas.height[outer & (np.abs(distance - radius - 0.075) < 0.004)] = 0.6
        canvas.opaque[outer & (distance < radius + 0.055)] = 0
        under = (maps.section <= FLOOR_END) & (np.abs(maps.along - axle) < radius + 0.055) & (maps.y > 0.4)
        canvas.opaque[under] = 0
