"""Boxes, letterbox and warp."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vision import geometry
from vision.types import Box

NUMBER = st.floats(-500, 500, allow_nan=False)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    x, y = draw(NUMBER), draw(NUMBER)
    return x, y, x + draw(st.floats(0, 300)), y + draw(st.floats(0, 300))


@given(boxes(), boxes())
def test_iou_is_symmetric_and_a_share(a: Box, b: Box) -> None:
    assert geometry.iou(a, b) == pytest.approx(geometry.iou(b, a))
    assert 0.0 <= geometry.iou(a, b) <= 1.0 + 1e-9


@pytest.mark.parametrize(
    ("a", "b", "share"),
    [
        ((0, 0, 10, 10), (0, 0, 10, 10), 1.0),
        ((0, 0, 10, 10), (10, 0, 20, 10), 0.0),
        ((0, 0, 10, 10), (5, 0, 15, 10), 1 / 3),
        ((0, 0, 0, 0), (0, 0, 0, 0), 0.0),
    ],
)
def test_iou_of_known_boxes(a: Box, b: Box, share: float) -> None:
    assert geometry.iou(a, b) == pytest.approx(share)


@given(boxes())
def test_clipped_box_lies_in_the_picture(box: Box) -> None:
    x0, y0, x1, y1 = geometry.clip(box, (200, 100))
    assert 0 <= x0 <= x1 <= 200
    assert 0 <= y0 <= y1 <= 100


@given(st.integers(1, 400), st.integers(1, 400), st.floats(0, 1), st.floats(0, 1))
def test_letterbox_has_an_inverse(w: int, h: int, u: float, v: float) -> None:
    square, how = geometry.letterbox(np.zeros((h, w, 3), np.uint8), 96)
    assert square.shape == (96, 96, 3)
    point = np.array([u * w, v * h])
    inside = point * how.scale + (how.pad_x, how.pad_y)
    assert geometry.from_letterbox(inside, how) == pytest.approx(point, abs=1e-6)


@pytest.mark.parametrize("size_wh", [(400, 300), (301, 95), (200, 1000), (50, 20), (96, 60)])
def test_a_letterbox_of_what_is_shrunk_already_is_the_same(size_wh: tuple[int, int]) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (size_wh[1], size_wh[0], 3), np.uint8)
    square, how = geometry.letterbox(pixels, 96)
    for side in (96, 64):  # one of another size is left aside
        again, same = geometry.letterbox(pixels, 96, geometry.shrunk(pixels, side))
        assert (again == square).all() and same == how


def test_letterbox_fills_with_grey_beside_the_picture() -> None:
    square, _ = geometry.letterbox(np.zeros((10, 20, 3), np.uint8), 40)
    assert square[0, 0].tolist() == [geometry.GREY] * 3
    assert square[20, 20].tolist() == [0, 0, 0]


@given(st.integers(1, 300), st.integers(1, 300), st.integers(1, 80))
@example(w=128, h=64, side=1)
def test_shrunk_keeps_the_mean_and_the_shape(w: int, h: int, side: int) -> None:
    ramp = np.linspace(0, 200, w, dtype=np.float32)[None, :, None].repeat(h, 0).repeat(3, 2).astype(np.uint8)
    small = geometry.shrunk(ramp, side)
    assert max(small.shape[:2]) == min(side, max(w, h))
    assert float(small.mean()) == pytest.approx(float(ramp.mean()), abs=2)
    if side >= max(w, h):
        assert small is ramp


def test_shrunk_is_the_area_mean() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (96, 128, 3), np.uint8)
    means = pixels.reshape(12, 8, 16, 8, 3).mean((1, 3))
    # Three halvings, each rounded to the nearest grey level.
    assert np.abs(geometry.shrunk(pixels, 16) - means).max() <= 2


@given(boxes())
def test_a_crop_is_never_empty(box: Box) -> None:
    piece, (x, y) = geometry.crop(np.zeros((50, 60, 3), np.uint8), box)
    assert piece.shape[0] >= 1
    assert piece.shape[1] >= 1
    assert 0 <= x < 60
    assert 0 <= y < 50


def test_warp_takes_the_corners_in_reading_order() -> None:
    pixels = np.zeros((40, 80, 3), np.uint8)
    pixels[:20, 40:] = (255, 0, 0)
    upright = geometry.warp(pixels, ((0, 0), (80, 0), (80, 40), (0, 40)), (80, 40))
    assert upright[5, 70].tolist() == [255, 0, 0]
    # Read upside down: the first corner is the picture's bottom right one.
    turned = geometry.warp(pixels, ((80, 40), (0, 40), (0, 0), (80, 0)), (80, 40))
    assert turned[35, 10].tolist() == [255, 0, 0]
    assert turned[5, 70].tolist() == [0, 0, 0]
