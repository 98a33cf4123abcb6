"""Sampled scenes: deterministic, touching, marked alike on both vehicles, with plates and paints of the right kinds."""

from __future__ import annotations

from collections import Counter
from functools import cache

import numpy as np
import pytest

from datasets.scenes.arrange import sample_scene
from datasets.scenes.arrange_blows import depth_of
from datasets.scenes.arrange_chances import LARGE, LIGHTS, air_of, paint_of, plate_of
from datasets.scenes.arrange_touch import distance_to, separation
from datasets.scenes.footprints import open_door, outline, size_of, thick, to_world
from datasets.scenes.paints import paint_named
from datasets.scenes.plan import AccidentType, Blow, Face, Model, PlannedVehicle, Scene
from datasets.scenes.scene_list import (
    COUNTS,
    FIRST_TRAINING_SEED,
    TRAINING,
    TRAINING_ROLES,
    TRAINING_WH,
    rows,
    training_scenes,
)
from vision.plate_grammar import valid
from vision.types import PlateKind

TYPES = list(AccidentType)
FLANKS = (Face.LEFT, Face.RIGHT)
SLIDING = {(flank, Face.FRONT) for flank in FLANKS} | set(zip(FLANKS, FLANKS[::-1], strict=True))


@cache
def scene_of(kind: AccidentType) -> Scene:
    return sample_scene(f"{kind.value}-test", 41, kind)


def _parties(scene: Scene) -> tuple[PlannedVehicle, ...]:
    return tuple(vehicle for vehicle in scene.vehicles if vehicle.party)


def _place_of(vehicle: PlannedVehicle, blow: Blow) -> tuple[float, float]:
    size = size_of(vehicle)
    x, y = size.length / 2, size.width / 2
    local = {
        Face.FRONT: (x, blow.at * y), Face.REAR: (-x, blow.at * y),
        Face.LEFT: (blow.at * x, y), Face.RIGHT: (blow.at * x, -y),
    }[blow.face]  # fmt: skip
    place = to_world(np.array([local]), vehicle.xy, vehicle.heading_deg)[0]
    return float(place[0]), float(place[1])


def test_the_same_seed_gives_the_same_scene() -> None:
    kind = AccidentType.REAR_END
    assert sample_scene(f"{kind.value}-test", 41, kind) == scene_of(kind)


@pytest.mark.parametrize("kind", TYPES)
def test_parties_touch_and_nobody_else_does(kind: AccidentType) -> None:
    scene = scene_of(kind)
    parties, shapes = _parties(scene), [outline(vehicle) for vehicle in scene.vehicles]
    assert [v.party for v in parties] == (["A"] if kind is AccidentType.SINGLE_VEHICLE else ["A", "B"])
    if len(parties) == 2:
        struck = thick(open_door(parties[0]), 0.04) if parties[0].open_door else shapes[0]
        deepest = max(blow.depth for vehicle in parties for blow in vehicle.blows)
        assert -deepest - 0.02 <= separation(struck, shapes[1]) <= 0.05
    for vehicle, shape in zip(scene.vehicles, shapes, strict=True):
        if not vehicle.party:
            assert distance_to(scene.contact[:2], shape) >= 6
            assert all(separation(shape, other) > 0.5 for other in shapes if other is not shape)


@pytest.mark.parametrize("kind", [kind for kind in TYPES if kind is not AccidentType.SINGLE_VEHICLE])
def test_blows_lie_at_one_place_and_leave_the_others_paint(kind: AccidentType) -> None:
    a, b = _parties(scene_of(kind))
    on_a, on_b = a.blows[0], b.blows[0]
    assert on_a.z == on_b.z
    assert on_a.transfer == paint_named(b.paint).colour
    assert on_b.transfer == paint_named(a.paint).colour
    # corners are round and doors stand open: the faces that `at` counts on are straight
    slack = 1.3 if a.open_door else 0.45
    assert np.hypot(*np.subtract(_place_of(a, on_a), _place_of(b, on_b))) < slack


@pytest.mark.parametrize(
    ("kind", "faces"),
    [
        (AccidentType.REAR_END, {(Face.REAR, Face.FRONT)}),
        (AccidentType.LANE_CHANGE, SLIDING),
        (AccidentType.WRONG_WAY, {(Face.FRONT, Face.FRONT)}),
        (AccidentType.REVERSING, {(Face.REAR, face) for face in (Face.FRONT, Face.LEFT, Face.RIGHT)}),
        (AccidentType.INTERSECTION, {(Face.LEFT, Face.FRONT), (Face.RIGHT, Face.FRONT)}),
        (AccidentType.DOORING, {(Face.LEFT, Face.FRONT)}),
    ],
)
def test_faces_of_a_type(kind: AccidentType, faces: set[tuple[Face, Face]]) -> None:
    a, b = _parties(scene_of(kind))
    assert (a.blows[0].face, b.blows[0].face) in faces
    turn = abs((a.heading_deg - b.heading_deg + 180) % 360 - 180)
    if kind in (AccidentType.REAR_END, AccidentType.LANE_CHANGE, AccidentType.DOORING):
        assert turn < 25
    if kind is AccidentType.WRONG_WAY:
        assert turn > 155


@pytest.mark.parametrize("kind", TYPES)
def test_the_road_goes_with_the_type(kind: AccidentType) -> None:
    road = scene_of(kind).road
    assert (road.kind == "junction") == (kind is AccidentType.INTERSECTION)
    if kind is AccidentType.LANE_CHANGE:
        assert road.lanes > 1
        assert any(abs(y + road.lane_m) < 1.5 for _, y in [scene_of(kind).contact[:2]])


def test_depth_grows_with_speed() -> None:
    depths = [depth_of(speed, False) for speed in range(0, 70, 5)]
    assert depths == sorted(depths)
    assert depths[0] == 0
    assert depths[-1] <= 0.16
    assert depth_of(20, True) < depth_of(20, False)


def test_plates_are_valid_and_of_the_models_kind() -> None:
    rng = np.random.default_rng(1)
    kinds: Counter[str] = Counter()
    for model in list(Model) * 60:
        text, kind = plate_of(model, rng)
        assert valid(text, PlateKind(kind))
        if model in LARGE:
            assert kind == PlateKind.YELLOW_SINGLE.value
        elif model is not Model.SCOOTER:
            kinds[kind] += 1
    assert 0.65 < kinds[PlateKind.BLUE.value] / kinds.total() < 0.85


def test_lights_and_paints_follow_their_shares() -> None:
    rng = np.random.default_rng(2)
    lights = Counter(air_of(None, rng).light for _ in range(1500))
    for light, share in LIGHTS:
        assert lights[light] / 1500 == pytest.approx(share, abs=0.04)
    paints = Counter(paint_of(Model.SEDAN, rng) for _ in range(1500))
    assert paints["white"] / 1500 == pytest.approx(0.36, abs=0.05)
    assert air_of("night", rng).sun_elevation_deg < 0


def test_the_list_holds_every_type_as_often_as_planned_and_early() -> None:
    found = rows()
    assert Counter(kind for _, _, kind, _ in found) == dict(COUNTS)
    assert {kind for _, _, kind, _ in found[:20]} == set(AccidentType)
    assert {light for _, _, _, light in found[:20]} == {light for light, _ in LIGHTS}
    assert len({name for name, *_ in found}) == len({seed for _, seed, *_ in found}) == len(found) == 60


def test_no_scene_that_may_train_is_a_measured_one() -> None:
    measured, training = rows(), rows(FIRST_TRAINING_SEED, f"{TRAINING}-")
    assert not {name for name, *_ in measured} & {name for name, *_ in training}
    assert not {seed for _, seed, *_ in measured} & {seed for _, seed, *_ in training}
    assert [row[2:] for row in measured] == [row[2:] for row in training]
    scene = training_scenes(1)[0]
    assert {shot.role for shot in scene.shots} <= set(TRAINING_ROLES)
    assert {shot.size_wh for shot in scene.shots} == {TRAINING_WH}


@pytest.mark.parametrize("kind", TYPES)
def test_marks_lie_where_the_contact_can_be_looked_into(kind: AccidentType) -> None:
    """Half a metre beside the camera's target on a car that was struck at its end."""
    for vehicle in _parties(scene_of(kind)):
        ends = vehicle.blows[0].face in (Face.FRONT, Face.REAR)
        if vehicle.model is Model.SCOOTER or not ends or vehicle.open_door:
            continue
        side = vehicle.blows[1]
        assert side.face in (Face.LEFT, Face.RIGHT)
        assert (side.at > 0) == (vehicle.blows[0].face is Face.FRONT)
        assert side.depth >= 0.03
