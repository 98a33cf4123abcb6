"""The road of one photo: lane lines, traffic lights, and what stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from vision.geometry import area, clip, overlap, scaled
from vision.lane_lines import lane_of
from vision.models.lane import LaneNet
from vision.models.roadside import TRAFFIC_LIGHT
from vision.models.yolo import Detector
from vision.traffic_lights import state_of
from vision.types import Box, FramingKind, Lane, Pixels, RoadObject, RoadObjectKind, TrafficLight, Vehicle

NO_ROAD = (FramingKind.CLOSEUP, FramingKind.INTERIOR, FramingKind.DOCUMENT)
"""Framings on which nobody looks for the road."""
IN_THE_WAY = 0.3
"""Score of a vehicle from which on a gap in a line behind it counts for nothing."""
MOST_LIGHTS, MOST_THINGS = 8, 24
ON_BODIES = (TRAFFIC_LIGHT, RoadObjectKind.TRAFFIC_SIGN.value)
WITHIN, SMALLER = 0.9, 3.0
"""Share of a find inside a vehicle's box, and how many times lower than the vehicle it is at least."""


@dataclass(frozen=True, slots=True)
class RoadSeen:
    lane: Lane
    lights: tuple[TrafficLight, ...]
    roadside: tuple[RoadObject, ...]


def road_of(full: Pixels, small: Pixels, vehicles: tuple[Vehicle, ...], lines: LaneNet, roadside: Detector) -> RoadSeen:
    """``small``: the same photo, shrunk; boxes and answers are in pixels of ``full``. Raises `ModelError`."""
    cells = lines.look(small)
    factor = max(full.shape[:2]) / max(small.shape[:2])
    cells = replace(cells, square=cells.square.on(factor), size_wh=(full.shape[1], full.shape[0]))
    bodies = tuple(v.box_xyxy for v in vehicles if v.score >= IN_THE_WAY)
    return RoadSeen(lane_of(cells, bodies), *beside_road(full, small, bodies, roadside))


def beside_road(
    full: Pixels, small: Pixels, bodies: Sequence[Box], roadside: Detector
) -> tuple[tuple[TrafficLight, ...], tuple[RoadObject, ...]]:
    """Traffic lights with their state, and all else that stands beside the road, each best first.

    ``bodies``: boxes of vehicles, in pixels of ``full``. What looks like a small light or sign within one is a lamp, a
    badge or a reflection on it.
    """
    (found,) = roadside.detect((small,))
    factor = max(full.shape[:2]) / max(small.shape[:2])
    boxes = [(one.label, scaled(one.box_xyxy, factor), one.score) for one in found]
    boxes = [one for one in boxes if one[0] not in ON_BODIES or not any(_within(one[1], body) for body in bodies)]
    # The shorter side of ``small`` was rounded: what ends at its edge may pass that of the photo.
    size_wh = (full.shape[1], full.shape[0])
    lights = [
        TrafficLight(clip(box, size_wh), score, *state_of(full, box))
        for box, score in [one[1:] for one in boxes if one[0] == TRAFFIC_LIGHT][:MOST_LIGHTS]
    ]
    things = [one for one in boxes if one[0] != TRAFFIC_LIGHT][:MOST_THINGS]
    return tuple(lights), tuple(
        RoadObject(RoadObjectKind(label), clip(box, size_wh), score) for label, box, score in things
    )


def _within(box: Box, body: Box) -> bool:
    low = body[3] - box[3] >= 0 and box[3] - box[1] <= (body[3] - body[1]) / SMALLER
    return low and overlap(box, body) >= WITHIN * area(box)
