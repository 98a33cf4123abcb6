"""Everything on a car that is not its skin: wheels, plates, mirrors, handles, seats."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from datasets.scenes.blender import (
    BlenderObject,
    Material,
    Vector,
    box,
    empty,
    grid_faces,
    lathe,
    material,
    mesh,
)
from datasets.scenes.body import curve
from datasets.scenes.spec import CarSpec

TYRE_WIDTH = 0.215


@dataclass(frozen=True, slots=True)
class Trim:
    """Materials that all cars share."""

    rubber: Material
    rim: Material
    dark: Material
    chrome: Material
    plastic: Material
    interior: Material
    mirror: Material
    lens: Material
    dark_rim: Material


def make_trim() -> Trim:
    return Trim(
        rubber=material("rubber", (0.014, 0.014, 0.015), 0.8),
        rim=material("rim", (0.36, 0.37, 0.39), 0.34, 0.8, 0.5),
        dark=material("dark", (0.008, 0.008, 0.009), 0.8),
        chrome=material("chrome", (0.85, 0.86, 0.88), 0.10, 1),
        plastic=material("plastic", (0.016, 0.016, 0.018), 0.5),
        interior=material("interior", (0.05, 0.046, 0.042), 0.8),
        mirror=material("mirror", (0.8, 0.8, 0.8), 0.02, 1),
        lens=material("lens", (0.10, 0.12, 0.15), 0.02, 0.6, 1),
        dark_rim=material("dark_rim", (0.03, 0.03, 0.032), 0.3, 0.6, 0.6),
    )


def add_wheels(root: BlenderObject, spec: CarSpec, trim: Trim, half_width: float, turns: np.random.Generator) -> None:
    track = half_width - 0.125
    radius = spec.wheel_radius
    for axle in spec.axles:
        for side in (1, -1):
            place = (spec.front - axle, side * track, radius)
            _wheel(root, place, spec, trim, side, float(turns.uniform(0, 6)))
            _wheel_house(root, (place[0], place[1], radius + 0.005), radius + 0.06, trim, side)


def _wheel_house(root: BlenderObject, place: Vector, radius: float, trim: Trim, side: int) -> None:
    """The upper part of a drum round the wheel and the wall behind it; nothing reaches down to the road."""
    angles = np.linspace(math.radians(-12), math.radians(192), 25)
    arc = np.stack([np.cos(angles) * radius, np.zeros_like(angles), np.sin(angles) * radius], axis=-1)
    shape = arc[:, None] + np.array([(0, -0.16 * side, 0), (0, 0.085 * side, 0)])
    house = mesh("house", shape, grid_faces(len(angles), 2), trim.dark, smooth=True, parent=root)
    wall = mesh("house_wall", shape[:, 0], [tuple(range(len(angles)))], trim.dark, parent=root)
    house.location = wall.location = place


def _wheel(root: BlenderObject, place: Vector, spec: CarSpec, trim: Trim, side: int, turn: float) -> None:
    radius, style = spec.wheel_radius, spec.style
    hub = empty("wheel", root)
    hub.location = place
    hub.rotation_euler = (0, turn, 0 if side > 0 else math.pi)
    h, rim = TYRE_WIDTH / 2, radius * 0.70
    groove = [(radius, -h * 0.3), (radius - 0.008, -h * 0.27), (radius - 0.008, -h * 0.2), (radius, -h * 0.17)]
    tread = groove + [(r, -y) for r, y in reversed(groove)]
    wall = [
        (rim, h * 0.8),
        (rim + 0.02, h * 0.95),
        (radius * 0.88, h * 1.02),
        (radius * 0.97, h * 0.9),
        (radius, h * 0.7),
    ]
    tyre = [(r, -y) for r, y in wall] + tread + wall[::-1]
    lathe("tyre", tyre, trim.rubber, 80, hub)
    barrel = [(rim + 0.004, h * 0.85), (rim - 0.012, h * 0.86), (rim - 0.03, h * 0.7), (rim - 0.045, h * 0.1)]
    lathe("barrel", [*barrel, (rim - 0.05, -h)], trim.rim, 64, hub)
    lathe("disc", [(0.02, h * 0.1), (rim * 0.75, h * 0.1), (rim * 0.75, 0)], trim.rim, 48, hub)
    lathe("back", [(0, -h * 0.2), (rim, -h * 0.2)], trim.dark, 48, hub)
    lathe("cap", [(0, h * 0.62), (0.035, h * 0.62), (0.06, h * 0.55), (0.075, h * 0.35)], trim.rim, 48, hub)
    for spoke in range(style.spokes):
        for twin in (-style.spoke_twin, style.spoke_twin) if style.spoke_twin else (0.0,):
            _spoke(hub, 2 * math.pi * spoke / style.spokes, twin, (rim, h, style.spoke_width), trim.rim)


def _spoke(hub: BlenderObject, angle: float, twin: float, sizes: tuple[float, float, float], surface: Material) -> None:
    rim, h, broad = sizes
    inner, outer = angle + twin * 0.5, angle + twin * 1.1
    start = np.array([0.05 * math.cos(inner), 0, 0.05 * math.sin(inner)])
    end = np.array([(rim - 0.015) * math.cos(outer), 0, (rim - 0.015) * math.sin(outer)])
    along = (end - start) / np.linalg.norm(end - start)
    across = np.array([-along[2], 0, along[0]])
    points = []
    for middle, width, y in ((start, 0.02, 0.55), ((start + end) / 2, 0.017, 0.66), (end, 0.022, 0.78)):
        for sign, depth in ((-1, -0.03), (-0.75, 0), (0.75, 0), (1, -0.03)):
            points.append(middle + across * width * broad * sign + np.array([0, y * h + depth, 0]))
    mesh("spoke", points, grid_faces(3, 4), surface, parent=hub)


def add_plate(root: BlenderObject, centre: Vector, facing: int, surface: Material, trim: Trim) -> BlenderObject:
    """A plate that looks forward (``facing`` 1) or backward (-1); its corners run as the text is read from tl."""
    corners = [
        (0, facing * -0.22, 0.07),
        (0, facing * 0.22, 0.07),
        (0, facing * 0.22, -0.07),
        (0, facing * -0.22, -0.07),
    ]
    uv = [(0, 1), (1, 1), (1, 0), (0, 0)]
    plate = mesh("plate", corners, [(3, 2, 1, 0)], surface, uv=uv, parent=root)
    plate.location = centre
    box(
        "plate_frame",
        (centre[0] - facing * 0.009, centre[1], centre[2]),
        (0.014, 0.462, 0.162),
        trim.plastic,
        root,
        0.004,
    )
    return plate


def add_outside(root: BlenderObject, spec: CarSpec, trim: Trim, paint: Material, half_width: float) -> None:
    """Mirrors, handles, wipers, rails."""
    nose, belt_width = spec.length / 2, half_width * 0.958
    z = float(curve(spec.profile.belt)(spec.glazing.sides[0] + 0.2))
    x = nose - spec.glazing.sides[0] - 0.10
    for side in (1, -1):
        y = side * (belt_width + 0.075)
        box("mirror", (x, y, z + 0.085), (0.12, 0.21, 0.135), paint, root, 0.045, (0, 0, side * 0.12))
        box("mirror_glass", (x - 0.062, y, z + 0.085), (0.006, 0.17, 0.10), trim.mirror, root, 0.002)
        box(
            "mirror_arm",
            (x + 0.01, side * (belt_width - 0.01), z + 0.03),
            (0.06, 0.10, 0.035),
            trim.plastic,
            root,
            0.01,
        )
        for edge in (spec.doors.middle - 0.17, spec.doors.rear - 0.19):
            handle = (nose - edge, side * (half_width * 0.988 + 0.008), spec.doors.handle_z)
            box("handle", handle, (0.19, 0.03, 0.024), paint, root, 0.010)
        if spec.roof_rails:
            rail = (nose - 2.75, side * 0.58, float(curve(spec.profile.top)(2.75)) - 0.045)
            box("rail", rail, (1.5, 0.03, 0.05), trim.rim, root, 0.012)
    for y in (0.25, -0.35):
        foot = spec.glazing.windscreen[0] + 0.10
        height = float(curve(spec.profile.top)(foot)) + 0.012
        box("wiper", (nose - foot, y, height), (0.02, 0.55, 0.014), trim.plastic, root, 0.004, (0, 0, 0.12))


def add_inside(root: BlenderObject, spec: CarSpec, trim: Trim, half_width: float) -> None:
    """Floor, dashboard, seats and a steering wheel, seen through the glass."""
    nose, screen = spec.length / 2, spec.bonnet[1]
    end = min(spec.glazing.rear_window[0] + 0.5, spec.length - 0.75)
    belt = float(curve(spec.profile.belt)(screen))
    box("floor", (nose - (screen + end) / 2, 0, 0.40), (end - screen, half_width * 1.7, 0.05), trim.interior, root)
    box("dash", (nose - screen - 0.22, 0, belt - 0.13), (0.55, half_width * 1.6, 0.22), trim.interior, root, 0.06)
    for station in (spec.doors.middle - 0.05, spec.doors.middle + 0.85):
        for y in (0.37, -0.37):
            x = nose - station
            box("seat", (x - 0.02, y, spec.seat_z), (0.14, 0.5, 0.62), trim.interior, root, 0.06, (0, -0.22, 0))
            box("head_rest", (x - 0.13, y, spec.seat_z + 0.38), (0.10, 0.26, 0.18), trim.interior, root, 0.04)
    ring = [(0.18 + 0.015 * math.cos(a), 0.015 * math.sin(a)) for a in np.linspace(0, 2 * math.pi, 12)]
    wheel = lathe("steering_wheel", ring, trim.dark, 40, root)
    wheel.location, wheel.rotation_euler = (nose - screen - 0.62, 0.37, belt), (0, 0.0, math.pi / 2)
