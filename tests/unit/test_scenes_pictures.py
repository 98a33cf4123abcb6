"""A shaken camera, views by bearing."""

from __future__ import annotations

import numpy as np
import pytest

from datasets.scenes.camera_look import shake
from datasets.scenes.view_ring import view_from_bearing
from vision.types import View


def _checks(size: int = 64) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    y, x = np.mgrid[0:size, 0:size]
    return np.repeat((((x // 4 + y // 4) % 2) * 200 + 20).astype(np.uint8)[..., None], 3, axis=2)


@pytest.mark.parametrize(("angle", "kept", "lost"), [(0.0, 0, 1), (90.0, 1, 0)])
def test_a_shake_blurs_along_its_direction(angle: float, kept: int, lost: int) -> None:
    lines = np.zeros((64, 64, 3), np.uint8)
    if kept == 0:
        lines[::8] = 255  # horizontal lines outlive a horizontal shake
    else:
        lines[:, ::8] = 255
    moved = shake(lines, 15, angle, 0).astype(float)
    across = shake(lines, 15, angle + 90, 0).astype(float)
    assert moved[16:48, 16:48].std() > 4 * across[16:48, 16:48].std()


def test_a_shake_needs_a_length() -> None:
    with pytest.raises(ValueError, match="length"):
        shake(_checks(), 0, 0, 1)


@pytest.mark.parametrize(
    ("bearing", "view"),
    [(0, View.FRONT), (44, View.FRONT_LEFT), (90, View.LEFT), (135, View.REAR_LEFT), (180, View.REAR),
     (-180, View.REAR), (-135, View.REAR_RIGHT), (-90, View.RIGHT), (-45, View.FRONT_RIGHT), (-22, View.FRONT)],
)  # fmt: skip
def test_views_by_bearing(bearing: float, view: View) -> None:
    assert view_from_bearing(bearing) is view
