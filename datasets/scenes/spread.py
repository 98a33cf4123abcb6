"""Points spread over triangles. No Blender here."""

from __future__ import annotations

import numpy as np

from datasets.scenes.pinhole import Floats


def spread_over(triangles: Floats, count: int) -> Floats:
    """``count`` points spread evenly over triangles (n, 3, 3), always the same; shape (count, 3)."""
    sides = triangles[:, 1:] - triangles[:, :1]
    areas = np.linalg.norm(np.cross(sides[:, 0], sides[:, 1]), axis=1)
    rng = np.random.default_rng(0)
    chosen = rng.choice(len(areas), count, p=areas / areas.sum())
    u, v = np.sort(rng.uniform(size=(2, count)), axis=0)
    spread = triangles[chosen, 0] + sides[chosen, 0] * u[:, None] + sides[chosen, 1] * (v - u)[:, None]
    return np.asarray(spread, np.float64)
