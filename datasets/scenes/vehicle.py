"""Puts a planned vehicle together in Blender. The one entry is `build_vehicle`."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from datasets.scenes.blender import BlenderObject, Material, empty, material, mesh
from datasets.scenes.body import Floats, build_body
from datasets.scenes.body_shader import body_material
from datasets.scenes.car_paint import save_layers
from datasets.scenes.fittings import Trim, add_wheels
from datasets.scenes.plan import Face, Model, PlannedVehicle
from datasets.scenes.spec import CarSpec
from datasets.scenes.vehicle_bed import add_bed
from datasets.scenes.vehicle_blow import TEARS_M, displacement
from datasets.scenes.vehicle_door import add_open_door
from datasets.scenes.vehicle_finish import finish_half
from datasets.scenes.vehicle_lamp_parts import add_lamps, lamp_surfaces
from datasets.scenes.vehicle_lit import GLOW
from datasets.scenes.vehicle_outside import add_inside, add_outside
from datasets.scenes.vehicle_paint import paint_clean
from datasets.scenes.vehicle_plate import add_plate, plate_corners, plate_picture, rear_kind
from datasets.scenes.vehicle_scooter import build_scooter
from datasets.scenes.vehicle_skin import Skin, hang, make_skin, strikes_end
from datasets.scenes.vehicle_spec import half_width
from datasets.scenes.vehicle_truth import damage_at, parts_of, spec_of
from vision.types import PlateKind


@dataclass(frozen=True, slots=True, eq=False)
class VehicleModel:
    """A vehicle in the scene. ``plates``: (front or rear, object), each with its corners from the top left as read.

    ``spec`` is null for a scooter. Every object of the vehicle has ``root`` among its parents.
    """

    root: BlenderObject
    planned: PlannedVehicle
    spec: CarSpec | None
    plates: tuple[tuple[str, BlenderObject], ...]

    def part_at(self, points_xyz: Floats) -> list[str]:
        """`vehicle_truth.parts_of`, with "" for none."""
        return [name or "" for name in parts_of(self.planned, points_xyz)]

    def damage_at(self, points_xyz: Floats) -> list[str]:
        """`vehicle_truth.damage_at`, with "" for none."""
        return [name or "" for name in damage_at(self.planned, points_xyz)]


def build_vehicle(
    planned: PlannedVehicle, trim: Trim, textures: Path, texture_wh: tuple[int, int], index: int = 0
) -> VehicleModel:
    """Builds the vehicle and puts it where it was planned.

    ``textures`` is a folder for the painted pictures, ``texture_wh`` the size of one half's; the root is named
    ``vehicle_{index}``. Raises KeyError for an unknown paint, ValueError for a plate that its kind does not bear.
    """
    root = empty(f"vehicle_{index}")
    root.location = (*planned.xy, 0)
    root.rotation_euler = (0, 0, math.radians(planned.heading_deg))
    if planned.model is Model.SCOOTER:
        return VehicleModel(root, planned, None, build_scooter(root, planned, trim, textures, index))
    spec = spec_of(planned)
    grid = build_body(spec, 320 if spec.build == "bus" else 230)
    clean, maps = paint_clean(spec, grid, texture_wh)
    style = spec.style
    trim = replace(trim, rim=trim.dark_rim) if style.dark_rim else trim
    lamps = lamp_surfaces(trim, "head" in planned.lamps, dark=style.badge == 0, flat=style.lamp == "led")
    for side in (1, -1):
        skin = make_skin(spec, grid, planned, side)
        name = f"vehicle_{index}_{'left' if side > 0 else 'right'}"
        surface = body_material(name, save_layers(finish_half(clean, maps, spec, planned, side), textures, name), GLOW)
        _add_skin(root, spec, planned, skin, surface, trim, name)
        add_lamps(root, spec, skin, trim, lamps, (_breaks(planned, side, True), _breaks(planned, side, False)))
    paint = material(f"vehicle_{index}_parts", spec.paint, 0.32, spec.metallic, 1)
    add_outside(root, spec, trim, paint, planned)
    add_inside(root, spec, trim)
    if spec.build == "cab":
        add_bed(root, spec, planned, trim, textures, index)
    _knock(root, spec, planned)
    add_wheels(root, spec, trim, half_width(spec), np.random.default_rng(planned.seed))
    return VehicleModel(root, planned, spec, _plates(root, spec, planned, trim, textures, index))


def _add_skin(
    root: BlenderObject, spec: CarSpec, planned: PlannedVehicle, skin: Skin, surface: Material, trim: Trim, name: str
) -> None:
    rest = np.ones(len(skin.faces), bool)
    points = skin.points.reshape(-1, 3)
    for ahead in (True, False):
        hits = [
            blow for blow in planned.blows if strikes_end(blow, ahead) and (blow.hanging_bumper or blow.depth > TEARS_M)
        ]
        if not hits or spec.build == "cab":
            continue
        torn = skin.faces_of("front_bumper" if ahead else "back_bumper") & rest
        rest &= ~torn
        hung = points
        for blow in hits:
            hung = hang(spec, blow, hung) if blow.hanging_bumper else hung
        _sheet(f"{name}_bumper", hung, skin, torn, surface, root)
        inner = points.copy()
        inner[:, 0] -= (1 if ahead else -1) * 0.035
        inner[:, 1] *= 0.965
        _sheet(f"{name}_beam", inner, skin, torn, trim.dark, root)
    if planned.open_door and planned.open_door.endswith("left" if skin.side > 0 else "right"):
        front = planned.open_door.startswith("front")
        door = skin.faces_of("front_door" if front else "back_door") & rest
        rest &= ~door
        hinge = spec.front - (spec.doors.front if front else spec.doors.middle)
        add_open_door(root, skin, door, hinge, surface, trim)
    _sheet(name, points, skin, rest, surface, root)


def _sheet(
    name: str, points: Floats, skin: Skin, chosen: np.ndarray, surface: Material, root: BlenderObject
) -> BlenderObject | None:
    faces = skin.faces[chosen]
    if not len(faces):
        return None
    used, local = np.unique(faces, return_inverse=True)
    return mesh(name, points[used], local.reshape(-1, 4), surface, smooth=True, uv=skin.uv[used], parent=root)


def _breaks(planned: PlannedVehicle, side: int, ahead: bool) -> bool:
    """Whether the head lamp (``ahead``) or the tail lamp of a half is broken."""
    flank = Face.LEFT if side > 0 else Face.RIGHT
    return any(
        blow.broken_lamp and strikes_end(blow, ahead) and (blow.face is flank or blow.at * side > -0.25)
        for blow in planned.blows
        if blow.face is flank or blow.face in (Face.FRONT, Face.REAR)
    )


def _knock(root: BlenderObject, spec: CarSpec, planned: PlannedVehicle) -> None:
    """Moves what is fixed to the skin along with it."""
    for part in root.children:
        place = np.array(part.location)
        if not place.any():
            continue
        part.location = tuple(place + displacement(spec, planned.blows, place[None])[0])


def _plates(
    root: BlenderObject, spec: CarSpec, planned: PlannedVehicle, trim: Trim, textures: Path, index: int
) -> tuple[tuple[str, BlenderObject], ...]:
    if not planned.plate:
        return ()
    kind = PlateKind(planned.plate_kind)
    made = []
    for end, facing, (off, z) in (("front", 1, spec.front_plate), ("rear", -1, spec.rear_plate)):
        drawn = kind if facing > 0 else rear_kind(kind, spec.build in ("cab", "bus"))
        path = textures / f"vehicle_{index}_plate_{end}.png"
        size = plate_picture(planned.plate, drawn, planned.seed, path)
        corners = plate_corners((facing * (spec.front + off), 0.0, z), size, facing)
        corners = _bent(spec, planned, corners, facing)
        made.append((end, add_plate(f"plate_{end}", corners, path, trim, root)))
    return tuple(made)


def _bent(spec: CarSpec, planned: PlannedVehicle, corners: Floats, facing: int) -> Floats:
    """A plate's corners after the blows: flat, in the plane of the skin behind it and in front of all of it."""
    shares = np.stack(np.meshgrid(np.linspace(0, 1, 7), np.linspace(0, 1, 4)), axis=-1).reshape(-1, 2)
    across, down = corners[1] - corners[0], corners[3] - corners[0]
    before = corners[0] + shares[:, :1] * across + shares[:, 1:] * down
    after = before + displacement(spec, planned.blows, before)
    for blow in planned.blows:
        if blow.hanging_bumper and strikes_end(blow, facing > 0) and (facing > 0 or before[0, 2] < spec.bumper_z):
            after = hang(spec, blow, after)
    base = np.column_stack([np.ones(len(shares)), shares])
    plane = np.linalg.lstsq(base, after, rcond=None)[0]
    ahead = float((facing * (after - base @ plane)[:, 0]).max())
    plane[0, 0] += facing * ahead
    ends = np.array([(1, 0, 0), (1, 1, 0), (1, 1, 1), (1, 0, 1)], np.float64)
    return np.asarray(ends @ plane)
