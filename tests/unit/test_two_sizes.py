"""A photo in two sizes: finds on the small one come back in pixels of the large one, and within it."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest

from vision.geometry import shrunk
from vision.models.yolo import Detector, Found
from vision.quality_features import WORKING_SIDE
from vision.two_sizes import TwoSizes
from vision.types import Pixels


class Whole:
    """Finds one thing as large as the picture, and a corner of it."""

    side = WORKING_SIDE

    def detect(self, photos: tuple[Pixels, ...]) -> tuple[tuple[Found, ...], ...]:
        return tuple(self._one(*photo.shape[1::-1]) for photo in photos)

    def _one(self, w: int, h: int) -> tuple[Found, ...]:
        outline = ((0.0, 0.0), (float(w), 0.0), (float(w), float(h)))
        return Found("car", (0.0, 0.0, w, h), 0.9, outline), Found("car", (w / 4, h / 4, w / 2, h / 2), 0.8)


# 4000 x 1868 is 640 x 298.88, of a panorama of 8000 x 170 13.6 rows are left: both are rounded up.
@pytest.mark.parametrize("size_wh", [(4000, 3000), (4000, 1868), (660, 990), (8000, 170), (500, 300)])
def test_finds_stay_on_the_photo(size_wh: tuple[int, int]) -> None:
    w, h = size_wh
    full = np.zeros((h, w, 3), np.uint8)
    whole, part = TwoSizes(full, shrunk(full, WORKING_SIDE)).found(cast(Detector, cast(Any, Whole())))
    assert whole.box_xyxy[:2] == (0, 0) and whole.box_xyxy[2] <= w and whole.box_xyxy[3] <= h
    assert all(x <= w and y <= h for x, y in whole.polygon)
    assert whole.box_xyxy[2:] == pytest.approx((w, h), rel=0.03)
    assert part.box_xyxy == pytest.approx((w / 4, h / 4, w / 2, h / 2), rel=0.03)
