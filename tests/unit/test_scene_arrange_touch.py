"""Convex outlines brought together, and vehicles' footprints."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets.scenes.arrange_touch import bring_together, crosses, distance_to, separation, touch
from datasets.scenes.footprints import footprint, local_outline, plate_corners, solid, to_local, to_world
from datasets.scenes.pinhole import Floats
from datasets.scenes.plan import Model, PlannedVehicle


def _square(x: float, y: float, half: float = 1.0) -> Floats:
    return np.array([(x + half, y - half), (x + half, y + half), (x - half, y + half), (x - half, y - half)])


@pytest.mark.parametrize(
    ("x", "y", "gap"),
    [(3, 0, 1.0), (2, 0, 0.0), (1.5, 0, -0.5), (0, 2.25, 0.25), (5, 6, 5.0), (1.8, 1.9, -0.1)],
)
def test_separation_of_squares(x: float, y: float, gap: float) -> None:
    assert separation(_square(0, 0), _square(x, y)) == pytest.approx(gap, abs=1e-9)


@given(st.floats(-180, 180), st.floats(-0.8, 0.8), st.floats(-0.1, 0.3), st.sampled_from(list(Model)))
@settings(max_examples=40, deadline=None)
def test_brought_together_leaves_the_wished_gap(heading: float, aside: float, gap: float, model: Model) -> None:
    fixed = local_outline(footprint(Model.SEDAN, 1))
    way = (math.cos(math.radians(heading)), math.sin(math.radians(heading)))
    start = (-14 * way[0] - aside * way[1], -14 * way[1] + aside * way[0])
    moving = to_world(local_outline(footprint(model, 2)), start, heading)
    far = bring_together(fixed, moving, way, gap)
    assert separation(fixed, moving + far * np.array(way)) == pytest.approx(gap, abs=1e-3)


def test_what_passes_by_is_an_error() -> None:
    with pytest.raises(ValueError, match="never touch"):
        bring_together(_square(0, 0), _square(-10, 5), (1.0, 0.0), 0.0)


def test_touching_squares_touch_over_their_common_side() -> None:
    found = touch(_square(0, 0), _square(2, 0.5), 0.02)
    assert found.middle == pytest.approx((1.0, 0.25))
    assert found.width == pytest.approx(1.5, abs=0.05)
    assert abs(found.along[1]) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("start", "end", "hit"),
    [((-3, 0), (3, 0), True), ((-3, 0), (-1.5, 0), False), ((-3, 2), (3, 2), False), ((0, 0), (0.1, 0), True)],
)
def test_segments_cross_shapes(start: tuple[float, float], end: tuple[float, float], hit: bool) -> None:
    assert crosses(np.array(start, float), np.array(end, float), _square(0, 0)) is hit


@given(st.floats(-4, 4), st.floats(-4, 4))
@settings(max_examples=80, deadline=None)
def test_distance_to_a_square(x: float, y: float) -> None:
    dx, dy = abs(x) - 1, abs(y) - 1
    truth = max(dx, dy) if max(dx, dy) <= 0 else math.hypot(max(dx, 0), max(dy, 0))
    assert distance_to((x, y), _square(0, 0)) == pytest.approx(truth, abs=1e-9)


@pytest.mark.parametrize("model", list(Model))
def test_footprints_are_convex_and_as_large_as_they_say(model: Model) -> None:
    size = footprint(model, 5)
    shape = local_outline(size)
    edges = np.roll(shape, -1, axis=0) - shape
    turns = edges[:, 0] * np.roll(edges, -1, axis=0)[:, 1] - edges[:, 1] * np.roll(edges, -1, axis=0)[:, 0]
    assert (turns > -1e-9).all()
    assert np.ptp(shape, axis=0) == pytest.approx((size.length, size.width))


@given(st.floats(-20, 20), st.floats(-20, 20), st.floats(-180, 180))
@settings(max_examples=40, deadline=None)
def test_there_and_back(x: float, y: float, heading: float) -> None:
    there = to_world(np.array([(1.5, -0.7)]), (x, y), heading)[0]
    assert to_local((there[0], there[1]), (x, y), heading) == pytest.approx((1.5, -0.7), abs=1e-9)


def test_solids_and_plates_lie_where_the_vehicle_stands() -> None:
    car = PlannedVehicle("A", Model.SUV, 3, "white", "苏A12345", "blue", (5.0, -2.0), 90.0)
    body, cabin = solid(car)
    assert np.concatenate([body, cabin])[:, :2].mean(axis=0) == pytest.approx((5.0, -2.0), abs=0.3)
    assert cabin[:, 2].max() == pytest.approx(footprint(Model.SUV, 3).height)
    front, rear = plate_corners(car, "front"), plate_corners(car, "rear")
    assert front[:, 1].mean() > -2.0 > rear[:, 1].mean()
    assert front[0, 0] > front[1, 0]  # who looks at a car that comes towards him from afar reads from its right
