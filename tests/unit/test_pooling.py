"""Means of a map over a place, and where a place lies on the maps of a network that looked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.training.samples import rgb
from vision.geometry import Letterbox
from vision.models.card import card_of
from vision.models.pooling import covered, pool
from vision.models.session import open_model
from vision.models.yolo import Detector, Sight


@pytest.mark.parametrize(
    ("low", "high", "cells", "shares"),
    [
        (0.0, 1.0, 4, [0.25, 0.25, 0.25, 0.25]),
        (0.0, 0.25, 4, [1, 0, 0, 0]),
        (0.125, 0.5, 4, [1 / 3, 2 / 3, 0, 0]),
        (0.6, 0.6, 4, [0, 0, 1, 0]),
        (1.0, 1.0, 4, [0, 0, 0, 1]),
    ],
)
def test_a_place_takes_the_cells_it_covers(low: float, high: float, cells: int, shares: list[float]) -> None:
    assert covered(low, high, cells) == pytest.approx(shares, abs=1e-6)


shares = st.floats(0, 1)


@given(shares, shares, st.integers(1, 60))
def test_covered_shares_are_a_mean(a: float, b: float, cells: int) -> None:
    found = covered(min(a, b), max(a, b), cells)
    assert found.min() >= 0
    assert found.sum() == pytest.approx(1, abs=1e-5)


def test_pooling_means_what_lies_under_the_place() -> None:
    values = np.zeros((2, 4, 4), np.float32)
    values[0, :, :2], values[1, 3, 3] = 1, 16
    assert pool(values, (0, 0, 1, 1)) == pytest.approx([0.5, 1])
    assert pool(values, (0.25, 0, 0.75, 1)) == pytest.approx([0.5, 0])
    assert pool(values, (0.75, 0.75, 1, 1)) == pytest.approx([0, 16])


def test_a_box_is_placed_where_the_letterbox_put_it() -> None:
    assert Sight((), Letterbox(0.5, 0.0, 52.0), 416).placed((0, 0, 832, 624)) == pytest.approx((0, 0.125, 1, 0.875))


def test_looking_finds_what_detecting_finds_and_tells_both_maps() -> None:
    detector = Detector(open_model(card_of("parts"), "cpu"))
    photo = rgb(Path(__file__).resolve().parents[2] / "examples/rear_end_complete/contact_far.jpg")
    (found,) = detector.detect((photo,))
    looked, seen = detector.look(photo)
    assert found
    assert looked == found
    assert [m.shape for m in seen.maps] == [(128, 26, 26), (256, 13, 13)]
    h, w = photo.shape[:2]
    x0, y0, x1, y1 = seen.placed((0, 0, w, h))
    assert (x1 - x0, y1 - y0) == pytest.approx((w / max(w, h), h / max(w, h)), abs=0.01)
