"""Cameras: projection, framing, what hides what, and the photos that a scene asks for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from datasets.scenes.arrange_touch import distance_to
from datasets.scenes.cameras_frame import aimed, framed, margin_01
from datasets.scenes.cameras_project import project
from datasets.scenes.cameras_seen import driven_back, free_line, plate_tilt, sights
from datasets.scenes.footprints import outline, solid
from datasets.scenes.plan import AccidentType, Model, PlannedVehicle, Shot
from tests.unit.test_scene_arrange import scene_of

CAR = PlannedVehicle("A", Model.SEDAN, 1, "white", "苏A12345", "blue", (0.0, 0.0), 0.0)
BEHIND = replace(CAR, party="B", xy=(-5.0, 0.0))


@pytest.mark.parametrize(
    ("point", "pixel"),
    [((10, 0, 1), (640, 480)), ((10, 1, 1), (640 - 92.44, 480)), ((10, 0, 2), (640, 480 - 92.44))],
)
def test_projection(point: tuple[float, float, float], pixel: tuple[float, float]) -> None:
    shot = Shot("side", (0, 0, 1), (5, 0, 1), lens_mm=26.0)
    assert project(shot, np.array([point], float))[0, :2] == pytest.approx(pixel, abs=0.02)
    assert np.isnan(project(shot, np.array([(-3.0, 0, 1)]))[0, 0])


def test_a_positive_roll_turns_the_picture_clockwise() -> None:
    shot = Shot("side", (0, 0, 1), (5, 0, 1), roll_deg=10)
    assert project(shot, np.array([(10.0, 0, 2)]))[0, 0] > 640


@pytest.mark.parametrize("azimuth", [0, 35, 120, 200, 290])
@pytest.mark.parametrize("roll", [0.0, 2.5])
def test_framed_points_keep_the_margin(azimuth: float, roll: float) -> None:
    points = np.concatenate(solid(CAR))
    shot = framed(Shot("side", (0, 0, 1.6), (0, 0, 0), roll_deg=roll), points, (0.0, 0.0), azimuth, 0.08)
    assert 0.08 <= margin_01(shot, points) < 0.12
    cut = aimed(shot, points, (0.4, 0.0))
    assert margin_01(cut, points) < 0
    assert cut.eye == shot.eye


def test_what_never_fits_is_an_error() -> None:
    with pytest.raises(ValueError, match="fit"):
        framed(Shot("side", (0, 0, 1.6), (0, 0, 0)), np.array([(0.0, -60, 0), (0, 60, 0)]), (0.0, 0.0), 0, 0.05)


def test_the_near_vehicle_hides_the_far_one() -> None:
    shot = Shot("rear_panorama", (-13.0, 0.0, 1.5), (0.0, 0.0, 0.8))
    far, near = sights(shot, (CAR, BEHIND))
    assert near.whole_01 > 0.97
    assert far.whole_01 < 0.5
    assert abs(near.bearing_deg) == pytest.approx(180)
    beside = replace(shot, eye=(-2.5, 9.0, 1.5), target=(-2.5, 0.0, 0.8))
    assert min(s.whole_01 for s in sights(beside, (CAR, BEHIND))) > 0.95


def test_plates_and_lines_of_sight() -> None:
    ahead = Shot("plate_a", (4.5, 0.0, 1.2), (2.4, 0.0, 0.5))
    assert plate_tilt(ahead, (CAR, BEHIND), 0, "front") < 25
    assert plate_tilt(ahead, (CAR, BEHIND), 0, "rear") == 90
    assert plate_tilt(ahead, (CAR, BEHIND), 1, "front") == 90
    assert free_line((-2.5, 4.0), (-2.5, 1.2), (CAR, BEHIND))
    assert not free_line((6.0, 0.0), (-9.0, 0.0), (CAR, BEHIND))


def test_only_b_is_driven_back() -> None:
    a, b = driven_back((CAR, BEHIND), 4.0)
    assert a == CAR
    assert b.xy == pytest.approx((-9.0, 0.0))


@pytest.mark.parametrize("kind", list(AccidentType))
def test_panoramas_show_both_whole_from_where_one_can_stand(kind: AccidentType) -> None:
    scene = scene_of(kind)
    parties = [vehicle for vehicle in scene.vehicles if vehicle.party]
    for shot in scene.shots:
        if shot.role not in ("front_panorama", "rear_panorama"):
            continue
        seen = sights(shot, scene.vehicles)[: len(parties)]
        assert all(sight.whole_01 > 0.4 and not sight.cut for sight in seen)
        assert margin_01(shot, np.concatenate([hull for vehicle in parties for hull in solid(vehicle)])) >= 0.03
        assert 1.4 < shot.eye[2] < 1.8
        face = shot.role.split("_")[0]
        away = [abs(s.bearing_deg) if face == "front" else 180 - abs(s.bearing_deg) for s in seen]
        assert min(away) < 64
        if kind is AccidentType.LANE_CHANGE:
            assert min(away) < 22.5


@pytest.mark.parametrize("kind", list(AccidentType))
def test_every_scene_has_its_photos(kind: AccidentType) -> None:
    scene = scene_of(kind)
    roles = [shot.role for shot in scene.shots]
    wanted = {"front_panorama", "rear_panorama", "contact_near", "contact_far", "side", "damage_a", "plate_a"}
    if kind is not AccidentType.SINGLE_VEHICLE:
        wanted |= {"damage_b", "plate_b"}
    if kind is AccidentType.INTERSECTION and scene.road.signal:
        wanted.add("signal")
    extra = {AccidentType.WRONG_WAY: "sign", AccidentType.SINGLE_VEHICLE: "object"}
    wanted |= {extra[kind]} if kind in extra else set()
    assert wanted <= set(roles)
    assert len(roles) == len(set(roles)) <= 15
    assert {"side"} < set(roles) & {"side", "other_side", "landmark"}


@pytest.mark.parametrize("kind", list(AccidentType))
def test_close_photos_are_near_and_show_their_marks(kind: AccidentType) -> None:
    scene = scene_of(kind)
    for shot in scene.shots:
        reach = float(np.hypot(*np.subtract(shot.eye[:2], scene.contact[:2])))
        if shot.role == "contact_near":
            assert reach < 1.8
        if shot.role == "contact_far":
            assert reach < 4.2
        if shot.role in ("contact_near", "contact_far"):
            pixel = project(shot, np.array([scene.contact]))[0, :2] / np.array(shot.size_wh)
            assert (np.abs(pixel - 0.5) < 0.4).all()
        if shot.role in ("plate_a", "plate_b"):
            vehicles = driven_back(scene.vehicles, shot.apart_m)
            index = "ab".index(shot.role[-1])
            assert min(plate_tilt(shot, vehicles, index, end) for end in ("front", "rear")) < 60


@pytest.mark.parametrize("kind", list(AccidentType))
def test_nobody_photographs_from_inside_a_vehicle(kind: AccidentType) -> None:
    scene = scene_of(kind)
    for shot in scene.shots:
        for vehicle in driven_back(scene.vehicles, shot.apart_m):
            assert distance_to(shot.eye[:2], outline(vehicle)) > 0.2
