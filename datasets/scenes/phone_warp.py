"""How points and boxes of a picture move when the picture is bent, turned, cropped or resized."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from vision.types import Box, Pixels

Floats: TypeAlias = npt.NDArray[np.float64]
Matrix: TypeAlias = tuple[tuple[float, float, float], tuple[float, float, float]]
STILL: Matrix = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))


@dataclass(frozen=True, slots=True)
class Warp:
    """First radial distortion about the middle of ``from_wh``: x (1 + k1 r²), r = 1 at the corners; then ``matrix``,
    an affine map. ``to_wh`` is the size of the result."""

    from_wh: tuple[int, int]
    to_wh: tuple[int, int]
    matrix: Matrix = STILL
    k1: float = 0.0

    def points(self, points: Floats) -> Floats:
        """Where points (n, 2) of the picture before are on the picture after; they may lie outside of it."""
        middle, corner = np.array(self.from_wh) / 2, float(np.hypot(*self.from_wh)) / 2
        out = (np.asarray(points, np.float64) - middle) / corner
        bent = out * (1 + self.k1 * (out**2).sum(axis=1, keepdims=True)) * corner + middle
        linear = np.array(self.matrix)
        return np.asarray(bent @ linear[:, :2].T + linear[:, 2], np.float64)

    def box(self, box_xyxy: Box) -> Box | None:
        """The box round a moved box, clipped to the picture; null where it left it."""
        x0, y0, x1, y1 = box_xyxy
        middle = ((x0 + x1) / 2, (y0 + y1) / 2)
        ring = [(x, y) for x in (x0, middle[0], x1) for y in (y0, middle[1], y1)]
        moved = self.points(np.array(ring))
        low = np.maximum(moved.min(axis=0), 0.0)
        high = np.minimum(moved.max(axis=0), np.array(self.to_wh, np.float64))
        return None if (high - low < 1).any() else (float(low[0]), float(low[1]), float(high[0]), float(high[1]))

    def picture(self, pixels: Pixels) -> Pixels:
        """The warped picture; beyond the old picture's edge its border is mirrored."""
        width, height = self.to_wh
        x, y = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
        linear = np.array(self.matrix)
        back = np.linalg.inv(linear[:, :2])
        bent = (np.stack([x, y], axis=-1).reshape(-1, 2) - linear[:, 2]) @ back.T
        middle, corner = np.array(self.from_wh) / 2, float(np.hypot(*self.from_wh)) / 2
        goal = (bent - middle) / corner
        straight = goal.copy()
        for _ in range(4 if self.k1 else 0):  # k1 is small, so this converges fast
            straight = goal / (1 + self.k1 * (straight**2).sum(axis=1, keepdims=True))
        source = (straight * corner + middle - 0.5).astype(np.float32).reshape(height, width, 2)
        shrinks = abs(float(np.linalg.det(linear[:, :2]))) < 0.5
        soft = (
            cv2.GaussianBlur(pixels, (0, 0), 0.4 / abs(float(np.linalg.det(linear[:, :2]))) ** 0.5)
            if shrinks
            else pixels
        )
        moved = cv2.remap(soft, source[..., 0], source[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        return np.asarray(moved, np.uint8)


def unmoved(pixels: Pixels) -> Warp:
    size = (pixels.shape[1], pixels.shape[0])
    return Warp(size, size)
