"""The parts of looking at a scene that need no Blender: the camera, masks to boxes and polygons, framing, the store."""

from __future__ import annotations

import math
import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.scenes.code_hash import code_hash, imported
from datasets.scenes.look_truth_framing import framing
from datasets.scenes.look_truth_masks import Grid, clipped, grid_over, mask_box, mask_polygons, patches
from datasets.scenes.pinhole import pinhole, project, sight_lines
from datasets.scenes.plan import Shot
from datasets.scenes.render_store import DRAWING, LOOKING, claimed, store_truth, stored
from datasets.scenes.seen import Box, Seen, SeenVehicle
from datasets.scenes.spread import spread_over
from datasets.scenes.view_ring import view_from
from tests.unit.scene_builder import rear_end
from vision.types import View

SIZE = (640, 480)


def test_the_camera_looks_at_its_target_along_the_pictures_middle() -> None:
    camera = pinhole(Shot("side", (3.0, -4.0, 1.5), (0.0, 1.0, 0.5), size_wh=SIZE, roll_deg=12.0))
    pixels, depth = project(camera, np.array([[0.0, 1.0, 0.5]]))
    assert pixels[0] == pytest.approx((320, 240))
    assert depth[0] == pytest.approx(math.dist((3.0, -4.0, 1.5), (0.0, 1.0, 0.5)))


@pytest.mark.parametrize(
    ("size_wh", "roll", "expected"),
    [
        ((360, 240), 0.0, (180 + 26, 120)),  # 26 mm lens, 36 mm over the longer side: 1 m in 10 m is 26 of 360 px
        ((240, 360), 0.0, (120 + 26, 180)),
        ((360, 240), 90.0, (180, 120 + 26)),  # the camera turned to the left: what was right is below
    ],
)
def test_a_metre_to_the_right_is_as_many_pixels_as_the_lens_says(
    size_wh: tuple[int, int], roll: float, expected: tuple[float, float]
) -> None:
    camera = pinhole(Shot("side", (0.0, 0.0, 1.0), (10.0, 0.0, 1.0), lens_mm=26.0, roll_deg=roll, size_wh=size_wh))
    pixels, _ = project(camera, np.array([[10.0, -1.0, 1.0]]))
    assert pixels[0] == pytest.approx(expected)


@given(st.floats(0, 640), st.floats(0, 480), st.floats(0.5, 80), st.floats(-40, 40))
def test_a_line_of_sight_meets_its_pixel_again(x: float, y: float, far: float, roll: float) -> None:
    camera = pinhole(Shot("side", (1.0, 2.0, 1.5), (8.0, -3.0, 0.4), size_wh=SIZE, roll_deg=roll))
    ray = sight_lines(camera, np.array([[x, y]]))
    pixels, depth = project(camera, camera.eye + far * ray)
    assert depth[0] > 0
    assert pixels[0] == pytest.approx((x, y), abs=1e-6)


def test_a_camera_that_looks_at_itself_is_an_error() -> None:
    with pytest.raises(ValueError, match="its own place"):
        pinhole(Shot("side", (1.0, 2.0, 1.5), (1.0, 2.0, 1.5)))


def test_a_grid_covers_its_box_with_about_as_many_cells_as_asked() -> None:
    grid = grid_over((10.0, 20.0, 410.0, 120.0), 1000)
    assert (grid.columns, grid.rows) == (64, 16)
    assert grid.step == pytest.approx(6.32, abs=0.01)
    assert grid_over((0.0, 0.0, 4.0, 3.0), 1000).step == 1.0


def test_box_and_polygon_of_a_disc_lie_where_it_was_drawn() -> None:
    grid = Grid(100.0, 50.0, 4.0, 60, 40)
    mask = np.hypot(*(grid.centres() - (220.0, 130.0)).T).reshape(40, 60) < 60
    assert mask_box(grid, mask) == pytest.approx((160, 70, 280, 190), abs=4)
    (polygon,) = mask_polygons(grid, mask)
    assert cv2.contourArea(np.array(polygon, np.float32)) == pytest.approx(math.pi * 60**2, rel=0.05)


def test_points_are_spread_over_triangles_by_their_area() -> None:
    small = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0]])
    points = spread_over(np.stack([small, small * 3 + 10]), 2000)
    assert (points[:, 0] < 5).mean() == pytest.approx(0.1, abs=0.03)
    assert (points[:, 2] <= 10).all() and (points[points[:, 0] < 5][:, :2].sum(axis=1) <= 1).all()


def test_patches_join_over_small_gaps_and_drop_strays() -> None:
    mask = np.zeros((20, 60), bool)
    mask[5:15, 2:12] = mask[5:15, 13:20] = True  # one cell between
    mask[5:15, 40:50] = True
    mask[0, 59] = True
    assert [int(p.sum()) for p in patches(mask)] == [170, 100]
    assert patches(np.zeros((3, 3), bool)) == ()


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ((-5.0, 10.0, 20.0, 30.0), (0.0, 10.0, 20.0, 30.0)),
        ((630.0, 470.0, 700.0, 600.0), (630.0, 470.0, 640.0, 480.0)),
        ((-50.0, 10.0, 1.0, 30.0), None),
        ((700.0, 10.0, 800.0, 30.0), None),
    ],
)
def test_boxes_are_clipped_to_the_picture(box: Box, expected: Box | None) -> None:
    assert clipped(box, SIZE) == expected


def _vehicle(party: str, whole: Box, visible: float = 0.1) -> SeenVehicle:
    box = clipped(whole, SIZE) or (0.0, 0.0, 0.0, 0.0)
    return SeenVehicle(party, "car", "sedan", box, whole, "front", 0.0, 3.0, visible, box != whole)


@pytest.mark.parametrize(
    ("vehicles", "expected"),
    [
        ((), "scene"),
        ((_vehicle("A", (50, 100, 350, 400)), _vehicle("B", (340, 150, 600, 350))), "scene"),
        ((_vehicle("A", (100, 100, 540, 420)),), "whole"),
        ((_vehicle("A", (100, 100, 300, 250)),), "scene"),
        ((_vehicle("", (300, 200, 330, 220)),), "scene"),
        ((_vehicle("A", (-200, 50, 400, 450)),), "medium"),
        ((_vehicle("A", (-900, -300, 300, 700)), _vehicle("B", (280, -200, 1500, 700))), "closeup"),
        ((_vehicle("A", (-900, -300, 300, 700), 0.35), _vehicle("B", (280, -200, 1500, 700), 0.33)), "medium"),
        ((_vehicle("A", (-900, -300, 300, 700), 0.45),), "medium"),  # beside the camera: its box swells
        ((_vehicle("A", (-300, 50, 300, 450)), _vehicle("B", (380, 100, 620, 260))), "scene"),
        ((_vehicle("A", (-300, 50, 300, 450)), _vehicle("B", (380, 100, 420, 130))), "medium"),
    ],
)
def test_framing_follows_how_much_of_the_vehicles_is_in_the_picture(
    vehicles: tuple[SeenVehicle, ...], expected: str
) -> None:
    assert framing(vehicles, SIZE) == expected


def test_code_that_looks_is_no_part_of_the_code_that_draws() -> None:
    drawing, looking = imported(DRAWING), imported(LOOKING)
    assert {"datasets.scenes.vehicle", "datasets.scenes.surroundings", "datasets.scenes.plan"} <= drawing
    assert not any(name.startswith("datasets.scenes.look_truth") for name in drawing)
    assert {"datasets.scenes.look_truth_road", "datasets.scenes.seen"} <= looking
    assert code_hash(DRAWING) != code_hash(LOOKING)


def test_a_truth_is_done_once_it_is_stored(tmp_path: Path) -> None:
    scene = rear_end()
    place = stored(tmp_path, scene, scene.shots[0])
    assert not place.looked() and not place.drawn()
    seen = Seen("side", SIZE, "scene", ())
    store_truth(place, seen)
    assert place.looked() and not place.drawn() and place.seen() == seen
    assert [path.name for path in tmp_path.iterdir()] == [place.truth.name]


def test_a_picture_is_made_by_one_process_only_and_a_dead_ones_claim_is_taken_over(tmp_path: Path) -> None:
    scene = rear_end()
    place = stored(tmp_path, scene, scene.shots[0])
    ready, go_on = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        with claimed(place) as mine:
            os.write(ready[1], b"y" if mine else b"n")
            os.read(go_on[0], 1)
            os._exit(1)  # dies with the claim
    assert os.read(ready[0], 1) == b"y"
    with claimed(place) as mine:
        assert not mine
    os.write(go_on[1], b"x")
    os.waitpid(child, 0)
    with claimed(place) as mine:
        assert mine
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("x", "y", "view"),
    [
        (6.0, 0.0, View.FRONT), (6.0, 0.9, View.FRONT), (5.0, 3.0, View.FRONT_LEFT), (2.5, 4.0, View.LEFT),
        (0.0, 3.0, View.LEFT), (-5.0, 3.0, View.REAR_LEFT), (-6.0, -0.5, View.REAR), (-5.0, -3.0, View.REAR_RIGHT),
        (0.1, -4.0, View.RIGHT), (4.5, -3.5, View.FRONT_RIGHT), (0.5, 0.1, View.FRONT),
    ],
)  # fmt: skip
def test_the_faces_that_are_turned_to_the_camera(x: float, y: float, view: View) -> None:
    assert view_from(x, y, 4.6, 1.85) is view
