"""Truth of lane lines on a rendered picture: the plan's paint, less what vehicles hide."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from datasets.lanes.markings import LABELS
from datasets.lanes.outlines import outlined_photos
from datasets.lanes.outlines import truth_of as outlined_truth
from datasets.lanes.rendered import ground_of, painted, truth_of
from datasets.scenes.plan import AccidentType, Air, Line, Road, Scene, Shot
from datasets.scenes.seen import Seen, SeenVehicle
from datasets.splits import shared_folder
from datasets.training.samples import rgb

SHOT = Shot("front_panorama", (-8.0, 1.2, 1.6), (20.0, 0.0, 0.0), size_wh=(480, 360))
ROAD = Road("street", lanes=1, centre=Line.SOLID_YELLOW, between=Line.NONE, edge=Line.SOLID_WHITE)
SCENE = Scene("training-x", 1, AccidentType.REAR_END, (), ROAD, Air(), (SHOT,), (0.0, 0.0, 0.0))
WALL = (0.0, 250.0, 480.0, 360.0)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """The road as it would be drawn: grey, its paint light, the sky blue."""
    x, y = ground_of(SHOT)
    kinds, _ = painted(ROAD, x, y)
    pixels = np.full((360, 480, 3), 90, np.uint8)
    pixels[~np.isfinite(x)] = (120, 150, 190)
    pixels[kinds > 0] = 215
    pixels[kinds == LABELS.index("solid_yellow")] = (215, 170, 40)
    path = tmp_path / f"{'0' * 32}.png"
    cv2.imwrite(str(path), pixels[..., ::-1])
    return path


def test_paint_is_where_it_was_drawn_and_bare_road_is_asked_for(picture: Path) -> None:
    truth = truth_of(SCENE, SHOT, picture, Seen("front_panorama", (480, 360), "scene", ()))
    sure = ~truth.ignored
    assert {LABELS[k] for k in np.unique(truth.kinds)} == {"none", "solid_yellow", "solid_white"}
    assert truth.lighter[sure & (truth.kinds > 0)].mean() > 40
    assert np.abs(truth.lighter[sure & (truth.kinds == 0)]).mean() < 5
    assert sure.mean() > 0.9


def test_a_vehicle_hides_the_paint_behind_it(picture: Path) -> None:
    x0, y0, x1, y1 = WALL
    outline = ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
    vehicle = SeenVehicle("A", "car", "suv", WALL, WALL, "front", 0.0, 0.0, 1.0, True, (outline,))
    truth = truth_of(SCENE, SHOT, picture, Seen("front_panorama", (480, 360), "scene", (vehicle,)))
    assert not truth.kinds[262:].any() and truth.kinds[:240].any()
    assert not truth.ignored[275:340, 20:460].any()


@pytest.mark.shared
def test_an_outlined_photo_has_paint_that_is_lighter_than_the_road() -> None:
    data = shared_folder() / "data"
    if not data.is_dir():
        pytest.skip("the shared data is not there")
    for row, outlines in list(outlined_photos().items())[:4]:
        truth = outlined_truth(rgb(row.path(data)), outlines)
        paint = truth.kinds > 0
        assert paint.sum() > 200 and truth.lighter[paint].mean() > 8 + truth.lighter[~paint & ~truth.ignored].mean()
