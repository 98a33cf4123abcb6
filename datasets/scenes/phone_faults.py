"""What goes wrong when people take pictures in a hurry. Each fault says where the picture's points went.

Strengths are for a picture whose longer side is about 1280; they grow with it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, TypeAlias

import cv2
import numpy as np

from datasets import degrade
from datasets.scenes.phone import Photo
from datasets.scenes.phone_warp import Floats, Warp, unmoved
from vision.types import Pixels

Fault: TypeAlias = Callable[[Pixels, np.random.Generator], Photo]


def with_fault(pixels: Pixels, name: str, seed: int) -> Photo:
    """A photo with one of `FAULTS`, the same for the same seed. Raises KeyError for a name that is not there."""
    return dict(FAULTS)[name](pixels, np.random.default_rng([seed, *name.encode()]))


def motion_blur(pixels: Pixels, rng: np.random.Generator) -> Photo:
    """The hand moved by 1.2-3 % of the picture's longer side."""
    length = max(int(rng.uniform(0.012, 0.03) * max(pixels.shape[:2])), 3)
    return Photo(degrade.motion(pixels, length, float(rng.uniform(0, 180))), unmoved(pixels))


def defocus(pixels: Pixels, rng: np.random.Generator) -> Photo:
    """Out of focus: a disc of 0.5-1.2 % of the longer side, as a lens blurs."""
    radius = max(float(rng.uniform(0.005, 0.012)) * max(pixels.shape[:2]), 1.5)
    reach = math.ceil(radius) + 1
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    disc = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1).astype(np.float32)
    blurred = cv2.filter2D(pixels.astype(np.float32), -1, disc / disc.sum(), borderType=cv2.BORDER_REFLECT)
    return Photo(np.asarray(np.clip(blurred + 0.5, 0, 255), np.uint8), unmoved(pixels))


def too_dark(pixels: Pixels, rng: np.random.Generator) -> Photo:
    return Photo(degrade.dark(pixels, rng), unmoved(pixels))


def overexposed(pixels: Pixels, rng: np.random.Generator) -> Photo:
    return Photo(degrade.overexposed(pixels, rng), unmoved(pixels))


def against_the_sun(pixels: Pixels, rng: np.random.Generator) -> Photo:
    """The sun in the upper part: a burnt-out core, a veil over everything, ghosts along the line through the middle."""
    height, width = pixels.shape[:2]
    sun = np.array([rng.uniform(0.15, 0.85) * width, rng.uniform(0.02, 0.25) * height])
    far = _distance((height, width), sun) / max(height, width)
    light = 2.6 * np.exp(-((far / rng.uniform(0.05, 0.10)) ** 1.3)) + 0.5 * np.exp(-far / rng.uniform(0.18, 0.35))
    veil = light + rng.uniform(0.10, 0.22)
    tint = np.array([1.0, rng.uniform(0.93, 1.0), rng.uniform(0.82, 0.95)])
    flare = veil[..., None] * tint
    for _ in range(int(rng.integers(2, 5))):
        middle = np.array([width, height]) / 2
        place = middle + (middle - sun) * rng.uniform(-0.4, 1.1)
        edge = rng.uniform(0.02, 0.06) - _distance((height, width), place) / max(height, width)
        flare += (np.clip(edge / 0.006, 0, 1) * rng.uniform(0.02, 0.07))[..., None] * rng.uniform(0.5, 1.0, 3)
    linear = (pixels / 255.0) ** 2.2 * rng.uniform(0.35, 0.6) + flare  # the phone exposes for the sky
    return Photo(np.asarray(np.clip(linear, 0, 1) ** (1 / 2.2) * 255 + 0.5, np.uint8), unmoved(pixels))


def finger(pixels: Pixels, rng: np.random.Generator) -> Photo:
    """A fingertip before the lens, out of focus, reaching in from one edge over 15-35 % of the picture."""
    height, width = pixels.shape[:2]
    edge = int(rng.integers(4))
    along = float(rng.uniform(0.25, 0.75))
    start = {0: (along, 0.0), 1: (1.0, along), 2: (along, 1.0), 3: (0.0, along)}[edge]
    inward = {0: (0.0, 1.0), 1: (-1.0, 0.0), 2: (0.0, -1.0), 3: (1.0, 0.0)}[edge]
    lean = math.radians(rng.uniform(-30, 30))
    way = np.array([inward[0] * math.cos(lean) - inward[1] * math.sin(lean),
                    inward[0] * math.sin(lean) + inward[1] * math.cos(lean)])  # fmt: skip
    reach, thick = rng.uniform(0.30, 0.5) * height, rng.uniform(0.16, 0.26) * height
    foot = np.array([start[0] * width, start[1] * height])
    y, x = np.mgrid[0:height, 0:width]
    dx, dy = x - foot[0], y - foot[1]
    forward = np.clip(dx * way[0] + dy * way[1], -height, reach - thick)
    radius = np.hypot(dx - forward * way[0], dy - forward * way[1]) / thick
    mask = cv2.GaussianBlur((radius < 1).astype(np.float64), (0, 0), 0.018 * height)[..., None]
    skin = np.array([0.78, 0.53, 0.42]) * rng.uniform(0.35, 0.95) * 255
    shade = (1.05 - 0.35 * np.clip(radius, 0, 1) ** 2)[..., None]
    mixed = pixels * (1 - mask) + skin * shade * mask
    return Photo(np.asarray(np.clip(mixed + 0.5, 0, 255), np.uint8), unmoved(pixels))


def cut_off(pixels: Pixels, rng: np.random.Generator) -> Photo:
    """Cropped: 55-75 % of the width and height are left, at one side; the size stays."""
    height, width = pixels.shape[:2]
    share = float(rng.uniform(0.55, 0.75))
    x0 = float(rng.choice([0.0, 1.0])) * (1 - share) * width
    y0 = float(rng.uniform(0, 1)) * (1 - share) * height
    warp = Warp((width, height), (width, height), ((1 / share, 0.0, -x0 / share), (0.0, 1 / share, -y0 / share)))
    return Photo(warp.picture(pixels), warp)


def tilted(pixels: Pixels, rng: np.random.Generator) -> Photo:
    """Held askew by 12-25 degrees; drawn larger, so that no empty corner is seen."""
    height, width = pixels.shape[:2]
    angle = math.radians(float(rng.choice([-1, 1]) * rng.uniform(12, 25)))
    c, s = math.cos(angle), math.sin(angle)
    zoom = max(c + abs(s) * height / width, c + abs(s) * width / height)
    a, b = c * zoom, s * zoom
    matrix = ((a, -b, width / 2 - a * width / 2 + b * height / 2), (b, a, height / 2 - b * width / 2 - a * height / 2))
    warp = Warp((width, height), (width, height), matrix)
    return Photo(warp.picture(pixels), warp)


def messenger(pixels: Pixels, rng: np.random.Generator) -> Photo:
    """Sent through a messenger: longer side 480-720, JPEG quality 25-45."""
    height, width = pixels.shape[:2]
    scale = float(rng.uniform(480, 720)) / max(height, width)
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    matrix = ((size[0] / width, 0.0, 0.0), (0.0, size[1] / height, 0.0))
    packed = degrade.recompressed(np.asarray(small, np.uint8), int(rng.integers(25, 46)))
    return Photo(packed, Warp((width, height), size, matrix))


def rain_on_lens(pixels: Pixels, rng: np.random.Generator) -> Photo:
    """Drops on the lens: blurred discs that show the picture upside down, 10-28 of them."""
    height, width = pixels.shape[:2]
    image = pixels.astype(np.float64)
    turned = cv2.GaussianBlur(image[::-1, ::-1], (0, 0), 0.008 * width)
    for _ in range(int(rng.integers(10, 29))):
        radius = float(np.exp(rng.uniform(math.log(0.012), math.log(0.055)))) * width
        place = np.array([rng.uniform(0, width), rng.uniform(0, height)])
        far = _distance((height, width), place) / radius
        mask = (np.clip((1.05 - far) / 0.35, 0, 1) * rng.uniform(0.55, 0.9))[..., None]
        rim = (1.1 - 0.28 * np.clip(far, 0, 1) ** 3)[..., None]
        image = image * (1 - mask) + turned * rim * mask
    return Photo(np.asarray(np.clip(image + 0.5, 0, 255), np.uint8), unmoved(pixels))


def _distance(size_hw: tuple[int, int], place: Floats) -> Floats:
    y, x = np.mgrid[0 : size_hw[0], 0 : size_hw[1]]
    return np.asarray(np.hypot(x - place[0], y - place[1]), np.float64)


FAULTS: Final[tuple[tuple[str, Fault], ...]] = (
    ("motion_blur", motion_blur),
    ("defocus", defocus),
    ("too_dark", too_dark),
    ("overexposed", overexposed),
    ("against_the_sun", against_the_sun),
    ("finger", finger),
    ("cut_off", cut_off),
    ("tilted", tilted),
    ("messenger", messenger),
    ("rain_on_lens", rain_on_lens),
)
