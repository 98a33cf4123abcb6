"""Small planned scenes for tests."""

from __future__ import annotations

from dataclasses import replace

from datasets.scenes.footprints import footprint
from datasets.scenes.plan import (
    AccidentType,
    Air,
    Blow,
    Face,
    Model,
    PlannedVehicle,
    Road,
    Scene,
    Shot,
)  # fmt: skip

SEED = 5


def vehicle(party: str, x: float, y: float = -1.75, model: Model = Model.SEDAN, heading: float = 0.0) -> PlannedVehicle:
    """A car without damage with its middle at (x, y)."""
    text = "苏E8K2F6" if party == "A" else "苏E3P7V9"
    return PlannedVehicle(party, model, SEED, "silver", text, "blue", (x, y), heading)


def rear_end(gap_m: float = 0.02, **changes: object) -> Scene:
    """B stands ``gap_m`` behind A; both in the lane right of the middle, the contact at x = 0."""
    half = footprint(Model.SEDAN, SEED).length / 2
    blow = Blow(Face.REAR, 0.3, 0.6, 0.8, 0.4, 0.05, (0.4, 0.4, 0.4), seed=3)
    a = replace(vehicle("A", half + gap_m / 2), blows=(blow,))
    b = replace(vehicle("B", -half - gap_m / 2), blows=(replace(blow, face=Face.FRONT),))
    shots = (
        Shot("front_panorama", (8.3, 1.2, 1.6), (2.3, -2.0, 0.7), 30),
        Shot("contact_far", (0.5, 2.0, 1.5), (0.0, -1.5, 0.6), roll_deg=2.0),
    )
    scene = Scene("rear_end", 3, AccidentType.REAR_END, (a, b), Road("street"), Air(), shots, (0.0, -1.2, 0.6))
    return replace(scene, **changes)  # type: ignore[arg-type]
