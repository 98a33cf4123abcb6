"""Measures of boxes on a picture, and which faces of a vehicle a view shows. Boxes are pixel xyxy."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from math import dist

from vision.types import Box, PhotoFacts, Plate, PlateKind, Vehicle, VehicleKind, View

FACES: Mapping[View, tuple[str, ...]] = {
    View.FRONT: ("front",),
    View.FRONT_LEFT: ("front", "left"),
    View.LEFT: ("left",),
    View.REAR_LEFT: ("rear", "left"),
    View.REAR: ("rear",),
    View.REAR_RIGHT: ("rear", "right"),
    View.RIGHT: ("right",),
    View.FRONT_RIGHT: ("front", "right"),
}
"""A photo 45 degrees off a corner shows two faces and counts for both."""
TWO_WHEELED = (VehicleKind.MOTORCYCLE, VehicleKind.BICYCLE)
_WITHIN = 0.9
"""Share of a box inside another one from which it counts as a part of what that one surrounds."""

_CARS = {VehicleKind.BUS: 4.0, VehicleKind.TRUCK: 2.0}
"""How many cars would fill its place on a picture."""


def area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def centre(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def inside(point: tuple[float, float], box: Box) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


def overlap(one: Box, other: Box) -> float:
    """Area of the intersection, px²."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return max(0.0, wide) * max(0.0, high)


def iou(one: Box, other: Box) -> float:
    """Intersection over union, 0..1."""
    common = overlap(one, other)
    union = area(one) + area(other) - common
    return common / union if union > 0 else 0.0


def around_both(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def gap_01(one: Box, other: Box) -> float:
    """Distance between two boxes relative to the smaller one's longer side; 0 where they touch."""
    across = max(0.0, max(one[0], other[0]) - min(one[2], other[2]))
    down = max(0.0, max(one[1], other[1]) - min(one[3], other[3]))
    smaller = one if area(one) <= area(other) else other
    side = max(smaller[2] - smaller[0], smaller[3] - smaller[1], 1.0)
    return float((across**2 + down**2) ** 0.5 / side)


def margin_01(box: Box, size_wh: tuple[int, int]) -> float:
    """Distance of a box to the nearest edge of the picture, relative to that edge's direction."""
    width, height = size_wh
    return max(0.0, min(box[0] / width, box[1] / height, (width - box[2]) / width, (height - box[3]) / height))


def plate_box(plate: Plate) -> Box:
    xs, ys = [point[0] for point in plate.corners], [point[1] for point in plate.corners]
    return min(xs), min(ys), max(xs), max(ys)


TWO_ROWS = (PlateKind.YELLOW_DOUBLE, PlateKind.MOTORCYCLE)
WIDER = 8.5 / 6.5
"""Signs with their gaps across a plate in one row, by those across one in two."""


def plate_height_px(plate: Plate) -> float:
    """Mean length of the left and right edge, px: what a reader has to work with."""
    (tl, tr, br, bl) = plate.corners
    return (dist(tl, bl) + dist(tr, br)) / 2


def plate_width_px(plate: Plate) -> float:
    """Mean length of the upper and lower edge, px: little of a plate that is seen from the side.

    Of a plate in two rows, whose signs are wider, what one in a single row would have with such signs.
    """
    (tl, tr, br, bl) = plate.corners
    return (dist(tl, tr) + dist(bl, br)) / 2 * (WIDER if plate.kind in TWO_ROWS else 1.0)


def main_vehicles(photo: PhotoFacts, limits: Mapping[str, float], score: float) -> tuple[Vehicle, ...]:
    """Vehicles of at least ``score``, largest first, without those too small beside the largest: the background.

    Beside a bus or a truck a car is small by itself, and stands the length of it farther off.
    Two boxes around nearly the same place are one vehicle that was found as two kinds, a box around two surer ones is
    no third vehicle.
    """
    same = limits["same_vehicle_iou"]
    counted: list[Vehicle] = []
    for vehicle in sorted((v for v in photo.vehicles if v.score >= score), key=lambda v: (-v.score, v.box_xyxy)):
        box, surer = vehicle.box_xyxy, [other.box_xyxy for other in counted]
        within = [other for other in surer if overlap(other, box) >= _WITHIN * area(other)]
        around = (around_both(one, two) for one, two in combinations(within, 2))
        if all(iou(box, other) < same for other in (*surer, *around)):
            counted.append(vehicle)
    seen = sorted(counted, key=lambda v: (-area(v.box_xyxy), v.box_xyxy))
    if not seen:
        return ()
    width, height = photo.size_wh
    largest = area(seen[0].box_xyxy) / _CARS.get(seen[0].kind, 1.0)
    least = max(limits["second_vehicle_01"] * largest, limits["vehicle_area_01"] * width * height)
    return tuple(vehicle for vehicle in seen if area(vehicle.box_xyxy) >= least)
