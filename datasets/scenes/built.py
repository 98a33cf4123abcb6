"""A scene as it stands in Blender: what its builders hand to those who photograph it and look at it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from datasets.scenes.blender import BlenderObject
from datasets.scenes.pinhole import Floats
from datasets.scenes.plan import PlannedVehicle


@dataclass(frozen=True, slots=True, eq=False)
class BuiltVehicle:
    """``part_at`` and ``damage_at`` take points (n, 3) in car coordinates and tell a name for each, "" for none.

    ``plates`` are (end, object) pairs; a plate's first four vertices are its corners from the top left, clockwise as
    its text is read.
    """

    planned: PlannedVehicle
    root: BlenderObject
    part_at: Callable[[Floats], Sequence[str]]
    damage_at: Callable[[Floats], Sequence[str]]
    plates: tuple[tuple[str, BlenderObject], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """Something that stands beside the road. ``points`` (n, 3), world metres; ``facing``: unit vector towards those who
    are meant to see it, null where it looks the same from all sides."""

    kind: str
    points: Floats
    facing: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class BuiltScene:
    """``signals`` are the traffic lights for the main road; ``object_hit`` is it near where it was hit."""

    vehicles: tuple[BuiltVehicle, ...]
    signals: tuple[Thing, ...] = ()
    signs: tuple[Thing, ...] = ()
    object_hit: Thing | None = None
