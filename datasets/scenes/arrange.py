"""`sample_scene`: a whole accident scene out of a name, a seed and an accident type. The same three give the same."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from datasets.scenes.arrange_blows import blows_of, height_of
from datasets.scenes.arrange_bystanders import bystanders
from datasets.scenes.arrange_chances import air_of, lamps_of, models_of, paint_of, plate_of, road_of
from datasets.scenes.arrange_corner import with_open_edge
from datasets.scenes.arrange_poses import meet
from datasets.scenes.arrange_single import object_outline
from datasets.scenes.arrange_stand import Meeting, Stand
from datasets.scenes.arrange_touch import Touch, bring_together, touch
from datasets.scenes.cameras import all_shots, good_shots
from datasets.scenes.cameras_close import opened_first
from datasets.scenes.cameras_place import Place, edges_of, normal_deg
from datasets.scenes.plan import AccidentType, Air, Blow, Face, PlannedVehicle, Point, Road, Scene
from datasets.scenes.soundness import faults

ATTEMPTS = 40


def sample_scene(name: str, seed: int, accident_type: AccidentType, light: str | None = None) -> Scene:
    """A scene with all its shots; ``light`` instead of a drawn one. Arrangements that can't be photographed are drawn
    anew. Raises ValueError where `ATTEMPTS` of them failed."""
    reasons = []
    for attempt in range(ATTEMPTS):
        rng = np.random.default_rng([seed, attempt, *accident_type.value.encode()])
        try:
            return _sampled(name, seed, accident_type, light, rng)
        except ValueError as reason:
            reasons.append(str(reason))
    raise ValueError(f"{name}: nothing came of {ATTEMPTS} attempts: {'; '.join(sorted(set(reasons)))}")


def _sampled(name: str, seed: int, kind: AccidentType, light: str | None, rng: np.random.Generator) -> Scene:
    air = air_of(light, rng)
    road = road_of(kind, air.rain, rng)
    meeting = met(meet(kind, models_of(kind, rng), road, rng), float(rng.uniform(-0.01, 0.04)))
    parties, contact, z = _parties(kind, meeting, air, rng)
    place = _place(kind, meeting, parties, contact, z, road)
    corner_rng = np.random.default_rng([seed, 77])
    parties = tuple(with_open_edge(vehicle, place.edges[0], corner_rng) for vehicle in parties)
    place = replace(place, vehicles=parties)
    good = good_shots(place, rng)
    others = bystanders(place, good, air.light, rng)
    place = replace(place, vehicles=(*parties, *others))
    scene = Scene(
        name=name, seed=seed, accident_type=kind, vehicles=place.vehicles, road=road, air=air,
        shots=all_shots(place, good, rng), contact=place.contact,
        object_hit=meeting.object_hit, object_xy=_pair(meeting.object_xy),
    )  # fmt: skip
    if unsound := faults(scene):
        raise ValueError(f"unsound: {unsound[0]}")
    return scene


def met(meeting: Meeting, gap: float) -> Meeting:
    """The mover gone as far as it can: ``gap`` metres are left, or minus so much overlaps."""
    mover = meeting.b or meeting.a
    way = bring_together(meeting.fixed, mover.outline(), meeting.towards, gap)
    x, y = (round(mover.xy[i] + way * meeting.towards[i], 3) for i in (0, 1))
    there = replace(mover, xy=(x, y), heading_deg=round(mover.heading_deg, 2))
    return replace(meeting, b=there) if meeting.b else replace(meeting, a=there)


def _parties(kind: AccidentType, meeting: Meeting, air: Air, rng: np.random.Generator) -> tuple[
    tuple[PlannedVehicle, ...], Touch, float
]:  # fmt: skip
    paints = (paint_of(meeting.a.model, rng), paint_of(meeting.b.model, rng) if meeting.b else "white")
    mover, z = meeting.b or meeting.a, round(height_of(meeting), 3)
    contact = touch(meeting.fixed, mover.outline(), 0.06 + 0.02 * min(meeting.speed_kmh / 10, 3))
    blows = blows_of(meeting, contact, z, paints, rng)
    stands = [("A", meeting.a), *([("B", meeting.b)] if meeting.b else [])]
    to_left = meeting.face_a is Face.LEFT
    vehicles = tuple(
        planned(stand, party, paints[i], blows[i], lamps_of(kind, party, to_left, air.light, rng), air, rng)
        for i, (party, stand) in enumerate(stands)
    )
    return vehicles, contact, z


def planned(stand: Stand, party: str, paint: str, blows: tuple[Blow, ...], lamps: tuple[str, ...], air: Air,
            rng: np.random.Generator) -> PlannedVehicle:  # fmt: skip
    plate, plate_kind = plate_of(stand.model, rng)
    dirt = float(np.clip(rng.beta(1.6, 4.0) + (0.15 if air.rain else 0.0), 0.02, 0.9))
    return PlannedVehicle(
        party=party, model=stand.model, seed=stand.seed, paint=paint, plate=plate, plate_kind=plate_kind,
        xy=_pair(stand.xy), heading_deg=round(float(stand.heading_deg), 2), dirt_01=round(dirt, 2), lamps=lamps,
        open_door=stand.open_door, blows=blows,
    )  # fmt: skip


def _place(kind: AccidentType, meeting: Meeting, parties: tuple[PlannedVehicle, ...], contact: Touch, z: float,
           road: Road) -> Place:  # fmt: skip
    x, y = contact.middle
    ends = edges_of(parties, (round(x, 3), round(y, 3), z), contact.along, contact.width)
    ends = opened_first(ends, parties)
    middle = (round(x, 3), round(y, 3), z)
    struck = tuple((middle, normal_deg(vehicle, vehicle.blows[0].face)) for vehicle in parties)
    obstacle = (
        object_outline(meeting.object_hit, meeting.object_xy, meeting.a.heading_deg)
        if meeting.object_hit
        else np.zeros((0, 2))
    )
    return Place(kind, parties, _visible_contact(middle, ends[0]), ends, struck, road, obstacle)


def _visible_contact(middle: Point, edge: Point) -> Point:
    """The middle of the zone where it can be looked at, else 15 cm inside of its open edge: of two bumpers that touch
    over their whole width nobody sees the middle."""
    reach = math.dist(middle[:2], edge[:2])
    share = min(0.19 / reach, 1.0) if reach > 0.3 else 1.0
    x, y = (edge[i] + (middle[i] - edge[i]) * share for i in (0, 1))
    return round(x, 3), round(y, 3), middle[2]


def _pair(xy: tuple[float, float]) -> tuple[float, float]:
    return round(float(xy[0]), 3), round(float(xy[1]), 3)
