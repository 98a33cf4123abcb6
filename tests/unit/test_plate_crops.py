"""Which pictures may be nothing but a plate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import pytest

from vision.models.plate_detector import FoundPlate, PlateDetector
from vision.models.plates import candidates
from vision.types import Pixels


class BlindDetector:
    """Finds nothing."""

    def detect(self, pictures: Sequence[Pixels], small: Pixels | None = None) -> tuple[tuple[FoundPlate, ...], ...]:
        return tuple(() for _ in pictures)


@pytest.mark.parametrize(
    ("width", "height", "crop"),
    [
        (120, 40, True),
        (700, 500, True),
        (1600, 1200, False),
        (2200, 1000, False),
        (1280, 400, True),
        (6000, 500, False),
    ],
)
def test_a_large_picture_may_be_a_crop_only_where_no_phone_takes_it_so_flat(
    width: int, height: int, crop: bool
) -> None:
    found = candidates(cast(PlateDetector, BlindDetector()), np.zeros((height, width, 3), np.uint8), ())
    assert [(0.0, 0.0) in plate.corners and plate.score == 0 for plate in found] == [True] * crop


class SeeingDetector:
    """Finds one plate in the middle of what it is given, a tenth as wide, and remembers the sizes of the pictures."""

    def __init__(self) -> None:
        self.sizes: list[tuple[int, int]] = []

    def detect(self, pictures: Sequence[Pixels], small: Pixels | None = None) -> tuple[tuple[FoundPlate, ...], ...]:
        self.sizes += [(one.shape[1], one.shape[0]) for one in pictures]
        return tuple((self._middle(one.shape[1], one.shape[0]),) for one in pictures)

    def _middle(self, width: int, height: int) -> FoundPlate:
        x, y, half = width / 2, height / 2, width / 20
        corners = ((x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half))
        return FoundPlate(corners, 0.9, False)


def test_a_phones_panorama_gets_its_border_after_it_was_made_smaller() -> None:
    detector = SeeingDetector()
    found = candidates(cast(PlateDetector, detector), np.zeros((1000, 4000, 3), np.uint8), ())
    assert max(max(size) for size in detector.sizes[1:]) <= 3200
    in_border = np.array(found[1].corners)
    # a tenth of twice the picture's width, in the middle of the picture
    assert np.allclose(in_border.mean(0), (2000, 500), atol=4)
    assert in_border[1, 0] - in_border[0, 0] == pytest.approx(800, abs=4)
