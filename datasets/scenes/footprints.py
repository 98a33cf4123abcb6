"""How much room a vehicle takes: its measures, its outline on the ground and a coarse solid. No Blender here."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from datasets.scenes.plan import Model, PlannedVehicle
from datasets.scenes.vehicle_spec import half_width, spec_for

Floats: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Footprint:
    """Metres. ``nose_bow`` and ``tail_bow``: how far the corners sweep back in plan. ``belt``: where the windows start.
    ``cabin``: stations behind the nose, as shares of the length, between which the roof lies."""

    length: float
    width: float
    height: float
    nose_bow: float
    tail_bow: float
    belt: float
    cabin: tuple[float, float]
    bumper_z: float
    plate_z: tuple[float, float]
    """Height of the front and of the rear plate."""


@dataclass(frozen=True, slots=True)
class _Rest:
    """What a `CarSpec` does not tell."""

    cabin: tuple[float, float]
    belt: float
    struck_z: float


REST: dict[Model, _Rest] = {
    Model.SEDAN: _Rest((0.36, 0.80), 0.95, 0.52),
    Model.HATCHBACK: _Rest((0.34, 0.92), 0.96, 0.52),
    Model.SUV: _Rest((0.34, 0.94), 1.08, 0.60),
    Model.MPV: _Rest((0.26, 0.95), 1.05, 0.55),
    Model.VAN: _Rest((0.12, 0.97), 1.05, 0.55),
    Model.LIGHT_TRUCK: _Rest((0.02, 0.98), 1.25, 0.60),
    Model.BUS: _Rest((0.01, 0.99), 1.20, 0.60),
}
SCOOTER = Footprint(1.78, 0.68, 1.12, 0.22, 0.10, 0.75, (0.15, 0.50), 0.55, (0.75, 0.58))


@cache
def footprint(model: Model, seed: int) -> Footprint:
    """The measures of the vehicle that this seed builds; every scooter has the same."""
    if model is Model.SCOOTER:
        return SCOOTER
    spec, rest = spec_for(model, seed, "white"), REST[model]
    top = max(z for _, z in spec.profile.top)
    return Footprint(
        length=spec.overall or spec.length, width=2 * half_width(spec),
        height=max(top, 2.4) if model is Model.LIGHT_TRUCK else top,
        nose_bow=spec.profile.nose_bow, tail_bow=spec.profile.tail_bow if not spec.overall else 0.02,
        belt=rest.belt, cabin=rest.cabin, bumper_z=rest.struck_z,
        plate_z=(spec.front_plate[1], spec.rear_plate[1]),
    )  # fmt: skip


def size_of(vehicle: PlannedVehicle) -> Footprint:
    return footprint(vehicle.model, vehicle.seed)


def local_outline(size: Footprint) -> Floats:
    """Convex outline (n, 2), counter-clockwise, in the vehicle's own frame: x ahead, y left, its middle at 0."""
    half, reach = size.width / 2, size.length / 2
    shares = np.array([-1.0, -0.9, -0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 0.9, 1.0])
    sweep = np.abs(shares) ** 3.0
    nose = np.stack([reach - size.nose_bow * sweep, shares * half], axis=1)
    tail = np.stack([-reach + size.tail_bow * sweep, shares * half], axis=1)[::-1]
    return np.concatenate([nose, tail])


def to_world(points: Floats, xy: tuple[float, float], heading_deg: float) -> Floats:
    """Points (n, 2) of a vehicle's own frame where it stands."""
    c, s = math.cos(math.radians(heading_deg)), math.sin(math.radians(heading_deg))
    return np.asarray(points @ np.array([[c, s], [-s, c]]) + np.array(xy), np.float64)


def to_local(point: tuple[float, float], xy: tuple[float, float], heading_deg: float) -> tuple[float, float]:
    """The inverse of `to_world` for one point."""
    c, s = math.cos(math.radians(heading_deg)), math.sin(math.radians(heading_deg))
    dx, dy = point[0] - xy[0], point[1] - xy[1]
    return c * dx + s * dy, -s * dx + c * dy


def outline(vehicle: PlannedVehicle) -> Floats:
    """Outline on the ground, world metres (n, 2), counter-clockwise; without an open door."""
    return to_world(local_outline(size_of(vehicle)), vehicle.xy, vehicle.heading_deg)


def open_door(vehicle: PlannedVehicle) -> Floats:
    """The open door as a line (2, 2) on the ground, from its hinge outward; (0, 2) where all doors are shut."""
    if not vehicle.open_door:
        return np.zeros((0, 2))
    size = size_of(vehicle)
    row, side = vehicle.open_door.split("_")
    sign = 1.0 if side == "left" else -1.0
    hinge = size.length * (0.5 - (0.30 if row == "front" else 0.52))
    angle = math.radians(62)
    tip = (hinge - 1.05 * math.cos(angle), sign * (size.width / 2 + 1.05 * math.sin(angle)))
    return to_world(np.array([(hinge, sign * size.width / 2), tip]), vehicle.xy, vehicle.heading_deg)


def solid(vehicle: PlannedVehicle) -> tuple[Floats, Floats]:
    """Corners (n, 3) of the body up to the belt and of the cabin up to the roof: two convex hulls, world metres."""
    size = size_of(vehicle)
    ground = _with_sides(outline(vehicle))
    body = np.concatenate([_raised(ground, 0.12), _raised(ground, size.belt)])
    ahead, behind = (size.length * (0.5 - share) for share in size.cabin)
    half, top = size.width / 2, size.width / 2 * 0.80
    lean = (size.height - size.belt) * (0.9 if size.cabin[0] > 0.2 else 0.2)
    foot = np.array([(ahead + lean, half), (ahead + lean, -half), (behind, -half), (behind, half)])
    roof = np.array([(ahead, top), (ahead, -top), (behind, -top), (behind, top)])
    cabin = np.concatenate(
        [
            _raised(to_world(foot, vehicle.xy, vehicle.heading_deg), size.belt),
            _raised(to_world(roof, vehicle.xy, vehicle.heading_deg), size.height),
        ]
    )
    return body, cabin


def _with_sides(ground: Floats) -> Floats:
    """With points along the two long edges: a camera between nose and tail sees some before and some behind it."""
    ends = np.roll(ground, -1, axis=0)
    steps = [np.linspace(0, 1, 12 if math.hypot(*(b - a)) > 1 else 1, endpoint=False)[:, None] for a, b in
             zip(ground, ends, strict=True)]  # fmt: skip
    return np.concatenate([a + (b - a) * share for a, b, share in zip(ground, ends, steps, strict=True)])


def plate_corners(vehicle: PlannedVehicle, end: str) -> Floats:
    """Corners (4, 3) of the ``front`` or ``rear`` plate, world metres, as read: top left, top right, then below."""
    size = size_of(vehicle)
    sign, z = (1.0, size.plate_z[0]) if end == "front" else (-1.0, size.plate_z[1])
    half, x = (0.11 if vehicle.model is Model.SCOOTER else 0.22), sign * (size.length / 2 + 0.01)
    ground = to_world(np.array([(x, -sign * half), (x, sign * half)]), vehicle.xy, vehicle.heading_deg)
    return np.array([(*ground[i], z + dz) for i, dz in ((0, 0.07), (1, 0.07), (1, -0.07), (0, -0.07))])


def thick(line: Floats, width: float) -> Floats:
    """A line (2, 2) as a convex, counter-clockwise outline (4, 2)."""
    along = (line[1] - line[0]) / math.hypot(*(line[1] - line[0]))
    side = np.array([-along[1], along[0]]) * width / 2
    return np.array([line[0] - side, line[1] - side, line[1] + side, line[0] + side])


def _raised(points: Floats, z: float) -> Floats:
    return np.concatenate([points, np.full((len(points), 1), z)], axis=1)
