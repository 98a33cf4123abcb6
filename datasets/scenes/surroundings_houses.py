"""Rows of houses along the roads: with and without shops, behind walls, with gaps, otherwise in every scene."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from datasets.scenes.blender import material
from datasets.scenes.plan import Road
from datasets.scenes.road_lines import FAR, cross_half_width, half_width
from datasets.scenes.road_mesh import Heap
from datasets.scenes.surroundings_facades import LOOKS as FACADE_LOOKS
from datasets.scenes.surroundings_facades import TILE_WH
from datasets.scenes.surroundings_fences import TONES, fence
from datasets.scenes.surroundings_shops import LOOKS as SHOP_LOOKS
from datasets.scenes.surroundings_shops import SHOP_HIGH, SHOP_WIDE
from datasets.scenes.surroundings_walls import front_material

SET_BACK = 8.5
"""From the kerb to the houses."""
FRONTS = 4
"""Drawings of each sort that a scene uses."""
ROOF, EAVES, MASONRY = 2 * FRONTS, 2 * FRONTS + 1, 2 * FRONTS + 2
BEHIND_M = 11.0
"""From a wall or a fence to the houses behind it."""


@dataclass(frozen=True, slots=True)
class Quarter:
    """What kind of street it is: chances of plots with shops, and of plots behind a wall or a fence."""

    shops: float
    walled: float
    storeys: tuple[int, ...]
    back: float
    """Further from the kerb than `SET_BACK`, metres."""


QUARTERS = (
    Quarter(0.85, 0.08, (2, 3, 5, 6, 6, 7), 0.0),
    Quarter(0.45, 0.30, (5, 6, 7, 11, 18), 1.5),
    Quarter(0.20, 0.55, (6, 11, 18, 24), 3.0),
    Quarter(0.15, 0.25, (8, 12, 16, 20, 9), 4.5),
    Quarter(0.55, 0.35, (1, 2, 2, 3), 0.5),
)


def build_houses(road: Road, textures: Path, seed: int, lit: float) -> None:
    """Houses on both sides, also along a crossing road. ``lit`` is how brightly their windows shine."""
    rng = np.random.default_rng([21, seed])
    looks = rng.choice(FACADE_LOOKS, FRONTS, False), rng.choice(SHOP_LOOKS, FRONTS, False)
    surfaces = [front_material(textures, f"facade{n}", int(n), lit) for n in looks[0]]
    surfaces += [front_material(textures, f"shops{n}", int(n), lit) for n in looks[1]]
    surfaces += [material("roof", (0.25, 0.245, 0.24), 0.9), material("eaves", (0.42, 0.41, 0.39), 0.8)]
    surfaces += [material("masonry", TONES[int(rng.integers(len(TONES)))], 0.85)]
    heap = Heap(*surfaces)
    sides = {side: QUARTERS[int(rng.integers(len(QUARTERS)))] for side in (-1, 1)}
    for x0, x1 in _plots(road):
        for side in (-1, 1):
            _row(heap, road, (x0, x1), side, sides[side], rng)
    if road.kind == "junction":
        for sx in (-1, 1):
            for sy in (-1, 1):
                _side_row(heap, road, sx, sy, sides[sy], rng)
    heap.build("houses")


def _plots(road: Road) -> list[tuple[float, float]]:
    if road.kind != "junction":
        return [(-FAR, FAR)]
    reach = cross_half_width(road) + SET_BACK + 1
    return [(-FAR, road.crossing_x - reach), (road.crossing_x + reach, FAR)]


def _row(
    heap: Heap, road: Road, span: tuple[float, float], side: int, quarter: Quarter, rng: np.random.Generator
) -> None:
    x, front = span[0], half_width(road) + SET_BACK + quarter.back
    while x < span[1] - 9:
        width = min(float(rng.uniform(9, 34)), span[1] - x)
        depth, back = float(rng.uniform(10, 16)), float(rng.choice([0.0, 0.0, 0.6, 3.5]))
        walled = rng.random() < quarter.walled
        if walled:
            fence(heap, (x, x + width), side * front, MASONRY, EAVES, rng)
            back = BEHIND_M
        if not walled or rng.random() < 0.7:
            middle = (x + width / 2, side * (front + back + depth / 2))
            _house(heap, middle, (width - (3 if walled else 0), depth), quarter, rng)
        x += width + (0 if walled else float(rng.choice([0.0, 0.3, 4.0, 9.0], p=[0.35, 0.25, 0.25, 0.15])))


def _side_row(heap: Heap, road: Road, sx: int, sy: int, quarter: Quarter, rng: np.random.Generator) -> None:
    y = half_width(road) + SET_BACK + 20
    while y < FAR - 20:
        width = float(rng.uniform(14, 28))
        x = road.crossing_x + sx * (cross_half_width(road) + SET_BACK + 7)
        _house(heap, (x, sy * (y + width / 2)), (14, width), quarter, rng)
        y += width + float(rng.uniform(0, 7))


def _house(
    heap: Heap, middle: tuple[float, float], size: tuple[float, float], quarter: Quarter, rng: np.random.Generator
) -> None:
    (x, y), (w, d) = middle, size
    shops = rng.random() < quarter.shops
    ground = SHOP_HIGH * float(rng.uniform(0.82, 1.15)) if shops else 0.5
    h = ground + 3.0 * int(rng.choice(quarter.storeys))
    corners = [(x - w / 2, y - d / 2), (x + w / 2, y - d / 2), (x + w / 2, y + d / 2), (x - w / 2, y + d / 2)]
    wall, shop = int(rng.integers(FRONTS)), FRONTS + int(rng.integers(FRONTS))
    tone = float(rng.uniform(0.66, 1.08))
    tint = (tone, tone * float(rng.uniform(0.93, 1.0)), tone * float(rng.uniform(0.82, 1.0)))
    storey = int(rng.integers(0, 12)) / 12
    for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
        reach, shift = math.dist(start, end), float(rng.uniform(0, 1))
        u0, u1 = shift, shift + max(1, round(reach / 4)) * 4 / TILE_WH[0]
        rise = storey + (h - ground) / TILE_WH[1]
        points = [(*start, ground), (*end, ground), (*end, h), (*start, h)]
        heap.polygon(points, [(u0, storey), (u1, storey), (u1, rise), (u0, rise)], wall, tint)
        points = [(*start, 0.1), (*end, 0.1), (*end, ground), (*start, ground)]
        if shops:
            right = shift + reach / SHOP_WIDE
            heap.polygon(points, [(shift, 0), (right, 0), (right, 1), (shift, 1)], shop)
        else:
            heap.polygon(points, surface=MASONRY)
    heap.polygon([(*corner, h) for corner in corners], surface=ROOF)
    if shops:
        heap.box((x, y, ground + 0.1), (w + 0.9, d + 0.9, 0.22), EAVES)
    for sx in (-1, 1):
        heap.box((x + sx * (w / 2 - 0.1), y, h + 0.4), (0.25, d + 0.3, 0.9), EAVES, tint=tint)
    for sy in (-1, 1):
        heap.box((x, y + sy * (d / 2 - 0.1), h + 0.4), (w + 0.3, 0.25, 0.9), EAVES, tint=tint)
