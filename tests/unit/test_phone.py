"""What a phone makes of a rendering, what goes wrong, and where points and boxes go."""

from __future__ import annotations

import io
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from datasets.scenes.phone import capture_of, happened_at, jpeg_bytes, phone_photo, quality_of
from datasets.scenes.phone_faults import FAULTS, with_fault
from datasets.scenes.phone_warp import Warp
from vision.exif import read_exif
from vision.types import Pixels

SIZE = (192, 144)


def _picture(seed: int = 0) -> Pixels:
    """Grey with a white dot of 5 x 5 pixels at (60, 50)."""
    pixels = np.full((SIZE[1], SIZE[0], 3), 90, np.uint8)
    pixels[:, ::8] = 110 + seed
    pixels[48:53, 58:63] = 255
    return pixels


def _bright_spot(pixels: Pixels) -> tuple[float, float]:
    y, x = np.nonzero(pixels.mean(axis=2) > 180)
    return float(x.mean()) + 0.5, float(y.mean()) + 0.5


@pytest.mark.parametrize("light", ["day", "overcast", "dusk", "night"])
def test_the_phone_is_the_same_for_a_seed_and_keeps_its_input(light: str) -> None:
    pixels = _picture()
    before = pixels.copy()
    assert np.array_equal(phone_photo(pixels, light, 3).pixels, phone_photo(pixels, light, 3).pixels)
    assert not np.array_equal(phone_photo(pixels, light, 3).pixels, phone_photo(pixels, light, 4).pixels)
    assert np.array_equal(pixels, before)


def test_nights_are_noisier_than_days() -> None:
    flat = np.full((96, 128, 3), 60, np.uint8)
    spread = {light: np.mean([phone_photo(flat, light, s).pixels[30:60, 40:80].std(axis=(0, 1)).mean()
                              for s in range(6)]) for light in ("day", "night")}  # fmt: skip
    assert spread["night"] > 1.5 * spread["day"]


@pytest.mark.parametrize("name", [name for name, _ in FAULTS])
def test_a_fault_is_the_same_for_a_seed_and_keeps_its_input(name: str) -> None:
    pixels = _picture()
    before = pixels.copy()
    one, again = with_fault(pixels, name, 5), with_fault(pixels, name, 5)
    assert np.array_equal(one.pixels, again.pixels)
    assert one.warp == again.warp
    assert np.array_equal(pixels, before)
    assert one.warp.to_wh == (one.pixels.shape[1], one.pixels.shape[0])
    assert one.pixels.shape != pixels.shape or not np.array_equal(one.pixels, pixels)


def test_an_unknown_fault_is_an_error() -> None:
    with pytest.raises(KeyError):
        with_fault(_picture(), "burnt", 1)


@pytest.mark.parametrize("name", ["cut_off", "tilted", "messenger"])
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_the_warp_tells_where_a_dot_went(name: str, seed: int) -> None:
    photo = with_fault(_picture(), name, seed)
    told = photo.warp.points(np.array([[60.5, 50.5]]))[0]
    if not (4 < told[0] < photo.warp.to_wh[0] - 4 and 4 < told[1] < photo.warp.to_wh[1] - 4):
        pytest.skip("the dot left the picture")
    assert np.hypot(*(np.array(_bright_spot(photo.pixels)) - told)) < 1.6 * max(photo.warp.to_wh[0] / SIZE[0], 1)


@pytest.mark.parametrize("k1", [-0.05, 0.05])
def test_the_lens_tells_where_a_dot_went(k1: float) -> None:
    pixels = np.full((SIZE[1], SIZE[0], 3), 90, np.uint8)
    pixels[14:19, 18:23] = 255
    warp = Warp(SIZE, SIZE, k1=k1)
    told = warp.points(np.array([[20.5, 16.5]]))[0]
    assert np.hypot(*(np.array(_bright_spot(warp.picture(pixels))) - told)) < 0.7
    assert np.hypot(*(told - (20.5, 16.5))) > 2


@given(st.floats(0, 150), st.floats(0, 100), st.floats(2, 40), st.floats(2, 40), st.integers(0, 6))
@settings(max_examples=20, deadline=None)
def test_a_moved_box_lies_in_the_picture_and_holds_its_middle(
    x: float, y: float, wide: float, high: float, seed: int
) -> None:
    for name in ("cut_off", "tilted", "messenger"):
        warp = with_fault(np.zeros((SIZE[1], SIZE[0], 3), np.uint8), name, seed).warp
        box = warp.box((x, y, x + wide, y + high))
        if box is None:
            continue
        assert 0 <= box[0] < box[2] <= warp.to_wh[0]
        assert 0 <= box[1] < box[3] <= warp.to_wh[1]
        mx, my = warp.points(np.array([[x + wide / 2, y + high / 2]]))[0]
        assert min(max(mx, 0), warp.to_wh[0]) >= box[0] - 1e-6
        assert min(max(my, 0), warp.to_wh[1]) <= box[3] + 1e-6


def test_a_lamp_shines_beyond_its_edge_at_night_and_hardly_by_day() -> None:
    pixels = np.full((120, 160, 3), 30, np.uint8)
    pixels[50:70, 70:90] = (255, 60, 40)
    around = {light: phone_photo(pixels, light, 3).pixels[60:62, 93:96].mean(axis=(0, 1)) for light in ("day", "night")}
    far = {light: phone_photo(pixels, light, 3).pixels[5:15, 5:40].mean(axis=(0, 1)) for light in ("day", "night")}
    assert around["night"][0] - far["night"][0] > 15
    assert around["night"][0] - around["night"][2] > 10  # in the lamp's colour
    assert around["day"][0] - far["day"][0] < 0.5 * (around["night"][0] - far["night"][0])


def test_the_file_holds_time_place_and_device() -> None:
    capture = capture_of(7, "night", 3, "B")
    data = jpeg_bytes(_picture(), quality_of(7), capture)
    block = data[data.index(b"Exif\0\0") + 6 :]
    read = read_exif(block)
    assert read.taken_at == capture.taken_at
    assert read.device is not None
    assert capture.model in read.device
    assert Image.open(io.BytesIO(jpeg_bytes(_picture(), 80, None))).getexif() == {}


@pytest.mark.parametrize("seed", range(12))
def test_photos_are_taken_in_order_after_the_accident(seed: int) -> None:
    times = [capture_of(seed, "day", order).taken_at for order in range(12)]
    assert times == sorted(times)
    assert timedelta(0) < times[0] - happened_at(seed, "day") < timedelta(minutes=5)
    assert 8 <= happened_at(seed, "day").hour < 17
    assert happened_at(seed, "night").hour >= 19
    assert 70 <= quality_of(seed) <= 92


def test_the_two_parties_have_their_own_phones() -> None:
    assert all(capture_of(s, "day", 1, "A").model != capture_of(s, "day", 1, "B").model for s in range(20))
