"""Marks where a contact can be looked into: wings buckle beside the bumper that was struck, rails scrape on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from datasets.scenes.footprints import footprint, to_local
from datasets.scenes.plan import Blow, Face, Model, PlannedVehicle, Point

INSIDE_M = 0.38
"""The marks' middle is so far inside of the vehicle's ends."""
SHALLOWEST_M, DEEPEST_M = 0.03, 0.085
HANGS_M = 0.04
"""A deeper blow beside an end may tear the bumper's corner off."""


def with_open_edge(vehicle: PlannedVehicle, edge: Point, rng: np.random.Generator) -> PlannedVehicle:
    """The vehicle with a second blow on its flank where the contact zone opens (``edge``, world), if its first one
    lies elsewhere. A scooter stays as it is."""
    if vehicle.model is Model.SCOOTER or not vehicle.blows:
        return vehicle
    main = vehicle.blows[0]
    half = footprint(vehicle.model, vehicle.seed).length / 2
    x, y = to_local(edge[:2], vehicle.xy, vehicle.heading_deg)
    x = float(np.clip(x, INSIDE_M - half, half - INSIDE_M))
    face = main.face if main.face in (Face.LEFT, Face.RIGHT) else Face.LEFT if y > 0 else Face.RIGHT
    if vehicle.open_door or (face is main.face and abs(x - main.at * half) < 0.3 * main.width):
        return vehicle
    end = main.face in (Face.FRONT, Face.REAR)
    depth = float(np.clip(0.75 * main.depth, SHALLOWEST_M, DEEPEST_M))
    buckled = Blow(
        face=face, at=round(x / half, 3), z=round(main.z + float(rng.uniform(0.02, 0.12)), 3),
        width=round(float(rng.uniform(0.62, 0.95)), 3), height=round(float(rng.uniform(0.40, 0.56)), 3),
        depth=round(depth, 3), transfer=main.transfer,
        broken_lamp=main.broken_lamp or bool(end and depth > HANGS_M and rng.random() < 0.5),
        hanging_bumper=main.hanging_bumper or bool(end and depth > HANGS_M and rng.random() < 0.5),
        seed=int(rng.integers(1 << 30)),
    )  # fmt: skip
    return replace(vehicle, blows=(main, buckled, *vehicle.blows[1:]))
