"""Everything that is painted on the road, as meshes."""

from __future__ import annotations

import numpy as np

from datasets.scenes.plan import Line, Road
from datasets.scenes.road_lines import (
    bay_stripes,
    cross_lanes,
    half_width,
    stop_lines,
    stop_reach,
    stripes,
    zebra_spans,
)  # fmt: skip
from datasets.scenes.road_mesh import Heap
from datasets.scenes.road_surfaces import WHITE, YELLOW, Ground

MARK_Z = 0.003
ARROWS = {
    "straight": ((-0.075, 0), (0.075, 0), (0.075, 2.6), (0.225, 2.6), (0, 4.5), (-0.225, 2.6), (-0.075, 2.6)),
    "left": ((-0.075, 0), (0.075, 0), (0.075, 2.5), (-0.45, 2.85), (-0.45, 3.4), (-1.0, 2.55), (-0.45, 1.75),
             (-0.45, 2.3), (-0.075, 2.05)),
    "right": ((-0.075, 0), (0.075, 0), (0.075, 2.05), (0.45, 2.3), (0.45, 1.75), (1.0, 2.55), (0.45, 3.4),
              (0.45, 2.85), (-0.075, 2.5)),
}  # fmt: skip
"""Outlines in metres: to the right, ahead."""


def paint_road(road: Road, ground: Ground) -> None:
    """Lane lines are objects named line_<type>; the rest is one object, marks."""
    _lines(road, ground)
    _other_paint(road, ground)


def _lines(road: Road, ground: Ground) -> None:
    paint = {"white": ground.paint("white_paint", WHITE), "yellow": ground.paint("yellow_paint", YELLOW)}
    heaps: dict[Line, Heap] = {}
    for line, x0, y0, x1, y1 in stripes(road):
        heap = heaps.setdefault(line, Heap(paint["yellow" if "yellow" in line.value else "white"]))
        heap.rectangle(x0, y0, x1, y1, MARK_Z)
    for line, heap in heaps.items():
        heap.build(f"line_{line.value}")


def _other_paint(road: Road, ground: Ground) -> None:
    """Stop lines, zebra crossings, bays and arrows."""
    heap = Heap(ground.paint("mark_paint", WHITE))
    for x0, y0, x1, y1 in (*stop_lines(road), *bay_stripes(road)):
        heap.rectangle(x0, y0, x1, y1, MARK_Z)
    half = road.lanes * road.lane_m
    for x0, x1 in zebra_spans(road):
        for y in np.arange(-half + 0.4, half - 0.4, 0.95):
            heap.rectangle(x0, float(y), x1, float(y) + 0.45, MARK_Z)
    if road.zebra and road.kind == "junction":
        near, wide = half_width(road) + 2.5, cross_lanes(road) * road.lane_m
        for x in np.arange(-wide + 0.4, wide - 0.4, 0.95):
            for y0 in (near, -near - 4):
                heap.rectangle(road.crossing_x + float(x), y0, road.crossing_x + float(x) + 0.45, y0 + 4, MARK_Z)
    for x, y, way, kind in _arrow_places(road):
        heap.polygon([(x + way * ahead, y - way * right, MARK_Z) for right, ahead in ARROWS[kind]])
    heap.build("marks")


def _arrow_places(road: Road) -> list[tuple[float, float, int, str]]:
    """x, y, direction of travel and kind; before the stop line, or along the whole street."""
    if not road.arrows:
        return []
    if road.kind == "car_park":
        return [(x, -way * 1.6, way, "straight") for x in (-22.0, -8.0, 8.0, 22.0) for way in (-1, 1)]
    made = []
    for way in (-1, 1):
        for lane in range(road.lanes):
            kind = "straight"
            if road.kind == "junction" and road.lanes > 1:
                kind = "left" if lane == 0 else "right" if lane == road.lanes - 1 and lane > 1 else "straight"
            y = -way * (lane + 0.5) * road.lane_m
            if road.kind == "junction":
                made += [(road.crossing_x - way * (stop_reach(road) + back), y, way, kind) for back in (8.0, 30.0)]
            else:
                made += [(way * x, y, way, kind) for x in (-92.0, -52.0, -12.0, 28.0, 68.0)]
    return made
