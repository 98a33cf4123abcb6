"""Photos made worse in known ways: the degraded twins that the quality role is trained and measured on.

All strengths are pixels of a picture whose longer side is 640 or less (`vision.quality.at_working_size`).
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from vision.types import Pixels

Floats = npt.NDArray[np.float32]
Degrade = Callable[[Pixels, np.random.Generator], Pixels]


def gaussian(pixels: Pixels, sigma: float) -> Pixels:
    """Out of focus: Gaussian of ``sigma`` pixels."""
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), sigma), np.uint8)


def motion(pixels: Pixels, length: int, angle: float) -> Pixels:
    """A hand that moved: mean along a line of ``length`` pixels, ``angle`` in degrees from the x axis."""
    side = length + 2
    centre, reach = side / 2 - 0.5, (length - 1) / 2
    dx, dy = np.cos(np.deg2rad(angle)) * reach, np.sin(np.deg2rad(angle)) * reach
    kernel = np.zeros((side, side), np.float32)
    for t in np.linspace(-1, 1, 8 * length):  # bilinear, so that any angle has the same length
        x, y = centre + t * dx, centre + t * dy
        x0, y0 = int(x), int(y)
        for i, j in ((0, 0), (0, 1), (1, 0), (1, 1)):
            kernel[y0 + j, x0 + i] += (1 - abs(x - x0 - i)) * (1 - abs(y - y0 - j))
    return np.asarray(cv2.filter2D(pixels, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REFLECT), np.uint8)


def dark(pixels: Pixels, rng: np.random.Generator, left: tuple[float, float] = (0.04, 0.12)) -> Pixels:
    """Too little light: a share of the linear light that is ``left``, and the noise of a sensor that was turned up."""
    linear = _linear(pixels) * rng.uniform(*left)
    linear += rng.normal(0, 1, pixels.shape).astype(np.float32) * np.sqrt(linear + 1e-4) * rng.uniform(0.005, 0.02)
    return _encoded(linear)


def overexposed(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Too much light: 3-7 times the linear light, clipped."""
    return _encoded(_linear(pixels) * rng.uniform(3.0, 7.0))


def glare(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """A reflection or a lamp: an ellipse with a burnt-out core (3-15 % of the picture), a soft edge and a veil."""
    height, width = pixels.shape[:2]
    area = rng.uniform(0.03, 0.15) * height * width
    aspect = np.exp(rng.uniform(-0.8, 0.8))
    a, b = np.sqrt(area * aspect / np.pi), np.sqrt(area / aspect / np.pi)
    cx, cy, turn = rng.uniform(0.2, 0.8) * width, rng.uniform(0.2, 0.8) * height, rng.uniform(0, np.pi)
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    u = (xs - cx) * np.cos(turn) + (ys - cy) * np.sin(turn)
    v = (ys - cy) * np.cos(turn) - (xs - cx) * np.sin(turn)
    radius = np.sqrt((u / a) ** 2 + (v / b) ** 2)
    light = 3.0 * np.exp(-((radius / rng.uniform(1.0, 1.25)) ** rng.uniform(1.5, 3.0)))
    tint = np.array([1.0, rng.uniform(0.92, 1.0), rng.uniform(0.85, 1.0)], np.float32)
    veil = rng.uniform(0.0, 0.08)
    return _encoded(_linear(pixels) + (light[..., None] * tint + veil).astype(np.float32))


def grain(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Noise of a sensor, 1-8 grey levels, of single pixels or, as after a phone's smoothing, a little coarser."""
    noise = rng.normal(0, np.exp(rng.uniform(0, np.log(8))), pixels.shape).astype(np.float32)
    if rng.random() < 0.5:
        noise = 1.7 * cv2.GaussianBlur(noise, (0, 0), float(rng.uniform(0.4, 0.7)))
    return np.asarray(np.clip(pixels + noise + 0.5, 0, 255), np.uint8)


def recompressed(pixels: Pixels, quality: int) -> Pixels:
    """Through a JPEG of that quality."""
    _, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def _random_motion(length: int) -> Degrade:
    return lambda pixels, rng: motion(pixels, length, float(rng.uniform(0, 180)))


def _gaussian(sigma: float) -> Degrade:
    return lambda pixels, rng: gaussian(pixels, sigma)


KINDS: tuple[tuple[str, str, Degrade], ...] = (
    ("gaussian_1", "blur", _gaussian(1.0)),
    ("gaussian_2", "blur", _gaussian(2.0)),
    ("gaussian_4", "blur", _gaussian(4.0)),
    ("motion_5", "blur", _random_motion(5)),
    ("motion_9", "blur", _random_motion(9)),
    ("motion_17", "blur", _random_motion(17)),
    ("dark", "dark", dark),
    ("overexposed", "overexposed", overexposed),
    ("glare", "glare", glare),
)
"""Name, the verdict that it should lead to, and the function."""


def _linear(pixels: Pixels) -> Floats:
    """sRGB to linear light, by the power 2.2."""
    return np.asarray((pixels.astype(np.float32) / 255.0) ** 2.2, np.float32)


def _encoded(linear: Floats) -> Pixels:
    return np.asarray(np.clip(linear, 0.0, 1.0) ** (1 / 2.2) * 255.0 + 0.5, np.uint8)
