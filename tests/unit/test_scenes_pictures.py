"""Camera look, views by bearing, shots and the painted canvas of a car."""

from __future__ import annotations

import numpy as np
import pytest

from datasets.scenes.body import build_body
from datasets.scenes.camera_look import phone_look, shake
from datasets.scenes.car_paint import paint_half
from datasets.scenes.cars import SEDAN, SEDAN_IMPACT, SUV, SUV_IMPACT
from datasets.scenes.shots import SHOTS
from datasets.scenes.spec import CarSpec, Impact
from datasets.scenes.view_ring import view_from_bearing
from vision.types import View


def _checks(size: int = 64) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    y, x = np.mgrid[0:size, 0:size]
    return np.repeat((((x // 4 + y // 4) % 2) * 200 + 20).astype(np.uint8)[..., None], 3, axis=2)


def test_the_look_is_the_same_for_a_seed_and_leaves_its_input_alone() -> None:
    pixels = _checks()
    before = pixels.copy()
    assert np.array_equal(phone_look(pixels, 4), phone_look(pixels, 4))
    assert not np.array_equal(phone_look(pixels, 4), phone_look(pixels, 5))
    assert np.array_equal(pixels, before)


def test_corners_are_darker_than_the_middle() -> None:
    grey = phone_look(np.full((200, 240, 3), 150, np.uint8), 1).astype(float)
    assert grey[:20, :20].mean() < grey[90:110, 110:130].mean() - 8


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


def test_shots_have_names_of_their_own_and_stand_on_the_road() -> None:
    assert len({shot.name for shot in SHOTS}) == len(SHOTS)
    for shot in SHOTS:
        assert 0.8 < shot.eye[2] < 2.0
        assert -7 < shot.eye[1] < 7


@pytest.mark.parametrize(("spec", "impact"), [(SEDAN, SEDAN_IMPACT), (SUV, SUV_IMPACT)], ids=["sedan", "suv"])
def test_a_painted_half_has_glass_openings_and_marks(spec: CarSpec, impact: Impact) -> None:
    grid = build_body(spec, rows=120)
    whole, struck = (paint_half(spec, grid, blow, (512, 256), 5) for blow in (None, impact))
    assert 0.08 < whole.glass.mean() < 0.4
    assert 0.01 < 1 - whole.opaque.mean() < 0.3
    for layer in (whole.colour, whole.rough, whole.metal, whole.coat, whole.glass, whole.opaque):
        assert layer.min() >= 0
        assert layer.max() <= 1
    changed = (np.abs(struck.colour - whole.colour).max(axis=2) > 0.05).mean()
    assert 0.005 < changed < 0.3
