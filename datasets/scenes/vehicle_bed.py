"""What is behind a lorry's cab: frame, cargo box or flat bed, rear lamps, mud flaps, side guards."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from datasets.scenes.blender import BlenderObject, Material, box, material, mesh
from datasets.scenes.fittings import Trim
from datasets.scenes.plan import Face, PlannedVehicle
from datasets.scenes.spec import CarSpec
from datasets.scenes.vehicle_blow import SIDES, displacement
from datasets.scenes.vehicle_decal import add_decal
from datasets.scenes.vehicle_skin import quads
from datasets.scenes.vehicle_spec import half_width

_FLOOR = 0.92
SKIRT_Z = (0.42, 0.82)
SKIRT_IN = 0.03
"""Height of the side guards and how far they stand in."""
_TOP = 2.40


def skirt_range(spec: CarSpec) -> tuple[float, float]:
    """Between which x the side guards lie, car coordinates."""
    return spec.front - spec.axles[1] + spec.wheel_radius + 0.15, spec.front - spec.length - 0.2


def add_bed(
    root: BlenderObject, spec: CarSpec, planned: PlannedVehicle, trim: Trim, textures: Path, index: int
) -> None:
    rng = np.random.default_rng([planned.seed, 51])
    ahead, back = spec.front - spec.length - 0.08, -spec.front
    long, middle, half = ahead - back, (ahead + back) / 2, half_width(spec)
    for y in (0.36, -0.36):
        box("rail", (middle + 0.3, y, 0.62), (long + 0.9, 0.07, 0.20), trim.dark, root)
    if rng.random() < 0.6:
        _cargo_box(root, rng, trim, (middle, long, half))
    else:
        _flat_bed(root, spec, trim, (middle, long, half))
    rear = spec.front - spec.axles[1]
    skirt = skirt_range(spec)
    for side in (1, -1):
        place = (sum(skirt) / 2, side * (half - SKIRT_IN), sum(SKIRT_Z) / 2)
        box("skirt", place, (skirt[1] - skirt[0], 0.03, SKIRT_Z[1] - SKIRT_Z[0]), trim.rim, root, 0.01)
        flap = (rear - spec.wheel_radius - 0.13, side * (half - 0.20), 0.48)
        box("mud_flap", flap, (0.012, 0.34, 0.5), trim.rubber, root)
    for k, blow in enumerate(planned.blows):
        if blow.face in SIDES:
            side = 1 if blow.face is Face.LEFT else -1
            path = textures / f"vehicle_{index}_decal_{k}.png"
            x0 = blow.at * spec.front
            add_decal(root, blow, side * (half - SKIRT_IN + 0.017), skirt, SKIRT_Z, x0, path)
            add_decal(root, blow, side * (half + 0.012), (back, ahead), (_FLOOR, _TOP), x0, path)
    box("tank", (ahead - 0.65, half - 0.36, 0.60), (0.8, 0.42, 0.38), trim.rim, root, 0.06)
    _rear(root, spec, planned, trim, back, half)


def _cargo_box(root: BlenderObject, rng: np.random.Generator, trim: Trim, size: tuple[float, float, float]) -> None:
    middle, long, half = size
    tints = ((0.70, 0.70, 0.69), (0.62, 0.63, 0.64), (0.05, 0.13, 0.30), (0.45, 0.43, 0.38))
    side = material("cargo", tints[int(rng.integers(len(tints)))], 0.45, 0.0, 0.2)
    height = _TOP - _FLOOR
    box("cargo_box", (middle, 0, _FLOOR + height / 2), (long, 2 * half, height), side, root, 0.012)
    for k in range(int(long / 0.32)):
        x = middle + long / 2 - 0.2 - 0.32 * k
        for y in (half + 0.004, -half - 0.004):
            box("rib", (x, y, _FLOOR + height / 2), (0.035, 0.012, height - 0.12), side, root)
    back = middle - long / 2
    for y in (0.0, half * 0.55, -half * 0.55):
        box("bar", (back - 0.012, y, _FLOOR + height / 2), (0.02, 0.028, height - 0.1), trim.rim, root)
    for z in (_FLOOR + 0.02, _TOP - 0.02):
        box("edge", (back - 0.004, 0, z), (0.02, 2 * half, 0.05), trim.rim, root)


def _flat_bed(root: BlenderObject, spec: CarSpec, trim: Trim, size: tuple[float, float, float]) -> None:
    middle, long, half = size
    side = material("boards", spec.paint, 0.45, 0.0, 0.3)
    box("floor_of_bed", (middle, 0, _FLOOR), (long, 2 * half, 0.08), trim.dark, root)
    for y in (half - 0.02, 0.02 - half):
        box("board", (middle, y, _FLOOR + 0.24), (long, 0.035, 0.40), side, root, 0.006)
        for k in range(5):
            x = middle + long * (k - 2) / 4.4
            box("post", (x, y * 1.02, _FLOOR + 0.22), (0.05, 0.03, 0.44), side, root)
    for x in (middle + long / 2 - 0.02, middle - long / 2 + 0.02):
        box("board", (x, 0, _FLOOR + 0.24), (0.035, 2 * half, 0.40), side, root, 0.006)
    box("load", (middle + long * 0.22, 0.1, _FLOOR + 0.32), (long * 0.42, half * 1.3, 0.55), _tarpaulin(), root, 0.1)


def _tarpaulin() -> Material:
    return material("tarpaulin", (0.04, 0.10, 0.07), 0.65)


def _rear(root: BlenderObject, spec: CarSpec, planned: PlannedVehicle, trim: Trim, back: float, half: float) -> None:
    _beam(root, spec, planned, trim, (back + 0.05, 0.50), (0.06, 0.12))
    _beam(root, spec, planned, trim, (back + 0.03, 0.68), (0.04, 0.17))
    for side, name in ((1, "left"), (-1, "right")):
        shown = (
            ("brake", (0.45, 0.01, 0.01), 0.09),
            (f"indicator_{name}", (0.6, 0.20, 0.01), 0.0),
            ("", (0.6, 0.6, 0.6), -0.09),
        )
        for lamp, colour, off in shown:
            surface = material(f"lorry_{lamp or 'white'}", colour, 0.15, 0, 1)
            if lamp and lamp in planned.lamps:
                shader = surface.node_tree.nodes["Principled BSDF"]
                shader.inputs["Emission Color"].default_value = (*colour, 1)
                shader.inputs["Emission Strength"].default_value = 12.0
            box("rear_lamp", (back - 0.005, side * (half - 0.22 + off), 0.68), (0.03, 0.085, 0.11), surface, root, 0.01)
        stripe = material("reflector_red", (0.5, 0.01, 0.01), 0.3)
        box("reflector", (back - 0.01, side * half * 0.72, 0.50), (0.02, 0.30, 0.07), stripe, root)


def _beam(
    root: BlenderObject, spec: CarSpec, planned: PlannedVehicle, trim: Trim, place: tuple[float, float],
    size: tuple[float, float],
) -> None:  # fmt: skip
    """A bar across the rear, bent where it was struck. ``place`` and ``size`` are x and z."""
    y = np.linspace(-0.95, 0.95, 61) * half_width(spec)
    corners = [(-1, -1), (-1, 1), (1, 1), (1, -1), (-1, -1)]
    points = np.stack([
        np.stack([np.full_like(y, place[0] + a * size[0] / 2), y, np.full_like(y, place[1] + b * size[1] / 2)], axis=-1)
        for a, b in corners
    ], axis=1)  # fmt: skip
    points += displacement(spec, planned.blows, points)
    faces = [tuple(int(i) for i in face) for face in quads(*points.shape[:2])]
    ends = [tuple(range(4)), tuple(range(points.shape[0] * 5 - 5, points.shape[0] * 5 - 1))]
    mesh("rear_beam", points, [*faces, *ends], trim.dark, parent=root)
