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
from datasets.scenes.vehicle_parts import PARTS, part_at
from datasets.scenes.vehicle_scooter_spec import AXLES_X, WHEEL_RADIUS
from datasets.scenes.vehicle_skin import border, make_skin, quads
from datasets.scenes.vehicle_spec import half_width, spec_for
from datasets.scenes.vehicle_truth import damage_at, parts_of, spec_of
from vision.types import DamageKind, PartKind

LOFTED = [model for model in Model if model is not Model.SCOOTER]
RED = (0.3, 0.01, 0.01)


def _blow(face: Face = Face.FRONT, at: float = 0.5, depth: float = 0.10, **rest: object) -> Blow:
    return Blow(face, at, 0.6, 0.7, 0.4, depth, RED, seed=3, **rest)  # type: ignore[arg-type]


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
def test_a_dent_is_never_negative_nor_much_deeper_than_told(
    x: float, y: float, z: float, face: Face, at: float
) -> None:
    spec, blow = spec_for(Model.SEDAN, 1, "white"), _blow(face, at)
    depth = depth_at(blow, local(spec, blow, np.array([[x, y, z]])))
    assert 0 <= depth[0] < 3 * blow.depth


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


@pytest.mark.parametrize(
    ("along", "y", "z", "expected"),
    [
        (0.0, 0.0, 0.45, "front_bumper"),
        (0.75, 0.1, 0.93, "hood"),
        (1.7, 0.1, 1.21, "front_glass"),
        (2.0, 0.90, 0.6, "front_left_door"),
        (2.0, -0.90, 0.6, "front_right_door"),
        (2.9, -0.90, 0.6, "back_right_door"),
        (3.6, 0.0, 1.33, "back_glass"),
        (4.4, 0.0, 1.10, "trunk"),
        (4.77, 0.2, 0.5, "back_bumper"),
        (0.93, 0.82, 0.335, "wheel"),
        (2.6, 0.0, 1.48, None),
    ],
)
def test_points_of_a_sedan_belong_to_parts(along: float, y: float, z: float, expected: str | None) -> None:
    spec = next(shape for model, shape in _shapes() if model is Model.SEDAN)
    assert part_at(spec, np.array([[spec.front - along, y, z]])) == [expected]


def _shapes() -> tuple[tuple[Model, object], ...]:
    from datasets.scenes.vehicle_spec import SHAPES

    return SHAPES


@pytest.mark.parametrize("model", list(Model))
def test_every_named_part_is_one_of_the_products(model: Model) -> None:
    planned = _planned(model)
    rng = np.random.default_rng(2)
    points = rng.uniform((-2.5, -1, 0.1), (2.5, 1, 1.6), (400, 3))
    known = {part.value for part in PartKind}
    assert {name for name in parts_of(planned, points) if name} <= known


def test_every_part_of_a_car_is_found_somewhere_on_its_skin() -> None:
    for model, lid in ((Model.SEDAN, "trunk"), (Model.SUV, "tailgate")):
        planned = _planned(model)
        spec = spec_of(planned)
        codes = make_skin(spec, build_body(spec, 150), planned, 1).codes
        found = {PARTS[code] for code in np.unique(codes)}
        wanted = {"front_bumper", "back_bumper", "hood", "front_door", "back_door", "front_glass", "back_glass"}
        assert wanted | {"front_light", "back_light", lid} <= found


def test_a_scooter_has_wheels_and_no_doors() -> None:
    points = np.array([[AXLES_X[0], 0.0, WHEEL_RADIUS], [0.0, 0.0, 0.75]])
    assert parts_of(_planned(Model.SCOOTER), points) == ["wheel", None]


@pytest.mark.parametrize("face", list(Face))
def test_damage_is_told_where_the_blow_was_and_nowhere_else(face: Face) -> None:
    blow = _blow(face, 0.3)
    planned = _planned(Model.SEDAN, 1, blow)
    spec = spec_of(planned)
    hit = np.array([centre(spec, blow)])
    assert damage_at(planned, hit)[0] in {kind.value for kind in DamageKind}
    opposite = -hit * np.array([[1, 1, -1]])
    assert damage_at(planned, opposite) == [None]
    assert damage_at(_planned(), hit) == [None]


def test_a_torn_bumper_and_a_broken_lamp_are_told() -> None:
    blow = _blow(Face.FRONT, 0.7, 0.12, broken_lamp=True, hanging_bumper=True)
    planned = _planned(Model.SEDAN, 1, blow)
    spec = spec_of(planned)
    x = spec.front - 0.2
    lamp = spec.head_lamp
    points = np.array([[x, 0.72, 0.42], [spec.front - 0.25, 0.75, (lamp.z0 + lamp.z1) / 2 + 0.03]])
    assert damage_at(planned, points) == ["broken_or_missing", "lamp_damage"]


def test_a_star_of_cracks_runs_out_from_its_middle() -> None:
    blow = _blow(cracked_glass=True)
    grid = np.stack(np.meshgrid(np.linspace(-0.6, 0.6, 241), np.linspace(-0.6, 0.6, 241)), axis=-1)
    lines = crack_lines(blow, grid)
    assert lines[120, 120] == 1
    assert 0.005 < (lines > 0.4).mean() < 0.2
    assert not lines[np.hypot(grid[..., 0], grid[..., 1]) > 0.5].any()


def test_marks_repeat_for_a_blow_and_stay_within_bounds() -> None:
    marks = draw_marks(_blow(broken_lamp=True))
    for layer in (marks.rub, marks.foreign, marks.primer, marks.bare, marks.crack, marks.hole, marks.near):
        assert 0 <= layer.min() <= layer.max() <= 1
    assert marks.hole.any()
    assert not draw_marks(_blow()).hole.any()
    assert half_width(spec_for(Model.BUS, 1, "white")) > 1.1
