"""What a phone makes of a clean rendering: lens, noise by light, sharpening, tone, JPEG, and what it notes in EXIF.

Everything follows from a seed. Devices, places and times are made up.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Final

import cv2
import numpy as np
from PIL import Image

from datasets.scenes.camera_look import blotches, shift_colours, vignette
from datasets.scenes.exif import Capture, exif_block
from datasets.scenes.phone_warp import Floats, Warp
from vision.types import Pixels

DEVICES: Final[tuple[tuple[str, str], ...]] = (
    ("Lanyu", "LY-N12"), ("Lanyu", "LY-A50"), ("Qingmi", "Q7 Pro"), ("Qingmi", "Q5e"), ("Hexing", "HX 30"),
    ("Hexing", "HX Note 9"), ("Yunji", "Y200"),
)  # fmt: skip
PLACES: Final[tuple[tuple[float, float], ...]] = (
    (31.2987, 120.6312), (31.2244, 121.4692), (30.2610, 120.1752), (31.8281, 117.2334), (23.1230, 113.2712),
    (39.9123, 116.4021), (32.0487, 118.7874),
)  # fmt: skip
"""Latitude and longitude in degrees; streets that are not the rendered ones."""
HOURS: Final[dict[str, tuple[float, float]]] = {
    "day": (8.5, 16.5), "overcast": (7.5, 17.0), "dusk": (18.2, 19.0), "night": (19.5, 23.5),
}  # fmt: skip
NOISE: Final[dict[str, tuple[float, float]]] = {
    "day": (0.8, 2.0), "overcast": (1.0, 2.5), "dusk": (2.0, 4.5), "night": (3.5, 8.0),
}  # fmt: skip
"""Standard deviation in grey levels in the mid-tones; shadows have more."""
GLARE: Final[dict[str, float]] = {"day": 0.05, "overcast": 0.08, "dusk": 0.7, "night": 0.9}
"""How much of what is burnt out is scattered round it by lens and sensor, as seen at the exposure of that light."""
BURNT_OUT = 238.0
TAKEN_WITHIN_S = 360
MID_GREY = 115.0


@dataclass(frozen=True, slots=True)
class Photo:
    """``warp``: where a point of the rendering went."""

    pixels: Pixels
    warp: Warp


def phone_photo(pixels: Pixels, light: str, seed: int) -> Photo:
    """The rendering (RGB, any size) as a phone of that seed would give it. Raises KeyError for an unknown light."""
    rng = np.random.default_rng([seed, 11])
    size = (pixels.shape[1], pixels.shape[0])
    warp = Warp(size, size, k1=float(rng.uniform(-0.012, 0.006)))
    image = warp.picture(pixels).astype(np.float64)
    image = shift_colours(image.astype(np.float32)).astype(np.float64)
    image = image * vignette(size[1], size[0])[..., None] ** float(rng.uniform(0.5, 1.6))
    image = image + GLARE[light] * _halo(image) * np.clip(1 - image / 255, 0, 1)
    image = _toned(_metered(image, light), light, rng)
    image = _noisy(image, light, rng)
    image = _sharpened(image, float(rng.uniform(0.3, 0.9)), float(rng.uniform(0.9, 1.6)))
    return Photo(np.asarray(np.clip(image + 0.5, 0, 255), np.uint8), warp)


def quality_of(seed: int) -> int:
    """JPEG quality of a photo, 70-92."""
    return int(np.random.default_rng([seed, 12]).integers(70, 93))


def jpeg_bytes(pixels: Pixels, quality: int, capture: Capture | None) -> bytes:
    """The file that the phone writes; without EXIF where ``capture`` is null."""
    target = io.BytesIO()
    picture = Image.fromarray(pixels)
    if capture is None:
        picture.save(target, "JPEG", quality=quality)
    else:
        picture.save(target, "JPEG", quality=quality, exif=exif_block(capture))
    return target.getvalue()


def happened_at(scene_seed: int, light: str) -> datetime:
    """When the accident of a scene happened: at an hour that goes with its light."""
    rng = np.random.default_rng([scene_seed, 13])
    low, high = HOURS[light]
    day = datetime(2026, 3, 1, tzinfo=timezone(timedelta(hours=8))) + timedelta(days=int(rng.integers(0, 200)))
    return day + timedelta(seconds=int(rng.uniform(low, high) * 3600))


def capture_of(scene_seed: int, light: str, order: int, party: str = "A") -> Capture:
    """EXIF of the ``order``-th photo of a scene, taken by A or B: minutes after the accident, metres from it."""
    rng = np.random.default_rng([scene_seed, 14])
    place = PLACES[int(rng.integers(len(PLACES)))]
    devices = rng.permutation(len(DEVICES))
    maker, model = DEVICES[int(devices[0 if party == "A" else 1])]
    offset = rng.uniform(-0.02, 0.02, 2)
    each = np.random.default_rng([scene_seed, 15, order])
    late = timedelta(seconds=int(90 + order * TAKEN_WITHIN_S / 12 + each.integers(0, 20)))
    jitter = each.normal(0, 0.00004, 2)  # about 4 m
    return Capture(
        taken_at=happened_at(scene_seed, light) + late,
        latitude=round(float(place[0] + offset[0] + jitter[0]), 6),
        longitude=round(float(place[1] + offset[1] + jitter[1]), 6),
        maker=maker, model=model,
    )  # fmt: skip


def _metered(image: Floats, light: str) -> Floats:
    """Exposure by the middle of the picture, as a phone meters: a dark car that fills it is taken brighter.

    The renderer exposes a scene; a phone exposes each picture. Half of the way to mid-grey, by a stop at most.
    """
    if light == "night":
        return image
    height, width = image.shape[:2]
    middle = image[height // 5 : -(height // 5) or None, width // 5 : -(width // 5) or None]
    gain = float(np.clip(np.sqrt(MID_GREY / max(float(middle.mean()), 1.0)), 0.7, 1.41))
    return np.asarray(255 * (1 - (1 - np.clip(image / 255, 0, 1)) ** gain) if gain > 1 else image * gain, np.float64)


def _toned(image: Floats, light: str, rng: np.random.Generator) -> Floats:
    """White balance and a gentle S-curve; at night a warm or green cast and lifted shadows."""
    cast = 0.03 if light in ("night", "dusk") else 0.014
    gains = np.array([1.012, 1.0, 0.985]) + rng.normal(0, cast, 3)
    share = np.clip(image * gains / 255 * rng.uniform(0.94, 1.06), 0, 1)
    strength = rng.uniform(0.05, 0.30)
    share = (1 - strength) * share + strength * share * share * (3 - 2 * share)
    if light == "night":
        share = 0.015 + 0.985 * share ** rng.uniform(0.82, 0.97)
    grey = share.mean(axis=2, keepdims=True)
    return np.asarray((grey + (share - grey) * rng.uniform(0.95, 1.15)) * 255, np.float64)


def _noisy(image: Floats, light: str, rng: np.random.Generator) -> Floats:
    """Noise of the sensor, more in the shadows, smeared a little as phones do against it."""
    sigma = rng.uniform(*NOISE[light])
    dark = np.sqrt(np.clip(1 - image.mean(axis=2, keepdims=True) / 255, 0, 1))
    grain = rng.normal(0, 1, image.shape[:2])[..., None] * 0.8 + blotches(rng, (image.shape[0], image.shape[1]))
    noisy = image + grain * sigma * (0.45 + 0.85 * dark)
    smear = 0.35 + (0.35 if light == "night" else 0.0)
    return np.asarray(cv2.GaussianBlur(noisy, (0, 0), smear), np.float64)


def _sharpened(image: Floats, amount: float, radius: float) -> Floats:
    return np.asarray(image + amount * (image - cv2.GaussianBlur(image, (0, 0), radius)), np.float64)


def _halo(image: Floats) -> Floats:
    """Light round burnt-out places, in their colour: a narrow core and a wide veil."""
    burnt = image * (image.max(axis=-1, keepdims=True) > BURNT_OUT)
    width = image.shape[1]
    near, wide = (cv2.GaussianBlur(burnt, (0, 0), share * width) for share in (0.008, 0.035))
    return np.asarray(0.6 * near + 0.5 * wide, np.float64)
