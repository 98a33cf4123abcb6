"""Lane lines and traffic lights of one photo, from one look of one small network."""

from __future__ import annotations

from dataclasses import replace

from vision.lane_lines import lane_of
from vision.models.lane import LaneNet
from vision.traffic_lights import lights_of
from vision.types import FramingKind, Lane, Pixels, TrafficLight, Vehicle

NO_ROAD = (FramingKind.CLOSEUP, FramingKind.INTERIOR, FramingKind.DOCUMENT)
"""Framings on which nobody looks for the road."""
IN_THE_WAY = 0.3
"""Score of a vehicle from which on a gap in a line behind it counts for nothing."""


def road_of(
    full: Pixels, small: Pixels, vehicles: tuple[Vehicle, ...], net: LaneNet
) -> tuple[Lane, tuple[TrafficLight, ...]]:
    """``small``: the same photo, shrunk; boxes and answers are in pixels of ``full``. Raises `ModelError`."""
    cells = net.look(small)
    factor = max(full.shape[:2]) / max(small.shape[:2])
    cells = replace(cells, square=cells.square.on(factor), size_wh=(full.shape[1], full.shape[0]))
    return lane_of(cells, tuple(v.box_xyxy for v in vehicles if v.score >= IN_THE_WAY)), lights_of(cells, full)
