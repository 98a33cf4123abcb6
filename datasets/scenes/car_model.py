"""Puts a car together in Blender: both halves of the skin, lamps behind their covers, fittings, plates."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from datasets.scenes.blender import BlenderObject, Material, empty, grid_faces, lathe, material, mesh, picture_material
from datasets.scenes.body import BodyGrid, Floats, build_body
from datasets.scenes.body_shader import body_material
from datasets.scenes.car_paint import paint_half, save_layers
from datasets.scenes.crash import push_in
from datasets.scenes.fittings import Trim, add_inside, add_outside, add_plate, add_wheels
from datasets.scenes.paint_faces import head_lamp_mask, tail_lamp_mask
from datasets.scenes.plate_art import draw_plate
from datasets.scenes.spec import CarSpec, Impact

HOUSING_DEPTH = 0.075


@dataclass(frozen=True, slots=True, eq=False)
class CarModel:
    """A car in the scene. ``skin`` has the left and the right half, ``plates`` the front and the rear one."""

    root: BlenderObject
    spec: CarSpec
    skin: tuple[BlenderObject, BlenderObject]
    plates: tuple[BlenderObject, BlenderObject]
    struck: Floats
    """Points of the skin that the blow moved by over 1 cm, car coordinates, shape (n, 3)."""


def build_car(
    spec: CarSpec, impact: Impact, plate: str, trim: Trim, textures: Path, size_wh: tuple[int, int]
) -> CarModel:
    """Builds the car at the origin, looking along +x. ``textures`` is a folder for the painted pictures."""
    root = empty(spec.name)
    grid = build_body(spec)
    depth = push_in(impact, grid.y, grid.z, grid.along if impact.at_nose else spec.length - grid.along)
    shifted = grid.along + depth if impact.at_nose else grid.along - depth
    left = np.stack([spec.length / 2 - shifted, grid.y, grid.z], axis=-1)
    right = np.stack([spec.length / 2 - grid.along, -grid.y, grid.z], axis=-1)
    skin = (
        _half(root, spec, grid, left, impact, textures, size_wh),
        _half(root, spec, grid, right, None, textures, size_wh),
    )
    for points, side, blow in ((left, 1, impact), (right, -1, None)):
        _lamps(root, spec, grid, points, side, trim, blow)
    half_width = float(grid.y.max())
    paint = material(f"{spec.name}_parts", spec.paint, 0.32, spec.metallic, 1)
    add_wheels(root, spec, trim, half_width, np.random.default_rng(impact.seed))
    add_outside(root, spec, trim, paint, half_width)
    add_inside(root, spec, trim, half_width)
    plates = _plates(root, spec, plate, trim, textures)
    return CarModel(root, spec, skin, plates, left[depth > 0.01])


def _half(
    root: BlenderObject, spec: CarSpec, grid: BodyGrid, points: Floats, impact: Impact | None, textures: Path,
    size_wh: tuple[int, int],
) -> BlenderObject:  # fmt: skip
    side = "left" if impact else "right"
    canvas = paint_half(spec, grid, impact, size_wh, seed=5 if impact else 6)
    surface = body_material(f"{spec.name}_{side}", save_layers(canvas, textures, f"{spec.name}_{side}"))
    rows, columns = grid.y.shape
    v, u = np.meshgrid(np.linspace(0, 1, columns), np.linspace(0, 1, rows))
    faces = grid_faces(rows, columns)
    uv = np.stack([u, v], axis=-1).reshape(-1, 2)
    return mesh(
        f"{spec.name}_{side}", points, faces[:, ::-1] if impact else faces, surface, smooth=True, uv=uv, parent=root
    )


def _lamps(
    root: BlenderObject, spec: CarSpec, grid: BodyGrid, points: Floats, side: int, trim: Trim, blow: Impact | None
) -> None:
    """Housings behind the lamp covers, and the head lamp's lenses."""
    head = head_lamp_mask(spec.head_lamp, grid.along, grid.y, grid.z)
    tail = tail_lamp_mask(spec.tail_lamp, spec.length - grid.along, grid.y, grid.z)
    grey, bright = (
        material("head_housing", (0.05, 0.052, 0.056), 0.22, 0.7),
        material("tail_housing", (0.75, 0.7, 0.7), 0.25, 0.6),
    )
    _housing(root, points, grid.along, (-1, -side), head, grey)
    _housing(root, points, spec.length - grid.along, (1, -side), tail, bright)
    for offset in (0.10, 0.21):
        y = spec.head_lamp.inner + offset
        where = np.where(head, np.abs(grid.y - y), np.inf)
        near = points[np.where(where < 0.012)] if (where < 0.012).any() else points[np.where(where == where.min())]
        middle = near.mean(axis=0) - np.array([0.045, 0, 0])
        droop = 0.35 if blow is not None and blow.at_nose and blow.lamp_z is not None else 0.0
        _lens(root, middle, trim, droop, (spec.head_lamp.z1 - spec.head_lamp.z0) * 0.47)


def _lens(root: BlenderObject, middle: Floats, trim: Trim, droop: float, radius: float) -> None:
    ring = lathe(
        "lamp_ring",
        [(radius, -0.035), (radius * 1.08, 0.018), (radius * 0.98, 0.018), (radius * 0.8, -0.01)],
        trim.chrome,
        32,
        root,
    )
    dome = [(radius * 0.82 * np.cos(a), 0.018 * np.sin(a)) for a in np.linspace(0, np.pi / 2, 7)]
    ball = lathe("lamp_lens", dome, trim.lens, 32, root)
    for part in (ring, ball):
        part.location = tuple(middle)
        part.rotation_euler = (droop, 0, -np.pi / 2 + droop)


def _housing(
    root: BlenderObject, points: Floats, from_end: Floats, towards: tuple[int, int], mask: npt.NDArray[np.bool_],
    surface: Material,
) -> None:  # fmt: skip
    """The lamp's back wall: the skin behind the cover, moved inwards, with a rim that reaches up to the skin.

    ``towards``: signs of x and y that lead into the car. Inwards is along the car at its end and across it on the
    flank; the skin's own normals are no use, as its grid folds at the corners.
    """
    kernel = np.ones((3, 3), np.uint8)
    inside = np.asarray(cv2.dilate(mask.astype(np.uint8), kernel))
    core = np.asarray(cv2.erode(inside, kernel)) > 0
    angle = np.clip((from_end - 0.08) / 0.35, 0, 1) * np.pi / 2
    inwards = np.stack([np.cos(angle) * towards[0], np.sin(angle) * towards[1], np.zeros_like(angle)], axis=-1)
    moved = points + inwards * np.where(core, HOUSING_DEPTH, 0.006)[..., None]
    faces = grid_faces(*points.shape[:2])
    kept = faces[(inside.ravel() > 0)[faces].all(axis=1)]
    mesh("housing", moved, kept, surface, smooth=True, parent=root)


def _plates(
    root: BlenderObject, spec: CarSpec, text: str, trim: Trim, textures: Path
) -> tuple[BlenderObject, BlenderObject]:
    path = textures / f"{spec.name}_plate.png"
    cv2.imwrite(str(path), draw_plate(text, 3.0)[..., ::-1])
    surface = picture_material(f"{spec.name}_plate", path, 0.4)
    end = spec.length / 2
    front = add_plate(root, (end + spec.front_plate[0], 0, spec.front_plate[1]), 1, surface, trim)
    rear = add_plate(root, (-end - spec.rear_plate[0], 0, spec.rear_plate[1]), -1, surface, trim)
    return front, rear
