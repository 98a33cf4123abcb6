"""Where things are on a rendered picture: projections of the cars, their plates and the struck area."""

from __future__ import annotations

import math
from typing import Any

import bpy
import numpy as np
from bpy_extras.object_utils import world_to_camera_view
from mathutils import Vector

from datasets.scenes.body import Floats
from datasets.scenes.car_model import CarModel
from datasets.scenes.view_ring import view_from_bearing


def car_truth(car: CarModel, camera: Any, size_wh: tuple[int, int]) -> dict[str, Any]:
    """Box (clipped to the picture), view and plate corners of one car; pixels, points as (x, y).

    A plate is told when it lies in the picture and looks at the camera by less than 80 degrees; whether something
    stands before it is not looked at. ``struck_xyxy`` is the box of the dented skin, null when out of the picture.
    """
    points = np.concatenate([_points(half) for half in car.skin])
    bearing = _bearing(car, camera)
    plates = [_plate(plate, camera, size_wh) for plate in car.plates]
    struck = _move(car.struck, car.root.matrix_world)
    return {
        "name": car.spec.name,
        "box_xyxy": _box(project(points, camera, size_wh), size_wh),
        "view": view_from_bearing(bearing).value,
        "bearing_deg": round(bearing, 1),
        "plate_corners": {"front": plates[0], "rear": plates[1]},
        "struck_xyxy": _box(project(struck, camera, size_wh), size_wh),
    }


def project(points: Floats, camera: Any, size_wh: tuple[int, int]) -> Floats:
    """World points (n, 3) to pixels (k, 2); points behind the camera are dropped."""
    scene = bpy.context.scene
    seen = np.array([tuple(world_to_camera_view(scene, camera, Vector(point))) for point in points])
    ahead = seen[seen[:, 2] > 0.05]
    return np.stack([ahead[:, 0] * size_wh[0], (1 - ahead[:, 1]) * size_wh[1]], axis=1)


def _points(item: Any, step: int = 5) -> Floats:
    """An object's vertices in the world, every ``step``-th of them."""
    local = np.empty(len(item.data.vertices) * 3)
    item.data.vertices.foreach_get("co", local)
    return _move(local.reshape(-1, 3)[::step], item.matrix_world)


def _move(points: Floats, matrix: Any) -> Floats:
    """Points (n, 3) through a 4 x 4 matrix."""
    numbers = np.array(matrix)
    return np.asarray(points @ numbers[:3, :3].T + numbers[:3, 3], np.float64)


def _box(pixels: Floats, size_wh: tuple[int, int]) -> list[float] | None:
    if not len(pixels):
        return None
    low, high = pixels.min(axis=0), pixels.max(axis=0)
    x0, y0 = np.maximum(low, 0)
    x1, y1 = np.minimum(high, size_wh)
    if x1 - x0 < 2 or y1 - y0 < 2:
        return None
    return [round(float(v), 1) for v in (x0, y0, x1, y1)]


def _bearing(car: CarModel, camera: Any) -> float:
    """Direction of the camera as the car sees it, degrees to the left of straight ahead, -180..180."""
    local = car.root.matrix_world.inverted() @ camera.matrix_world.translation
    return math.degrees(math.atan2(local.y, local.x))


def _plate(plate: Any, camera: Any, size_wh: tuple[int, int]) -> list[list[float]] | None:
    corners = _points(plate, 1)
    reading = np.cross(corners[3] - corners[0], corners[1] - corners[0])  # points to the reader
    sight = np.array(camera.matrix_world.translation) - corners.mean(axis=0)
    facing = float(reading @ sight / (np.linalg.norm(reading) * np.linalg.norm(sight)))
    pixels = project(corners, camera, size_wh)
    if facing < math.cos(math.radians(80)) or len(pixels) < 4:
        return None
    if (pixels < 0).any() or (pixels > np.array(size_wh)).any():
        return None
    return [[round(float(x), 1), round(float(y), 1)] for x, y in pixels]
