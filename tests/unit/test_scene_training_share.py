"""Rendered pictures become training sets; scenes of the cases never do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from datasets.scenes.plan import Scene, Shot
from datasets.scenes.render_store import store_truth, stored
from datasets.scenes.scene_file import write_scenes
from datasets.scenes.scene_list import FIRST_SEED, TRAINING
from datasets.scenes.seen import Polygon, Seen, SeenDamage, SeenPart, SeenVehicle
from datasets.scenes.training_share import for_training, main, view_samples
from datasets.training.detection_sets import DAMAGE_LABELS, PART_LABELS, VEHICLE_LABELS
from datasets.training.views import LABELS
from tests.unit.scene_builder import rear_end

SIZE = (320, 240)
SAMPLES = 4


def _square(x0: float, y0: float, x1: float, y1: float) -> Polygon:
    return ((x0, y0), (x1, y0), (x1, y1), (x0, y1))


def _car(box: tuple[float, float, float, float], seen_01: float = 0.9, view: str = "rear_left") -> SeenVehicle:
    return SeenVehicle("A", "car", "sedan", box, box, view, 140.0, 5.0, seen_01, False)


DENT = SeenDamage("dent", None, (60, 90, 110, 130), (_square(60, 90, 110, 130),))
SPECK = SeenDamage("scratch", None, (70, 70, 74, 74), (_square(70, 70, 74, 74),))
PARTS = (SeenPart("trunk", (60, 60, 120, 100)), SeenPart("back_left_light", (50, 80, 56, 85)))
SEEN = Seen(
    "contact_far", SIZE, "scene",
    (replace(_car((40, 50, 180, 170)), damages=(DENT, SPECK), parts=PARTS), _car((200, 60, 310, 160), 0.1),
     _car((1, 1, 6, 5))),
)  # fmt: skip


def _scene(**changes: object) -> Scene:
    shots = (Shot("contact_far", (0.5, 2.0, 1.5), (0.0, -1.5, 0.6), size_wh=SIZE),)
    return rear_end(**{"name": f"{TRAINING}-rear_end-01", "seed": 50_000, "shots": shots} | changes)  # type: ignore[arg-type]


@pytest.fixture
def made(tmp_path: Path) -> Path:
    scene = replace(_scene(), shots=(*_scene().shots, Shot("side", (0, 5, 1.5), (0, 0, 0.7), size_wh=SIZE)))
    place = stored(tmp_path, scene, scene.shots[0], SAMPLES)
    pixels = np.random.default_rng(1).integers(0, 255, (SIZE[1], SIZE[0], 3), np.uint8)
    assert cv2.imwrite(str(place.picture), pixels)
    store_truth(place, SEEN)
    write_scenes(tmp_path / "scenes.json", (scene,))
    out = tmp_path / "out"
    main([str(tmp_path / "scenes.json"), "--cache", str(tmp_path), "--out", str(out), "--samples", str(SAMPLES),
          "--real", f"damage={tmp_path / 'real'}"])  # fmt: skip
    return out


def _lines(folder: Path) -> list[list[float]]:
    (path,) = (folder / "labels/train").iterdir()
    return [[float(word) for word in row.split()] for row in path.read_text().splitlines()]


def test_only_what_is_rendered_is_taken(made: Path) -> None:
    (picture,) = (made / "pictures").iterdir()
    (linked,) = (made / "damage/images/train").iterdir()
    assert linked.resolve() == picture.resolve()
    pixels = cv2.imread(str(linked))
    assert pixels is not None
    assert pixels.shape == (SIZE[1], SIZE[0], 3)


def test_boxes_and_outlines_are_where_they_were_seen(made: Path) -> None:
    ((label, cx, cy, w, h),) = _lines(made / "damage")  # the speck is left out
    assert DAMAGE_LABELS[int(label)] == "dent"
    told = np.array([cx, cy, w, h]) * (*SIZE, *SIZE)
    assert told == pytest.approx((85, 110, 50, 40), abs=3)  # the lens bends a little
    ((label, *points),) = _lines(made / "damage_outlines")
    corners = np.array(points).reshape(-1, 2) * SIZE
    assert DAMAGE_LABELS[int(label)] == "dent"
    assert corners == pytest.approx(np.array(DENT.polygons[0]), abs=3)
    vehicles = _lines(made / "vehicle")
    assert [VEHICLE_LABELS[int(row[0])] for row in vehicles] == ["car", "car"]  # one is too small


def test_parts_are_where_they_were_seen_but_not_the_tiny_ones(made: Path) -> None:
    ((label, *told),) = _lines(made / "parts")
    assert PART_LABELS[int(label)] == "trunk"
    assert np.array(told) * (*SIZE, *SIZE) == pytest.approx((90, 80, 60, 40), abs=3)


def test_views_are_crops_of_what_can_be_told(made: Path) -> None:
    (sample,) = view_samples(made / "view")
    assert LABELS[sample.targets[0]] == "rear_left"
    x0, y0, x1, y1 = sample.box
    assert (x1 - x0, y1 - y0) == pytest.approx((140, 120), abs=4)
    assert 0 <= x0 and x1 <= sample.pixels.shape[1] and y1 <= sample.pixels.shape[0]


def test_real_photos_alone_validate(made: Path) -> None:
    text = (made / "damage/with_real.yaml").read_text()
    assert f"{made / 'damage'}/images/train" in text
    assert "val: " + str(made.parent / "real/images/val") in text
    assert not (made / "vehicle/with_real.yaml").exists()


@pytest.mark.parametrize("changes", [{"name": "rear_end-01"}, {"seed": FIRST_SEED + 3}])
def test_scenes_of_the_cases_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not for training"):
        for_training((_scene(), _scene(**changes)))
