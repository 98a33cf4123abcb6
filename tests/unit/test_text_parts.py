"""Pure parts of text reading: sizes, boxes from maps, the second look, CTC decoding, batches."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vision.models.text import _limited
from vision.models.text_closer import from_second_look, look_again, second_look
from vision.models.text_detection import DetectionSize, Quad, boxes_from_map, detection_size_wh, detector_input
from vision.models.text_recognition import Batching, alphabet_of, batches, decode, line_crop


@pytest.mark.parametrize(
    ("size_wh", "limits", "expected"),
    [
        ((988, 668), DetectionSize(736, 2000), (1088, 736)),
        ((4000, 3000), DetectionSize(736, 960), (960, 704)),
        ((1000, 1000), DetectionSize(736, 2000), (992, 992)),
        ((20, 4000), DetectionSize(736, 960), (32, 960)),
    ],
)
def test_detection_size(size_wh: tuple[int, int], limits: DetectionSize, expected: tuple[int, int]) -> None:
    assert detection_size_wh(size_wh, limits) == expected


def test_detector_input_is_bgr_between_minus_one_and_one() -> None:
    pixels = np.zeros((736, 736, 3), np.uint8)
    pixels[..., 0] = 255
    blob = detector_input(pixels, DetectionSize())
    assert blob.shape == (1, 3, 736, 736)
    assert blob[0, :, 0, 0] == pytest.approx([-1, -1, 1])


def test_a_bright_bar_is_one_box_grown_by_the_unclip_ratio() -> None:
    probability = np.zeros((200, 400), np.float32)
    probability[90:110, 100:300] = 0.9
    ((box, score),) = boxes_from_map(probability, (800, 400))
    # D = A * r / L = 200 * 20 * 1.6 / 440 = 14.5 px of the map, twice that on the picture.
    assert box[0] == pytest.approx([(100 - 14.5) * 2, (90 - 14.5) * 2], abs=6)
    assert box[2] == pytest.approx([(300 + 14.5) * 2, (110 + 14.5) * 2], abs=6)
    assert score == pytest.approx(0.9, abs=0.1)


def test_faint_and_tiny_spots_are_no_boxes_and_reading_order_is_kept() -> None:
    probability = np.zeros((300, 400), np.float32)
    probability[10:12, 10:12] = 0.9
    probability[250:270, 20:200] = 0.32
    probability[100:120, 220:330] = 0.9
    probability[102:122, 20:150] = 0.9
    probability[40:60, 50:300] = 0.9
    lefts = [float(box[0, 0]) for box, _ in boxes_from_map(probability, (400, 300))]
    assert len(lefts) == 3
    assert lefts[1] < lefts[2]
    assert boxes_from_map(np.zeros((64, 64), np.float32), (64, 64)) == ()


def bar(x: float, y: float, width: float, height: float, degrees: float) -> Quad:
    turn = np.radians(degrees)
    level = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]])
    return np.asarray(corners @ level + (x, y), np.float32)


@settings(max_examples=40)
@given(st.floats(-30, 30), st.floats(12, 60))
def test_what_the_second_look_sees_comes_back_to_its_place(degrees: float, height: float) -> None:
    boxes = tuple(bar(900, 500 + 150 * row, 8 * height, height, degrees) for row in range(5))
    look = second_look(boxes, (3000, 2250), DetectionSize())
    if look is None:
        assert height * 960 / 3000 >= 14
        assert abs(degrees) < 9
        return
    for box in boxes:
        there = box @ look.matrix[:, :2].T + look.matrix[:, 2]
        assert abs(there[1, 1] - there[0, 1]) < 1.0
        assert (there >= 0).all()
        assert (there <= np.array(look.size_wh) + 32).all()
        assert from_second_look(there.astype(np.float32), look) == pytest.approx(box, abs=0.1)
    assert max(look.size_wh) <= 1600 + 16
    assert look_again(np.zeros((2250, 3000, 3), np.uint8), look).shape == (*look.size_wh[::-1], 3)


def test_no_second_look_without_lines_or_when_switched_off() -> None:
    small = (bar(10, 10, 200, 10, 0),)
    assert second_look((), (3000, 2000), DetectionSize()) is None
    assert second_look(small, (3000, 2000), DetectionSize(small_px=0)) is None
    assert second_look(small, (3000, 2000), DetectionSize()) is not None


@pytest.mark.parametrize(
    ("steps", "text"),
    [([0, 1, 1, 0, 1, 2, 2], "AAB"), ([1, 1, 1], "A"), ([0, 0], ""), ([1, 3, 2], "A B"), ([], "")],
)
def test_ctc_best_path(steps: list[int], text: str) -> None:
    probabilities = np.eye(4, dtype=np.float32)[steps] * 0.8
    read, score = decode(probabilities.reshape(-1, 4), alphabet_of("A\nB"))
    assert read == text
    assert score == pytest.approx(0.8 if text else 0.0)


@given(st.lists(st.integers(10, 400), max_size=12), st.integers(1, 6))
def test_batches_hold_every_line_once(widths: list[int], size: int) -> None:
    crops = [np.full((24, width, 3), 255, np.uint8) for width in widths]
    seen = []
    for indices, stack in batches(crops, Batching(size, 96)):
        assert stack.shape[:3] == (len(indices), 3, 48)
        assert len(indices) <= size
        for row, index in enumerate(indices):
            assert (stack[row, :, :, : 2 * widths[index]] == 1).all()
            assert (stack[row, :, :, 2 * widths[index] + 1 :] == 0).all()
        seen += indices
    assert sorted(seen) == list(range(len(widths)))


def test_a_tall_box_is_turned() -> None:
    pixels = np.zeros((200, 200, 3), np.uint8)
    assert line_crop(pixels, bar(50, 20, 30, 120, 0)).shape == (30, 120, 3)
    assert line_crop(pixels, bar(50, 20, 100, 30, 0)).shape == (30, 100, 3)


def test_a_strip_is_never_made_smaller_than_a_stride() -> None:
    assert _limited(np.zeros((12, 5000, 3), np.uint8), 4000).shape == (32, 4000, 3)
