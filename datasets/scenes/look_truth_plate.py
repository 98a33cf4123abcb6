"""Where plates are on a picture and how much of them can be seen."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from datasets.scenes.blender import BlenderObject
from datasets.scenes.look_truth_rays import Solid
from datasets.scenes.pinhole import NEAR_M, Floats, Pinhole, project, within
from datasets.scenes.plan import Model, PlannedVehicle
from datasets.scenes.seen import SeenPlate
from datasets.scenes.vehicle_plate import rear_kind
from vision.types import PlateKind

HEAVY = (Model.LIGHT_TRUCK, Model.BUS)
STEEPEST_DEG = 85.0
PROBES = (12, 5)
SLACK_M = 0.02


def seen_plates(
    camera: Pinhole,
    planned: PlannedVehicle,
    plates: Sequence[tuple[str, BlenderObject]],
    solids: Sequence[Solid],
) -> tuple[SeenPlate, ...]:
    """Plates that look at the camera and of which something is seen."""
    made = []
    for end, item in plates:
        corners = plate_corners(item)
        tilt = tilt_deg(camera, corners)
        pixels, depth = project(camera, corners)
        if tilt > STEEPEST_DEG or (depth < NEAR_M).any():
            continue
        visible = _visible_share(camera, corners, solids)
        if visible > 0:
            told = tuple((round(float(x), 1), round(float(y), 1)) for x, y in pixels)
            kind = (
                rear_kind(PlateKind(planned.plate_kind), planned.model in HEAVY)
                if end == "rear"
                else planned.plate_kind
            )
            made.append(SeenPlate(end, planned.plate, str(kind), told, round(visible, 2), round(tilt, 1)))
    return tuple(made)


def _kind(planned: PlannedVehicle, end: str) -> str:
    kind = PlateKind(planned.plate_kind)
    return (rear_kind(kind, planned.model in HEAVY) if end == "rear" else kind).value


def plate_corners(item: BlenderObject) -> Floats:
    """The first four vertices in the world: from the top left, clockwise as the text is read. Shape (4, 3)."""
    matrix = np.array(item.matrix_world)
    own = np.array([tuple(item.data.vertices[n].co) for n in range(4)])
    return np.asarray(own @ matrix[:3, :3].T + matrix[:3, 3], np.float64)


def tilt_deg(camera: Pinhole, corners: Floats) -> float:
    """Angle between the line of sight and the plate's outward normal, 0..180 degrees."""
    outward = np.cross(corners[3] - corners[0], corners[1] - corners[0])
    sight = camera.eye - corners.mean(axis=0)
    cosine = float(outward @ sight / (np.linalg.norm(outward) * np.linalg.norm(sight)))
    return math.degrees(math.acos(max(-1.0, min(1.0, cosine))))


def _visible_share(camera: Pinhole, corners: Floats, solids: Sequence[Solid]) -> float:
    """Share of 60 points on the plate that are in the picture and that nothing stands before."""
    across, down = ((np.arange(n) + 0.5) / n for n in PROBES)
    u, v = (values.ravel() for values in np.meshgrid(across, down))
    top = corners[0] + np.outer(u, corners[1] - corners[0])
    bottom = corners[3] + np.outer(u, corners[2] - corners[3])
    points = top + (bottom - top) * v[:, None]
    free = within(project(camera, points)[0], camera.size_wh)
    rays = points - camera.eye
    reach = np.linalg.norm(rays, axis=1)
    rays /= reach[:, None]
    for solid in solids:
        free &= ~np.isfinite(solid.distances(camera.eye, rays, reach - SLACK_M))
    return float(free.mean())
