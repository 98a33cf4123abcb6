"""Pictures of surfaces, made by numpy: they repeat without seams. Colours are linear unless said otherwise."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from datasets.scenes.plan import Road

Grey: TypeAlias = npt.NDArray[np.float32]
Image: TypeAlias = npt.NDArray[np.float32]

VERSION = "3"
"""Part of the names of kept pictures: raise it when a picture changes."""
FINE_M, FINE_PX = 4.0, 2048
MACRO_M = (48.0, 24.0)
MACRO_PX = (4096, 2048)
ALBEDO = {"new": 0.065, "worn": 0.15, "patched": 0.135}


def kept(folder: Path, name: str, draw: Callable[[], Image]) -> Path:
    """The path of a picture in ``folder``, drawn if it is not there yet. Values 0..1, RGB, RGBA or grey."""
    path = folder / f"{name}-v{VERSION}.png"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        pixels = np.clip(draw() * 255 + 0.5, 0, 255).astype(np.uint8)
        order = {3: [2, 1, 0], 4: [2, 1, 0, 3]}.get(pixels.shape[2] if pixels.ndim == 3 else 1)
        part = path.with_suffix(".part.png")
        cv2.imwrite(str(part), pixels if order is None else pixels[..., order], [cv2.IMWRITE_PNG_COMPRESSION, 1])
        part.rename(path)
    return path


@functools.cache
def _frequencies(size_hw: tuple[int, int]) -> Grey:
    rows, columns = np.fft.fftfreq(size_hw[0]) * size_hw[0], np.fft.rfftfreq(size_hw[1]) * size_hw[1]
    return np.asarray(np.hypot(rows[:, None], columns[None]), np.float32)


def noise(size_hw: tuple[int, int], low: float, high: float, slope: float, rng: np.random.Generator) -> Grey:
    """Noise of mean 0 and deviation 1 that repeats: cycles per picture from ``low`` to ``high``, falling as
    f^-slope."""
    frequency = _frequencies(size_hw)
    with np.errstate(divide="ignore"):
        weight = np.where((frequency >= low) & (frequency <= high), frequency**-slope, 0)
    spectrum = np.fft.rfft2(rng.standard_normal(size_hw, np.float32)) * weight
    made = np.fft.irfft2(spectrum, size_hw)
    return np.asarray(made / made.std(), np.float32)


def asphalt_fine() -> Image:
    """Stones in bitumen, 4 m wide, mean 0.5 of every channel; multiplied with the road's large picture."""
    rng = np.random.default_rng(1)
    size = (FINE_PX, FINE_PX)
    stones = np.tanh(noise(size, 160, 420, 0.3, rng) * 1.4)
    pale = np.clip(noise(size, 260, 500, 0, rng) - 1.6, 0, 2)
    grey = 0.46 + 0.13 * stones + 0.16 * pale + 0.03 * noise(size, 4, 60, 0.8, rng)
    warm = noise(size, 200, 400, 0, rng)[..., None] * np.array([0.012, 0.002, -0.012], np.float32)
    return np.asarray(np.clip(grey[..., None] + warm, 0.03, 1), np.float32)


def paint_wear() -> Image:
    """How much paint is left (red), how clean it is (green), and where traffic wore it (blue, large), 4 m wide."""
    rng = np.random.default_rng(2)
    size = (FINE_PX, FINE_PX)
    chips = noise(size, 40, 500, 0.55, rng) + 0.8 * noise(size, 3, 30, 0.9, rng)
    cracks = np.abs(noise(size, 4, 90, 1.25, rng)) < 0.018
    left = np.clip((chips + 2.35) * 1.3, 0, 1) * np.where(cracks, 0.25, 1.0)
    clean = 0.82 + 0.08 * noise(size, 6, 200, 0.8, rng) - 0.10 * np.clip(noise(size, 2, 40, 1, rng), 0, 2)
    large = 0.5 + 0.2 * noise(size, 2, 24, 1.0, rng)
    return np.asarray(np.stack([left, clean, large], axis=-1), np.float32)


def road_large(road: Road) -> Image:
    """The whole road's width and 48 m of its length: twice the albedo. Tracks, stains, patches, sealed cracks."""
    width, height = MACRO_PX
    rng = np.random.default_rng([len(road.surface), road.lanes, round(road.lane_m * 100)])
    y = (np.arange(height) + 0.5) / height * MACRO_M[1] - MACRO_M[1] / 2
    tone = 1 + 0.085 * noise((height, width), 2, 60, 1.1, rng) + 0.03 * noise((height, width), 60, 900, 0.6, rng)
    if road.surface != "new":
        tone *= _tracks(road, y)[::-1, None] * (1 + 0.04 * noise((height, width), 1, 9, 0.5, rng))
    image = np.asarray(tone * ALBEDO[road.surface], np.float32)
    many = {"new": (0, 0, 0), "worn": (2, 14, 26), "patched": (13, 24, 30)}[road.surface]
    for _ in range(many[0]):
        _patch(image, rng)
    for _ in range(many[1]):
        _crack(image, 0.042, int(rng.integers(3, 6)), rng)
    for _ in range(many[1] * 2):
        _crack(image, 0.06, 1, rng)
    for _ in range(many[2]):
        _stain(image, rng)
    warm = np.array([1.02, 1.0, 0.965], np.float32)
    return np.asarray(np.clip(image, 0.015, 0.4)[..., None] * warm * 2, np.float32)


def _tracks(road: Road, y: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Wheels polish two tracks in each lane, oil drips between them, dust gathers at the kerb."""
    from_centre = (np.abs(y) % road.lane_m) - road.lane_m / 2
    wheels = np.exp(-(((np.abs(from_centre) - 0.78) / 0.30) ** 2))
    oil = np.exp(-((from_centre / 0.35) ** 2))
    kerb = np.clip((np.abs(y) - road.lanes * road.lane_m + 0.3) / 0.5, 0, 1)
    return np.asarray((1 + 0.07 * wheels - 0.13 * oil) * (1 + 0.18 * kerb))


def _wrapped(image: Grey, draw: Callable[[int], object]) -> None:
    for shift in (-image.shape[1], 0, image.shape[1]):
        draw(shift)


def _patch(image: Grey, rng: np.random.Generator) -> None:
    """Asphalt that was cut out and filled anew, with a sealed edge."""
    px = image.shape[1] / MACRO_M[0]
    x, y = int(rng.uniform(0, image.shape[1])), int(rng.uniform(0, image.shape[0]))
    w, h = int(rng.uniform(0.8, 7) * px), int(rng.uniform(0.7, 2.2) * px)
    shade = float(rng.uniform(0.5, 0.82))
    for shift in (-image.shape[1], 0, image.shape[1]):
        part = image[y : y + h, max(0, x + shift) : max(0, x + w + shift)]
        part *= shade
    _wrapped(image, lambda s: cv2.rectangle(image, (x + s, y), (x + w + s, y + h), 0.032, 3, cv2.LINE_AA))


def _crack(image: Grey, tone: float, thick: int, rng: np.random.Generator) -> None:
    """A random walk; wide and dark it was sealed with bitumen."""
    at = rng.uniform((0, 0), image.shape[::-1])
    heading = float(rng.choice([0, np.pi / 2]) + rng.normal(0, 0.25))
    points = [at]
    for _ in range(int(rng.integers(10, 60))):
        points.append(points[-1] + 14 * np.array([np.cos(heading), np.sin(heading)]) + rng.normal(0, 3, 2))
        heading += float(rng.normal(0, 0.13))
    path = np.round(points).astype(np.int32)
    _wrapped(image, lambda s: cv2.polylines(image, [path + np.array([s, 0])], False, tone, thick, cv2.LINE_AA))


def _stain(image: Grey, rng: np.random.Generator) -> None:
    """Drops of oil."""
    x, y = rng.uniform((0, 0), image.shape[::-1])
    for _ in range(int(rng.integers(3, 14))):
        spot = (int(x + rng.normal(0, 14)), int(y + rng.normal(0, 9)))
        cv2.circle(image, spot, int(rng.integers(1, 7)), float(rng.uniform(0.035, 0.07)), -1, cv2.LINE_AA)


def puddles() -> Image:
    """How wet the ground is, 0..1, over the large picture's area: 1 is standing water."""
    rng = np.random.default_rng(5)
    return np.asarray(np.clip(0.5 + 0.24 * noise((1024, 2048), 8, 300, 1.2, rng), 0, 1), np.float32)
