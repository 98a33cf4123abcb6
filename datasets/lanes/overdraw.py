"""Lane lines painted onto a real street photo that has none: true asphalt, weather and light under drawn paint."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from datasets.lanes.camera import Floats, phone
from datasets.lanes.draw import FINE, SIDE, Drawn, boxed, light_told, put_light, told
from datasets.lanes.markings import LABELS, NONE, classes, layout
from datasets.lanes.surface import at, noise_tile
from vision.geometry import shrunk
from vision.types import Box, Pixels

YELLOW = [LABELS.index(kind) for kind in ("solid_yellow", "dashed_yellow", "double_yellow")]
FARTHEST_M = 60.0


def overdrawn(photo: Pixels, vehicles: Sequence[Box], random: np.random.Generator) -> Drawn:
    """``vehicles``: boxes in pixels of the photo; nothing is painted over them."""
    small = shrunk(photo, SIDE)
    h, w = small.shape[0] // 4 * 4, small.shape[1] // 4 * 4
    scale = FINE * w / photo.shape[1]
    fine = np.asarray(cv2.resize(photo, (FINE * w, FINE * h), interpolation=cv2.INTER_AREA), np.float32)
    camera = phone(random, (FINE * w, FINE * h))
    x, y, distance = camera.ground()
    kinds = classes(layout(random), x, y)
    kinds[~np.isfinite(distance) | (distance > FARTHEST_M)] = NONE
    kinds[: int(FINE * h * 0.4)] = NONE
    for x0, y0, x1, y1 in vehicles:
        kinds[int(y0 * scale) : int(y1 * scale), int(x0 * scale) : int(x1 * scale)] = NONE
    left = _opacity(kinds > 0, x, y, distance, random)
    light = cv2.GaussianBlur(fine.mean(2), (0, 0), 12)[..., None]
    paint = np.where(np.isin(kinds, YELLOW)[..., None], _yellow(random), np.float32(1.0))
    colour = np.clip(light * random.uniform(1.2, 1.7) + random.uniform(20, 70), 60, 255) * paint
    colours = np.asarray(fine * (1 - left[..., None]) + colour * left[..., None], np.float32)
    lamp: Floats = np.zeros(left.shape, np.float32)
    if random.random() < 0.3:
        put_light(colours, lamp, random, FINE)
    part = np.clip(cv2.resize(colours, (w, h), interpolation=cv2.INTER_AREA), 0, 255).astype(np.uint8)
    lines, lights = told(kinds, left), light_told(lamp)
    if random.random() < 0.5:
        part, lines, lights = (np.ascontiguousarray(a[:, ::-1]) for a in (part, lines, lights))
    return boxed(part, lines, lights)


def _opacity(on: np.ndarray, x: Floats, y: Floats, distance: Floats, random: np.random.Generator) -> Floats:
    """Of the paint, 0..1: wear, and a haze that grows with distance."""
    wear = random.beta(1.2, 3)
    left = np.clip(1.1 - wear - at(noise_tile(random), x, y, 1.9) * wear * 0.4, 0, 1)
    haze = np.exp(-np.minimum(distance, 300) * random.uniform(0, 0.03))
    return np.asarray(np.where(on, left * haze * random.uniform(0.7, 1.0), 0), np.float32)


def _yellow(random: np.random.Generator) -> Floats:
    return np.array((1.0, random.uniform(0.65, 0.85), random.uniform(0.1, 0.45)), np.float32)
