"""What the cameras of a scene are chosen by: the vehicles, where they touch, what may stand in the way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from datasets.scenes.arrange_touch import crosses, distance_to
from datasets.scenes.cameras_seen import clearance, driven_back
from datasets.scenes.footprints import Floats, open_door, outline, solid
from datasets.scenes.plan import AccidentType, Face, PlannedVehicle, Point, Road, Shot
from datasets.scenes.road_lines import half_width

EYE_CLEAR_M = 0.35
"""A person needs so much room between the phone and a vehicle."""


@dataclass(frozen=True, slots=True)
class Place:
    """``struck``: for A and B (or A alone) the middle of the blow on the skin and the outward normal there, degrees.
    ``edges``: the ends of the contact zone, just outside both vehicles. ``obstacle``: the object hit, (0, 2) where
    there is none."""

    kind: AccidentType
    vehicles: tuple[PlannedVehicle, ...]
    contact: Point
    edges: tuple[Point, Point]
    struck: tuple[tuple[Point, float], ...]
    road: Road
    obstacle: Floats

    @property
    def parties(self) -> tuple[PlannedVehicle, ...]:
        return tuple(vehicle for vehicle in self.vehicles if vehicle.party)

    @property
    def walled(self) -> bool:
        """Whether a wall or a rail was hit; a post hides nothing."""
        return len(self.obstacle) > 0 and float(np.ptp(self.obstacle, axis=0).max()) > 1

    def points(self, apart_m: float = 0.0) -> Floats:
        """All corners of the parties' solids, their doors too, (n, 3)."""
        parts = [hull for vehicle in driven_back(self.parties, apart_m) for hull in solid(vehicle)]
        doors = [open_door(vehicle) for vehicle in self.parties if vehicle.open_door]
        return np.concatenate([*parts, *(np.concatenate([d, np.full((2, 1), 1.0)], axis=1) for d in doors)])

    def middle(self) -> tuple[float, float]:
        points = self.points()[:, :2]
        x, y = (points.min(axis=0) + points.max(axis=0)) / 2
        return float(x), float(y)


def standing_fault(place: Place, shot: Shot, vehicles: Sequence[PlannedVehicle]) -> float:
    """How badly a photographer could stand there: 100 inside a vehicle or behind the object hit, growing with the
    distance from the road, where trees and houses are."""
    if clearance(shot.eye[:2], vehicles) < EYE_CLEAR_M:
        return 100.0
    if len(place.obstacle):
        eye = np.array(shot.eye[:2])
        short = eye + (np.array(place.contact[:2]) - eye) * 0.9
        if distance_to(shot.eye[:2], place.obstacle) < EYE_CLEAR_M or (
            place.walled and crosses(eye, short, place.obstacle)
        ):
            return 100.0
    return 0.9 * max(off_road(place.road, shot.eye) - 1.2, 0.0)


def off_road(road: Road, eye: Point) -> float:
    """Metres beyond the kerb; at a junction the crossing road is a road too."""
    beyond = max(abs(eye[1]) - half_width(road), 0.0)
    if road.kind != "junction":
        return beyond
    return min(beyond, max(abs(eye[0] - road.crossing_x) - half_width(road), 0.0))


def edges_of(
    vehicles: Sequence[PlannedVehicle], middle: Point, along: tuple[float, float], width: float
) -> tuple[Point, Point]:
    """Where the contact zone of that ``width`` opens, going both ways along the common face: outside of all and at
    least 4 cm away from one of them (or from what was hit, where there is one vehicle)."""
    shapes = [outline(vehicle) for vehicle in vehicles]
    ends = []
    for sign in (1.0, -1.0):
        for step in np.arange(min(width / 2, 1.2), 3.0, 0.02):
            x, y = middle[0] + sign * step * along[0], middle[1] + sign * step * along[1]
            away_by = [distance_to((x, y), shape) for shape in shapes]
            if min(away_by) >= (0.04 if len(shapes) == 1 else -0.02) and max(away_by) >= 0.04:
                break
        ends.append((round(float(x), 3), round(float(y), 3), middle[2]))
    return ends[0], ends[1]


def normal_deg(vehicle: PlannedVehicle, face: Face) -> float:
    """Direction in which a face looks, degrees in the world."""
    turn = {Face.FRONT: 0.0, Face.LEFT: 90.0, Face.REAR: 180.0, Face.RIGHT: -90.0}[face]
    return vehicle.heading_deg + turn


def azimuth_deg(start: tuple[float, float], end: tuple[float, float]) -> float:
    return math.degrees(math.atan2(end[1] - start[1], end[0] - start[0]))


def away(point: tuple[float, float], azimuth: float, distance: float, z: float) -> Point:
    """The point at height ``z`` that lies ``distance`` from ``point`` in the direction ``azimuth`` (degrees)."""
    angle = math.radians(azimuth)
    return point[0] + distance * math.cos(angle), point[1] + distance * math.sin(angle), z
