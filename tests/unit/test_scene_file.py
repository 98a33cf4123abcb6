"""Planned scenes and what is seen on their pictures as JSON: equal after reading, strict about everything else."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.scenes.plan import Scene, Shot
from datasets.scenes.scene_file import (
    SceneFileError,
    parse_scenes,
    picture_key,
    read_scenes,
    scaled,
    write_scenes,
)  # fmt: skip
from datasets.scenes.seen import Seen, SeenDamage, SeenPart, SeenPlate, SeenVehicle
from datasets.scenes.seen_file import Looked, SeenFileError, parse_seen, read_seen, write_seen
from datasets.scenes.strict_json import to_plain
from tests.unit.scene_builder import rear_end

SQUARE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.5), (0.0, 1.5))
SEEN = Seen(
    "side", (640, 480), "scene",
    (SeenVehicle("A", "car", "sedan", (1, 2, 3, 4), (1, 2, 3, 4), "left", 90.0, 4.0, 0.9, False, (SQUARE,),
                 (SeenPart("wheel", (1, 2, 3, 4)),), (SeenDamage("dent", None, (1, 2, 3, 4), (SQUARE,)),),
                 (SeenPlate("front", "苏E8K2F6", "blue", SQUARE, 0.5, 30.0),)),),
    (("dashed_white", 300),), "red", (1, 2, 3, 4), (("no_entry", (1, 2, 3, 4)),), None, (3.5, 4.5), 2.5, "night",
)  # fmt: skip
Edit = Callable[[dict[str, Any]], object]


def _text(scene: Scene) -> str:
    return json.dumps(to_plain(scene))


def test_a_scene_is_equal_after_writing_and_reading(tmp_path: Path) -> None:
    scenes = (rear_end(), rear_end(name="other", seed=4))
    write_scenes(tmp_path / "scenes.json", scenes)
    assert read_scenes(tmp_path / "scenes.json") == scenes
    assert parse_scenes(_text(scenes[0]), "one") == scenes[:1]


numbers = st.floats(-1e6, 1e6, allow_nan=False)


@given(st.tuples(numbers, numbers, numbers), numbers, st.integers(1, 5000))
def test_every_number_keeps_its_exact_value(eye: tuple[float, float, float], roll: float, width: int) -> None:
    scene = rear_end(shots=(Shot("side", eye, (0.0, 0.0, 0.0), roll_deg=roll, size_wh=(width, 7)),))
    assert parse_scenes(_text(scene), "drawn") == (scene,)


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda s: s.update(colour="red"), "scenes[0].colour: no such key"),
        (lambda s: s.pop("road"), "scenes[0].road: missing"),
        (lambda s: s.update(accident_type="crash"), "scenes[0].accident_type: 'crash' is none of rear_end"),
        (lambda s: s["vehicles"][1].update(model="tank"), "scenes[0].vehicles[1].model: 'tank'"),
        (lambda s: s["vehicles"][0].update(paint="plaid"), "scenes[0].vehicles[0].paint: 'plaid' is none of 'black'"),
        (lambda s: s["vehicles"][0].update(lamps=["head", "disco"]), "scenes[0].vehicles[0].lamps: 'disco'"),
        (lambda s: s["vehicles"][0]["blows"][0].update(face="roof"), "scenes[0].vehicles[0].blows[0].face: 'roof'"),
        (lambda s: s["vehicles"][0].update(xy=[1.0]), "scenes[0].vehicles[0].xy: 2 items are needed, not 1"),
        (lambda s: s["road"].update(lanes=2.0), "scenes[0].road.lanes: int is needed"),
        (lambda s: s["road"].update(wet=1), "scenes[0].road.wet: bool is needed"),
        (lambda s: s["air"].update(light="noon"), "scenes[0].air.light: 'noon'"),
        (lambda s: s["air"].update(sun_azimuth_deg=float("nan")), "scenes[0].air.sun_azimuth_deg: float is needed"),
        (lambda s: s["shots"][0].update(role="selfie"), "scenes[0].shots[0].role: 'selfie'"),
        (lambda s: s.update(shots={}), "scenes[0].shots: a list is needed"),
    ],
)
def test_what_does_not_fit_is_an_error_that_tells_where(edit: Edit, told: str) -> None:
    plain = json.loads(_text(rear_end()))
    edit(plain)
    with pytest.raises(SceneFileError, match=r"file\.json") as caught:
        parse_scenes(json.dumps(plain), "file.json")
    assert told in str(caught.value)


def test_text_that_is_no_json_is_a_scene_file_error() -> None:
    with pytest.raises(SceneFileError, match=r"file\.json"):
        parse_scenes("{", "file.json")


def _key(scene: Scene, shot: int = 0, code: str = "c", samples: int = 10) -> str:
    return picture_key(scene, scene.shots[shot], code, samples)


def test_a_pictures_key_changes_with_all_that_changes_the_picture() -> None:
    scene = rear_end()
    darker = replace(scene, air=replace(scene.air, light="dusk"))
    turned = replace(scene, shots=(replace(scene.shots[0], roll_deg=1.0), scene.shots[1]))
    smaller = replace(scene, shots=(scaled(scene.shots[0], 0.5), scene.shots[1]))
    keys = [_key(scene), _key(darker), _key(turned), _key(smaller), _key(scene, 1), _key(scene, code="d"),
            _key(scene, samples=4)]  # fmt: skip
    assert len(set(keys)) == len(keys)


def test_a_pictures_key_does_not_change_with_names_and_other_shots() -> None:
    scene = rear_end()
    renamed = replace(scene, name="other", shots=(replace(scene.shots[0], role="side"),))
    assert _key(renamed) == _key(scene)


def test_what_is_seen_is_equal_after_writing_and_reading(tmp_path: Path) -> None:
    write_seen(tmp_path / "seen.json", Looked("code", SEEN))
    assert read_seen(tmp_path / "seen.json") == Looked("code", SEEN)


def test_a_truth_file_that_lacks_something_is_an_error() -> None:
    with pytest.raises(SeenFileError, match=r"x\.json: \$\.seen: missing"):
        parse_seen('{"code": "c"}', "x.json")
