"""The road of one photo: lane lines, traffic lights, and what stands beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vision.geometry import scaled
from vision.lane_lines import lane_of
from vision.models.lane import LaneNet
from vision.models.roadside import TRAFFIC_LIGHT
from vision.models.yolo import Detector
from vision.traffic_lights import state_of
from vision.types import FramingKind, Lane, Pixels, RoadObject, RoadObjectKind, TrafficLight, Vehicle

NO_ROAD = (FramingKind.CLOSEUP, FramingKind.INTERIOR, FramingKind.DOCUMENT)
"""Framings on which nobody looks for the road."""
IN_THE_WAY = 0.3
"""Score of a vehicle from which on a gap in a line behind it counts for nothing."""
MOST_LIGHTS, MOST_THINGS = 8, 24


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
    lane = lane_of(cells, tuple(v.box_xyxy for v in vehicles if v.score >= IN_THE_WAY))
    return RoadSeen(lane, *beside_road(full, small, roadside))


def beside_road(
    full: Pixels, small: Pixels, roadside: Detector
) -> tuple[tuple[TrafficLight, ...], tuple[RoadObject, ...]]:
    """Traffic lights with their state, and all else that stands beside the road, each best first."""
    (found,) = roadside.detect((small,))
    factor = max(full.shape[:2]) / max(small.shape[:2])
    boxes = [(one.label, scaled(one.box_xyxy, factor), one.score) for one in found]
    lights = [(box, score) for label, box, score in boxes if label == TRAFFIC_LIGHT][:MOST_LIGHTS]
    things = [RoadObject(RoadObjectKind(label), box, score) for label, box, score in boxes if label != TRAFFIC_LIGHT]
    return tuple(TrafficLight(box, score, *state_of(full, box)) for box, score in lights), tuple(things[:MOST_THINGS])
