"""The truth of a part of a picture."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.cases.reframe import Window, cutting_window, reframed, whole_window, zoomed_window
from tests.unit.cases_factory import panorama


def test_half_the_size_halves_everything() -> None:
    seen = panorama("side", 90).seen
    small = reframed(seen, whole_window(seen, 640))
    assert small.size_wh == (640, 480)
    assert small.vehicles[0].box_xyxy == (100, 150, 300, 300)
    assert small.contact_xy == (320, 240)
    assert small.lines == (("dashed_white", 1250),)
    assert small.vehicles[0].plates[0].corners[0] == (150, 150)
    assert not any(vehicle.cut for vehicle in small.vehicles)


def test_a_cutting_window_cuts_one_vehicle_and_keeps_the_shape() -> None:
    seen = panorama("side", 90).seen
    cut = reframed(seen, cutting_window(seen))
    assert [vehicle.cut for vehicle in cut.vehicles] == [True, False]
    assert cut.vehicles[0].visible_01 == pytest.approx(0.9 * 0.65, abs=0.01)
    assert cut.size_wh[0] / cut.size_wh[1] == pytest.approx(4 / 3, abs=0.01)


def test_a_zoomed_window_cuts_nobody() -> None:
    seen = panorama("side", 90).seen
    near = reframed(seen, zoomed_window(seen))
    assert near.size_wh < seen.size_wh
    assert not any(vehicle.cut for vehicle in near.vehicles)


def test_what_is_outside_is_gone() -> None:
    seen = panorama("side", 90).seen
    part = reframed(seen, Window((0.0, 0.0, 620.0, 465.0), (620, 465)))
    assert [vehicle.party for vehicle in part.vehicles] == ["A"]
    assert part.contact_xy is None


@given(st.floats(0, 500), st.floats(0, 400), st.floats(0.2, 1.0))
def test_boxes_stay_in_the_picture(left: float, top: float, share: float) -> None:
    window = Window((left, top, left + 1280 * share, top + 960 * share), (640, 480))
    for vehicle in reframed(panorama("side", 90).seen, window).vehicles:
        x0, y0, x1, y1 = vehicle.box_xyxy
        assert 0 <= x0 < x1 <= 640 and 0 <= y0 < y1 <= 480
        assert vehicle.visible_01 <= 0.9
