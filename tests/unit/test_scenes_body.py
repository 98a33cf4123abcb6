"""Curves and grids of the rendered cars."""

from __future__ import annotations

import numpy as np
import pytest

from datasets.scenes.body import BodyGrid, build_body
from datasets.scenes.spec import CarSpec
from datasets.scenes.vehicle_shapes import HATCHBACK, SEDAN, SUV

CARS = [SEDAN, HATCHBACK, SUV]


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
