"""How two vehicles meet, accident type by accident type.

B's nose runs into A in nearly every type, so that B driven back along its heading lays the contact open; it says
nothing about blame: in a rear_end B is the one behind, in lane_change A is the one that left its lane, in wrong_way A
drives on the wrong side, in reversing A reverses, in dooring A is parked with an open door. A single vehicle is A.
"""

from __future__ import annotations

import numpy as np

from datasets.scenes.arrange_single import meet_object
from datasets.scenes.arrange_stand import Meeting, Stand, direction
from datasets.scenes.footprints import footprint
from datasets.scenes.plan import AccidentType, Face, Model, Road


def meet(kind: AccidentType, models: tuple[Model, Model], road: Road, rng: np.random.Generator) -> Meeting:
    """Poses from which the two only have to be brought together."""
    seeds = (int(rng.integers(1 << 30)), int(rng.integers(1 << 30)))
    match kind:
        case AccidentType.REAR_END:
            return _rear_end(models, seeds, road, rng)
        case AccidentType.LANE_CHANGE:
            return _lane_change(models, seeds, road, rng)
        case AccidentType.INTERSECTION:
            return _left_turn(models, seeds, road, rng) if rng.random() < 0.4 else _crossing(models, seeds, road, rng)
        case AccidentType.WRONG_WAY:
            return _wrong_way(models, seeds, road, rng)
        case AccidentType.REVERSING:
            return _reversing(models, seeds, road, rng)
        case AccidentType.DOORING:
            return _dooring(models, seeds, road, rng)
        case AccidentType.SINGLE_VEHICLE:
            return meet_object(models[0], seeds[0], road, rng)


def _behind(a: Stand, model: Model, seed: int, heading: float, aside: float) -> Stand:
    """A vehicle 15 m behind A along ``heading``, ``aside`` metres to A's left of that line."""
    ux, uy = direction(heading)
    return Stand(model, seed, (a.xy[0] - 15 * ux - aside * uy, a.xy[1] - 15 * uy + aside * ux), heading)


def _rear_end(models: tuple[Model, Model], seeds: tuple[int, int], road: Road, rng: np.random.Generator) -> Meeting:
    lane = float(rng.integers(road.lanes)) + 0.5
    a = Stand(models[0], seeds[0], (2.4, -lane * road.lane_m + rng.uniform(-0.25, 0.25)), rng.normal(0, 1.5))
    heading = a.heading_deg + rng.normal(0, 2.5)
    room = (a.size.width + footprint(models[1], seeds[1]).width) / 2
    aside = rng.choice([-1, 1]) * rng.uniform(0.25, 0.6) * room if rng.random() < 0.5 else rng.normal(0, 0.12)
    b = _behind(a, models[1], seeds[1], heading, float(aside))
    return Meeting(a, b, a.outline(), direction(heading), Face.REAR, Face.FRONT, rng.uniform(8, 42))


def _lane_change(models: tuple[Model, Model], seeds: tuple[int, int], road: Road, rng: np.random.Generator) -> Meeting:
    """A leaves its lane to one side; B's front corner meets A's flank."""
    to_right = bool(rng.random() < 0.5)
    sign = -1.0 if to_right else 1.0  # the side of A on which B is
    line = -road.lane_m
    size_a, size_b = footprint(models[0], seeds[0]), footprint(models[1], seeds[1])
    a = Stand(models[0], seeds[0], (1.5, line - sign * size_a.width * 0.4), sign * rng.uniform(3, 11))
    nose = a.xy[0] + rng.uniform(-0.30, 0.28) * size_a.length
    heading = rng.normal(0, 1.5) + sign * rng.uniform(0, 2)
    b = Stand(models[1], seeds[1], (nose - size_b.length / 2, a.xy[1] + sign * 14), heading)
    face = Face.RIGHT if to_right else Face.LEFT
    return Meeting(a, b, a.outline(), (0.0, -sign), face, Face.FRONT, rng.uniform(5, 25), sliding=True)


def _crossing(models: tuple[Model, Model], seeds: tuple[int, int], road: Road, rng: np.random.Generator) -> Meeting:
    north = bool(rng.random() < 0.5)
    heading = (90 if north else -90) + rng.normal(0, 5)
    x = road.crossing_x + (1.0 if north else -1.0) * 0.5 * road.lane_m + rng.uniform(-0.3, 0.3)
    y = (-0.5 if rng.random() < 0.5 else -1.5) * road.lane_m
    a = Stand(models[0], seeds[0], (x, y), rng.normal(0, 5))
    along = rng.uniform(-0.34, 0.34) * a.size.length
    ux, uy = direction(heading)
    b = Stand(models[1], seeds[1], (a.xy[0] + along - 18 * ux, a.xy[1] - 18 * uy), heading)
    face = Face.RIGHT if north else Face.LEFT
    return Meeting(a, b, a.outline(), (ux, uy), face, Face.FRONT, rng.uniform(12, 45))


def _left_turn(models: tuple[Model, Model], seeds: tuple[int, int], road: Road, rng: np.random.Generator) -> Meeting:
    a = Stand(
        models[0], seeds[0], (road.crossing_x - rng.uniform(0, 1.5), 0.3 * road.lane_m), rng.uniform(42, 65)
    )  # fmt: skip
    heading = 180 + rng.normal(0, 3)
    y = a.xy[1] + rng.uniform(-0.2, 0.9)
    ux, uy = direction(heading)
    b = Stand(models[1], seeds[1], (a.xy[0] + 18, y - 18 * uy), heading)
    return Meeting(a, b, a.outline(), (ux, uy), Face.RIGHT, Face.FRONT, rng.uniform(12, 40))


def _wrong_way(models: tuple[Model, Model], seeds: tuple[int, int], road: Road, rng: np.random.Generator) -> Meeting:
    with_x = bool(rng.random() < 0.5)  # the way A drives: against the traffic of that half
    sign, heading = (1.0, 0.0) if with_x else (-1.0, 180.0)
    a = Stand(
        models[0], seeds[0], (-2.4 * sign, sign * road.lane_m * rng.uniform(0.3, 0.5)), heading + rng.normal(0, 5)
    )  # fmt: skip
    room = (a.size.width + footprint(models[1], seeds[1]).width) / 2
    aside = sign * rng.uniform(-0.15, 0.62) * room
    facing = heading + 180 + rng.normal(0, 3)
    ux, uy = direction(facing)
    b = Stand(models[1], seeds[1], (a.xy[0] + 15 * sign, a.xy[1] + aside - 15 * uy), facing)
    return Meeting(a, b, a.outline(), (ux, uy), Face.FRONT, Face.FRONT, rng.uniform(15, 55))


def _reversing(models: tuple[Model, Model], seeds: tuple[int, int], road: Road, rng: np.random.Generator) -> Meeting:
    """A backs into what waits behind it, or out of its bay into what passes."""
    if road.kind != "car_park" or rng.random() < 0.45:
        y = -0.5 * road.lane_m if road.kind != "car_park" else 0.0
        a = Stand(models[0], seeds[0], (2.4, y + rng.uniform(-0.2, 0.2)), rng.normal(0, 6))
        heading = a.heading_deg + rng.normal(0, 7)
        b = _behind(a, models[1], seeds[1], heading, rng.uniform(-0.5, 0.5) * a.size.width)
        return Meeting(a, b, a.outline(), direction(heading), Face.REAR, Face.FRONT, rng.uniform(3, 11))
    a = Stand(models[0], seeds[0], (rng.uniform(-0.5, 0.5), 4.2), 90 + rng.normal(0, 9))
    forward = bool(rng.random() < 0.5)
    along = rng.uniform(-0.3, 0.3) * footprint(models[1], seeds[1]).length
    b = Stand(models[1], seeds[1], (a.xy[0] + along, -14.0), (0 if forward else 180) + rng.normal(0, 3))
    return Meeting(
        a, b, a.outline(), (0.0, 1.0), Face.REAR, Face.LEFT if forward else Face.RIGHT, rng.uniform(3, 10)
    )  # fmt: skip


def _dooring(models: tuple[Model, Model], seeds: tuple[int, int], road: Road, rng: np.random.Generator) -> Meeting:
    size_a, size_b = footprint(models[0], seeds[0]), footprint(models[1], seeds[1])
    kerb = -road.lanes * road.lane_m
    door = "front_left" if rng.random() < 0.75 else "rear_left"
    a = Stand(
        models[0], seeds[0], (0.5, kerb + 0.35 + size_a.width / 2), rng.normal(0, 1), door
    )  # fmt: skip
    tip = a.door()[1:3].mean(axis=0)
    inside = rng.uniform(0.10, 0.35) if models[1] is not Model.SCOOTER else size_b.width / 2 + rng.uniform(-0.06, 0.06)
    b = Stand(models[1], seeds[1], (-15.0, float(tip[1]) - inside + size_b.width / 2), rng.normal(0, 0.6))
    return Meeting(a, b, a.door(), direction(b.heading_deg), Face.LEFT, Face.FRONT, rng.uniform(10, 28))
