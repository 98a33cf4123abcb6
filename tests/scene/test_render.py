"""A tiny scene rendered by Blender: the truth found by rays agrees with the pixels.

Runs where `make scene-env` was made, or where $KUAIZHENG_SCENE_PYTHON names a Python that has ``bpy``.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from datasets.scenes.footprints import footprint
from datasets.scenes.plan import AccidentType, Model, Scene, Shot
from datasets.scenes.render_store import Stored, stored
from datasets.scenes.scene_file import write_scenes
from datasets.scenes.seen import Box, Polygon
from tests.unit.scene_builder import SEED, rear_end, vehicle

ROOT = Path(__file__).resolve().parents[2]
PYTHON = Path(os.environ.get("KUAIZHENG_SCENE_PYTHON") or ROOT / ".venv-scene/bin/python")
SIZE = (160, 120)
SAMPLES = 4
AROUND_PX = 5

pytestmark = pytest.mark.skipif(not PYTHON.exists(), reason=f"no Blender environment at {PYTHON}; make scene-env")


def _scene() -> Scene:
    """A red car before a wall: nothing near it is as red."""
    car = replace(vehicle("A", 0.0), paint="red", dirt_01=0.0)
    nose = footprint(Model.SEDAN, SEED).length / 2
    shots = (
        Shot("side", (0.0, 5.2, 1.5), (0.0, -1.75, 0.7), size_wh=SIZE),
        Shot("cut_off", (-4.6, -3.4, 1.6), (-2.0, -0.2, 0.8), size_wh=SIZE, roll_deg=8.0),
    )
    return rear_end(
        name="tiny", accident_type=AccidentType.SINGLE_VEHICLE, vehicles=(car,), shots=shots, object_hit="wall",
        object_xy=(nose, -1.75), contact=(nose, -1.75, 0.6),
    )  # fmt: skip


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> list[Stored]:
    folder = tmp_path_factory.mktemp("scene")
    scene = _scene()
    write_scenes(folder / "scenes.json", (scene,))
    command = [str(PYTHON), "-m", "datasets.scenes.render", str(folder / "scenes.json"), "--out", str(folder / "cache"),
               "--samples", str(SAMPLES), "--threads", "1"]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    again = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=True)
    assert "built" not in again.stdout  # all pictures were there
    return [stored(folder / "cache", scene, shot, SAMPLES) for shot in scene.shots]


def _red(place: Stored, box: Box) -> npt.NDArray[np.bool_]:
    """Red pixels in and around a box; further away shops have some."""
    pixels = cv2.imread(str(place.picture))
    assert pixels is not None
    blue, green, red = np.moveaxis(pixels.astype(np.float32), 2, 0)
    x0, y0, x1, y1 = (round(value) for value in box)
    near = np.zeros(red.shape, bool)
    near[max(y0 - AROUND_PX, 0) : y1 + AROUND_PX, max(x0 - AROUND_PX, 0) : x1 + AROUND_PX] = True
    return np.asarray((red > 1.6 * np.maximum(green, blue)) & (red > 25) & near)


def _filled(polygons: tuple[Polygon, ...], grow_px: int) -> npt.NDArray[np.bool_]:
    mask = np.zeros(SIZE[::-1], np.uint8)
    cv2.fillPoly(mask, [np.array(polygon).round().astype(np.int32) for polygon in polygons], 1)
    kernel = np.ones((2 * abs(grow_px) + 1,) * 2, np.uint8)
    return np.asarray((cv2.dilate if grow_px > 0 else cv2.erode)(mask, kernel)) > 0


@pytest.mark.parametrize("shot", [0, 1])
def test_the_outline_lies_on_the_pixels_of_the_vehicle(rendered: list[Stored], shot: int) -> None:
    (car,) = (v for v in rendered[shot].seen().vehicles if v.party == "A")
    red = _red(rendered[shot], car.box_xyxy)
    assert red.sum() > 700
    assert red[_filled(car.polygons, 2)].sum() >= 0.97 * red.sum()
    inside = _filled(car.polygons, -2)
    assert red[inside].mean() > 0.35  # panes, wheels and shine are not red
    columns = np.nonzero(red)[1]
    x0, _, x1, _ = car.box_xyxy
    assert (columns.min(), columns.max()) == pytest.approx((x0, x1), abs=9)


def test_the_side_view_is_told_with_its_parts(rendered: list[Stored]) -> None:
    seen = rendered[0].seen()
    (car,) = (v for v in seen.vehicles if v.party == "A")
    assert (car.view, car.cut, car.kind) == ("left", False, "car")
    assert car.visible_01 > 0.95
    assert {"front_left_door", "back_left_door", "wheel"} <= {part.kind for part in car.parts}
    assert sum(part.kind == "wheel" for part in car.parts) == 2
    assert "double_yellow" in dict(seen.lines)
    assert seen.object_xyxy is not None
    assert rendered[1].seen().vehicles[0].cut
