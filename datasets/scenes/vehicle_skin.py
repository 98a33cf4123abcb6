"""The skin's halves as meshes to be: refined where struck, displaced, without wheel openings. Pure numpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import map_coordinates

from datasets.scenes.body import BodyGrid, Floats
from datasets.scenes.plan import Blow, Face, PlannedVehicle
from datasets.scenes.spec import CarSpec
from datasets.scenes.vehicle_blow import SIDES, displacement
from datasets.scenes.vehicle_parts import PARTS, classify, place_of
from datasets.scenes.vehicle_spec import half_width

Quads = npt.NDArray[np.int64]
FINER = 3
"""A struck cell of the grid becomes so many in each direction."""


@dataclass(frozen=True, slots=True, eq=False)
class Skin:
    """One half. ``points`` (rows, columns, 3) after, ``clean`` before the blows; ``uv`` (rows * columns, 2); ``codes``
    of `vehicle_parts.PARTS` for each point; ``faces`` (n, 4) index points, wheel openings left out."""

    side: int
    grid: BodyGrid
    points: Floats
    clean: Floats
    uv: Floats
    codes: npt.NDArray[np.uint8]
    faces: Quads

    def faces_of(self, *names: str) -> npt.NDArray[np.bool_]:
        """Which faces lie wholly on these parts (codes' names), shape (n,)."""
        wanted = np.isin(self.codes.ravel(), [PARTS.index(name) for name in names])
        return np.asarray(wanted[self.faces].all(axis=1))


def make_skin(spec: CarSpec, grid: BodyGrid, planned: PlannedVehicle, side: int) -> Skin:
    rows, columns = grid.y.shape
    coarse = car_points(spec, grid, side)
    struck = np.linalg.norm(displacement(spec, planned.blows, coarse), axis=-1) > 0.002
    if planned.open_door and planned.open_door.endswith("left" if side > 0 else "right"):
        struck |= classify(spec, place_of(grid, spec.length)) == _door_code(planned.open_door)
    u, v = _steps(struck.any(axis=1)), _steps(struck.any(axis=0))
    fine = _resampled(grid, u, v)
    clean = car_points(spec, fine, side)
    points = clean + displacement(spec, planned.blows, clean)
    uv = np.stack(np.meshgrid(u / (rows - 1), v / (columns - 1), indexing="ij"), axis=-1).reshape(-1, 2)
    codes = classify(spec, place_of(fine, spec.length))
    faces = quads(len(u), len(v))
    if side > 0:
        faces = faces[:, ::-1]
    opening = _openings(spec, fine).ravel()
    return Skin(side, fine, points, clean, uv, codes, faces[~opening[faces].all(axis=1)])


def car_points(spec: CarSpec, grid: BodyGrid, side: int) -> Floats:
    return np.stack([spec.front - grid.along, side * grid.y, grid.z], axis=-1)


def quads(rows: int, columns: int) -> Quads:
    """Of a grid of points stored row by row, shape (n, 4)."""
    index = np.arange(rows * columns).reshape(rows, columns)
    return np.stack([index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]], axis=-1).reshape(-1, 4)


def strikes_end(blow: Blow, ahead: bool) -> bool:
    """Whether the blow reaches the front bumper (``ahead``) or the rear one; on a side the nearer of both."""
    return (blow.face is (Face.FRONT if ahead else Face.REAR)) or (blow.face in SIDES and (blow.at > 0) is ahead)


def hang(spec: CarSpec, blow: Blow, points: Floats) -> Floats:
    """Points of a bumper that has come off at the struck corner, (..., 3): it droops and stands off there."""
    ahead = blow.face is Face.FRONT or (blow.face in SIDES and blow.at > 0)
    left = blow.face is Face.LEFT or (blow.face not in SIDES and blow.at > 0)
    side, out = (1 if left else -1), (1 if ahead else -1)
    rng = np.random.default_rng([blow.seed, 31])
    t = np.clip((side * points[..., 1] / half_width(spec) + 0.35) / 1.35, 0, 1) ** 1.7
    moved = points.copy()
    moved[..., 0] += out * t * rng.uniform(0.03, 0.07)
    moved[..., 1] += side * t * rng.uniform(0.01, 0.03)
    moved[..., 2] -= t * rng.uniform(0.05, 0.11)
    return moved


def border(faces: Quads) -> npt.NDArray[np.int64]:
    """Edges (n, 2) that belong to one face only, in the face's sense of rotation."""
    edges = np.concatenate([faces[:, [k, (k + 1) % 4]] for k in range(4)])
    ordered = np.sort(edges, axis=1)
    _, first, counts = np.unique(ordered, axis=0, return_index=True, return_counts=True)
    return np.asarray(edges[first[counts == 1]])


def _door_code(name: str) -> int:
    return PARTS.index("front_door" if name.startswith("front") else "back_door")


def _steps(dense: npt.NDArray[np.bool_]) -> Floats:
    """Positions of grid lines: every one, and more between those marked."""
    wide = np.convolve(dense, np.ones(5), "same") > 0
    between = np.nonzero(wide[:-1] & wide[1:])[0]
    added = (between[:, None] + np.arange(1, FINER) / FINER).ravel()
    return np.sort(np.concatenate([np.arange(len(dense)), added]))


def _resampled(grid: BodyGrid, u: Floats, v: Floats) -> BodyGrid:
    if len(u) == grid.y.shape[0] and len(v) == grid.y.shape[1]:
        return grid
    at = np.stack(np.meshgrid(u, v, indexing="ij"))

    def spread(values: Floats, order: int) -> Floats:
        return np.asarray(map_coordinates(values, at, order=order, mode="nearest"))

    return BodyGrid(
        spread(grid.along, 3), np.clip(spread(grid.y, 3), 0, None), spread(grid.z, 3), spread(grid.station, 1),
        spread(grid.section, 1), grid.sections,
    )  # fmt: skip


def _openings(spec: CarSpec, grid: BodyGrid) -> npt.NDArray[np.bool_]:
    """Points well inside a wheel's opening, where the texture is transparent anyway."""
    inside = np.zeros(grid.y.shape, bool)
    for axle in spec.axles:
        inside |= np.hypot(grid.along - axle, grid.z - spec.wheel_radius - 0.005) < spec.wheel_radius + 0.045
    return inside & (grid.section > 2.4) & (grid.y > 0.47)
