"""What happens to a plate on the road (dirt, scratches, shadow, glare) and on its way through a camera.

`dirty_train` and `dirty_test` share no effect: the drawn test plates have wear that training never had.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from vision.types import Pixels

Floats = npt.NDArray[np.float32]


def _smooth_noise(shape: tuple[int, int], cells: int, rng: np.random.Generator) -> Floats:
    """Noise 0..1 that varies over 1/``cells`` of the picture."""
    coarse = rng.random((cells, cells * 3)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), np.float32)


def _shadow(image: Floats, rng: np.random.Generator) -> Floats:
    height, width = image.shape[:2]
    a, b, c = rng.normal(), rng.normal(), rng.uniform(-0.4, 0.4)
    x, y = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    side = 1 / (1 + np.exp(-(a * x + b * y + c) * rng.uniform(3, 40)))
    return np.asarray(image * (1 - rng.uniform(0.2, 0.65) * side[..., None]), np.float32)


def _dapples(image: Floats, rng: np.random.Generator) -> Floats:
    """Shadow of leaves, wires or a fence somewhere: dark patches of any shape with edges soft or hard."""
    height, width = image.shape[:2]
    fine = (int(rng.integers(1, 7)), int(rng.integers(2, 25)))
    coarse = rng.random(fine).astype(np.float32)
    turn = np.array([[1, rng.normal(0, 0.5), 0], [rng.normal(0, 0.1), 1, 0]], np.float32)
    field = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    field = cv2.warpAffine(field, turn, (width, height), borderMode=cv2.BORDER_REFLECT)
    dark = 1 / (1 + np.exp(-(field - rng.uniform(0.35, 0.65)) * rng.uniform(6, 80)))
    return np.asarray(image * (1 - rng.uniform(0.2, 0.65) * dark[..., None]), np.float32)


def _bars(image: Floats, rng: np.random.Generator) -> Floats:
    """Shadow of a fence, rails or branches over all of the plate or a part: bars no two alike, upright or aslant."""
    height, width = image.shape[:2]
    edges = np.cumsum(np.exp(rng.uniform(np.log(4), np.log(60), 160)))
    shades = np.where(np.arange(len(edges) + 1) % 2, rng.uniform(0.15, 0.6) + rng.normal(0, 0.05, len(edges) + 1), 0.0)
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    across = x + y * rng.normal(0, 0.3) + height + rng.uniform(0, 60)
    dark = np.clip(shades, 0, 0.7)[np.searchsorted(edges, across)].astype(np.float32)
    if rng.random() < 0.5:
        dark = cv2.GaussianBlur(dark, (0, 0), rng.uniform(0.5, 5.0))
    if rng.random() < 0.3:
        dark = dark * ((x - rng.uniform(0, width)) * rng.choice([-1, 1]) > y * rng.normal(0, 0.5))
    return np.asarray(image * (1 - dark[..., None]), np.float32)


def _glare(image: Floats, rng: np.random.Generator) -> Floats:
    height, width = image.shape[:2]
    x, y = np.meshgrid(np.arange(width) / width, np.arange(height) / width)
    far = (x - rng.random()) ** 2 + (y - rng.random() * height / width) ** 2
    return np.asarray(image + (rng.uniform(60, 200) * np.exp(-far / rng.uniform(0.003, 0.05)))[..., None], np.float32)


def _scratches(image: Floats, rng: np.random.Generator) -> Floats:
    height, width = image.shape[:2]
    out = image.copy()
    for _ in range(rng.integers(1, 5)):
        p, q = rng.uniform(0, 1, 2), rng.uniform(0, 1, 2)
        tone = [float(v) for v in np.full(3, rng.uniform(40, 220)) + rng.normal(0, 15, 3)]
        ends = [(int(e[0] * width), int(e[1] * height)) for e in (p, q)]
        cv2.line(out, ends[0], ends[1], tone, 1, cv2.LINE_AA)
    return out


def dirty_train(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """A used plate for training, same shape: fading, smooth dirt, scratches, shadow edges, dapples and bars, glare."""
    image = pixels.astype(np.float32)
    if rng.random() < 0.5:
        grey = image.mean(2, keepdims=True)
        image = image + (grey - image) * np.float32(rng.uniform(0, 0.6))
        image = image * np.float32(rng.uniform(0.6, 1.0)) + np.float32(rng.uniform(0, 70))
    if rng.random() < 0.4:
        dirt = np.clip(_smooth_noise(image.shape[:2], int(rng.integers(2, 9)), rng) - rng.uniform(0.3, 0.8), 0, 1)
        brown = np.array([rng.uniform(60, 160)] * 3, np.float32) * np.array([1.05, 1, 0.9], np.float32)
        image = image + (brown - image) * (dirt * rng.uniform(0.4, 1.5)).clip(0, 0.8)[..., None].astype(np.float32)
    if rng.random() < 0.25:
        image = _scratches(image, rng)
    if rng.random() < 0.3:
        image = _shadow(image, rng)
    if rng.random() < 0.3:
        image = _dapples(image, rng)
    if rng.random() < 0.25:
        image = _bars(image, rng)
    if rng.random() < 0.15:
        image = _glare(image, rng)
    return np.clip(image, 0, 255).astype(np.uint8)


def dirty_test(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """A used plate for tests, same shape: mud splashes, rain streaks, rust from the bolts, slats of shadow."""
    image = pixels.astype(np.float32)
    height, width = image.shape[:2]
    if rng.random() < 0.5:
        for _ in range(rng.integers(10, 60)):
            centre = (int(rng.integers(width)), int(height * (1 - rng.random() ** 2)))
            mud = [float(v) for v in np.array([95, 80, 60]) + rng.normal(0, 12, 3)]
            axes = (int(rng.integers(1, 5)), int(rng.integers(1, 5)))
            cv2.ellipse(image, centre, axes, float(rng.uniform(0, 180)), 0, 360, mud, -1, cv2.LINE_AA)
    if rng.random() < 0.3:
        for _ in range(rng.integers(5, 20)):
            x, y = int(rng.integers(width)), int(rng.integers(height))
            layer = image.copy()
            cv2.line(layer, (x, y), (x + int(rng.integers(-3, 4)), y + int(rng.integers(8, 40))), [200.0] * 3, 2)
            image = image * np.float32(0.7) + layer * np.float32(0.3)
    if rng.random() < 0.3:
        for at in (0.25, 0.75):
            layer = image.copy()
            foot = (int(width * at) + int(rng.integers(-4, 5)), int(height * rng.uniform(0.3, 0.6)))
            cv2.line(layer, (int(width * at), int(height * 0.08)), foot, [120.0, 70.0, 35.0], int(rng.integers(2, 7)))
            image = image * np.float32(0.5) + layer * np.float32(0.5)
    if rng.random() < 0.3:
        slats = (np.arange(width) / rng.uniform(15, 60) + rng.random()) % 1 < 0.5
        image = image * np.where(slats, rng.uniform(0.45, 0.8), 1.0)[None, :, None].astype(np.float32)
    return np.clip(image, 0, 255).astype(np.uint8)


def _motion(image: Pixels, rng: np.random.Generator, length: int) -> Pixels:
    kernel = np.zeros((length, length), np.float32)
    angle = rng.uniform(0, np.pi)
    for t in np.linspace(-0.5, 0.5, length * 3):
        x, y = t * (length - 1) * np.array([np.cos(angle), np.sin(angle)]) + (length - 1) / 2
        kernel[round(y), round(x)] = 1
    return np.asarray(cv2.filter2D(image, -1, kernel / kernel.sum()), np.uint8)


def camera(pixels: Pixels, rng: np.random.Generator, strength: float = 1.0) -> Pixels:
    """A picture as a phone or a road camera gives it, same shape: exposure, colour cast, blur, noise, JPEG."""
    return shot(pixels, rng, strength)[0]


def shot(pixels: Pixels, rng: np.random.Generator, strength: float = 1.0) -> tuple[Pixels, float]:
    """`camera`, and how wide the blur made a point: full width at half maximum, px; 0 where nothing was blurred."""
    wide = 0.0
    image = pixels.astype(np.float32)
    if rng.random() < 0.7:
        gamma, gain = np.exp(rng.normal(0, 0.3 * strength)), np.exp(rng.normal(0, 0.2 * strength))
        image = np.asarray(255 * (image / 255) ** gamma * gain, np.float32)
        image = image * (1 + rng.normal(0, 0.05 * strength, 3)).astype(np.float32)
    if rng.random() < 0.12 * strength:
        image = image * np.float32(rng.uniform(0.15, 0.5))
    out: Pixels = np.clip(image, 0, 255).astype(np.uint8)
    if rng.random() < 0.45:
        sigma = rng.uniform(0.3, 0.3 + 1.0 * strength)
        wide = 2.355 * sigma
        out = np.asarray(cv2.GaussianBlur(out, (0, 0), sigma), np.uint8)
    if rng.random() < 0.15 * strength:
        length = int(rng.integers(3, 3 + round(3 * strength)))
        wide = float(np.hypot(wide, length))
        out = _motion(out, rng, length)
    if rng.random() < 0.5:
        noise = rng.normal(0, rng.uniform(1, 10 * strength), out.shape)
        out = np.clip(out + noise, 0, 255).astype(np.uint8)
    if rng.random() < 0.7:
        quality = int(rng.integers(25, 95))
        coded = cv2.imencode(".jpg", out[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        out = np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)[..., ::-1]
    return np.ascontiguousarray(out), wide
