"""A vehicle before it has a paint and a plate, and how it comes to meet what it struck."""

from __future__ import annotations

import math
from dataclasses import dataclass

from datasets.scenes.footprints import Floats, Footprint, footprint, local_outline, open_door, thick, to_world
from datasets.scenes.plan import Face, Model, PlannedVehicle


@dataclass(frozen=True, slots=True)
class Stand:
    """A vehicle before it has a paint and a plate."""

    model: Model
    seed: int
    xy: tuple[float, float]
    heading_deg: float
    open_door: str = ""

    @property
    def size(self) -> Footprint:
        return footprint(self.model, self.seed)

    def outline(self) -> Floats:
        return to_world(local_outline(self.size), self.xy, self.heading_deg)

    def door(self) -> Floats:
        """Outline (4, 2) of the open door."""
        line = open_door(PlannedVehicle("A", self.model, self.seed, "", "", "", self.xy, self.heading_deg,
                                        open_door=self.open_door))  # fmt: skip
        return thick(line, 0.04)


@dataclass(frozen=True, slots=True)
class Meeting:
    """``mover`` goes along ``towards`` until it touches ``fixed``; then both stand as they stood after the crash."""

    a: Stand
    b: Stand | None
    """Null for a single vehicle: then A moves."""
    fixed: Floats
    towards: tuple[float, float]
    face_a: Face
    face_b: Face | None
    speed_kmh: float
    """Closing speed."""
    sliding: bool = False
    object_hit: str = ""
    object_xy: tuple[float, float] = (0.0, 0.0)


def direction(heading_deg: float) -> tuple[float, float]:
    return math.cos(math.radians(heading_deg)), math.sin(math.radians(heading_deg))
