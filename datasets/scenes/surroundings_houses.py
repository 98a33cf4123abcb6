"""Rows of houses along the roads."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np

from datasets.scenes.blender import Material, image_node, material
from datasets.scenes.plan import Road
from datasets.scenes.road_lines import FAR, cross_half_width, half_width
from datasets.scenes.road_mesh import Heap
from datasets.scenes.surroundings_facades import FACADES, TILE_WH, draw_facade
from datasets.scenes.surroundings_shops import SHOP_HIGH, SHOP_WIDE, SHOPS, draw_shops
from datasets.scenes.textures import VERSION, Image, kept

Colour: TypeAlias = tuple[float, float, float]
SET_BACK = 8.5
"""From the kerb to the houses."""


def build_houses(road: Road, textures: Path, seed: int, lit: float) -> None:
    """Houses on both sides, also along a crossing road. ``lit`` is how brightly their windows shine."""
    rng = np.random.default_rng([21, seed])
    surfaces = [_front(textures, f"facade{n}", n, lit) for n in range(FACADES)]
    surfaces += [_front(textures, f"shops{n}", n, lit) for n in range(SHOPS)]
    surfaces += [material("roof", (0.25, 0.245, 0.24), 0.9), material("eaves", (0.42, 0.41, 0.39), 0.8)]
    heap = Heap(*surfaces)
    for x0, x1 in _plots(road):
        for side in (-1, 1):
            _row(heap, road, (x0, x1), side, rng)
    if road.kind == "junction":
        for sx in (-1, 1):
            for sy in (-1, 1):
                _side_row(heap, road, sx, sy, rng)
    heap.build("houses")


def _plots(road: Road) -> list[tuple[float, float]]:
    if road.kind != "junction":
        return [(-FAR, FAR)]
    reach = cross_half_width(road) + SET_BACK + 1
    return [(-FAR, road.crossing_x - reach), (road.crossing_x + reach, FAR)]


def _row(heap: Heap, road: Road, span: tuple[float, float], side: int, rng: np.random.Generator) -> None:
    x, front = span[0], half_width(road) + SET_BACK
    while x < span[1] - 9:
        width = min(float(rng.uniform(13, 30)), span[1] - x)
        depth, back = float(rng.uniform(10, 16)), float(rng.choice([0.0, 0.0, 0.6, 3.5]))
        middle = (x + width / 2, side * (front + back + depth / 2))
        _house(heap, middle, (width, depth, _height(rng)), rng)
        x += width + float(rng.choice([0.0, 0.3, 4.0, 9.0], p=[0.35, 0.25, 0.25, 0.15]))


def _side_row(heap: Heap, road: Road, sx: int, sy: int, rng: np.random.Generator) -> None:
    y = half_width(road) + SET_BACK + 20
    while y < FAR - 20:
        width = float(rng.uniform(14, 28))
        x = road.crossing_x + sx * (cross_half_width(road) + SET_BACK + 7)
        _house(heap, (x, sy * (y + width / 2)), (14, width, _height(rng)), rng)
        y += width + float(rng.uniform(0, 7))


def _height(rng: np.random.Generator) -> float:
    storeys = int(rng.choice([2, 3, 5, 6, 7, 11, 18], p=[0.12, 0.14, 0.2, 0.24, 0.14, 0.1, 0.06]))
    return SHOP_HIGH + storeys * 3.0


def _house(heap: Heap, middle: tuple[float, float], size: tuple[float, float, float], rng: np.random.Generator) -> None:
    (x, y), (w, d, h) = middle, size
    corners = [(x - w / 2, y - d / 2), (x + w / 2, y - d / 2), (x + w / 2, y + d / 2), (x - w / 2, y + d / 2)]
    wall, shop = int(rng.integers(FACADES)), FACADES + int(rng.integers(SHOPS))
    tone = float(rng.uniform(0.78, 1.08))
    tint = (tone, tone * float(rng.uniform(0.95, 1.0)), tone * float(rng.uniform(0.86, 1.0)))
    storey = int(rng.integers(0, 12)) / 12
    for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
        reach, shift = math.dist(start, end), float(rng.uniform(0, 1))
        u0, u1 = shift, shift + max(1, round(reach / 4)) * 4 / TILE_WH[0]
        rise = storey + (h - SHOP_HIGH) / TILE_WH[1]
        points = [(*start, SHOP_HIGH), (*end, SHOP_HIGH), (*end, h), (*start, h)]
        heap.polygon(points, [(u0, storey), (u1, storey), (u1, rise), (u0, rise)], wall, tint)
        points = [(*start, 0.1), (*end, 0.1), (*end, SHOP_HIGH), (*start, SHOP_HIGH)]
        heap.polygon(points, [(u0, 0), (u0 + reach / SHOP_WIDE, 0), (u0 + reach / SHOP_WIDE, 1), (u0, 1)], shop)
    roof, eaves = FACADES + SHOPS, FACADES + SHOPS + 1
    heap.polygon([(*corner, h) for corner in corners], surface=roof)
    heap.box((x, y, SHOP_HIGH + 0.1), (w + 0.9, d + 0.9, 0.22), eaves)
    for sx in (-1, 1):
        heap.box((x + sx * (w / 2 - 0.1), y, h + 0.4), (0.25, d + 0.3, 0.9), eaves, tint=tint)
    for sy in (-1, 1):
        heap.box((x, y + sy * (d / 2 - 0.1), h + 0.4), (w + 0.3, 0.25, 0.9), eaves, tint=tint)


def _front(textures: Path, name: str, seed: int, lit: float) -> Material:
    """A wall whose glass mirrors and, at night, shines where somebody is in."""
    paths = [textures / f"{name}-{part}-v{VERSION}.png" for part in ("wall", "lit")]
    if not all(path.exists() for path in paths):
        wall, shine = draw_facade(seed) if name.startswith("facade") else draw_shops(seed)
        kept(textures, f"{name}-wall", lambda: wall)
        kept(textures, f"{name}-lit", lambda: _lamp_light(wall, shine))
    made = material(name, (0.5, 0.5, 0.5), 0.8)
    nodes, link = made.node_tree.nodes, made.node_tree.links.new
    shader = nodes["Principled BSDF"]
    picture = image_node(made, paths[0])
    picture.image.alpha_mode = "CHANNEL_PACKED"
    tint = nodes.new("ShaderNodeVertexColor")
    tint.layer_name = "tint"
    mix = nodes.new("ShaderNodeMixRGB")
    mix.blend_type, mix.inputs[0].default_value = "MULTIPLY", 1.0
    link(picture.outputs[0], mix.inputs[1])
    link(tint.outputs[0], mix.inputs[2])
    link(mix.outputs[0], shader.inputs["Base Color"])
    rough = nodes.new("ShaderNodeMapRange")
    rough.inputs["To Min"].default_value, rough.inputs["To Max"].default_value = 0.8, 0.06
    link(picture.outputs["Alpha"], rough.inputs["Value"])
    link(rough.outputs[0], shader.inputs["Roughness"])
    if lit > 0:
        link(image_node(made, paths[1]).outputs[0], shader.inputs["Emission Color"])
        shader.inputs["Emission Strength"].default_value = lit
    return made


def _lamp_light(wall: Image, lit: Image) -> Image:
    """The colour of light from inside: warm or cold from window to window, over what stands there."""
    rng = np.random.default_rng(8)
    warmth = cv2.resize(rng.random((12, 24, 1)).astype(np.float32), lit.shape[::-1], interpolation=cv2.INTER_NEAREST)
    light = np.array([1.0, 0.72, 0.42]) * (1 - warmth[..., None]) + np.array([0.82, 0.92, 1.0]) * warmth[..., None]
    return np.asarray(lit[..., None] * light * (0.35 + 0.65 * wall[..., :3]), np.float32)
