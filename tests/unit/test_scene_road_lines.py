"""Where lines lie on every kind of road."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.scenes import road_lines
from datasets.scenes.plan import Line, Road

STREET = Road("street", lanes=2, lane_m=3.5)
JUNCTION = Road("junction", lanes=2, crossing_x=10.0, zebra=True)
ROADS = st.builds(
    Road,
    kind=st.sampled_from(("street", "junction", "car_park")),
    lanes=st.integers(1, 3),
    lane_m=st.floats(3.0, 3.75),
    centre=st.sampled_from(Line),
    between=st.sampled_from(Line),
    edge=st.sampled_from(Line),
    crossing_x=st.floats(-30, 30),
    zebra=st.booleans(),
    median=st.booleans(),
)


def test_a_street_has_its_lines_where_lanes_meet() -> None:
    found = {(line, round(y, 2)) for line, y, _, _ in road_lines.lane_lines(STREET)}
    assert found == {
        (Line.DOUBLE_YELLOW, 0.0),
        (Line.DASHED_WHITE, 3.5),
        (Line.DASHED_WHITE, -3.5),
        (Line.SOLID_WHITE, 6.85),
        (Line.SOLID_WHITE, -6.85),
    }


@pytest.mark.parametrize(
    ("road", "centres"), [(STREET, 1), (JUNCTION, 2), (replace(STREET, median=True), 0), (Road("car_park"), 0)]
)
def test_how_often_the_centre_line_is_drawn(road: Road, centres: int) -> None:
    assert sum(line is Line.DOUBLE_YELLOW for line, *_ in road_lines.lane_lines(road)) == centres


def test_only_a_junction_has_a_crossing_road() -> None:
    assert road_lines.cross_lines(STREET) == ()
    assert all(abs(y0) >= road_lines.half_width(JUNCTION) or abs(y1) >= road_lines.half_width(JUNCTION)
               for _, _, y0, y1 in road_lines.cross_lines(JUNCTION))  # fmt: skip


@given(ROADS)
def test_no_lane_line_runs_through_the_junction_or_over_a_zebra_crossing(road: Road) -> None:
    keep_out = [*road_lines.zebra_spans(road)]
    if road.kind == "junction":
        half = road_lines.cross_half_width(road)
        keep_out.append((road.crossing_x - half, road.crossing_x + half))
    for _, _, x0, x1 in road_lines.lane_lines(road):
        assert x0 < x1
        assert all(x1 <= start or x0 >= end for start, end in keep_out)


@given(ROADS)
def test_paint_stays_on_the_road_and_inside_its_run(road: Road) -> None:
    runs = [*road_lines.lane_lines(road), *road_lines.cross_lines(road)]
    painted = road_lines.stripes(road)
    assert {line for line, *_ in painted} == {line for line, *_ in runs}
    for _, x0, y0, x1, y1 in painted:
        assert x0 < x1
        assert y0 < y1
        on_main = max(abs(y0), abs(y1)) <= road_lines.half_width(road)
        across = max(abs(x0 - road.crossing_x), abs(x1 - road.crossing_x)) <= road_lines.cross_half_width(road)
        assert on_main or (road.kind == "junction" and across)


@given(ROADS)
def test_stop_lines_lie_where_lane_lines_end_and_before_the_zebra(road: Road) -> None:
    lines = road_lines.stop_lines(road)
    assert bool(lines) == (road_lines.stop_reach(road) > 0)
    if not lines:
        return
    (_, low, right, high), (left, low_2, _, high_2) = lines
    assert low < high < 0 < low_2 < high_2
    assert right < road.crossing_x < left
    for x0, x1 in road_lines.zebra_spans(road):
        assert x0 >= right or x1 <= left
    assert all(x0 >= right or x1 <= left for x0, x1 in road_lines.zebra_spans(road))


def test_dashes_are_four_metres_with_six_between() -> None:
    dashes = sorted(x0 for line, x0, y0, _, _ in road_lines.stripes(STREET) if line is Line.DASHED_WHITE and y0 > 0)
    assert {round(b - a, 6) for a, b in itertools.pairwise(dashes)} == {10.0}


def test_bays_line_both_sides_of_the_aisle() -> None:
    marks = road_lines.bay_stripes(Road("car_park"))
    assert min(abs(y) for _, y0, _, y1 in marks for y in (y0, y1)) == pytest.approx(road_lines.AISLE_HALF)
    assert len([m for m in marks if m[1] > 0]) == len([m for m in marks if m[3] < 0])
    assert road_lines.bay_stripes(STREET) == ()
