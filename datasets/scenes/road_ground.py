"""The ground as meshes: asphalt, kerbs, pavements, median, and everything painted on the road."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from datasets.scenes.plan import Road
from datasets.scenes.road_lines import CORNER_M, FAR, MEDIAN_M, cross_half_width, half_width, stop_reach
from datasets.scenes.road_mesh import Heap
from datasets.scenes.road_paint import paint_road
from datasets.scenes.road_surfaces import Ground, kerb_material, lawn_material, paving_material, tactile_material

Path2: TypeAlias = npt.NDArray[np.float64]
KERB_HIGH, KERB_WIDE = 0.15, 0.18
PAVED = 24.0
"""Width of the ground beyond the kerb."""


def build_ground(road: Road, textures: Path, seed: int, wet: bool) -> Ground:
    """Everything that lies on the ground. Lane lines are objects named line_<type>; heights differ by millimetres."""
    ground = Ground(road, textures, wet)
    _asphalt(road, ground)
    _pavements(road, textures, seed, wet)
    if road.median and road.kind != "car_park":
        _median(road, textures, wet)
    paint_road(road, ground)
    return ground


def _asphalt(road: Road, ground: Ground) -> None:
    half = half_width(road)
    heap = Heap(ground.asphalt("asphalt"))
    corners = [(-FAR, -half), (FAR, -half), (FAR, half), (-FAR, half)]
    heap.polygon([(x, y, 0) for x, y in corners])
    if road.kind == "junction":
        wide = cross_half_width(road) + CORNER_M
        for side in (-1, 1):
            x0, x1 = road.crossing_x - wide, road.crossing_x + wide
            points = [(x0, side * half), (x1, side * half), (x1, side * FAR), (x0, side * FAR)]
            uv = [(y, x - road.crossing_x) for x, y in points]
            order = points[::side], uv[::side]
            heap.polygon([(x, y, 0) for x, y in order[0]], order[1])
    heap.build("asphalt")


def _borders(road: Road) -> list[Path2]:
    """Lines of the kerbs, each with the road on its right hand; the pavement is on the left."""
    half = half_width(road)
    if road.kind != "junction":
        return [np.array([(-FAR, half), (FAR, half)]), np.array([(FAR, -half), (-FAR, -half)])]
    cross, angles = cross_half_width(road), np.linspace(0, math.pi / 2, 9)
    made = []
    for sx in (-1, 1):
        for sy in (-1, 1):
            centre = np.array([road.crossing_x + sx * (cross + CORNER_M), sy * (half + CORNER_M)])
            arc = centre - np.stack([sx * np.sin(angles), sy * np.cos(angles)], axis=1) * CORNER_M
            border = np.concatenate([[(sx * FAR, sy * half)], arc, [(road.crossing_x + sx * cross, sy * FAR)]])
            made.append(border[::-1] if sx * sy > 0 else border)
    return made


def _pavements(road: Road, textures: Path, seed: int, wet: bool) -> None:
    kerb = Heap(kerb_material(textures, wet))
    paved = Heap(paving_material(textures, seed, wet), tactile_material(textures, wet))
    for border in _borders(road):
        inner = _aside(border, KERB_WIDE)
        _kerb(kerb, border, inner)
        far = _aside(border, PAVED) if road.kind != "junction" else None
        if far is not None:
            outline = np.concatenate([inner, far[::-1]])
        else:
            corner = np.sign(border[len(border) // 2] - (road.crossing_x, 0)) * FAR
            outline = np.concatenate([inner, [corner]])
        paved.polygon(np.column_stack([outline, np.full(len(outline), KERB_HIGH)]))
        if road.kind != "car_park":
            _band(paved, _aside(border, 2.6), _aside(border, 3.2), KERB_HIGH + 0.003, 1)
    kerb.build("kerb")
    paved.build("pavement")


def _aside(path: Path2, distance: float) -> Path2:
    """The path moved to its left."""
    along = np.diff(path, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    left = np.stack([-along[:, 1], along[:, 0]], axis=1)
    at_points = np.concatenate([left[:1], left[:-1] + left[1:], left[-1:]])
    at_points /= np.linalg.norm(at_points, axis=1, keepdims=True)
    return np.asarray(path + at_points * distance)


def _band(heap: Heap, right: Path2, left: Path2, z: float, surface: int = 0) -> None:
    reach = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(right, axis=0), axis=1))])
    wide = float(np.linalg.norm(left[0] - right[0]))
    for i in range(len(right) - 1):
        points = [(*right[i], z), (*right[i + 1], z), (*left[i + 1], z), (*left[i], z)]
        heap.polygon(points, [(reach[i], 0), (reach[i + 1], 0), (reach[i + 1], wide), (reach[i], wide)], surface)


def _kerb(heap: Heap, outer: Path2, inner: Path2) -> None:
    """A stone with a chamfered edge along the path."""
    chamfer = outer + (inner - outer) * 0.16
    reach = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(outer, axis=0), axis=1))])
    rows = [(outer, 0.0), (outer, KERB_HIGH - 0.03), (chamfer, KERB_HIGH), (inner, KERB_HIGH)]
    for row, ((low, z0), (high, z1)) in enumerate(pairwise(rows)):
        for i in range(len(outer) - 1):
            points = [(*low[i], z0), (*low[i + 1], z0), (*high[i + 1], z1), (*high[i], z1)]
            v0, v1 = row * 0.1, row * 0.1 + 0.12
            heap.polygon(points, [(reach[i], v0), (reach[i + 1], v0), (reach[i + 1], v1), (reach[i], v1)])


def _median(road: Road, textures: Path, wet: bool) -> None:
    kerb, green = Heap(kerb_material(textures, wet)), Heap(lawn_material(textures, wet))
    reach, half = stop_reach(road), MEDIAN_M / 2
    spans = [(-FAR, FAR)] if reach == 0 else [(-FAR, road.crossing_x - reach), (road.crossing_x + reach, FAR)]
    for x0, x1 in spans:
        for side in (-1, 1):
            border = np.array([(x0, side * half), (x1, side * half)])[::-side]
            _kerb(kerb, border, border + np.array([0, -side * 0.12]))
        for x in (x0, x1):
            kerb.box((x, 0, KERB_HIGH / 2), (0.02, MEDIAN_M, KERB_HIGH))
        green.rectangle(x0, -half + 0.12, x1, half - 0.12, KERB_HIGH - 0.02)
    kerb.build("median_kerb")
    green.build("median")
