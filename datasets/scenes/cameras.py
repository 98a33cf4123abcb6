"""All photos of a scene: ten good ones as the standards ask, and some as people really take them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from datasets.scenes.cameras_bad import bad_shots
from datasets.scenes.cameras_close import contact_shot, damage_shot, object_shot, over_the_pair, plate_shot
from datasets.scenes.cameras_place import Place
from datasets.scenes.cameras_wide import panoramas, sides, wide_shot
from datasets.scenes.plan import AccidentType, Point, Road, Shot
from datasets.scenes.road_lines import cross_half_width, half_width


def good_shots(place: Place, rng: np.random.Generator) -> tuple[Shot, ...]:
    """In the order in which they matter. Raises ValueError where one of them can't be taken in this scene."""
    ahead, behind = (wide_shot(place, wish, rng) for wish in panoramas(place))
    count = len(place.parties)
    shots = [ahead, behind, contact_shot(place, "contact_near", rng), contact_shot(place, "contact_far", rng)]
    shots += [plate_shot(place, index, rng) for index in range(count)]
    shots += sides(place, rng)
    shots += [damage_shot(place, index, rng) for index in range(count)]
    if place.kind is AccidentType.INTERSECTION and place.road.signal:
        shots.append(over_the_pair(place, "signal", signal_place(place.road), rng))
    if place.kind is AccidentType.WRONG_WAY:
        shots.append(over_the_pair(place, "sign", sign_place(place.road), rng))
    if place.kind is AccidentType.SINGLE_VEHICLE:
        shots.append(object_shot(place, rng))
    return tuple(_rounded(shot) for shot in shots)


def all_shots(place: Place, good: tuple[Shot, ...], rng: np.random.Generator) -> tuple[Shot, ...]:
    """The ``good`` ones, then the bad ones."""
    return (*good, *(_rounded(shot) for shot in bad_shots(place, good, rng)))


def signal_place(road: Road) -> Point:
    """Between the two lights for traffic towards +x: on an arm beyond the junction, over its right half."""
    arm = 0.75 * road.lanes * road.lane_m
    return road.crossing_x + cross_half_width(road) + 1.3, -half_width(road) - 1.0 + 0.7 * arm, 5.9


def sign_place(road: Road) -> Point:
    """The first sign of a street without a crossing; it faces who drives towards +x."""
    return 11.0, -half_width(road) - 0.55, 2.4


def _rounded(shot: Shot) -> Shot:
    x, y, z = (round(float(v), 3) for v in shot.eye)
    tx, ty, tz = (round(float(v), 3) for v in shot.target)
    return replace(shot, eye=(x, y, z), target=(tx, ty, tz))
