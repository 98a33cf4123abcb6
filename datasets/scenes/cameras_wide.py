"""Photos of both vehicles: panoramas from ahead and behind, sides, a landmark. The best of many tries is taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from datasets.scenes.cameras_frame import aimed, framed, margin_01
from datasets.scenes.cameras_place import Place, away, azimuth_deg, standing_fault
from datasets.scenes.cameras_seen import Sight, clearance, plate_tilt, sights
from datasets.scenes.plan import AccidentType, Shot

READABLE_DEG = 60.0
NEAREST_M = 2.6
"""Of a panorama, from the nearest vehicle."""
SAME_WAY = (AccidentType.REAR_END, AccidentType.LANE_CHANGE, AccidentType.DOORING)


@dataclass(frozen=True, slots=True)
class Wish:
    """``azimuth_deg`` (from the pair's middle) with a ``spread_deg`` both ways; ``margin`` from and to."""

    role: str
    azimuth_deg: float
    spread_deg: float
    face: str = ""
    """front or rear: at least one of the vehicles has to show it."""
    straight: bool = False
    margin: tuple[float, float] = (0.05, 0.11)
    best_off_deg: float = 0.0
    """Distance from ``azimuth_deg`` that is liked best."""


def ahead_of(place: Place) -> float:
    return place.parties[0].heading_deg


def panoramas(place: Place) -> tuple[Wish, Wish]:
    straight = place.kind is AccidentType.LANE_CHANGE
    spread = {AccidentType.LANE_CHANGE: 20.0, AccidentType.SINGLE_VEHICLE: 80.0}.get(place.kind, 62.0)
    best = 4.0 if straight else 26.0
    ahead = ahead_of(place)
    return (
        Wish("front_panorama", ahead, spread, "front", straight, best_off_deg=best),
        Wish("rear_panorama", ahead + 180, spread, "rear", straight, best_off_deg=best),
    )


def wide_shot(place: Place, wish: Wish, rng: np.random.Generator, tries: int = 32) -> Shot:
    """Raises ValueError where no try shows both vehicles whole from a place where one can stand."""
    best, most = None, -50.0
    for _ in range(tries):
        azimuth = wish.azimuth_deg + rng.uniform(-1, 1) * wish.spread_deg
        shot = _tried(place, wish, azimuth, rng)
        if shot is None:
            continue
        worth = _worth(place, wish, shot, azimuth)
        if worth > most:
            best, most = shot, worth
    if best is None:
        raise ValueError(f"{wish.role}: no place to take it from")
    return best


def _tried(place: Place, wish: Wish, azimuth: float, rng: np.random.Generator) -> Shot | None:
    points = place.points()
    eye = (0.0, 0.0, float(rng.uniform(1.45, 1.75)))
    shot = Shot(wish.role, eye, (0.0, 0.0, 0.0), round(float(rng.uniform(24, 28)), 1), _roll(rng))
    margin = float(rng.uniform(*wish.margin))
    try:
        found = framed(shot, points, place.middle(), azimuth, margin)
    except ValueError:
        return None
    short = NEAREST_M - clearance(found.eye[:2], place.parties) if wish.face else 0.0
    if short > 0:  # people do not stand nearer, even where a wide lens would let them
        found = aimed(replace(found, eye=away(found.eye[:2], azimuth, short, found.eye[2])), points)
    slack = max(margin_01(found, points) - 0.045, 0.0)
    off = (float(rng.uniform(-1, 1)) * min(slack, 0.08), float(rng.uniform(-1, 1)) * 0.08)
    moved = aimed(found, points, off)
    return moved if margin_01(moved, points) >= 0.04 else found


def _worth(place: Place, wish: Wish, shot: Shot, azimuth: float) -> float:
    seen = sights(shot, place.parties)
    worth = 4.0 * min(min(sight.whole_01 for sight in seen), 0.85) + 0.5 * sum(s.whole_01 for s in seen)
    worth -= standing_fault(place, shot, place.vehicles)
    worth -= 0.15 * max(clearance(shot.eye[:2], place.parties) - 5.5, 0.0)
    worth += 0.5 * _plates(place, shot)
    if wish.face and not any(_shows(sight, wish.face) for sight in seen):
        worth -= 4.0
    if wish.straight and not any(abs(_from(sight, wish.face)) < 18 for sight in seen):
        worth -= 3.0
    if wish.face and place.kind in SAME_WAY and _side_on(seen):
        worth -= 3.0
    off = abs((azimuth - wish.azimuth_deg + 180) % 360 - 180)
    return worth - abs(off - wish.best_off_deg) / 30


def _plates(place: Place, shot: Shot) -> int:
    count = range(len(place.parties))
    return sum(min(plate_tilt(shot, place.parties, i, end) for end in ("front", "rear")) < READABLE_DEG for i in count)


def _from(sight: Sight, face: str) -> float:
    """Bearing of the camera off the vehicle's own ``face``, degrees."""
    return sight.bearing_deg if face == "front" else (sight.bearing_deg + 360) % 360 - 180


def _shows(sight: Sight, face: str) -> bool:
    return abs(_from(sight, face)) < 64


def _side_on(seen: Sequence[Sight]) -> bool:
    """One's front corner and the other's rear corner of the same side: that is a picture from beside the two."""
    corners = {(abs(s.bearing_deg) < 90, s.bearing_deg > 0) for s in seen if 22.5 < abs(s.bearing_deg) < 157.5}
    return any((True, left) in corners and (False, left) in corners for left in (True, False))


def _roll(rng: np.random.Generator) -> float:
    return round(float(np.clip(rng.normal(0, 1.2), -3, 3)), 2)


def sides(place: Place, rng: np.random.Generator) -> tuple[Shot, Shot]:
    """One side of the two, and the other one or, half the time and at junctions, a look from further back."""
    across = azimuth_deg(place.parties[-1].xy, place.parties[0].xy) + 90 if len(place.parties) > 1 else 90.0
    if place.kind in (AccidentType.LANE_CHANGE, AccidentType.DOORING, AccidentType.SINGLE_VEHICLE):
        across = ahead_of(place) + 90
    tries = [_safe(place, Wish("side", across + turn, 24.0), rng) for turn in (0.0, 180.0)]
    ranked = sorted((s for s in tries if s is not None), key=lambda s: _side_fault(place, s))
    if not ranked:
        raise ValueError("side: no place to take it from")
    hidden = len(ranked) < 2 or min(sight.whole_01 for sight in sights(ranked[1], place.parties)) < 0.3
    far = place.kind is AccidentType.INTERSECTION or hidden or rng.random() < 0.35
    if not far:
        return ranked[0], replace(ranked[1], role="other_side")
    back = ahead_of(place) + 180 if place.kind is AccidentType.INTERSECTION else float(rng.choice([0, 180]))
    return ranked[0], wide_shot(place, Wish("landmark", back, 75.0, margin=(0.17, 0.26), best_off_deg=40.0), rng)


def _side_fault(place: Place, shot: Shot) -> float:
    whole = min(sight.whole_01 for sight in sights(shot, place.parties))
    return standing_fault(place, shot, place.vehicles) - 2.0 * min(whole, 0.7)


def _safe(place: Place, wish: Wish, rng: np.random.Generator) -> Shot | None:
    try:
        return wide_shot(place, wish, rng, tries=16)
    except ValueError:
        return None
