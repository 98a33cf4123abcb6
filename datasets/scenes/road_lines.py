"""Where the lines of a road lie: plain numbers, no Blender. Metres in the world of `datasets.scenes.plan`."""

from __future__ import annotations

from typing import TypeAlias

from datasets.scenes.plan import Line, Road

Run: TypeAlias = tuple[Line, float, float, float]
"""Along x: a line, its y, from x0 to x1. On the crossing road: a line, its x, from y0 to y1."""
Stripe: TypeAlias = tuple[Line, float, float, float, float]
"""Paint: a line's type and its rectangle x0, y0, x1, y1."""

FAR = 180.0
"""Roads end here."""
GUTTER = 0.35
"""Between the edge line's lane and the kerb."""
LINE_M = 0.15
DOUBLE_GAP = 0.30
"""Between the middles of the two lines of a double one."""
DASH_M, DASH_EVERY = 4.0, 10.0
ZEBRA_M = 4.0
CORNER_M = 6.0
"""Radius of the kerb at the corners of a junction."""
AISLE_HALF, BAY_WIDE, BAY_DEEP = 3.2, 2.6, 5.4
"""A car park: an aisle along x with bays on both sides."""
MEDIAN_M = 0.8


def half_width(road: Road) -> float:
    """From the middle of the main road to its kerb."""
    if road.kind == "car_park":
        return AISLE_HALF + BAY_DEEP
    return road.lanes * road.lane_m + GUTTER


def cross_lanes(road: Road) -> int:
    """Lanes of the crossing road, in each direction."""
    return min(road.lanes, 2)


def cross_half_width(road: Road) -> float:
    """From the middle of the crossing road to its kerb."""
    return cross_lanes(road) * road.lane_m + GUTTER


def stop_reach(road: Road) -> float:
    """From the middle of the crossing to where lines end and stop lines lie, along x; 0 where the road is unbroken."""
    if road.kind == "junction":
        return cross_half_width(road) + (4.0 + ZEBRA_M if road.zebra else 4.0)
    return ZEBRA_M / 2 + 1.5 if road.kind == "street" and road.zebra else 0.0


def zebra_spans(road: Road) -> tuple[tuple[float, float], ...]:
    """The crossings over the main road as (x0, x1); none without ``road.zebra``."""
    if not road.zebra or road.kind == "car_park":
        return ()
    if road.kind == "street":
        return ((road.crossing_x - ZEBRA_M / 2, road.crossing_x + ZEBRA_M / 2),)
    near = cross_half_width(road) + 2.5
    return tuple((road.crossing_x + side * near - (ZEBRA_M if side < 0 else 0),
                  road.crossing_x + side * near + (ZEBRA_M if side > 0 else 0)) for side in (-1, 1))  # fmt: skip


def stop_lines(road: Road) -> tuple[tuple[float, float, float, float], ...]:
    """Rectangles x0, y0, x1, y1 of the stop lines on the main road, each over its direction's half only."""
    reach = stop_reach(road)
    if reach == 0:
        return ()
    half = road.lanes * road.lane_m
    gap = MEDIAN_M / 2 if road.median else 0.1
    return (
        (road.crossing_x - reach, -half, road.crossing_x - reach + 0.4, -gap),
        (road.crossing_x + reach - 0.4, gap, road.crossing_x + reach, half),
    )


def lane_lines(road: Road) -> tuple[Run, ...]:
    """Lines along x as (line, y, x0, x1); a car park has none. Dashed and double ones are one run each."""
    if road.kind == "car_park":
        return ()
    return _spread(road, road.lanes, road.centre if not road.median else Line.NONE, _spans(road))


def cross_lines(road: Road) -> tuple[Run, ...]:
    """Lines of the crossing road as (line, x, y0, y1); none without a junction."""
    if road.kind != "junction":
        return ()
    reach = half_width(road) + (4.0 + ZEBRA_M if road.zebra else 4.0)
    runs = _spread(road, cross_lanes(road), Line.DOUBLE_YELLOW, ((-FAR, -reach), (reach, FAR)))
    return tuple((line, road.crossing_x + x, y0, y1) for line, x, y0, y1 in runs)


def stripes(road: Road) -> tuple[Stripe, ...]:
    """Every painted rectangle of the lane lines of both roads."""
    along = [(line, a, b, c, d) for run in lane_lines(road) for line, a, b, c, d in _paint(run)]
    across = [(line, b, a, d, c) for run in cross_lines(road) for line, a, b, c, d in _paint(run)]
    return (*along, *across)


def bay_stripes(road: Road) -> tuple[tuple[float, float, float, float], ...]:
    """Rectangles x0, y0, x1, y1 of the marks of a car park's bays."""
    if road.kind != "car_park":
        return ()
    edges = [BAY_WIDE * index for index in range(-14, 15)]
    half = LINE_M / 2
    between = [
        (x - half, side * AISLE_HALF, x + half, side * (AISLE_HALF + BAY_DEEP)) for x in edges for side in (-1, 1)
    ]
    ends = [(edges[0], side * (AISLE_HALF + BAY_DEEP) - half, edges[-1], side * (AISLE_HALF + BAY_DEEP) + half)
            for side in (-1, 1)]  # fmt: skip
    return tuple((x0, min(y0, y1), x1, max(y0, y1)) for x0, y0, x1, y1 in between + ends)


def _spans(road: Road) -> tuple[tuple[float, float], ...]:
    reach = stop_reach(road)
    if reach == 0:
        return ((-FAR, FAR),)
    return ((-FAR, road.crossing_x - reach), (road.crossing_x + reach, FAR))


def _spread(road: Road, lanes: int, centre: Line, spans: tuple[tuple[float, float], ...]) -> tuple[Run, ...]:
    """The lines of a road of ``lanes`` lanes each way over each of its spans."""
    places = [(centre, 0.0)]
    for side in (-1, 1):
        places += [(road.between, side * lane * road.lane_m) for lane in range(1, lanes)]
        places.append((road.edge, side * (lanes * road.lane_m - LINE_M)))
    return tuple((line, at, a, b) for line, at in places if line is not Line.NONE for a, b in spans)


def _paint(run: Run) -> list[Stripe]:
    """The rectangles of a run: x0, y0, x1, y1 with the run along x."""
    line, at, start, end = run
    half = LINE_M / 2
    if line is Line.DOUBLE_YELLOW:
        return [(line, start, at + side * DOUBLE_GAP / 2 - half, end, at + side * DOUBLE_GAP / 2 + half)
                for side in (-1, 1)]  # fmt: skip
    if line in (Line.SOLID_WHITE, Line.SOLID_YELLOW):
        return [(line, start, at - half, end, at + half)]
    first = int(start // DASH_EVERY)
    dashes = [(index * DASH_EVERY + 1, index * DASH_EVERY + 1 + DASH_M) for index in range(first, int(end // 10) + 1)]
    return [(line, max(a, start), at - half, min(b, end), at + half) for a, b in dashes if b > start and a < end]
