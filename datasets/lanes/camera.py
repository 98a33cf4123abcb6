"""A phone over a flat road: which spot of the ground each pixel sees. World: x along the road, y left, z up, metres."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Camera:
    """Above (0, ``y_m``). Angles in radians: yaw left of the road's direction, pitch down, roll clockwise."""

    height_m: float
    y_m: float
    yaw: float
    pitch: float
    roll: float
    focal_px: float
    size_wh: tuple[int, int]

    def axes(self) -> npt.NDArray[np.float64]:
        """Rows: right, down, forward, as world vectors."""
        forward = np.array(
            [np.cos(self.yaw) * np.cos(self.pitch), np.sin(self.yaw) * np.cos(self.pitch), -np.sin(self.pitch)]
        )
        right = np.array([np.sin(self.yaw), -np.cos(self.yaw), 0.0])
        down = np.cross(forward, right)
        c, s = np.cos(self.roll), np.sin(self.roll)
        return np.stack([c * right + s * down, c * down - s * right, forward])

    def ground(self) -> tuple[Floats, Floats, Floats]:
        """x, y and distance of the ground in metres, each (h, w); distance is infinite at and above the horizon."""
        w, h = self.size_wh
        u = ((np.arange(w) + 0.5 - w / 2) / self.focal_px)[None]
        v = ((np.arange(h) + 0.5 - h / 2) / self.focal_px)[:, None]
        axes = self.axes()
        dx, dy, dz = (u * axes[0, i] + v * axes[1, i] + axes[2, i] for i in range(3))
        with np.errstate(divide="ignore", invalid="ignore"):
            t = np.where(dz < -1e-3, self.height_m / -dz, np.inf)
            x, y = t * dx, self.y_m + t * dy
        far = ~np.isfinite(t)
        x[far] = y[far] = 0.0
        return x.astype(np.float32), y.astype(np.float32), t.astype(np.float32)

    def project(self, point_m: tuple[float, float, float]) -> tuple[float, float, float] | None:
        """Pixel (u, v) and depth in metres of a world point; null behind the camera."""
        right, down, depth = self.axes() @ (np.array(point_m) - (0.0, self.y_m, self.height_m))
        if depth < 0.5:
            return None
        w, h = self.size_wh
        return w / 2 + self.focal_px * right / depth, h / 2 + self.focal_px * down / depth, float(depth)


def phone(random: np.random.Generator, size_wh: tuple[int, int]) -> Camera:
    """A picture as parties take them: from the height of a head, mostly along the road; some from high above."""
    along = random.random() < 0.7
    yaw = random.normal(0, 0.25) if along else random.uniform(-1.4, 1.4)
    high = random.random() < 0.1
    height = random.uniform(2.5, 7.0) if high else random.uniform(1.0, 1.9)
    pitch = random.uniform(0.02, 0.4) + (0.1 if high else 0.0)
    focal = random.uniform(0.55, 1.1) * max(size_wh)
    return Camera(height, random.uniform(-5, 5), yaw, pitch, random.normal(0, 0.025), focal, size_wh)
