"""Everything on a car that is not its skin: wheels, plates, mirrors, handles, seats."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from datasets.scenes.blender import (
    BlenderObject,
    Material,
    Vector,
    empty,
    grid_faces,
    lathe,
    material,
    mesh,
)
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
