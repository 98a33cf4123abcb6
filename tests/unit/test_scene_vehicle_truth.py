"""What a point of a planned vehicle is and what happened to it."""

from __future__ import annotations

import numpy as np
import pytest

from datasets.scenes.body import build_body
from datasets.scenes.plan import Blow, Face, Model, PlannedVehicle
from datasets.scenes.vehicle_blow import centre
from datasets.scenes.vehicle_parts import PARTS, part_at
from datasets.scenes.vehicle_scooter_spec import AXLES_X, WHEEL_RADIUS
from datasets.scenes.vehicle_shapes import SEDAN
from datasets.scenes.vehicle_skin import make_skin
from datasets.scenes.vehicle_truth import damage_at, parts_of, spec_of
from vision.types import DamageKind, PartKind

RED = (0.3, 0.01, 0.01)


def _blow(face: Face = Face.FRONT, at: float = 0.5, depth: float = 0.10, broken: bool = False) -> Blow:
    return Blow(face, at, 0.6, 0.7, 0.4, depth, RED, broken_lamp=broken, hanging_bumper=broken, seed=3)


def _planned(model: Model = Model.SEDAN, seed: int = 1, *blows: Blow) -> PlannedVehicle:
    return PlannedVehicle("A", model, seed, "white", "苏E8K2F6", "blue", (0, 0), 0, blows=blows)


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
    spec = SEDAN
    assert part_at(spec, np.array([[spec.front - along, y, z]])) == [expected]


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
    blow = _blow(Face.FRONT, 0.7, 0.12, broken=True)
    planned = _planned(Model.SEDAN, 1, blow)
    spec = spec_of(planned)
    x = spec.front - 0.2
    lamp = spec.head_lamp
    points = np.array([[x, 0.72, 0.42], [spec.front - 0.25, 0.75, (lamp.z0 + lamp.z1) / 2 + 0.03]])
    assert damage_at(planned, points) == ["broken_or_missing", "lamp_damage"]
