"""Photos of the contact, of the marks on each vehicle, of the plates, of what was hit. The best of many tries."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from datasets.scenes.cameras_frame import aimed, margin_01
from datasets.scenes.cameras_place import Place, away, azimuth_deg, standing_fault
from datasets.scenes.cameras_seen import driven_back, free_line, hides, plate_tilt, sights
from datasets.scenes.footprints import plate_corners
from datasets.scenes.plan import PlannedVehicle, Point, Shot

TRIES = 90


def contact_shot(place: Place, role: str, rng: np.random.Generator) -> Shot:
    """``contact_far`` from 2.3-3.4 m, ``contact_near`` from 0.9-1.4 m, looking into where the two touch.

    Raises ValueError where the contact can't be seen from anywhere.
    """
    reach = (2.3, 3.4) if role == "contact_far" else (0.9, 1.4)
    lens = (24.0, 27.0) if role == "contact_far" else (26.0, 30.0)
    return _into_the_gap(place, role, reach, lens, rng)


def _into_the_gap(
    place: Place, role: str, reach: tuple[float, float], lens: tuple[float, float], rng: np.random.Generator
) -> Shot:
    best, most = None, -50.0
    for _ in range(TRIES):
        edge = place.edges[0]
        azimuth, distance = float(rng.uniform(0, 360)), float(rng.uniform(*reach))
        eye = away(edge[:2], azimuth, distance, float(rng.uniform(1.25, 1.6)))
        if not free_line(eye[:2], edge[:2], place.parties):
            continue
        target = _between(edge, place.contact, 0.35)
        shot = Shot(role, eye, _aside(target, 0.12, rng), _lens(lens, rng), _roll(rng))
        worth = _openness(place.parties, edge, azimuth) - standing_fault(place, shot, place.vehicles)
        if worth > most:
            best, most = shot, worth
    if best is None:
        raise ValueError(f"{role}: the contact can't be seen")
    return best


def opened_first(edges: tuple[Point, Point], vehicles: Sequence[PlannedVehicle]) -> tuple[Point, Point]:
    """The two ends of the contact zone, first the one that can be looked into more freely; where both are alike, the
    one nearer to the middle of the road."""

    def worth(edge: Point) -> float:
        return max(_openness(vehicles, edge, azimuth) for azimuth in range(0, 360, 15)) - 0.05 * abs(edge[1])

    return edges if worth(edges[0]) >= worth(edges[1]) else edges[::-1]


def _openness(vehicles: Sequence[PlannedVehicle], edge: Point, azimuth: float) -> float:
    """How far the sight can turn both ways before a vehicle comes between: 0..1 for 0..60 degrees."""
    if not free_line(away(edge[:2], azimuth, 1.5, 0.0)[:2], edge[:2], vehicles):
        return -1.0
    eyes = {turn: away(edge[:2], azimuth + turn, 1.5, 0.0) for turn in (-60, -40, -20, 20, 40, 60)}
    free = {turn: free_line(eye[:2], edge[:2], vehicles) for turn, eye in eyes.items()}
    left = next((-turn - 20 for turn in (-20, -40, -60) if not free[turn]), 60)
    right = next((turn - 20 for turn in (20, 40, 60) if not free[turn]), 60)
    return min(left, right) / 60


def damage_shot(place: Place, index: int, rng: np.random.Generator) -> Shot:
    """The marks on A (0) or B (1) at an angle off their face, B driven back where the other one hides them.

    Raises ValueError where they can't be seen from anywhere.
    """
    point, normal = place.struck[index]
    role = ("damage_a", "damage_b")[index]
    if place.walled:  # what touches a wall is only seen from beside it
        return _into_the_gap(place, role, (1.5, 2.4), (25.0, 29.0), rng)
    turn = (42.0, 68.0) if len(place.obstacle) else (8.0, 50.0)  # past the post that was hit
    best, most = None, -50.0
    for _ in range(TRIES):
        apart = _apart(place, rng)
        vehicles = driven_back(place.vehicles, apart)
        mark = _moved(place, point, index, apart)
        off = float(rng.choice([-1, 1]) * rng.uniform(*turn))
        eye = away(mark[:2], normal + off, float(rng.uniform(1.5, 2.7)), float(rng.uniform(1.2, 1.6)))
        if not free_line(eye[:2], away(mark[:2], normal, 0.08, 0)[:2], vehicles):
            continue
        shot = Shot(role, eye, _aside(mark, 0.15, rng), _lens((25, 29), rng), _roll(rng), apart_m=apart)
        worth = -abs(abs(off) - sum(turn) / 2) / 40 - standing_fault(place, shot, vehicles)
        if worth > most:
            best, most = shot, worth
    if best is None:
        raise ValueError(f"{role}: the marks can't be seen")
    return best


def _apart(place: Place, rng: np.random.Generator) -> float:
    if len(place.parties) < 2:
        return 0.0
    return round(float(rng.uniform(3, 5)), 2)


def _moved(place: Place, point: Point, index: int, apart_m: float) -> Point:
    if index == 0:
        return point
    (x, y), (x1, y1) = place.parties[1].xy, driven_back(place.parties, apart_m)[1].xy
    return point[0] + x1 - x, point[1] + y1 - y, point[2]


def plate_shot(place: Place, index: int, rng: np.random.Generator) -> Shot:
    """The plate of A (0) or B (1) nearly straight on from 1.4-2.6 m. Raises ValueError where none can be seen."""
    role = ("plate_a", "plate_b")[index]
    best, most = None, -50.0
    for _ in range(TRIES):
        apart = 0.0 if len(place.parties) < 2 or rng.random() < 0.6 else round(float(rng.uniform(3, 5)), 2)
        vehicles = driven_back(place.vehicles, apart)
        end = "front" if rng.random() < 0.5 else "rear"
        vehicle = vehicles[index]
        corners = plate_corners(vehicle, end)
        x, y, z = (float(v) for v in corners.mean(axis=0))
        off = float(rng.uniform(-38, 38))
        heading = vehicle.heading_deg + (0 if end == "front" else 180)
        eye = away((x, y), heading + off, float(rng.uniform(1.4, 2.6)), float(rng.uniform(1.15, 1.5)))
        shot = Shot(role, eye, _aside((x, y, z), 0.10, rng), _lens((25, 29), rng), _roll(rng), apart_m=apart)
        tilt = plate_tilt(shot, vehicles, index, end)
        worth = (-5.0 if tilt >= 60 else 0.0) - abs(abs(off) - 14) / 40 - (0.5 if apart else 0)
        worth -= standing_fault(place, shot, vehicles)
        if worth > most:
            best, most = shot, worth
    if best is None or most < -4.5:
        raise ValueError(f"{role}: the plate can't be seen")
    return best


def object_shot(place: Place, rng: np.random.Generator) -> Shot:
    """What a single vehicle hit, with its nose, from 2.8-4.5 m."""
    best, most = None, -50.0
    across = azimuth_deg(place.contact[:2], place.parties[0].xy)
    for _ in range(TRIES):
        azimuth = across + float(rng.uniform(-100, 100))
        eye = away(place.contact[:2], azimuth, float(rng.uniform(2.8, 4.5)), float(rng.uniform(1.45, 1.7)))
        target = (*place.contact[:2], 0.75)
        shot = Shot("object", eye, _aside(target, 0.2, rng), _lens((24, 28), rng), _roll(rng))
        free = free_line(eye[:2], place.edges[0][:2], place.parties)
        worth = (0.0 if free else -3.0) - standing_fault(place, shot, place.vehicles)
        if worth > most:
            best, most = shot, worth
    if best is None:
        raise ValueError("object: no place to take it from")
    return best


def over_the_pair(place: Place, role: str, beyond: Point, rng: np.random.Generator) -> Shot:
    """The pair and something beyond it, a traffic light or a sign, from 5-11 m on the other side of the pair."""
    middle = place.middle()
    back = azimuth_deg(beyond[:2], middle)
    points = np.concatenate([place.points(), [beyond, (beyond[0], beyond[1], beyond[2] + 0.5)]])
    best, most = None, -200.0
    for _ in range(TRIES // 2):
        azimuth = back + float(rng.uniform(-55, 55))
        eye = away(middle, azimuth, float(rng.uniform(4.5, 12)), float(rng.uniform(1.5, 1.75)))
        shot = aimed(Shot(role, eye, (0.0, 0.0, 0.0), _lens((24, 27), rng), _roll(rng)), points)
        worth = 12 * min(margin_01(shot, points), 0.03) - standing_fault(place, shot, place.vehicles)
        worth -= 0.12 * math.dist(eye[:2], middle) + (4.0 if hides(shot, place.parties, beyond) else 0.0)
        worth += 2.0 * min(min(sight.whole_01 for sight in sights(shot, place.parties)), 0.6)
        if worth > most:
            best, most = shot, worth
    if best is None:
        raise ValueError(f"{role}: no place to take it from")
    return replace(best, role=role)


def _between(one: Point, other: Point, share: float) -> Point:
    x, y, z = (a + (b - a) * share for a, b in zip(one, other, strict=True))
    return x, y, z


def _aside(target: Point, by_m: float, rng: np.random.Generator) -> Point:
    x, y, z = (float(v + rng.normal(0, by_m / 2)) for v in target)
    return x, y, max(z, 0.2)


def _lens(span: tuple[float, float], rng: np.random.Generator) -> float:
    return round(float(rng.uniform(*span)), 1)


def _roll(rng: np.random.Generator) -> float:
    return round(float(np.clip(rng.normal(0, 1.4), -3, 3)), 2)
