"""Passers-by on the pavement: simple figures, never near."""

from __future__ import annotations

import math

import numpy as np

from datasets.scenes.blender import material
from datasets.scenes.plan import Scene
from datasets.scenes.road_lines import half_width
from datasets.scenes.road_mesh import Heap

CLOTHES = ((0.02, 0.022, 0.03), (0.30, 0.30, 0.31), (0.25, 0.03, 0.03), (0.04, 0.08, 0.20), (0.5, 0.48, 0.42),
           (0.05, 0.10, 0.06), (0.35, 0.25, 0.08))  # fmt: skip
TROUSERS = ((0.018, 0.018, 0.02), (0.04, 0.055, 0.10), (0.16, 0.14, 0.11))


def build_people(scene: Scene) -> None:
    """A few people between 18 and 70 m from the contact; one object."""
    rng = np.random.default_rng([61, scene.seed])
    skin, hair = material("skin", (0.42, 0.26, 0.18), 0.6), material("hair", (0.01, 0.009, 0.008), 0.5)
    cloth = [material("cloth", colour, 0.9) for colour in (*CLOTHES, *TROUSERS)]
    heap = Heap(skin, hair, *cloth)
    for _ in range(int(rng.integers(4, 11))):
        x = scene.contact[0] + float(rng.choice([-1, 1])) * float(rng.uniform(18, 70))
        y = float(rng.choice([-1, 1])) * (half_width(scene.road) + float(rng.uniform(3.5, 7.5)))
        top, trousers = 2 + int(rng.integers(len(CLOTHES))), 2 + len(CLOTHES) + int(rng.integers(len(TROUSERS)))
        _figure(heap, (x, y), float(rng.uniform(0, 2 * math.pi)), float(rng.uniform(0.9, 1.04)), (top, trousers))
    heap.build("people")


def _figure(heap: Heap, xy: tuple[float, float], way: float, size: float, clothes: tuple[int, int]) -> None:
    """Somebody of 1.72 m times ``size`` in mid-stride."""
    ahead, left = np.array([math.cos(way), math.sin(way), 0]), np.array([-math.sin(way), math.cos(way), 0])
    up, foot = np.array([0, 0, 1.0]), np.array([*xy, 0.15])

    def at(forward: float, aside: float, high: float) -> tuple[float, float, float]:
        point = foot + (ahead * forward + left * aside + up * high) * size
        return float(point[0]), float(point[1]), float(point[2])

    top, trousers = clothes
    for side in (-1, 1):
        step = 0.2 * side
        heap.tube([at(step, side * 0.09, 0.02), at(step * 0.4 + 0.03, side * 0.09, 0.46), at(0, side * 0.08, 0.9)],
                  [0.05, 0.065, 0.09], trousers, 8)  # fmt: skip
        heap.tube([at(step + 0.1, side * 0.09, 0.03), at(step - 0.1, side * 0.09, 0.05)], [0.04, 0.05], 1, 6)
        heap.tube([at(0, side * 0.2, 1.4), at(-step * 0.4, side * 0.25, 1.12), at(-step + 0.1, side * 0.22, 0.88)],
                  [0.06, 0.05, 0.04], top, 6)  # fmt: skip
        heap.tube([at(-step + 0.1, side * 0.22, 0.88), at(-step + 0.12, side * 0.22, 0.8)], [0.04, 0.02], 0, 6)
    heap.tube([at(0, 0, 0.84), at(0, 0, 1.1), at(0, 0, 1.38), at(0, 0, 1.46)], [0.15, 0.16, 0.2, 0.07], top, 10)
    heap.tube(
        [at(0.01, 0, 1.44), at(0.01, 0, 1.52), at(0.02, 0, 1.62), at(0.01, 0, 1.7)], [0.05, 0.075, 0.095, 0.05], 0, 10
    )
    heap.tube([at(-0.02, 0, 1.58), at(-0.02, 0, 1.68), at(-0.01, 0, 1.74)], [0.1, 0.105, 0.04], 1, 10)
