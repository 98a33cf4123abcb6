"""From cells to lines: gaps, runs and vehicles in between decide what is told of a line."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.geometry import Letterbox
from vision.lane_lines import lane_of
from vision.models.calibration import Platt
from vision.models.lane import LABELS, RoadCells
from vision.traffic_lights import state_of
from vision.types import LightState, LineColour, LineKind, Pixels

SIDE = 160
SQUARE = Letterbox(0.25, 0.0, 20.0)
"""A photo of 640 x 480."""


def road(*pieces: tuple[float, float], kind: str = "dashed_white", slope: float = 0.6) -> RoadCells:
    """Cells with pieces of one line, each from row to row, two cells wide, one above row 85."""
    lines = np.zeros((len(LABELS), SIDE, SIDE), np.float32)
    lines[0] = 1
    for start, end in pieces:
        for y in range(int(start), int(end)):
            x = int(40 + slope * y)
            across = slice(x, x + (2 if y >= 85 else 1))
            lines[:, y, across] = 0
            lines[LABELS.index(kind), y, across] = 1
    return RoadCells(lines, SQUARE, (640, 480))


def kinds(cells: RoadCells, hidden: tuple[tuple[float, float, float, float], ...] = ()) -> list[LineKind | None]:
    """Kinds that are told with some certainty."""
    return [line.kind if line.kind_score >= 0.75 else None for line in lane_of(cells, hidden).lines]


@pytest.mark.parametrize(
    ("pieces", "kind", "told"),
    [
        (((90, 100), (112, 130)), "dashed_white", [LineKind.DASHED_WHITE]),
        (((70, 74), (80, 86), (96, 108)), "dashed_yellow", [LineKind.DASHED_YELLOW]),
        (((70, 140),), "solid_white", [LineKind.SOLID_WHITE]),
        (((70, 140),), "double_yellow", [LineKind.DOUBLE_YELLOW]),
        (((70, 140),), "dashed_white", [None]),  # no gap in sight
        (((90, 140),), "solid_white", [None]),  # ends in the open road, still wide: may be a dash
        (((100, 112),), "solid_yellow", [None]),  # too short: may be a dash
        (((70, 100), (110, 140)), "solid_white", [None]),  # an open gap
        ((), "solid_white", []),
    ],
)
def test_the_shape_has_to_bear_the_network_out(
    pieces: tuple[tuple[float, float], ...], kind: str, told: list[LineKind | None]
) -> None:
    assert kinds(road(*pieces, kind=kind)) == told


def test_a_gap_behind_a_vehicle_proves_nothing() -> None:
    car = (300.0, 310.0, 480.0, 370.0)
    dashed, solid = road((90, 100), (112, 130)), road((60, 99), (113, 140), kind="solid_white")
    assert kinds(dashed, (car,)) == [None]
    assert kinds(solid, (car,)) == [LineKind.SOLID_WHITE]


def test_a_score_goes_through_the_curve_of_the_file_and_a_kind_does_not() -> None:
    cells, curve = road((100, 112), (120, 130)), Platt(0.5, -2.0)
    lines = np.where(cells.lines == 1, np.float32(0.9), (0.1 / (len(LABELS) - 1)))
    cells = replace(cells, lines=lines.astype(np.float32))
    (raw,), (told,) = lane_of(cells).lines, lane_of(replace(cells, curve=curve)).lines
    assert told.score == pytest.approx(float(curve(raw.score)))
    assert told.score < raw.score
    assert told.kind_score == raw.kind_score


def test_other_paint_is_no_line() -> None:
    assert kinds(road((70, 135), kind="other")) == []


def test_points_are_told_in_pixels_of_the_photo() -> None:
    (line,) = lane_of(road((70, 140), kind="solid_yellow")).lines
    assert line.colour is LineColour.YELLOW
    ys = sorted(y for _, y in line.points)
    assert ys[0] == pytest.approx((72 - 20) / 0.25, abs=20)
    assert ys[-1] == pytest.approx((138 - 20) / 0.25, abs=20)
    assert line.score == pytest.approx(1.0)


@given(st.lists(st.tuples(st.integers(0, 150), st.integers(1, 60)), max_size=6), st.floats(-1, 0.6))
def test_whatever_is_painted_scores_stay_scores(pieces: list[tuple[int, int]], slope: float) -> None:
    lane = lane_of(road(*((y, min(y + n, SIDE)) for y, n in pieces), slope=slope))
    for line in lane.lines:
        assert 0 <= line.score <= 1 and 0 <= line.kind_score <= 1 and len(line.points) >= 2
        assert all(0 <= x <= 640 and 0 <= y <= 480 for x, y in line.points)
        assert (line.kind is None) == (line.kind_score == 0)
    assert 0 <= lane.legible_01 <= 1


def picture(lamp: int, colour: tuple[int, int, int], upright: bool = True) -> Pixels:
    pixels = np.full((480, 640, 3), 120, np.uint8)
    pixels[40:80, 200:216] = 20
    top = 40 + lamp * 13
    pixels[top + 2 : top + 11, 203:213] = colour
    return pixels if upright else np.ascontiguousarray(np.rot90(pixels))


@pytest.mark.parametrize(
    ("lamp", "colour", "state"),
    [
        (0, (255, 40, 30), LightState.RED),
        (1, (255, 180, 30), LightState.YELLOW),
        (2, (40, 255, 150), LightState.GREEN),
        (0, (40, 255, 150), LightState.UNKNOWN),  # green where red belongs
        (0, (25, 25, 25), LightState.UNKNOWN),  # dark
    ],
)
def test_colour_and_place_together_tell_the_state(lamp: int, colour: tuple[int, int, int], state: LightState) -> None:
    assert state_of(picture(lamp, colour), (200, 40, 216, 80))[0] is state


def test_two_yellow_lines_side_by_side_are_a_double_one_whatever_the_network_says() -> None:
    one, other = road((70, 140), kind="solid_yellow"), road((70, 140), kind="solid_yellow")
    cells = replace(one, lines=np.maximum(one.lines, np.roll(other.lines, 5, axis=2)))
    cells.lines[0] = 1 - cells.lines[1:].sum(0)
    assert kinds(cells) == [LineKind.DOUBLE_YELLOW] * 2
