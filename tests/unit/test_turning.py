"""What is found on a turned picture is told in pixels of the photo."""

from __future__ import annotations

import numpy as np
import pytest

from vision import turning
from vision.types import Part, PartKind, Vehicle, VehicleKind


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_marked_pixel_comes_back_to_its_place(degrees: int) -> None:
    photo = np.zeros((30, 50, 3), np.uint8)
    photo[4, 7] = 255
    seen = turning.turned(photo, degrees)
    y, x = (int(v) for v in np.argwhere(seen[..., 0])[0])
    back = turning.to_photo((50, 30), degrees)
    # The pixel's centre, half a pixel from its corner.
    assert back((x + 0.5, y + 0.5)) == pytest.approx((7.5, 4.5))


def test_turned_by_90_is_clockwise() -> None:
    photo = np.zeros((10, 20, 3), np.uint8)
    photo[0, 0] = 255
    assert turning.turned(photo, 90)[0, 9, 0] == 255


def test_a_vehicle_is_turned_with_its_parts() -> None:
    part = Part(PartKind.HOOD, (1, 2, 3, 4), 0.9)
    there = Vehicle(VehicleKind.CAR, (0, 0, 10, 20), 0.9, parts=(part,))
    here = turning.vehicle(there, turning.to_photo((40, 30), 90))
    assert here.box_xyxy == (0, 20, 20, 30)
    assert here.parts[0].box_xyxy == (2, 27, 4, 29)
