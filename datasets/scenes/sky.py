"""The sky as one picture: gradients, clouds and a skyline. Cheap to ask for, unlike a physical one. No Blender."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from datasets.scenes.plan import Air
from datasets.scenes.spec import Colour
from datasets.scenes.textures import noise

Image: TypeAlias = npt.NDArray[np.float32]
SIZE_WH = (2048, 1024)


@dataclass(frozen=True, slots=True)
class Look:
    """Linear radiances; ``cover`` is how much of the sky has clouds, ``glow`` how strong it shines round the sun."""

    zenith: Colour
    horizon: Colour
    cloud: Colour
    cover: float
    glow: Colour
    windows: float


LOOKS = {
    "day": Look((0.20, 0.36, 0.78), (0.78, 0.90, 1.05), (1.45, 1.45, 1.45), 0.42, (0.9, 0.8, 0.6), 0),
    "overcast": Look((1.10, 1.13, 1.18), (0.78, 0.81, 0.86), (0.80, 0.83, 0.88), 1.0, (0.1, 0.1, 0.1), 0),
    "dusk": Look((0.055, 0.085, 0.19), (0.34, 0.25, 0.25), (0.20, 0.15, 0.17), 0.45, (0.95, 0.42, 0.14), 0.5),
    "night": Look((0.0012, 0.0016, 0.0032), (0.010, 0.0075, 0.0065), (0.006, 0.005, 0.005), 0.6, (0, 0, 0), 0.12),
}


def horizon_colour(air: Air) -> Colour:
    """What fog and haze look like from afar."""
    look = LOOKS[_kind(air)]
    return look.horizon


def _kind(air: Air) -> str:
    return "overcast" if air.light == "day" and (air.rain or air.fog) else air.light


def draw_sky(air: Air, seed: int) -> Image:
    """An equirectangular picture, linear RGB, shape (1024, 2048, 3); its middle looks along +x, left of it is +y."""
    width, height = SIZE_WH
    rng = np.random.default_rng([41, seed])
    look = LOOKS[_kind(air)]
    azimuth = ((0.5 - (np.arange(width) + 0.5) / width) * 2 * math.pi)[None, :]
    elevation = ((0.5 - (np.arange(height) + 0.5) / height) * math.pi)[:, None]
    up = np.clip(np.sin(elevation), 0, 1)
    share = ((1 - up) ** 3.2)[..., None]
    image = np.asarray(look.zenith) * (1 - share) + np.asarray(look.horizon) * share + np.zeros((height, width, 1))
    sun_az, sun_el = (
        math.radians(air.sun_azimuth_deg),
        math.radians(air.sun_elevation_deg if _kind(air) == "day" else 3),
    )
    near = np.sin(elevation) * math.sin(sun_el) + np.cos(elevation) * math.cos(sun_el) * np.cos(azimuth - sun_az)
    wide = np.exp((near - 1) * 4)[..., None] * 0.45 + np.exp((near - 1) * 60)[..., None] * 0.9
    image += (
        wide * np.asarray(look.glow) * ((1 - up) ** 2)[..., None]
        if air.light == "dusk"
        else wide * np.asarray(look.glow)
    )
    if not air.fog:
        image = _clouds(image, look, azimuth, elevation, rng)
        _skyline(image, look, air, rng)
    image[elevation[:, 0] < 0] = np.asarray(look.horizon) * (1 if air.fog or air.rain else 0.7)
    image[elevation[:, 0] < -0.03] = np.asarray(look.horizon) * 0.22
    return np.asarray(image, np.float32)


def _clouds(
    image: npt.NDArray[np.float64], look: Look, azimuth: npt.NDArray[np.float64], elevation: npt.NDArray[np.float64],
    rng: np.random.Generator,
) -> npt.NDArray[np.float64]:  # fmt: skip
    """A flat layer of clouds seen in perspective, paler and hazier towards the horizon."""
    layer = noise((1024, 1024), 3, 400, 1.25, rng)
    far = 1 / (np.clip(np.sin(elevation), 0, 1) + 0.09)
    x = (np.cos(azimuth) * np.cos(elevation) * far * 115 + 512).astype(np.float32)
    y = (np.sin(azimuth) * np.cos(elevation) * far * 115 + 512).astype(np.float32)
    there = cv2.remap(layer, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    limit = 1.5 - 2.6 * look.cover
    dense = np.clip((there - limit) / 1.1, 0, 1)
    dense = dense * dense * (3 - 2 * dense) * np.clip(np.sin(elevation) / 0.16, 0.0, 1) ** 0.6
    shade = np.clip(1.0 - 0.16 * np.clip(there - limit - 0.7, 0, 2), 0.6, 1)
    mixed = image * (1 - 0.9 * dense[..., None]) + np.asarray(look.cloud) * (0.9 * dense * shade)[..., None]
    return np.asarray(mixed)


def _skyline(image: npt.NDArray[np.float64], look: Look, air: Air, rng: np.random.Generator) -> None:
    """Blocks far away in the haze."""
    height, width = image.shape[:2]
    for layer, (haze, tall) in enumerate(((0.80, 5.0), (0.62, 3.6))):
        x = 0
        while x < width:
            wide = int(rng.integers(10, 40))
            if rng.random() < 0.62:
                top = height // 2 - round(rng.uniform(1.0, tall) / 180 * height)
                stone = np.asarray(look.horizon) * rng.uniform(0.35, 0.6) * np.array([1.0, 0.98, 0.95])
                colour = np.asarray(look.horizon) * haze + stone * (1 - haze)
                image[top : height // 2, x : x + wide] = colour
                image[top + 2 : height // 2 : 3, x + 1 : x + wide - 1] *= 0.94
                if look.windows:
                    part = image[top + 2 : height // 2 : 3, x + 1 : x + wide - 1 : 3]
                    part += (rng.random((*part.shape[:2], 1)) < 0.25) * look.windows * np.array([0.5, 0.36, 0.2])
            x += wide + int(rng.integers(0, 16)) * (1 + layer)
