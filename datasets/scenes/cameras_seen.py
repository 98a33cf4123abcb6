"""What a camera would see of vehicles that are only coarse solids: shares visible, sides, plates. No Blender."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from datasets.scenes.arrange_touch import crosses, distance_to
from datasets.scenes.cameras_project import project
from datasets.scenes.footprints import open_door, outline, plate_corners, solid, thick
from datasets.scenes.pinhole import Floats
from datasets.scenes.plan import Model, PlannedVehicle, Point, Shot

COARSE = 8
"""Masks are drawn at one pixel for so many of the picture."""


@dataclass(frozen=True, slots=True)
class Sight:
    """``whole_01``: share of the vehicle's silhouette that is in the picture and not behind another vehicle.
    ``area_01``: of the picture, visible. ``bearing_deg``: of the camera as the vehicle sees it, -180..180."""

    whole_01: float
    area_01: float
    bearing_deg: float
    cut: bool


def driven_back(vehicles: Sequence[PlannedVehicle], apart_m: float) -> tuple[PlannedVehicle, ...]:
    """The vehicles with B driven back along its heading."""
    return tuple(_back(v, apart_m) if v.party == "B" and apart_m else v for v in vehicles)


def _back(vehicle: PlannedVehicle, apart_m: float) -> PlannedVehicle:
    angle = math.radians(vehicle.heading_deg)
    x, y = vehicle.xy
    return replace(vehicle, xy=(x - apart_m * math.cos(angle), y - apart_m * math.sin(angle)))


def sights(shot: Shot, vehicles: Sequence[PlannedVehicle]) -> tuple[Sight, ...]:
    """One for each vehicle (where they stand for this shot), nearer ones hiding farther ones."""
    order = sorted(range(len(vehicles)), key=lambda i: distance_to(shot.eye[:2], outline(vehicles[i])))
    taken = _blank(shot)
    found: dict[int, Sight] = {}
    for i in order:
        mask, cut = silhouette(shot, vehicles[i])
        inside, everything = int(mask[taken == 0].sum()), max(_full_area(shot, vehicles[i]), 1.0)
        found[i] = Sight(min(inside / everything, 1.0), inside / mask.size, bearing(shot, vehicles[i]), cut)
        taken |= mask
    return tuple(found[i] for i in range(len(vehicles)))


def silhouette(shot: Shot, vehicle: PlannedVehicle) -> tuple[npt.NDArray[np.uint8], bool]:
    """Mask of 0 and 1 (coarse pixels), and whether the vehicle reaches beyond the picture."""
    mask, cut = _blank(shot), False
    for hull in solid(vehicle):
        pixels = project(shot, hull)
        cut |= bool(np.isnan(pixels).any())
        seen = pixels[~np.isnan(pixels[:, 0]), :2]
        if len(seen) < 3:
            continue
        low, high = seen.min(axis=0), seen.max(axis=0)
        cut |= bool((low < 0).any() or (high > np.array(shot.size_wh)).any())
        shape = cv2.convexHull(np.clip(seen / COARSE, -4000, 4000).astype(np.int32))
        cv2.fillConvexPoly(mask, shape, (1,))
    return mask, cut


def hides(shot: Shot, vehicles: Sequence[PlannedVehicle], point: Point) -> bool:
    """Whether a point beyond the vehicles is covered by one of them, or nearly so, or outside the picture."""
    pixel = project(shot, np.array([point]))[0, :2] / COARSE
    if np.isnan(pixel).any() or not (
        0 <= pixel[0] < shot.size_wh[0] / COARSE and 0 <= pixel[1] < shot.size_wh[1] / COARSE
    ):
        return True
    x, y = int(pixel[0]), int(pixel[1])
    return any(silhouette(shot, vehicle)[0][max(y - 4, 0) : y + 5, max(x - 4, 0) : x + 5].any() for vehicle in vehicles)


def _full_area(shot: Shot, vehicle: PlannedVehicle) -> float:
    """Area of the whole silhouette, also beyond the picture's edges, in coarse pixels."""
    wide = replace(shot, size_wh=(shot.size_wh[0] * 3, shot.size_wh[1] * 3), lens_mm=shot.lens_mm / 3)
    return float(silhouette(wide, vehicle)[0].sum())


def bearing(shot: Shot, vehicle: PlannedVehicle) -> float:
    dx, dy = shot.eye[0] - vehicle.xy[0], shot.eye[1] - vehicle.xy[1]
    return (math.degrees(math.atan2(dy, dx)) - vehicle.heading_deg + 180) % 360 - 180


def free_line(start: tuple[float, float], end: tuple[float, float], vehicles: Sequence[PlannedVehicle]) -> bool:
    """Whether nothing on the ground stands between two points; what touches the end point by 5 cm doesn't count."""
    a, b = np.array(start), np.array(end)
    length = float(math.hypot(*(b - a)))
    b = a + (b - a) * max(length - 0.05, 0.0) / max(length, 1e-9)
    return not any(crosses(a, b, shape) for vehicle in vehicles for shape in _shapes(vehicle))


def clearance(eye: tuple[float, float], vehicles: Sequence[PlannedVehicle]) -> float:
    """Distance of the eye from the nearest vehicle, negative inside one."""
    return min(distance_to(eye, shape) for vehicle in vehicles for shape in _shapes(vehicle))


def plate_tilt(shot: Shot, vehicles: Sequence[PlannedVehicle], index: int, end: str) -> float:
    """Angle of sight on a plate in degrees; 90 where it can't be seen: hidden, outside, or there is none."""
    vehicle = vehicles[index]
    if vehicle.model is Model.SCOOTER and end == "front":
        return 90.0
    corners = plate_corners(vehicle, end)
    pixels = project(shot, corners)
    if np.isnan(pixels).any() or (pixels[:, :2] < 0).any() or (pixels[:, :2] > np.array(shot.size_wh)).any():
        return 90.0
    middle = corners.mean(axis=0)
    normal = np.cross(corners[3] - corners[0], corners[1] - corners[0])
    sight = np.array(shot.eye) - middle
    facing = float(normal @ sight / np.linalg.norm(normal) / np.linalg.norm(sight))
    ends = (corners[0], corners[1])
    hidden = not all(free_line(shot.eye[:2], (float(x), float(y)), vehicles) for x, y, _ in ends)
    return 90.0 if facing <= 0 or hidden else math.degrees(math.acos(min(facing, 1.0)))


def _shapes(vehicle: PlannedVehicle) -> tuple[Floats, ...]:
    door = open_door(vehicle)
    return (outline(vehicle), thick(door, 0.04)) if len(door) else (outline(vehicle),)


def _blank(shot: Shot) -> npt.NDArray[np.uint8]:
    return np.zeros((shot.size_wh[1] // COARSE, shot.size_wh[0] // COARSE), np.uint8)
