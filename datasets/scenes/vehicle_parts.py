"""Which part of a vehicle a point belongs to, in the 18 names of `vision.types.PartKind`. Pure, no Blender."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from datasets.scenes.body import FLOOR_END, BodyGrid, Floats, build_body, curve
from datasets.scenes.spec import CarSpec
from datasets.scenes.vehicle_lamps import head_lamp_mask, tail_lamp_mask
from datasets.scenes.vehicle_spec import half_width

Bools: TypeAlias = npt.NDArray[np.bool_]
Array: TypeAlias = npt.NDArray[np.floating]

PARTS = (
    "", "front_bumper", "back_bumper", "hood", "trunk", "tailgate", "front_door", "back_door", "front_glass",
    "back_glass", "front_light", "back_light", "mirror", "wheel",
)  # fmt: skip
"""Codes of `classify`; doors, lights and mirrors get their side afterwards."""
_CODE = {name: code for code, name in enumerate(PARTS)}
_MIRROR_OUT = 0.03


@dataclass(frozen=True, slots=True, eq=False)
class Where:
    """Places on the undamaged skin, arrays of one shape; see `body.BodyGrid`. ``belt`` is the belt line's height."""

    along: Array
    aft: Array
    y: Array
    z: Array
    station: Array
    section: Array
    belt: Array


def place_of(grid: BodyGrid, length: float) -> Where:
    s = grid.sections
    belt = np.interp(grid.station, s.station, s.belt)
    return Where(grid.along, length - grid.along, grid.y, grid.z, grid.station, grid.section, belt)


def front_bumper(spec: CarSpec, w: Where) -> Bools:
    """Also the grille between the lamps."""
    limit = spec.axles[0] - spec.wheel_radius - 0.06
    seam = spec.head_lamp.z0 + spec.head_lamp.rise * np.clip(w.along, 0, None) - 0.008
    middle = (w.y < spec.head_lamp.inner) & (w.station < max(spec.bonnet[0] * 0.5, 0.04))
    top = np.where(middle, np.maximum(seam, spec.grille.z1 + 0.02), seam)
    return np.asarray((w.along < limit) & (w.z < top) & ((w.section > FLOOR_END - 1) | (w.station <= 0)))


def rear_bumper(spec: CarSpec, w: Where) -> Bools:
    if spec.build == "cab":
        return np.zeros(w.y.shape, bool)
    limit = spec.length - spec.axles[1] - spec.wheel_radius - 0.06
    return np.asarray(
        (w.aft < limit) & (w.z < spec.bumper_z) & ((w.section > FLOOR_END - 1) | (w.station >= spec.length))
    )


def screen(spec: CarSpec, w: Where, rear: bool, inset: float = 0.0) -> Bools:
    start, end = spec.glazing.rear_window if rear else spec.glazing.windscreen
    return np.asarray((w.station > start + inset) & (w.station < end - inset) & (w.section > 12.2))


def doors(spec: CarSpec, w: Where) -> tuple[Bools, Bools]:
    """Front and rear door of the half, with their windows."""
    d = spec.doors
    upright = (w.z > spec_sill(spec, w)) & (w.section > 3.2) & (w.section < 13.8)
    lean = np.clip(w.z - 0.5, -0.2, 0.6)
    upper = np.clip((w.z - w.belt) / 0.3, 0, 1)
    front = w.along > d.front - 0.10 * lean + upper * max(0.0, spec.glazing.sides[0] - d.front)
    edge = d.rear + 0.10 * lean
    reach = (spec.wheel_radius + 0.11) ** 2 - (w.z - spec.wheel_radius) ** 2
    arch = spec.axles[1] - np.sqrt(np.clip(reach, 0, None))
    edge = np.where(w.z < 2 * spec.wheel_radius + 0.1, np.minimum(edge, arch), edge)
    middle = w.along < d.middle
    return np.asarray(upright & front & middle), np.asarray(upright & ~middle & (w.along < edge))


def spec_sill(spec: CarSpec, w: Where) -> Array:
    bottom = curve(spec.profile.bottom)(np.clip(w.station, 0, spec.length))
    return np.asarray(bottom + spec.sill + 0.03)


def classify(spec: CarSpec, w: Where) -> npt.NDArray[np.uint8]:
    """Code into `PARTS` for places on the skin, any shape."""
    codes = np.zeros(w.y.shape, np.uint8)

    def put(name: str, mask: Any) -> None:
        codes[np.asarray(mask)] = _CODE[name]

    car = spec.build in ("car", "hatch")
    first, second = doors(spec, w)
    put("front_door", first)
    if car:
        put("back_door", second)
        flat = (w.section > 9.6) & (w.z > w.belt - 0.05) & (w.along < spec.glazing.windscreen[0] + 0.3)
        put("hood", flat & (w.station > spec.bonnet[0] * 0.4) & (w.station < spec.glazing.windscreen[0]))
        lid = (w.y < spec.lid.half + 0.02) & (w.aft < 0.75) & (w.z > spec.bumper_z)
        if spec.build == "hatch":
            put(
                "tailgate",
                (lid | ((w.y < spec.lid.half + 0.1) & (w.z > w.belt)))
                & (w.station > spec.glazing.rear_window[0] - 0.1),
            )
        else:
            put("trunk", (lid & (w.z < spec.lid.z1)) | ((w.section > 11.2) & (w.station > spec.glazing.rear_window[1])))
    put("front_bumper", front_bumper(spec, w))
    put("back_bumper", rear_bumper(spec, w))
    put("front_glass", screen(spec, w, rear=False))
    if spec.build != "cab":
        put("back_glass", screen(spec, w, rear=True))
        put("back_light", (w.aft < 0.75) & tail_lamp_mask(spec.tail_lamp, w.aft, w.y, w.z))
    put("front_light", head_lamp_mask(spec.head_lamp, w.along, w.y, w.z))
    return codes


def part_at(spec: CarSpec, points_xyz: Floats, normals: Floats | None = None) -> list[str | None]:
    """Part names for points (n, 3) on or near the vehicle's surface, car coordinates; null where there is none.

    ``normals`` is not needed; it is taken so that callers need not know. Left and right are the vehicle's own.
    """
    points = np.asarray(points_xyz, np.float64).reshape(-1, 3)
    if not len(points):
        return []
    tree, codes = _surface(spec)
    folded = np.stack([points[:, 0], np.abs(points[:, 1]), points[:, 2]], axis=-1)
    distance, nearest = tree.query(folded)
    found = np.where(distance < 0.35, codes[nearest], 0)
    found[(folded[:, 1] > half_width(spec) + _MIRROR_OUT) & (points[:, 2] > 0.6)] = _CODE["mirror"]
    found[_on_wheel(spec, folded)] = _CODE["wheel"]
    if spec.build in ("cab", "bus"):
        found[_beyond_cab(spec, folded)] = 0
    return [_named(int(code), y >= 0) for code, y in zip(found, points[:, 1], strict=True)]


def _on_wheel(spec: CarSpec, folded: Floats) -> Bools:
    inside = np.zeros(len(folded), bool)
    for axle in spec.axles:
        away = np.hypot(folded[:, 0] - (spec.front - axle), folded[:, 2] - spec.wheel_radius)
        inside |= away < spec.wheel_radius + 0.012
    return inside & (folded[:, 1] > half_width(spec) - 0.40)


def _beyond_cab(spec: CarSpec, folded: Floats) -> Bools:
    behind = spec.front - folded[:, 0] > spec.length + 0.03
    return behind & ~_on_wheel(spec, folded)


def _named(code: int, left: bool) -> str | None:
    name, side = PARTS[code], "left" if left else "right"
    if name in ("front_door", "back_door", "front_light", "back_light"):
        end, what = name.split("_")
        return f"{end}_{side}_{what}"
    return f"{side}_mirror" if name == "mirror" else name or None


@lru_cache(maxsize=16)
def _surface(spec: CarSpec) -> tuple[Any, npt.NDArray[np.uint8]]:
    grid = build_body(spec, 170)
    codes = classify(spec, place_of(grid, spec.length))
    points = np.stack([spec.front - grid.along, grid.y, grid.z], axis=-1).reshape(-1, 3)
    return cKDTree(points), codes.ravel()
