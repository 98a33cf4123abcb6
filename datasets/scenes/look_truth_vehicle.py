"""What a picture truly shows of one vehicle: outline, view, parts, damages, plates; found by rays."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from datasets.scenes.built import BuiltVehicle
from datasets.scenes.look_truth_masks import Grid, Mask, clipped, grid_over, mask_box, mask_polygons, patches, tidy
from datasets.scenes.look_truth_plate import seen_plates
from datasets.scenes.look_truth_rays import Solid
from datasets.scenes.pinhole import NEAR_M, Floats, Pinhole, project, sight_lines, within
from datasets.scenes.plan import Model
from datasets.scenes.seen import Box, SeenDamage, SeenPart, SeenVehicle
from datasets.scenes.view_ring import view_from

FINE_CELLS = 40_000
SLACK_M = 0.02
"""What stands nearer than this before a point does not hide it."""
WIDEST = 3.0
"""A box may reach this many picture sizes beyond the edges; of a vehicle beside the camera no more is told."""
SMALLEST_SHARE = 0.02
SMALLEST_PX = 8.0
PORTION = 30_000
PART_PX = 10.0
DAMAGE_PX = 6.0
_KINDS = {Model.LIGHT_TRUCK: "truck", Model.BUS: "bus", Model.SCOOTER: "motorcycle"}


def seen_vehicle(camera: Pinhole, own: BuiltVehicle, solid: Solid, others: Sequence[Solid]) -> SeenVehicle | None:
    """One vehicle's truth, null where under 2 % of its surface or 8 pixels of it are seen."""
    whole = _whole_box(camera, solid)
    inside = clipped(whole, camera.size_wh) if whole else None
    if whole is None or inside is None:
        return None
    outline_share = _visible_share(camera, solid, others)
    grid = grid_over(inside, FINE_CELLS)
    mask, points = _hits(camera, solid, others, grid)
    if outline_share < SMALLEST_SHARE or not mask.any():
        return None
    box = _snapped(mask_box(grid, mask), inside, grid.step)
    if min(box[2] - box[0], box[3] - box[1]) < SMALLEST_PX:
        return None
    bearing, elevation, view = _direction(camera, solid)
    cut = not within(np.array([whole[:2], whole[2:]]), camera.size_wh).all()
    names = _spread(mask, _asked(own.part_at, points))
    hurts = _spread(mask, _asked(own.damage_at, points))
    return SeenVehicle(
        own.planned.party, _KINDS.get(own.planned.model, "car"), own.planned.model.value, box, tidy(whole),
        view, round(bearing, 1), round(elevation, 1), round(outline_share, 3), cut,
        mask_polygons(grid, mask), _parts(grid, names), _damages(grid, hurts, names),
        seen_plates(camera, own.planned, own.plates, (solid, *others)),
    )  # fmt: skip


def _whole_box(camera: Pinhole, solid: Solid) -> Box | None:
    pixels, depth = project(camera, solid.to_world(solid.points))
    pixels = pixels[depth > NEAR_M]
    if not len(pixels):
        return None
    size = np.array(camera.size_wh)
    low, high = np.maximum(pixels.min(axis=0), -WIDEST * size), np.minimum(pixels.max(axis=0), (1 + WIDEST) * size)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _visible_share(camera: Pinhole, solid: Solid, others: Sequence[Solid]) -> float:
    """Share of the surface turned to the camera that is in the picture with nothing before it.

    Counted on the vehicle, not on the picture, where of a vehicle beside the camera the near end would outweigh it.
    """
    points = solid.to_world(solid.surface)
    rays = points - camera.eye
    reach = np.linalg.norm(rays, axis=1)
    rays /= reach[:, None]
    outer = solid.distances(camera.eye, rays, reach - SLACK_M) == np.inf
    pixels, depth = project(camera, points)
    inside = outer & within(pixels, camera.size_wh) & (depth > NEAR_M)
    return float(_free(camera, others, rays[inside], reach[inside]).sum() / max(outer.sum(), 1))


def _free(camera: Pinhole, others: Sequence[Solid], rays: Floats, reach: Floats) -> Mask:
    """Which rays meet none of the others before ``reach``."""
    free = np.ones(len(rays), bool)
    for other in others:
        open_rays = np.nonzero(free)[0]
        nearer = other.distances(camera.eye, rays[open_rays], reach[open_rays] - SLACK_M)
        free[open_rays[np.isfinite(nearer)]] = False
    return free


def _hits(camera: Pinhole, solid: Solid, others: Sequence[Solid], grid: Grid) -> tuple[Mask, Floats]:
    """Where the vehicle is seen (rows, columns), and those points in car coordinates, row by row."""
    rays = sight_lines(camera, grid.centres())
    reach = solid.distances(camera.eye, rays)
    cells = np.nonzero(np.isfinite(reach))[0]
    cells = cells[_free(camera, others, rays[cells], reach[cells])]
    mask = np.zeros(grid.rows * grid.columns, bool)
    mask[cells] = True
    return mask.reshape(grid.rows, grid.columns), solid.to_own(camera.eye + rays[cells] * reach[cells, None])


def _asked(about: Callable[[Floats], Sequence[str]], points: Floats) -> list[str]:
    """Names of points, asked in portions: OpenCV's remap, which some answers rest on, takes less than 2^15 at once."""
    return [name for start in range(0, len(points), PORTION) for name in about(points[start : start + PORTION])]


def _spread(mask: Mask, names: Sequence[str]) -> np.ndarray[tuple[int, ...], np.dtype[np.str_]]:
    """Names of the points that ``mask`` tells, as a picture of names (rows, columns)."""
    made = np.zeros(mask.shape, dtype="<U24")
    made[mask] = np.asarray(names, dtype="<U24")
    return made


def _snapped(box: Box, whole: Box, step: float) -> Box:
    """Edges that lie within a cell of the projected outline's are that."""
    x0, y0, x1, y1 = (round(w, 1) if abs(b - w) <= 1.5 * step else b for b, w in zip(box, whole, strict=True))
    return x0, y0, x1, y1


def _direction(camera: Pinhole, solid: Solid) -> tuple[float, float, str]:
    """Bearing and elevation of the camera as the vehicle sees it, degrees; from its middle, a metre below the roof.

    And the faces turned to it: mirrors count for nothing in the width.
    """
    low, high = solid.points.min(axis=0), solid.points.max(axis=0)
    middle = (low + high) / 2
    x, y, z = (float(v) for v in solid.to_own(camera.eye[None])[0] - middle)
    width = 2 * float(np.percentile(np.abs(solid.points[:, 1] - middle[1]), 95))
    view = view_from(x, y, float(high[0] - low[0]), width).value
    return math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, math.hypot(x, y))), view


def _parts(grid: Grid, names: np.ndarray[tuple[int, ...], np.dtype[np.str_]]) -> tuple[SeenPart, ...]:
    made = []
    for name in np.unique(names[names != ""]):
        found = patches(names == name, bridge=2)
        groups = found if name == "wheel" else (np.logical_or.reduce(found),) if found else ()
        for group in groups:
            box = mask_box(grid, group)
            if min(box[2] - box[0], box[3] - box[1]) >= PART_PX:
                made.append(SeenPart(str(name), box))
    return tuple(made)


def _damages(
    grid: Grid,
    hurts: np.ndarray[tuple[int, ...], np.dtype[np.str_]],
    names: np.ndarray[tuple[int, ...], np.dtype[np.str_]],
) -> tuple[SeenDamage, ...]:
    made = []
    for kind in np.unique(hurts[hurts != ""]):
        for patch in patches(hurts == kind, bridge=2):
            box = mask_box(grid, patch)
            if min(box[2] - box[0], box[3] - box[1]) < DAMAGE_PX:
                continue
            values, counts = np.unique(names[patch], return_counts=True)
            part = str(values[counts.argmax()])
            made.append(SeenDamage(str(kind), part or None, box, mask_polygons(grid, patch)))
    return tuple(made)
