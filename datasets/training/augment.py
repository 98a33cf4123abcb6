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


def cut(box: Box, random: np.random.Generator) -> Box:
    """Sometimes without a strip at one side, as where the picture's border cuts a vehicle."""
    if random.random() > 0.2:
        return box
    x0, y0, x1, y1 = box
    dx, dy = (x1 - x0) * random.uniform(0.05, 0.3), (y1 - y0) * random.uniform(0.03, 0.25)
    sides = ((x0 + dx, y0, x1, y1), (x0, y0 + dy, x1, y1), (x0, y0, x1 - dx, y1), (x0, y0, x1, y1 - dy))
    return sides[int(random.integers(4))]


def squeezed(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """Sometimes of other proportions, in a square of the same side."""
    if random.random() > 0.25:
        return pixels
    k = float(np.exp(random.normal(0, 0.15)))
    out = cv2.resize(pixels, None, fx=k, fy=1 / k, interpolation=cv2.INTER_AREA).astype(np.uint8)
    return letterbox(out, pixels.shape[0])[0]


def coloured(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """Sometimes of another hue and another depth of colour."""
    if random.random() > 0.25:
        return pixels
    hsv = cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV).astype(np.int16)
    hsv[..., 0] = (hsv[..., 0] + random.integers(-90, 90)) % 180
    hsv[..., 1] = np.clip(hsv[..., 1] * random.uniform(0, 1.4), 0, 255)
    return cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2RGB).astype(np.uint8)


def night(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """Sometimes as dark and noisy as a phone sees a road at night."""
    if random.random() > 0.08:
        return pixels
    table = 255 * random.uniform(0.35, 0.8) * (np.arange(256) / 255) ** random.uniform(1.4, 2.6)
    dark = cv2.LUT(pixels, np.clip(table, 0, 255).astype(np.uint8))
    return np.clip(dark + random.normal(0, random.uniform(3, 9), pixels.shape), 0, 255).astype(np.uint8)


def view_of(pixels: Pixels, box: Box, side: int) -> Pixels:
    """What a classifier of ``side`` pixels sees of a box: the crop in a grey square."""
    return letterbox(crop(pixels, box)[0], side)[0]
