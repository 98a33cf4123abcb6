"""What a point of a vehicle is, and what happened to it. Car coordinates, pure numpy."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from datasets.scenes.body import Floats
from datasets.scenes.plan import Blow, Face, Model, PlannedVehicle
from datasets.scenes.spec import CarSpec
from datasets.scenes.vehicle_blow import SIDES, depth_at, local
from datasets.scenes.vehicle_glass import STAR_M, crack_plane
from datasets.scenes.vehicle_marks import draw_marks, look_up, reach
from datasets.scenes.vehicle_parts import part_at
from datasets.scenes.vehicle_scooter_spec import scooter_part_at
from datasets.scenes.vehicle_spec import spec_for

DENT_M = 0.012
"""What is pushed in by less does not show as a dent."""
_LAMPS = frozenset(f"{end}_{side}_light" for end in ("front", "back") for side in ("left", "right"))
_PANES = frozenset(("front_glass", "back_glass"))


@lru_cache(maxsize=64)
def spec_of(planned: PlannedVehicle) -> CarSpec:
    """Raises ValueError for a scooter."""
    return spec_for(planned.model, planned.seed, planned.paint)


def parts_of(planned: PlannedVehicle, points_xyz: Floats) -> list[str | None]:
    """Part names of `vision.types.PartKind` for surface points (n, 3); null where there is none."""
    if planned.model is Model.SCOOTER:
        return scooter_part_at(points_xyz)
    return part_at(spec_of(planned), points_xyz)


def damage_at(planned: PlannedVehicle, points_xyz: Floats) -> list[str | None]:
    """Values of `vision.types.DamageKind` for surface points (n, 3); null where the vehicle is whole.

    Where several meet the graver one counts: broken lamps and glass, a hanging bumper, dents (on the bonnet
    hood_damage), bare metal, scratches.
    """
    points = np.asarray(points_xyz, np.float64).reshape(-1, 3)
    found: npt.NDArray[np.object_] = np.full(len(points), None, object)
    if not len(points) or not planned.blows:
        return list(found)
    if planned.model is Model.SCOOTER:
        return list(found)
    spec = spec_of(planned)
    names = np.array([name or "" for name in part_at(spec, points)])
    bare = points[:, 0] < spec.front - spec.length - 0.05 if spec.build == "cab" else np.zeros(len(points), bool)
    for blow in planned.blows:
        _mark(found, names, spec, blow, points)
    found[bare] = [
        _on_bed(str(kind), *point) if kind else None for kind, point in zip(found[bare], points[bare], strict=True)
    ]
    return list(found)


def _on_bed(kind: str, x: float, y: float, z: float) -> str | None:
    """Behind a lorry's cab marks are only drawn on its sides, and only the rear beams bend."""
    if abs(y) > 0.85 and z > 0.40 and kind in ("scratch", "bare_primer"):
        return kind
    return kind if kind == "dent" and z < 0.80 and abs(y) < 0.93 and x < -2 else None


def _mark(
    found: npt.NDArray[np.object_], names: npt.NDArray[np.str_], spec: CarSpec, blow: Blow, points: Floats
) -> None:
    where = local(spec, blow, points)
    weight = reach(blow, where)
    marks = draw_marks(blow)
    solid = ~np.isin(names, [*_PANES, "wheel"])
    lamp = np.isin(names, [*_LAMPS])

    def seen(layer: npt.NDArray[np.float32], level: float) -> npt.NDArray[np.bool_]:
        return np.asarray((look_up(layer, blow, where) * weight > level) & solid)

    dent = (depth_at(blow, where) > DENT_M) & solid
    touched = seen(marks.near, 0.5)
    kinds = (
        ("scratch", touched & ~lamp),
        ("bare_primer", seen(marks.area_bare, 0.5) & ~lamp),
        ("dent", dent & ~lamp & (names != "hood")),
        ("hood_damage", dent & (names == "hood")),
        ("broken_or_missing", seen(marks.tear, 0.3) & np.char.endswith(names, "bumper")),
        ("broken_or_missing", _hanging(blow, names, points, spec)),
        ("lamp_damage", lamp & (dent | touched) & blow.broken_lamp),
        ("glass_crack", _cracked(blow, spec, points, names)),
    )
    for kind, mask in kinds:
        found[mask] = kind


def _hanging(blow: Blow, names: npt.NDArray[np.str_], points: Floats, spec: CarSpec) -> npt.NDArray[np.bool_]:
    """The torn corner of a bumper: its outer third on the struck side."""
    if not blow.hanging_bumper:
        return np.zeros(len(points), bool)
    ahead = blow.face is Face.FRONT or (blow.face in SIDES and blow.at > 0)
    left = blow.face is Face.LEFT or (blow.face not in SIDES and blow.at > 0)
    outer = (points[:, 1] if left else -points[:, 1]) > 0.35
    return np.asarray((names == ("front_bumper" if ahead else "back_bumper")) & outer)


def _cracked(blow: Blow, spec: CarSpec, points: Floats, names: npt.NDArray[np.str_]) -> npt.NDArray[np.bool_]:
    if not blow.cracked_glass:
        return np.zeros(len(points), bool)
    plane = crack_plane(spec, blow, points)
    near = np.hypot(plane[:, 0], plane[:, 1]) < STAR_M * 0.8
    pane = np.char.endswith(names, "door") if blow.face in SIDES else np.isin(names, [*_PANES])
    return np.asarray(near & pane)
