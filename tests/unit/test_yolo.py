"""Reading a detector's output."""

from __future__ import annotations

import numpy as np
import pytest

from vision.geometry import Letterbox
from vision.models.yolo import FLOOR, decode, suppress

SQUARE = Letterbox(scale=0.5, pad_x=0.0, pad_y=20.0)
LABELS = ("car", "truck")


def raw(*cells: tuple[float, ...]) -> np.ndarray:
    """Cells of (cx, cy, w, h, car, truck) as the graph gives them."""
    return np.array(cells, np.float32).T


def test_boxes_come_back_in_pixels_of_the_photo() -> None:
    (found,) = decode(raw((50, 60, 20, 40, 0.9, 0.1)), LABELS, SQUARE, (200, 160), 0.6)
    assert found.label == "car"
    assert found.box_xyxy == pytest.approx((80, 40, 120, 120))
    assert found.score == pytest.approx(0.9)


def test_nothing_below_the_floor_is_told() -> None:
    assert decode(raw((50, 60, 20, 40, FLOOR / 2, 0.0)), LABELS, SQUARE, (200, 160), 0.6) == ()


def test_what_lies_in_the_grey_beside_the_picture_is_no_find() -> None:
    above, at_the_edge = (50, 8, 20, 10, 0.9, 0.1), (50, 22, 20, 10, 0.8, 0.1)
    (found,) = decode(raw(above, at_the_edge), LABELS, SQUARE, (200, 160), 0.6)
    assert found.box_xyxy == pytest.approx((80, 0, 120, 14))


@pytest.mark.parametrize(("one_kind", "left"), [(False, 2), (True, 1)])
def test_kinds_suppress_one_another_only_where_a_thing_has_one(one_kind: bool, left: int) -> None:
    cells = raw((50, 60, 20, 40, 0.9, 0.1), (50, 60, 20, 40, 0.1, 0.8))
    assert len(decode(cells, LABELS, SQUARE, (200, 160), 0.6, one_kind)) == left


def test_suppression_keeps_the_best_and_what_lies_apart() -> None:
    boxes = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [50, 50, 60, 60]], np.float32)
    assert suppress(boxes, np.array([0.5, 0.9, 0.3]), 0.5).tolist() == [1, 2]
    assert suppress(np.zeros((0, 4)), np.zeros(0), 0.5).tolist() == []
