"""Walls, railings and gates along a road, where no house stands."""

from __future__ import annotations

import numpy as np

from datasets.scenes.road_mesh import Heap
from datasets.scenes.spec import Colour

TONES: tuple[Colour, ...] = ((0.46, 0.44, 0.40), (0.30, 0.13, 0.09), (0.55, 0.50, 0.40), (0.34, 0.34, 0.34))
"""Plaster, brick, ochre, concrete; linear RGB."""
BAY_M = 3.0


def fence(heap: Heap, span: tuple[float, float], y: float, masonry: int, coping: int, rng: np.random.Generator) -> None:
    """A wall, or a railing on a low wall, with pillars; now and then a gate. ``masonry`` and ``coping`` count the
    heap's materials."""
    (x0, x1), railing = span, rng.random() < 0.5
    high = float(rng.uniform(2.0, 2.7))
    solid = 0.6 if railing else high
    gate = x0 + float(rng.uniform(0.3, 0.6)) * (x1 - x0) if rng.random() < 0.35 and x1 - x0 > 14 else None
    for left in np.arange(x0, x1 - 0.5, BAY_M):
        right, middle = min(left + BAY_M, x1), min(left + BAY_M / 2, x1)
        if gate is not None and abs(middle - gate) < BAY_M:
            continue
        heap.box((middle, y, 0.1 + solid / 2), (right - left, 0.24, solid), masonry)
        heap.box((middle, y, 0.13 + solid), (right - left, 0.34, 0.08), coping)
        heap.box((float(left), y, 0.1 + (high + 0.2) / 2), (0.4, 0.4, high + 0.2), masonry)
        if railing:
            heap.box((middle, y, high - 0.1), (right - left, 0.04, 0.05), coping, tint=(0.2, 0.2, 0.2))
            for x in np.arange(left + 0.15, right, 0.16):
                heap.box((float(x), y, (high + solid) / 2), (0.025, 0.025, high - solid), coping)
