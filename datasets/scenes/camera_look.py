"""What a phone's camera adds to a clean rendering: shake, vignetting, colour fringes, noise."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]


def shake(pixels: Pixels, length_px: int, angle_deg: float, defocus_px: float) -> Pixels:
    """A hand that moved: blur along a line of ``length_px`` at ``angle_deg``, on top of a Gaussian defocus."""
    if length_px < 1:
        raise ValueError("the shake needs a length of at least one pixel")
    kernel = np.zeros((length_px, length_px), np.float32)
    kernel[length_px // 2] = 1
    turn = cv2.getRotationMatrix2D(((length_px - 1) / 2, (length_px - 1) / 2), angle_deg, 1)
    kernel = np.asarray(cv2.warpAffine(kernel, turn, (length_px, length_px)), np.float32)
    moved = cv2.filter2D(pixels.astype(np.float32), -1, kernel / kernel.sum(), borderType=cv2.BORDER_REFLECT)
    if defocus_px > 0:
        moved = cv2.GaussianBlur(moved, (0, 0), defocus_px)
    return np.asarray(np.clip(moved + 0.5, 0, 255), np.uint8)


def vignette(height: int, width: int) -> npt.NDArray[np.float32]:
    """Light that reaches the corners: shape (height, width), 1 in the middle."""
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    return np.asarray(1 - 0.13 * ((x * x + y * y) / 2) ** 1.4, np.float32)


def shift_colours(image: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Lateral chromatic aberration: red a trifle larger, blue a trifle smaller."""
    height, width = image.shape[:2]
    out = image.copy()
    for channel, scale in ((0, 1.0006), (2, 0.9994)):
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), 0, scale)
        out[..., channel] = cv2.warpAffine(image[..., channel], turn, (width, height), borderMode=cv2.BORDER_REFLECT)
    return out


def blotches(rng: np.random.Generator, size_hw: tuple[int, int]) -> npt.NDArray[np.float32]:
    """Colour noise at twice the pixel's size, as demosaicing leaves it; shape (height, width, 3)."""
    height, width = size_hw
    coarse = rng.normal(0, 1, ((height + 1) // 2, (width + 1) // 2, 3)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR), np.float32) * 0.9
