"""Street trees: small leaves round a branching stem; a few shapes, placed often."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from datasets.scenes.blender import place
from datasets.scenes.plan import Road, Scene
from datasets.scenes.road_lines import cross_half_width, half_width
from datasets.scenes.road_mesh import Heap
from datasets.scenes.surroundings_hedge import plant_hedge
from datasets.scenes.surroundings_leaves import tinted, unit, with_leaves
from datasets.scenes.surroundings_room import is_free

Floats: TypeAlias = npt.NDArray[np.float64]
LEAVES = 24000
TREE_EVERY = 7.0


def plant(scene: Scene) -> None:
    """Two rows of trees behind the kerb, dense or with wide gaps, and a hedge on the median."""
    road, seed = scene.road, scene.seed
    rng = np.random.default_rng([31, seed])
    shapes = [tree_shape(seed + index) for index in range(3)]
    dense = float(np.random.default_rng([32, seed]).choice([1.0, 0.8, 0.45, 0.2], p=[0.4, 0.25, 0.2, 0.15]))
    for x, y in _places(road, rng):
        if rng.random() < dense and is_free(scene, x, y, 0.35):
            put_tree(shapes[int(rng.integers(3))], (x, y), rng)
    if road.median and road.kind != "car_park":
        plant_hedge(road, rng)


def _places(road: Road, rng: np.random.Generator) -> list[tuple[float, float]]:
    """Where trees stand: along the main road, with gaps, and along a crossing one."""
    made = []
    for index in range(-20, 21):
        for side in (-1, 1):
            x = index * TREE_EVERY + float(rng.uniform(-0.8, 0.8)) + 3.0
            at_corner = road.kind == "junction" and abs(x - road.crossing_x) < cross_half_width(road) + 9
            if rng.random() > 0.12 and not at_corner:
                made.append((x, side * (half_width(road) + 1.6 + float(rng.uniform(-0.1, 0.1)))))
    if road.kind == "junction":
        aside = cross_half_width(road) + 1.6
        made += [
            (road.crossing_x + sx * aside, sy * (half_width(road) + index * TREE_EVERY - 14))
            for index in range(4, 18) for sx in (-1, 1) for sy in (-1, 1)
        ]  # fmt: skip
    return made


def put_tree(shape: Any, xy: tuple[float, float], rng: np.random.Generator, name: str = "tree") -> Any:
    size = float(rng.uniform(0.85, 1.2))
    made = place(shape, name)
    made.location, made.rotation_euler = (*xy, 0.1), (0, 0, float(rng.uniform(0, 6.28)))
    made.scale = (size, size, size * float(rng.uniform(0.92, 1.12)))
    return made


def tree_shape(seed: int) -> Any:
    """Mesh data of one tree, about 7 m high, its foot at the origin."""
    rng = np.random.default_rng([33, seed])
    bark, leaf = tinted("bark", 0.9), tinted("leaf", 0.55)
    heap = Heap(bark)
    lean = rng.normal(0, 0.12, 2)
    heap.tube([(0, 0, -0.1), (0, 0, 0.25), (lean[0] / 2, lean[1] / 2, 1.4), (*lean, 2.7)], [0.19, 0.135, 0.115, 0.10],
              tint=(0.13, 0.105, 0.085))  # fmt: skip
    tips = []
    for index in range(9):
        angle = index * 2.4 + rng.uniform(0, 0.6)
        reach, high = rng.uniform(0.7, 1.9), rng.uniform(3.8, 6.4)
        tip = np.array([math.cos(angle) * reach, math.sin(angle) * reach, high])
        elbow = np.array([*lean, 2.5]) * 0.55 + tip * 0.45 + rng.normal(0, 0.1, 3)
        heap.tube([(*lean, 2.5), tuple(elbow), tuple(tip)], [0.06, 0.04, 0.012], sides=6, tint=(0.12, 0.10, 0.08))
        tips += [tip, elbow + np.array([0, 0, 0.5])]
    wood = heap.mesh("wood")
    centres = np.asarray(tips) + rng.normal(0, 0.12, (len(tips), 3))
    points, tints = _leaves(centres, rng.uniform(0.55, 1.05, len(tips)), LEAVES, rng)
    return with_leaves(wood, points, tints, (bark, leaf))


def _leaves(centres: Floats, radii: Floats, count: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Corners (n, 4, 3) and colours (n, 3): leaves in twigs on the shells of blobs, paler outside and above."""
    which = rng.integers(0, len(centres), count // 6).repeat(6)
    twig = unit(rng.normal(size=(len(which) // 6, 3))).repeat(6, axis=0)
    depth = rng.uniform(0.35, 1.0, len(which) // 6).repeat(6) ** 0.5
    middle = (
        centres[which] + twig * (radii[which] * depth)[:, None] * (1, 1, 0.8) + rng.normal(0, 0.055, (len(which), 3))
    )
    long = unit(rng.normal(size=(len(which), 3)) + 0.8 * twig + (0, 0, -0.5))
    wide = unit(np.cross(long, rng.normal(size=(len(which), 3)) * 0.5 + twig))
    size = rng.uniform(0.034, 0.066, len(which))[:, None]
    corners = np.stack([middle - long * size, middle + wide * size * 0.55, middle + long * size,
                        middle - wide * size * 0.55], axis=1)  # fmt: skip
    tone = (0.55 + 0.55 * depth + rng.normal(0, 0.16, len(which)))[:, None]
    hue = rng.uniform(0, 1, (len(which), 1)) ** 2
    colour = tone * (np.array([0.075, 0.135, 0.036]) * (1 - hue) + np.array([0.17, 0.20, 0.05]) * hue)
    return corners, np.clip(colour, 0.005, 0.4)
