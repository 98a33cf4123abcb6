"""Vehicles that only stand about: parked or waiting, out of the way of the accident and of its photos."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from datasets.scenes.arrange_chances import MODELS, lamps_of, paint_of, plate_of
from datasets.scenes.arrange_touch import distance_to, separation
from datasets.scenes.cameras_place import EYE_CLEAR_M, Place
from datasets.scenes.cameras_seen import driven_back, sights
from datasets.scenes.footprints import footprint, outline
from datasets.scenes.plan import AccidentType, Model, PlannedVehicle, Shot
from datasets.scenes.road_lines import AISLE_HALF, BAY_DEEP, BAY_WIDE, half_width

CLEAR_M = 6.0
"""From the contact."""
WIDE_ROLES = ("front_panorama", "rear_panorama", "side", "other_side", "landmark", "signal", "sign")


def bystanders(place: Place, shots: Sequence[Shot], light: str, rng: np.random.Generator) -> tuple[PlannedVehicle, ...]:
    """One to four; fewer, even none, where nearly every spot would spoil a photo."""
    wanted = int(rng.integers(1, 5))
    found: list[PlannedVehicle] = []
    for _ in range(60):
        if len(found) == wanted:
            break
        vehicle = _candidate(place, light, rng)
        if _out_of_the_way(vehicle, place, found) and all(_spares(shot, place, vehicle) for shot in shots):
            found.append(vehicle)
    return tuple(found)


def _candidate(place: Place, light: str, rng: np.random.Generator) -> PlannedVehicle:
    shares = np.array([share for _, share in MODELS])
    model = MODELS[int(rng.choice(len(MODELS), p=shares / shares.sum()))][0]
    seed = int(rng.integers(1 << 30))
    xy, heading = _spot(place, model, seed, rng)
    plate, kind = plate_of(model, rng)
    return PlannedVehicle(
        party="", model=model, seed=seed, paint=paint_of(model, rng), plate=plate, plate_kind=kind,
        xy=(round(xy[0], 3), round(xy[1], 3)), heading_deg=round(heading, 2),
        dirt_01=round(float(rng.beta(1.6, 4.0)), 2),
        lamps=lamps_of(AccidentType.SINGLE_VEHICLE, "", False, light, rng) if rng.random() < 0.4 else (),
    )  # fmt: skip


def _spot(place: Place, model: Model, seed: int, rng: np.random.Generator) -> tuple[tuple[float, float], float]:
    """In a bay of a car park, else in a lane, where those of both directions wait."""
    road = place.road
    if road.kind == "car_park":
        side = float(rng.choice([-1, 1]))
        bay = int(rng.integers(-8, 8))
        return (BAY_WIDE * (bay + 0.5) + rng.normal(0, 0.08), side * (AISLE_HALF + BAY_DEEP / 2)), float(
            rng.choice([90, -90])
        ) + rng.normal(0, 1.5)
    way = float(rng.choice([-1, 1]))
    far = float(rng.choice([-1, 1])) * (8 + 27 * rng.random() ** 1.3)
    lane = int(rng.integers(road.lanes)) + 0.5
    y = -way * lane * road.lane_m
    if lane > road.lanes - 1 and rng.random() < 0.5:  # at the kerb
        y = -way * (half_width(road) - 0.3 - footprint(model, seed).width / 2)
    return (place.contact[0] + far, y + rng.normal(0, 0.1)), (0.0 if way > 0 else 180.0) + rng.normal(0, 1.2)


def _out_of_the_way(vehicle: PlannedVehicle, place: Place, others: Sequence[PlannedVehicle]) -> bool:
    here = outline(vehicle)
    if distance_to(place.contact[:2], here) < CLEAR_M:
        return False
    parties = [v for apart in (0.0, 2.5, 5.0) for v in driven_back(place.parties, apart)]
    if any(separation(here, outline(other)) < 0.8 for other in (*parties, *others)):
        return False
    return not len(place.obstacle) or separation(here, place.obstacle) > 0.5


def _spares(shot: Shot, place: Place, vehicle: PlannedVehicle) -> bool:
    """It neither hides a party, nor looks larger than one on a wide picture, nor stands where the photographer does."""
    if distance_to(shot.eye[:2], outline(vehicle)) < EYE_CLEAR_M + 0.3:
        return False
    parties = driven_back(place.parties, shot.apart_m)
    before, after = sights(shot, parties), sights(shot, (*parties, vehicle))
    if any(new.whole_01 < old.whole_01 - 0.01 for old, new in zip(before, after, strict=False)):
        return False
    return shot.role not in WIDE_ROLES or after[-1].area_01 < 0.5 * min(sight.area_01 for sight in before)
