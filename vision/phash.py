"""Perceptual hash: near-equal pictures have near-equal bits (resized, recompressed, slightly brighter)."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from vision.types import Pixels

_SIDE = 32
_LOW = 8


def phash(pixels: Pixels) -> str:
    """64-bit DCT hash of a picture as 16 hex digits, most significant bit first.

    Grey 32x32 by area mean, two-dimensional DCT-II, the 8x8 lowest frequencies without row and column 0, one bit for
    each that is above their median (Zauner 2010, "Implementation and Benchmarking of Perceptual Image Hash
    Functions", 3.2.1). Not turned: a rotated or mirrored picture has another hash.

    Args:
        pixels: RGB uint8, shape (height, width, 3).
    """
    small = cv2.resize(_halved(pixels), (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float64)
    low = (_DCT @ grey @ _DCT.T).round(6).ravel()  # rounded: a flat picture is 0, not noise of the last bit
    return np.packbits(low > np.median(low)).tobytes().hex()


def hamming(a: str, b: str) -> int:
    """Number of bits (0..64) in which two hashes differ.

    Raises:
        ValueError: not two hashes of 16 hex digits.
    """
    if len(a) != 16 or len(b) != 16:
        raise ValueError("a perceptual hash has 16 hex digits")
    return (int(a, 16) ^ int(b, 16)).bit_count()


def _halved(pixels: Pixels) -> Pixels:
    """Halve by area until the smaller side is below 8 x 32: ten times faster than one step, and the same mean."""
    while min(pixels.shape[:2]) >= 8 * _SIDE:
        height, width = pixels.shape[0] // 2, pixels.shape[1] // 2
        even = pixels[: 2 * height, : 2 * width]
        pixels = np.asarray(cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    return pixels


def _dct_rows() -> npt.NDArray[np.float64]:
    """Rows 1..8 of the orthonormal DCT-II matrix of size 32: sqrt(2/N) cos(pi (2 x + 1) k / 2N)."""
    k = np.arange(1, _LOW + 1)[:, None]
    x = np.arange(_SIDE)[None, :]
    return np.asarray(np.sqrt(2.0 / _SIDE) * np.cos(np.pi * (2 * x + 1) * k / (2 * _SIDE)), np.float64)


_DCT = _dct_rows()
