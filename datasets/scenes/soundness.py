"""Whether a planned scene can be: what geometry tells without building it. No Blender here."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations

import numpy as np

from datasets.scenes.arrange_touch import distance_to, separation
from datasets.scenes.cameras_seen import driven_back
from datasets.scenes.footprints import Floats, open_door, outline, size_of, thick
from datasets.scenes.plan import AccidentType, PlannedVehicle, Scene, Shot
from datasets.scenes.road_lines import cross_half_width, half_width

TOUCH_M = 0.15
"""Parties further apart than this did not touch."""
CRUSH_SLACK_M = 0.06
"""Outlines are simpler than bodies, so they may overlap by this beyond the dents."""
DOOR_M = 0.35
NEAR_CONTACT_M = 0.6
DOOR_HALF_M = 0.04
CAMERA_M = 0.10
"""Cameras stay so far away from any vehicle's outline."""
LOWEST_EYE_M = 0.2
ON_KERB_M = 0.3
FRONTAGE_M = 9.0
"""Houses stand this far behind the kerb or further."""


def faults(scene: Scene) -> tuple[str, ...]:
    """Why the scene is refused, nothing where it is sound. Every reason is told, not only the first."""
    found = [*_party_faults(scene), *_overlap_faults(scene), *_contact_faults(scene), *_ground_faults(scene)]
    for number, shot in enumerate(scene.shots):
        found += [f"shot {number} ({shot.role}): {reason}" for reason in _camera_faults(scene, shot)]
    return tuple(found)


def _party_faults(scene: Scene) -> Iterator[str]:
    parties = sorted(vehicle.party for vehicle in scene.vehicles if vehicle.party)
    needed = ["A"] if scene.accident_type is AccidentType.SINGLE_VEHICLE else ["A", "B"]
    if parties != needed:
        yield f"parties are {', '.join(parties) or 'none'}, needed are {', '.join(needed)}"
    if scene.accident_type is AccidentType.SINGLE_VEHICLE and not scene.object_hit:
        yield "a single vehicle hit nothing"


def _name(scene: Scene, vehicle: PlannedVehicle) -> str:
    return vehicle.party or f"vehicle {scene.vehicles.index(vehicle)}"


def _overlap_faults(scene: Scene) -> Iterator[str]:
    for one, other in combinations(scene.vehicles, 2):
        gap = separation(outline(one), outline(other))
        allowed = CRUSH_SLACK_M
        if one.party and other.party:
            allowed += sum(max((blow.depth for blow in v.blows), default=0.0) for v in (one, other))
        if gap < -allowed:
            yield f"{_name(scene, one)} and {_name(scene, other)} overlap by {-gap:.2f} m"


def _contact_faults(scene: Scene) -> Iterator[str]:
    """Parties touch, at the contact; of a single vehicle only the contact's place is known."""
    a, b = (next((v for v in scene.vehicles if v.party == party), None) for party in ("A", "B"))
    door = len(open_door(a)) > 0 if a is not None else False
    if a is not None and b is not None:
        if door:
            gap, limit = separation(thick(open_door(a), DOOR_HALF_M), outline(b)), DOOR_M
        else:
            gap, limit = separation(outline(a), outline(b)), TOUCH_M
        if gap > limit:
            yield f"A{' (its open door)' if door else ''} and B are {gap:.2f} m apart"
    place = scene.contact[:2]
    for party, vehicle in (("A", a), ("B", b)):
        if vehicle is None:
            continue
        away = distance_to(place, outline(vehicle))
        if party == "A" and door:
            away = min(away, distance_to(place, _counter_clockwise(thick(open_door(vehicle), DOOR_HALF_M))))
        if away > NEAR_CONTACT_M:
            yield f"the contact is {away:.2f} m from {party}"
        if not 0.05 < scene.contact[2] < size_of(vehicle).height:
            yield f"the contact is {scene.contact[2]:.2f} m high, {party} is {size_of(vehicle).height:.2f} m"


def _counter_clockwise(shape: Floats) -> Floats:
    x, y = shape.T
    return shape if float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum()) > 0 else shape[::-1]


def _ground_faults(scene: Scene) -> Iterator[str]:
    """Wheels sink into the pavement or stand above the road where a vehicle is beyond the kerb."""
    road = scene.road
    for vehicle in scene.vehicles:
        if scene.accident_type is AccidentType.SINGLE_VEHICLE and vehicle.party:
            continue
        corners = outline(vehicle)
        beyond = np.abs(corners[:, 1]) - half_width(road)
        if road.kind == "junction":
            beyond = np.minimum(beyond, np.abs(corners[:, 0] - road.crossing_x) - cross_half_width(road))
        if beyond.max() > ON_KERB_M:
            yield f"{_name(scene, vehicle)} stands {beyond.max():.2f} m beyond the kerb"


def _camera_faults(scene: Scene, shot: Shot) -> Iterator[str]:
    if math.dist(shot.eye, shot.target) < 0.05:
        yield "the camera looks at its own place"
    if shot.eye[2] < LOWEST_EYE_M:
        yield f"the camera is only {shot.eye[2]:.2f} m above the ground"
    for vehicle in driven_back(scene.vehicles, shot.apart_m):
        if shot.eye[2] < size_of(vehicle).height and distance_to(shot.eye[:2], outline(vehicle)) < CAMERA_M:
            yield f"the camera is inside {vehicle.party or vehicle.model.value}"
    road = scene.road
    on_crossing = road.kind == "junction" and abs(shot.eye[0] - road.crossing_x) < cross_half_width(road)
    if abs(shot.eye[1]) > half_width(road) + FRONTAGE_M and not on_crossing:
        yield "the camera is inside a house"
