"""Pictures of what lies beside the road: paving, kerbs, lawn. sRGB unless said otherwise; they repeat."""

from __future__ import annotations

import cv2
import numpy as np

from datasets.scenes.textures import Image, noise


def paving(seed: int) -> Image:
    """Paving stones of 40 x 20 cm in running bond, sRGB, 4 m wide."""
    rng = np.random.default_rng([7, seed])
    px = 1024
    wide, high = px // 10, px // 20
    base = np.array([(0.60, 0.585, 0.56), (0.56, 0.44, 0.39), (0.52, 0.525, 0.52)][seed % 3], np.float32)
    image = np.ones((px, px, 3), np.float32) * base
    for row in range(20):
        for column in range(11):
            x = int(column * px / 10 - (wide // 2 if row % 2 else 0))
            tone = 1 + rng.normal(0, 0.055)
            image[int(row * px / 20) : int((row + 1) * px / 20), max(0, x) : max(0, x + wide)] *= tone
            cv2.rectangle(image, (x, int(row * px / 20)), (x + wide, int(row * px / 20) + high), (0.30, 0.29, 0.27), 2)
    image *= (1 + 0.06 * noise((px, px), 2, 300, 0.8, rng))[..., None]
    return image


def tactile() -> Image:
    """Yellow paving with bars that blind people feel, sRGB; a slab of 30 cm."""
    image = np.ones((256, 256, 3), np.float32) * np.array([0.70, 0.56, 0.24], np.float32)
    for index in range(4):
        x = 20 + index * 60
        image[14:242, x : x + 34] *= 1.12
        image[14:242, x + 34 : x + 42] *= 0.66
    image[:4] *= 0.55
    image[:, :4] *= 0.55
    rng = np.random.default_rng(9)
    return np.asarray(image * (1 + 0.06 * noise((256, 256), 1, 90, 0.7, rng))[..., None], np.float32)


def kerb_stone() -> Image:
    """Granite with a joint every metre, sRGB, 4 m long and 1 m high."""
    rng = np.random.default_rng(11)
    image = (0.60 + 0.05 * noise((256, 1024), 20, 250, 0.2, rng) + 0.03 * noise((256, 1024), 1, 30, 1, rng))[..., None]
    image = image * np.array([1.0, 0.99, 0.96], np.float32)
    for x in range(0, 1024, 256):
        image[:, x : x + 3] *= 0.45
    return np.asarray(image, np.float32)


def blotches() -> Image:
    """Dirt of large scale, around 0.5, to break up what repeats."""
    rng = np.random.default_rng(13)
    return np.asarray(0.5 + 0.09 * noise((512, 512), 1, 90, 1.0, rng), np.float32)


def lawn() -> Image:
    """Grass or hedge from above, sRGB, 4 m wide."""
    rng = np.random.default_rng(17)
    tone = 1 + 0.28 * noise((1024, 1024), 60, 500, 0.2, rng) + 0.1 * noise((1024, 1024), 2, 40, 0.9, rng)
    return np.asarray(tone[..., None] * np.array([0.27, 0.34, 0.16], np.float32), np.float32)
