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

    def detect(self, pictures: Sequence[Pixels]) -> tuple[tuple[FoundPlate, ...], ...]:
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
