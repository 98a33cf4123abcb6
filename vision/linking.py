"""Which part belongs to which vehicle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from vision.geometry import area, overlap
from vision.types import Part, Vehicle

INSIDE = 0.6
"""Share of a part's box that must lie in a vehicle's box."""


def with_parts(vehicles: Sequence[Vehicle], parts: Sequence[Part]) -> tuple[Vehicle, ...]:
    """Each part goes to the smallest vehicle that holds `INSIDE` of it; parts of no vehicle are dropped."""
    own: list[list[Part]] = [[] for _ in vehicles]
    for part in parts:
        size = max(area(part.box_xyxy), 1e-9)
        holds = [i for i, v in enumerate(vehicles) if overlap(v.box_xyxy, part.box_xyxy) >= INSIDE * size]
        if holds:
            own[min(holds, key=lambda i: area(vehicles[i].box_xyxy))].append(part)
    return tuple(replace(v, parts=tuple(p)) for v, p in zip(vehicles, own, strict=True))
