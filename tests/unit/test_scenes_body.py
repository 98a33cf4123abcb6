"""Curves and grids of the rendered cars, and what a blow does to them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.scenes.body import BodyGrid, build_body
from datasets.scenes.cars import SEDAN, SEDAN_IMPACT, SUV, SUV_IMPACT
from datasets.scenes.crash import DECAL_SIZE, draw_decal, push_in
from datasets.scenes.spec import CarSpec, Impact

CARS = [SEDAN, SUV]
IMPACTS = [SEDAN_IMPACT, SUV_IMPACT]


def _grid(spec: CarSpec) -> BodyGrid:
    return build_body(spec, rows=90)


@pytest.mark.parametrize("spec", CARS, ids=lambda spec: spec.name)
def test_the_skin_has_the_measures_of_its_spec(spec: CarSpec) -> None:
    grid = _grid(spec)
    bulge = spec.profile.bulge
    assert grid.along.min() == pytest.approx(-bulge, abs=0.01)
    assert grid.along.max() == pytest.approx(spec.length + bulge, abs=0.01)
    assert grid.y.max() == pytest.approx(max(value for _, value in spec.profile.half_width), abs=0.02)
    assert grid.z.max() == pytest.approx(max(value for _, value in spec.profile.top), abs=0.02)
    assert grid.z.min() > 0.1


@pytest.mark.parametrize("spec", CARS, ids=lambda spec: spec.name)
def test_both_halves_meet_in_the_middle(spec: CarSpec) -> None:
    grid = _grid(spec)
    assert np.isfinite(grid.along).all()
    assert grid.y.min() >= 0
    assert np.allclose(grid.y[:, [0, -1]], 0)


@pytest.mark.parametrize("spec", CARS, ids=lambda spec: spec.name)
def test_sections_never_cross_themselves(spec: CarSpec) -> None:
    sections = _grid(spec).sections
    assert (sections.bottom < sections.belt).all()
    assert (sections.belt < sections.top).all()
    assert (sections.roof_half > 0.3).all()


@pytest.mark.parametrize("impact", IMPACTS, ids=["sedan", "suv"])
def test_a_dent_is_deepest_near_the_blow_and_leaves_the_middle_plane_alone(impact: Impact) -> None:
    y, z = np.meshgrid(np.linspace(0, 1, 101), np.linspace(0.1, 1.3, 121))
    depth = push_in(impact, y, z, np.zeros_like(y))
    assert (depth >= 0).all()
    assert np.allclose(depth[:, 0], 0)
    row, column = np.unravel_index(depth.argmax(), depth.shape)
    assert abs(y[row, column] - impact.y) < impact.radius_y / 2
    assert abs(z[row, column] - impact.z) < impact.radius_z / 2
    assert 0.4 * impact.depth < depth.max() < 2 * impact.depth


@given(st.floats(0, 1), st.floats(0.1, 1.3), st.floats(0, 3))
def test_a_dent_fades_along_the_car(y: float, z: float, away: float) -> None:
    near, far = push_in(SUV_IMPACT, np.full(2, y), np.full(2, z), np.array([away, away + 0.3]))
    assert far <= near


@pytest.mark.parametrize("impact", IMPACTS, ids=["sedan", "suv"])
def test_marks_lie_where_the_blow_was(impact: Impact) -> None:
    decal = draw_decal(impact)
    weights = decal.scuff / decal.scuff.sum()
    rows, columns = np.indices(DECAL_SIZE)
    assert (weights * columns).sum() / 1000 == pytest.approx(impact.y, abs=0.1)
    assert (weights * rows).sum() / 1000 == pytest.approx(impact.z, abs=0.1)
    for layer in (decal.scuff, decal.primer, decal.crack, decal.hole):
        assert layer.shape == DECAL_SIZE
        assert layer.min() >= 0
        assert layer.max() <= 1


def test_marks_are_the_same_for_a_seed_and_the_lamp_is_spared_when_told() -> None:
    first, again = draw_decal(SUV_IMPACT), draw_decal(SUV_IMPACT)
    assert np.array_equal(first.scuff, again.scuff)
    assert first.hole.any()
    assert not draw_decal(replace(SUV_IMPACT, lamp_z=None)).hole.any()
    assert not np.array_equal(first.scuff, draw_decal(replace(SUV_IMPACT, seed=1)).scuff)
