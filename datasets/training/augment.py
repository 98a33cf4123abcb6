"""Changes of a training picture that a phone at the roadside makes too. Pixels are uint8 RGB (h, w, 3)."""

from __future__ import annotations

import cv2
import numpy as np

from vision.geometry import clip, crop, letterbox
from vision.types import Box, Pixels


def shifted(box: Box, size_wh: tuple[int, int], random: np.random.Generator, share: float) -> Box:
    """The box with each edge moved by up to ``share`` of its size."""
    w, h = box[2] - box[0], box[3] - box[1]
    d = random.uniform(-share, share, 4)
    return clip((box[0] + d[0] * w, box[1] + d[1] * h, box[2] + d[2] * w, box[3] + d[3] * h), size_wh)


def turned(pixels: Pixels, degrees: float) -> Pixels:
    """Turned about the centre, edges repeated."""
    h, w = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((w / 2, h / 2), degrees, 1.0)
    return cv2.warpAffine(pixels, matrix, (w, h), borderMode=cv2.BORDER_REPLICATE).astype(np.uint8)


def lit(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """Brightness, contrast, gamma and white balance changed."""
    gamma = np.exp(random.normal(0, 0.25))
    gain = np.exp(random.normal(0, 0.12)) * np.exp(random.normal(0, 0.05, 3))
    x = np.arange(256)[:, None] / 255
    table = np.clip(255 * gain * x**gamma + random.normal(0, 8), 0, 255).astype(np.uint8)
    return cv2.LUT(pixels, np.ascontiguousarray(table.reshape(1, 256, 3))).astype(np.uint8)


def worn(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """Sometimes small, blurred, noisy or heavily compressed."""
    h, w = pixels.shape[:2]
    if random.random() < 0.25:
        k = random.uniform(0.3, 0.8)
        small = cv2.resize(pixels, (max(int(w * k), 8), max(int(h * k), 8)), interpolation=cv2.INTER_AREA)
        pixels = cv2.resize(small, (w, h)).astype(np.uint8)
    if random.random() < 0.15:
        pixels = cv2.GaussianBlur(pixels, (0, 0), random.uniform(0.5, 1.5)).astype(np.uint8)
    if random.random() < 0.2:
        noise = random.normal(0, random.uniform(2, 10), pixels.shape)
        pixels = np.clip(pixels + noise, 0, 255).astype(np.uint8)
    if random.random() < 0.2:
        _, code = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, int(random.uniform(20, 70))])
        read = cv2.imdecode(code, cv2.IMREAD_COLOR)
        assert read is not None
        pixels = read.astype(np.uint8)
    return pixels


def occluded(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """Sometimes a rectangle of one colour over a part."""
    if random.random() > 0.2:
        return pixels
    h, w = pixels.shape[:2]
    rw, rh = int(w * random.uniform(0.1, 0.35)), int(h * random.uniform(0.1, 0.35))
    x, y = random.integers(0, w - rw), random.integers(0, h - rh)
    out = pixels.copy()
    out[y : y + rh, x : x + rw] = random.integers(0, 256, 3)
    return out


def view_of(pixels: Pixels, box: Box, side: int) -> Pixels:
    """What a classifier of ``side`` pixels sees of a box: the crop in a grey square."""
    return letterbox(crop(pixels, box)[0], side)[0]
