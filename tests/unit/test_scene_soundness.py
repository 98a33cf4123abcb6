"""Scenes that cannot be are refused, with the reason; sound ones pass."""

from __future__ import annotations

from dataclasses import replace

import pytest

from datasets.scenes.plan import AccidentType, Scene, Shot
from datasets.scenes.soundness import faults
from tests.unit.scene_builder import rear_end, vehicle

SOUND = rear_end()
EYE_IN_A = Shot("side", (2.0, -1.75, 1.2), (0.0, -1.75, 0.6))


def test_a_sound_scene_has_no_faults() -> None:
    assert faults(SOUND) == ()


@pytest.mark.parametrize(
    ("scene", "told"),
    [
        (rear_end(gap_m=0.4), "A and B are 0.40 m apart"),
        (rear_end(gap_m=-0.5), "A and B overlap by 0.50 m"),
        (rear_end(vehicles=(*SOUND.vehicles, vehicle("", 3.0, -2.9))), "A and vehicle 2 overlap"),
        (rear_end(vehicles=SOUND.vehicles[:1]), "parties are A, needed are A, B"),
        (rear_end(vehicles=(*SOUND.vehicles, vehicle("B", 30.0))), "parties are A, B, B"),
        (rear_end(contact=(6.0, -1.75, 0.6)), "m from A"),
        (rear_end(contact=(0.0, -1.2, 2.4)), "the contact is 2.40 m high"),
        (rear_end(contact=(0.0, -1.2, 0.0)), "the contact is 0.00 m high"),
        (rear_end(vehicles=(*SOUND.vehicles, vehicle("", 20.0, -7.5))), "m beyond the kerb"),
        (rear_end(shots=(EYE_IN_A,)), "shot 0 (side): the camera is inside A"),
        (rear_end(shots=(replace(EYE_IN_A, eye=(0.0, 30.0, 1.5)),)), "the camera is inside a house"),
        (rear_end(shots=(replace(EYE_IN_A, eye=(0.0, 2.0, 0.05)),)), "the camera is only 0.05 m above the ground"),
        (rear_end(shots=(replace(EYE_IN_A, target=EYE_IN_A.eye),)), "the camera looks at its own place"),
        (replace(SOUND, accident_type=AccidentType.SINGLE_VEHICLE, vehicles=SOUND.vehicles[:1]), "hit nothing"),
    ],
)
def test_what_cannot_be_is_told(scene: Scene, told: str) -> None:
    assert any(told in fault for fault in faults(scene)), faults(scene)


def test_a_dent_makes_room_for_the_other_vehicle() -> None:
    unhurt = tuple(replace(v, blows=()) for v in rear_end(gap_m=-0.14).vehicles)
    assert faults(rear_end(gap_m=-0.14)) == ()
    assert any("overlap" in fault for fault in faults(rear_end(gap_m=-0.14, vehicles=unhurt)))


def test_a_camera_may_stand_where_b_was_before_it_was_driven_back() -> None:
    between = Shot("damage_a", (-1.0, -1.75, 1.2), (1.0, -1.75, 0.6))
    assert any("inside B" in fault for fault in faults(rear_end(shots=(between,))))
    assert faults(rear_end(shots=(replace(between, apart_m=4.0),))) == ()
