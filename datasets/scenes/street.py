"""Houses, lamp posts, the sky and its light."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import bpy
import cv2
import numpy as np

from datasets.scenes.blender import Material, box, lathe, material, mesh, picture_material
from datasets.scenes.facades import METRES_PER_PX, STOREY_PX, STOREYS, WIDTH_PX, draw_facade, draw_shops
from datasets.scenes.greenery import plant_trees
from datasets.scenes.ground import build_ground, scatter_debris

SHOP_HEIGHT = 4.0
TILE_WH = (WIDTH_PX * METRES_PER_PX, STOREYS * STOREY_PX * METRES_PER_PX)


def build_street(textures: Path, contact_xy: tuple[float, float], seed: int) -> None:
    """The whole surroundings; ``contact_xy`` is where splinters lie."""
    rng = np.random.default_rng(seed)
    build_ground()
    scatter_debris(*contact_xy, seed)
    plant_trees(seed)
    _houses(textures, rng)
    _lamp_posts()
    _sky()


def _picture(textures: Path, name: str, pixels: Any) -> Material:
    path = textures / f"{name}.png"
    cv2.imwrite(str(path), pixels[..., ::-1])
    return picture_material(name, path, 0.6)


def _houses(textures: Path, rng: np.random.Generator) -> None:
    walls = [_picture(textures, f"facade{n}", draw_facade(n)) for n in range(6)]
    shops = [_picture(textures, f"shops{n}", draw_shops(40 + n)) for n in range(4)]
    roof = material("roof", (0.3, 0.29, 0.28), 0.9)
    x = -150.0
    while x < 150:
        width = float(rng.uniform(14, 26))
        for side, reach in ((1, 26.0), (-1, -27.0)):
            middle = (x + (5 if side < 0 else 0), reach + side * float(rng.uniform(0, 6)))
            height = float(rng.uniform(12, 40))
            _house(middle, (width, 14, height), walls[int(rng.integers(6))], shops[int(rng.integers(4))], roof, rng)
        x += width + float(rng.uniform(1, 8))
    for x in (-175, 175):
        for y in (-26, 0, 26):
            _house((x, y), (16, 22, float(rng.uniform(20, 46))), walls[int(rng.integers(6))], shops[0], roof, rng)


def _house(
    middle: tuple[float, float], size: tuple[float, float, float], wall: Material, shop: Material, roof: Material,
    rng: np.random.Generator,
) -> None:  # fmt: skip
    (x, y), (w, d, h) = middle, size
    corners = [(x - w / 2, y - d / 2), (x + w / 2, y - d / 2), (x + w / 2, y + d / 2), (x - w / 2, y + d / 2)]
    shift = float(rng.uniform(0, 1))
    for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
        reach = math.dist(start, end) / TILE_WH[0]
        for low, high, surface, rise in (
            (0, SHOP_HEIGHT, shop, 1.0),
            (SHOP_HEIGHT, h, wall, (h - SHOP_HEIGHT) / TILE_WH[1]),
        ):
            points = [(*start, low), (*end, low), (*end, high), (*start, high)]
            uv = [(shift, 0), (shift + reach, 0), (shift + reach, rise), (shift, rise)]
            mesh("wall", points, [(0, 1, 2, 3)], surface, uv=uv)
    mesh("roof", [(*corner, h) for corner in corners], [(0, 1, 2, 3)], roof)


def _lamp_posts() -> None:
    steel = material("steel", (0.35, 0.36, 0.37), 0.45, 0.6)
    for index in range(-4, 5):
        x = index * 28 + 9
        post = lathe("post", [(0.09, 0), (0.07, 3), (0.05, 8)], steel, 16)
        post.location, post.rotation_euler = (x, -7.8, 0.1), (math.pi / 2, 0, 0)
        box("arm", (x, -6.6, 8.0), (0.06, 2.6, 0.06), steel, None, 0.01)
        box("head", (x, -5.4, 7.97), (0.22, 0.7, 0.10), steel, None, 0.03)


def _sky() -> None:
    """A physical sky with a low layer of broken cloud mixed in by direction."""
    world = bpy.data.worlds.new("sky")
    bpy.context.scene.world = world
    world.use_nodes = True
    nodes, link = world.node_tree.nodes, world.node_tree.links.new
    sky = nodes.new("ShaderNodeTexSky")
    sky.sky_type = "MULTIPLE_SCATTERING"
    sky.sun_elevation, sky.sun_rotation = math.radians(46), math.radians(-8)
    sky.sun_size, sky.sun_intensity, sky.aerosol_density = math.radians(2.5), 0.55, 2.5
    where = nodes.new("ShaderNodeTexCoord").outputs["Generated"]
    stretch = nodes.new("ShaderNodeMapping")
    stretch.inputs["Scale"].default_value = (1, 1, 2.6)
    link(where, stretch.inputs[0])
    noise = nodes.new("ShaderNodeTexNoise")
    noise.inputs["Scale"].default_value, noise.inputs["Detail"].default_value = 2.3, 9
    link(stretch.outputs[0], noise.inputs["Vector"])
    cover = nodes.new("ShaderNodeValToRGB")
    low, high = cover.color_ramp.elements
    low.position, low.color = 0.36, (0, 0, 0, 1)
    high.position, high.color = 0.62, (0.85, 0.85, 0.85, 1)
    link(noise.outputs[0], cover.inputs[0])
    mix = nodes.new("ShaderNodeMixRGB")
    mix.inputs[2].default_value = (7.2, 7.4, 7.7, 1)
    link(cover.outputs[0], mix.inputs[0])
    link(sky.outputs[0], mix.inputs[1])
    background = nodes["Background"]
    background.inputs[1].default_value = 0.13
    link(mix.outputs[0], background.inputs[0])
