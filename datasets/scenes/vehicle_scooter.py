"""An electric scooter: two wheels, shell, seat, handlebar, lamps, a small plate behind."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from datasets.scenes.blender import BlenderObject, Material, box, lathe, material, mesh
from datasets.scenes.fittings import Trim
from datasets.scenes.paints import paint_named
from datasets.scenes.plan import PlannedVehicle
from datasets.scenes.vehicle_plate import add_plate, plate_corners, plate_picture
from datasets.scenes.vehicle_scooter_spec import AXLES_X, WHEEL_RADIUS
from datasets.scenes.vehicle_skin import quads
from vision.types import PlateKind

_Section = tuple[float, float, float, float]
"""x, half width, lower and upper z of a section of a shell."""


def build_scooter(
    root: BlenderObject, planned: PlannedVehicle, trim: Trim, textures: Path, index: int
) -> tuple[tuple[str, BlenderObject], ...]:
    """Parts under ``root``, x ahead; the plates as in `vehicle.VehicleModel`."""
    colour = paint_named(planned.paint)
    paint = material(f"scooter_{index}", colour.colour, 0.3, colour.metallic, 1)
    _wheels(root, trim, np.random.default_rng(planned.seed))
    _shells(root, paint, trim)
    _fork(root, trim, paint)
    _lights(root, planned)
    if not planned.plate:
        return ()
    path = textures / f"vehicle_{index}_plate_rear.png"
    width, height = plate_picture(planned.plate, PlateKind(planned.plate_kind), planned.seed, path)
    shrink = 0.22 / width
    corners = plate_corners((-0.87, 0.0, 0.56), (width * shrink, height * shrink), -1)
    return (("rear", add_plate("plate_rear", corners, path, trim, root)),)


def _wheels(root: BlenderObject, trim: Trim, rng: np.random.Generator) -> None:
    r = WHEEL_RADIUS
    for x in AXLES_X:
        half = [(r * 0.7, 0.04), (r * 0.9, 0.05), (r, 0.025)]
        tyre = lathe("tyre", [(d, -y) for d, y in half] + half[::-1], trim.rubber, 40, root)
        rim = lathe(
            "rim", [(0.03, -0.03), (r * 0.68, -0.03), (r * 0.7, 0), (r * 0.68, 0.03), (0.03, 0.03)], trim.rim, 40, root
        )
        disc = lathe("brake", [(0.05, 0.045), (0.10, 0.045)], trim.chrome, 32, root)
        for part in (tyre, rim, disc):
            part.location, part.rotation_euler = (x, 0, r), (0, float(rng.uniform(0, 6)), 0)
        box("mudguard", (x - 0.01, 0, r * 2 + 0.02), (0.30, 0.12, 0.02), trim.plastic, root, 0.01)


def _shells(root: BlenderObject, paint: Material, trim: Trim) -> None:
    tail = (
        (0.02, 0.10, 0.36, 0.62),
        (-0.15, 0.15, 0.34, 0.70),
        (-0.45, 0.16, 0.40, 0.72),
        (-0.72, 0.12, 0.50, 0.74),
        (-0.86, 0.05, 0.58, 0.72),
    )
    _shell(root, "tail_shell", tail, paint)
    seat = (
        (0.08, 0.09, 0.70, 0.74),
        (-0.10, 0.14, 0.70, 0.79),
        (-0.45, 0.15, 0.71, 0.80),
        (-0.70, 0.12, 0.73, 0.82),
        (-0.80, 0.07, 0.75, 0.80),
    )
    _shell(root, "seat", seat, trim.interior)
    shield = (
        (0.64, 0.05, 0.62, 0.90),
        (0.58, 0.15, 0.40, 0.94),
        (0.50, 0.19, 0.30, 0.90),
        (0.44, 0.17, 0.28, 0.80),
        (0.40, 0.12, 0.28, 0.60),
    )
    _shell(root, "shield", shield, paint)
    box("floor", (0.22, 0, 0.30), (0.52, 0.30, 0.09), trim.plastic, root, 0.03)
    box("motor", (-0.45, 0, 0.33), (0.40, 0.18, 0.16), trim.dark, root, 0.03)
    box("carrier", (-0.80, 0, 0.80), (0.22, 0.20, 0.02), trim.chrome, root, 0.008)
    box("stand", (-0.20, 0.15, 0.14), (0.03, 0.02, 0.30), trim.dark, root, 0.0, (0.25, 0.3, 0))


def _shell(root: BlenderObject, name: str, sections: tuple[_Section, ...], surface: Material) -> None:
    angles = np.linspace(0, 2 * np.pi, 21)
    fine = np.linspace(0, len(sections) - 1, 17)
    rows = np.stack([np.interp(fine, range(len(sections)), column) for column in zip(*sections, strict=True)], axis=-1)
    points = []
    for x, half, low, high in rows:
        c, s = np.cos(angles), np.sin(angles)
        y = half * np.sign(c) * np.abs(c) ** 0.7
        z = (low + high) / 2 + (high - low) / 2 * np.sign(s) * np.abs(s) ** 0.7
        points.append(np.stack([np.full_like(y, x), y, z], axis=-1))
    for end, row in ((0, rows[0]), (len(points) - 1, rows[-1])):
        middle = np.array([row[0], 0, (row[2] + row[3]) / 2])
        cap = np.broadcast_to(middle, points[0].shape)
        points = [cap, *points] if end == 0 else [*points, cap]
    grid = np.stack(points)
    mesh(name, grid, quads(*grid.shape[:2]), surface, smooth=True, parent=root)


def _fork(root: BlenderObject, trim: Trim, paint: Material) -> None:
    for y in (0.075, -0.075):
        box("fork", (0.60, y, 0.38), (0.035, 0.03, 0.52), trim.dark, root, 0.01, (0, -0.3, 0))
    box("stem", (0.50, 0, 0.86), (0.06, 0.06, 0.34), trim.dark, root, 0.02, (0, -0.3, 0))
    box("head", (0.50, 0, 1.00), (0.18, 0.22, 0.14), paint, root, 0.05)
    box("bar", (0.42, 0, 1.03), (0.03, 0.62, 0.03), trim.dark, root, 0.012)
    for side in (1, -1):
        box("grip", (0.41, side * 0.28, 1.03), (0.04, 0.12, 0.04), trim.rubber, root, 0.015)
        box("mirror_stalk", (0.43, side * 0.22, 1.09), (0.012, 0.012, 0.14), trim.dark, root, 0, (side * 0.4, 0, 0))
        box("mirror", (0.43, side * 0.26, 1.13), (0.03, 0.13, 0.08), trim.plastic, root, 0.02)
        box("mirror_glass", (0.413, side * 0.26, 1.13), (0.004, 0.11, 0.065), trim.mirror, root)


def _lights(root: BlenderObject, planned: PlannedVehicle) -> None:
    rows = (
        ("head", (0.66, 0.0, 0.80), (0.03, 0.14, 0.08), (0.75, 0.77, 0.8), 20.0),
        ("brake", (-0.865, 0.0, 0.68), (0.03, 0.16, 0.05), (0.5, 0.01, 0.01), 10.0),
        ("indicator_left", (0.62, 0.13, 0.86), (0.04, 0.05, 0.04), (0.6, 0.2, 0.01), 10.0),
        ("indicator_right", (0.62, -0.13, 0.86), (0.04, 0.05, 0.04), (0.6, 0.2, 0.01), 10.0),
    )
    for name, place, size, colour, strength in rows:
        surface = material(f"scooter_{name}", colour, 0.12, 0.0, 1)
        if name in planned.lamps:
            shader = surface.node_tree.nodes["Principled BSDF"]
            shader.inputs["Emission Color"].default_value = (*colour, 1)
            shader.inputs["Emission Strength"].default_value = strength
        box(f"lamp_{name}", place, size, surface, root, min(size) * 0.3, (0, -0.3 * math.copysign(1, place[0]), 0))
