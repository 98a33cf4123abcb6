"""Which part belongs to which vehicle, and which part a damage sits on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from vision.geometry import area, overlap
from vision.types import Box, Damage, Part, PartKind, Vehicle

INSIDE = 0.6
"""Share of a part's box that must lie in a vehicle's box."""
REACH = 0.25
"""A damage beside all parts belongs to the nearest one within this share of its own longer side (fenders)."""
PART_FLOOR = 0.1
"""Least score of a part that a damage can sit on; chosen on 64 damages of validation photos."""


def with_parts(vehicles: Sequence[Vehicle], parts: Sequence[Part]) -> tuple[Vehicle, ...]:
    """Each part goes to the smallest vehicle that holds `INSIDE` of it; parts of no vehicle are dropped."""
    own: list[list[Part]] = [[] for _ in vehicles]
    for part in parts:
        size = max(area(part.box_xyxy), 1e-9)
        holds = [i for i, v in enumerate(vehicles) if overlap(v.box_xyxy, part.box_xyxy) >= INSIDE * size]
        if holds:
            own[min(holds, key=lambda i: area(vehicles[i].box_xyxy))].append(part)
    return tuple(replace(v, parts=tuple(p)) for v, p in zip(vehicles, own, strict=True))


def gap(a: Box, b: Box) -> float:
    """Distance between two boxes in pixels, 0 where they touch."""
    dx = max(a[0] - b[2], b[0] - a[2], 0.0)
    dy = max(a[1] - b[3], b[1] - a[3], 0.0)
    return float((dx * dx + dy * dy) ** 0.5)


def part_under(box: Box, parts: Sequence[Part], floor: float) -> PartKind | None:
    """The part that a damage's box lies on: the one it shares most with, counted by the smaller of both, else near."""
    known = [p for p in parts if p.score >= floor]
    shares = [
        (overlap(box, p.box_xyxy) / max(min(area(box), area(p.box_xyxy)), 1e-9), -area(p.box_xyxy)) for p in known
    ]
    best = max(zip(shares, known, strict=True), key=lambda pair: pair[0], default=None)
    if best and best[0][0] > 0.1:
        return best[1].kind
    reach = REACH * max(box[2] - box[0], box[3] - box[1])
    near = min(known, key=lambda p: gap(box, p.box_xyxy), default=None)
    return near.kind if near and gap(box, near.box_xyxy) <= reach else None


def with_part(damages: Sequence[Damage], parts: Sequence[Part], floor: float = PART_FLOOR) -> tuple[Damage, ...]:
    """Damages with the part they sit on, among parts of at least ``floor``."""
    return tuple(replace(d, part=part_under(d.box_xyxy, parts, floor)) for d in damages)
