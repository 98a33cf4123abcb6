"""Vehicles of planned scenes, as far as they can be told without Blender: measures, blows, marks, parts, damage."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets.scenes.body import build_body
from datasets.scenes.paints import PAINTS
from datasets.scenes.plan import Blow, Face, Model, PlannedVehicle
from datasets.scenes.vehicle_blow import INWARD, centre, depth_at, displacement, local
from datasets.scenes.vehicle_glass import crack_lines
from datasets.scenes.vehicle_marks import draw_marks
from datasets.scenes.vehicle_skin import border, make_skin, quads
from datasets.scenes.vehicle_spec import half_width, spec_for
from datasets.scenes.vehicle_truth import spec_of

LOFTED = [model for model in Model if model is not Model.SCOOTER]
RED = (0.3, 0.01, 0.01)


def _blow(face: Face = Face.FRONT, at: float = 0.5, depth: float = 0.10, broken: bool = False) -> Blow:
    return Blow(face, at, 0.6, 0.7, 0.4, depth, RED, broken_lamp=broken, cracked_glass=broken, seed=3)


def _planned(model: Model = Model.SEDAN, seed: int = 1, *blows: Blow, door: str = "") -> PlannedVehicle:
    return PlannedVehicle("A", model, seed, "white", "苏E8K2F6", "blue", (0, 0), 0, open_door=door, blows=blows)


@pytest.mark.parametrize("model", LOFTED)
@pytest.mark.parametrize("seed", [0, 1, 77])
def test_a_spec_makes_a_body_that_can_be_built(model: Model, seed: int) -> None:
    spec = spec_for(model, seed, "red")
    grid = build_body(spec, 90)
    assert np.isfinite(grid.along).all()
    assert grid.y.min() >= 0
    assert grid.z.min() > 0.1
    assert (grid.sections.bottom < grid.sections.belt).all()
    assert (grid.sections.roof_half > 0.3).all()
    assert spec.axles[0] > spec.wheel_radius
    assert spec.head_lamp.z1 - spec.head_lamp.z0 > 0.06
    assert spec.grille.z1 - spec.grille.z0 > 0.06
    assert spec.paint == next(paint.colour for paint in PAINTS if paint.name == "red")


def test_seeds_differ_and_repeat() -> None:
    first, again, other = (
        spec_for(Model.SUV, 4, "white"),
        spec_for(Model.SUV, 4, "white"),
        spec_for(Model.SUV, 5, "white"),
    )
    assert first == again
    assert first.length != other.length
    assert first.head_lamp != other.head_lamp
    assert spec_for(Model.SUV, 4, "black").profile == first.profile


def test_what_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="scooter"):
        spec_for(Model.SCOOTER, 1, "white")
    with pytest.raises(KeyError):
        spec_for(Model.SEDAN, 1, "plaid")


@pytest.mark.parametrize("face", list(Face))
@pytest.mark.parametrize("at", [-0.7, 0.0, 0.7])
def test_a_dent_goes_inwards_where_the_blow_was(face: Face, at: float) -> None:
    spec, blow = spec_for(Model.SEDAN, 1, "white"), _blow(face, at)
    middle = np.array([centre(spec, blow)])
    moved = displacement(spec, (blow,), middle)[0]
    inwards = np.array(INWARD[face])
    assert moved @ inwards > 0.4 * blow.depth
    assert np.abs(moved - (moved @ inwards) * inwards).max() < 0.25 * blow.depth
    away = middle - 1.6 * np.array([[abs(inwards[1]), abs(inwards[0]), 0]])
    assert np.abs(displacement(spec, (blow,), away)).max() < 0.02


@given(st.floats(-2.5, 2.5), st.floats(-1, 1), st.floats(0.1, 1.5), st.sampled_from(list(Face)), st.floats(-1, 1))
@settings(max_examples=60, deadline=None)
def test_a_dent_hardly_stands_out_and_is_not_much_deeper_than_told(
    x: float, y: float, z: float, face: Face, at: float
) -> None:
    spec, blow = spec_for(Model.SEDAN, 1, "white"), _blow(face, at)
    depth = depth_at(blow, local(spec, blow, np.array([[x, y, z]])))
    assert -0.2 * blow.depth <= depth[0] < 2 * blow.depth


def test_a_blow_of_no_depth_moves_nothing_but_leaves_marks() -> None:
    spec, blow = spec_for(Model.SEDAN, 1, "white"), _blow(Face.LEFT, 0.1, 0.0)
    points = np.random.default_rng(1).uniform(-1, 1, (50, 3))
    assert not displacement(spec, (blow,), points).any()
    assert draw_marks(blow).foreign.max() > 0.3


def test_both_halves_still_meet_in_the_middle() -> None:
    planned = _planned(Model.SEDAN, 1, _blow(Face.FRONT, 0.1))
    spec = spec_of(planned)
    grid = build_body(spec, 90)
    left, right = make_skin(spec, grid, planned, 1), make_skin(spec, grid, planned, -1)
    seams = [skin.points[:, [0, -1]][np.abs(skin.clean[:, [0, -1], 1]) < 1e-9] for skin in (left, right)]
    for seam in seams:
        assert np.abs(seam[:, 1]).max() < 1e-9
    ahead = [float(seam[:, 0].max()) for seam in seams]
    assert ahead[0] == pytest.approx(ahead[1], abs=0.005)


def test_a_struck_skin_is_finer_and_an_opening_has_no_faces() -> None:
    whole, struck = _planned(), _planned(Model.SEDAN, 1, _blow())
    spec = spec_of(whole)
    grid = build_body(spec, 90)
    plain, dented = make_skin(spec, grid, whole, 1), make_skin(spec, grid, struck, 1)
    assert len(dented.faces) > 1.2 * len(plain.faces)
    assert len(plain.faces) < len(quads(*grid.y.shape))
    assert dented.uv.min() >= 0
    assert dented.uv.max() <= 1


def test_the_border_of_a_grid_is_its_rim() -> None:
    assert len(border(quads(4, 5))) == 2 * (3 + 4)


def test_a_star_of_cracks_runs_out_from_its_middle() -> None:
    blow = _blow(broken=True)
    grid = np.stack(np.meshgrid(np.linspace(-0.6, 0.6, 241), np.linspace(-0.6, 0.6, 241)), axis=-1)
    lines = crack_lines(blow, grid)
    assert lines[120, 120] == 1
    assert 0.005 < (lines > 0.4).mean() < 0.2
    assert not lines[np.hypot(grid[..., 0], grid[..., 1]) > 0.5].any()


def test_marks_repeat_for_a_blow_and_stay_within_bounds() -> None:
    marks = draw_marks(_blow(broken=True))
    for layer in (marks.rub, marks.foreign, marks.primer, marks.bare, marks.crack, marks.hole, marks.near):
        assert 0 <= layer.min() <= layer.max() <= 1
    assert marks.hole.any()
    assert not draw_marks(_blow()).hole.any()
    assert half_width(spec_for(Model.BUS, 1, "white")) > 1.1
