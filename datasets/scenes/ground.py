"""The road: asphalt with stones, patches and cracks, worn lines, kerbs, pavement; and what an accident leaves on it."""

from __future__ import annotations

from typing import Any

import numpy as np

from datasets.scenes.blender import Material, box, material, mesh, quad
from datasets.scenes.spec import Colour

LANE = 3.6
HALF_ROAD = 7.2
FAR = 220.0


def noise_material(name: str, dark: Colour, light: Colour, scale: float, rough: float, fine: float = 0.0) -> Material:
    """Two colours mixed by noise of ``scale`` cells a metre; ``fine`` adds grain and a bump of its own."""
    made = material(name, light, rough)
    nodes, link = made.node_tree.nodes, made.node_tree.links.new
    shader = nodes["Principled BSDF"]
    where = nodes.new("ShaderNodeTexCoord").outputs["Object"]
    colour = _ramp(nodes, link, _noise(nodes, link, where, scale, 8), (0.3, dark), (0.7, light))
    if fine:
        grain = _noise(nodes, link, where, fine, 3)
        colour = _blend(nodes, link, "OVERLAY", 0.9, colour, grain)
        bump = nodes.new("ShaderNodeBump")
        bump.inputs["Strength"].default_value, bump.inputs["Distance"].default_value = 0.5, 0.01
        link(grain, bump.inputs["Height"])
        link(bump.outputs[0], shader.inputs["Normal"])
    link(colour, shader.inputs["Base Color"])
    return made


def _noise(nodes: Any, link: Any, where: Any, scale: float, detail: float) -> Any:
    node = nodes.new("ShaderNodeTexNoise")
    node.inputs["Scale"].default_value, node.inputs["Detail"].default_value = scale, detail
    link(where, node.inputs["Vector"])
    return node.outputs[0]


def _ramp(nodes: Any, link: Any, value: Any, low: tuple[float, Colour], high: tuple[float, Colour]) -> Any:
    node = nodes.new("ShaderNodeValToRGB")
    for element, (position, colour) in zip(node.color_ramp.elements, (low, high), strict=True):
        element.position, element.color = position, (*colour, 1)
    link(value, node.inputs[0])
    return node.outputs[0]


def _blend(nodes: Any, link: Any, kind: str, amount: float, first: Any, second: Any) -> Any:
    node = nodes.new("ShaderNodeMixRGB")
    node.blend_type, node.inputs[0].default_value = kind, amount
    link(first, node.inputs[1])
    link(second, node.inputs[2])
    return node.outputs[0]


def _asphalt() -> Material:
    made = noise_material("asphalt", (0.062, 0.060, 0.058), (0.105, 0.101, 0.096), 0.7, 0.85, fine=160)
    nodes, link = made.node_tree.nodes, made.node_tree.links.new
    shader = nodes["Principled BSDF"]
    where = nodes.new("ShaderNodeTexCoord").outputs["Object"]
    base = shader.inputs["Base Color"].links[0].from_socket
    stones = nodes.new("ShaderNodeTexVoronoi")
    stones.inputs["Scale"].default_value = 90
    link(where, stones.inputs["Vector"])
    shade = _ramp(nodes, link, stones.outputs["Color"], (0.0, (0.35, 0.35, 0.35)), (1.0, (1.75, 1.72, 1.66)))
    base = _blend(nodes, link, "MULTIPLY", 0.7, base, shade)
    stains = _noise(nodes, link, where, 0.35, 5)
    base = _blend(
        nodes, link, "MULTIPLY", 0.55, base, _ramp(nodes, link, stains, (0.38, (0.55,) * 3), (0.6, (1.1,) * 3))
    )
    cracks = nodes.new("ShaderNodeTexVoronoi")
    cracks.feature, cracks.inputs["Scale"].default_value = "DISTANCE_TO_EDGE", 0.22
    wobble = nodes.new("ShaderNodeTexNoise")
    wobble.inputs["Scale"].default_value, wobble.inputs["Detail"].default_value = 1.6, 6
    link(where, wobble.inputs["Vector"])
    link(_blend(nodes, link, "MIX", 0.4, where, wobble.outputs["Color"]), cracks.inputs["Vector"])
    line = _ramp(nodes, link, cracks.outputs["Distance"], (0.0, (0.35,) * 3), (0.0012, (1.0,) * 3))
    link(_blend(nodes, link, "MULTIPLY", 0.65, base, line), shader.inputs["Base Color"])
    return made


def _tiles() -> Material:
    """Paving stones of 40 x 20 cm with dirty joints."""
    made = noise_material("pavement", (0.20, 0.19, 0.18), (0.30, 0.29, 0.27), 1.5, 0.9, fine=60)
    nodes, link = made.node_tree.nodes, made.node_tree.links.new
    shader = nodes["Principled BSDF"]
    bricks = nodes.new("ShaderNodeTexBrick")
    for name, value in (("Scale", 1.0), ("Brick Width", 0.4), ("Row Height", 0.2), ("Mortar Size", 0.008)):
        bricks.inputs[name].default_value = value
    for name, shade in (("Color1", (1.0, 0.98, 0.95)), ("Color2", (0.78, 0.76, 0.73)), ("Mortar", (0.4, 0.39, 0.37))):
        bricks.inputs[name].default_value = (*shade, 1)
    link(nodes.new("ShaderNodeTexCoord").outputs["Object"], bricks.inputs["Vector"])
    base = shader.inputs["Base Color"].links[0].from_socket
    link(_blend(nodes, link, "MULTIPLY", 1.0, base, bricks.outputs[0]), shader.inputs["Base Color"])
    return made


def build_ground() -> None:
    """Four lanes along x: double yellow in the middle, dashed white between lanes, solid white at the edges."""
    quad(-FAR, FAR, -HALF_ROAD, HALF_ROAD, 0, _asphalt())
    grass = noise_material("grass", (0.03, 0.06, 0.015), (0.08, 0.12, 0.03), 2, 0.95, fine=40)
    white = noise_material("white_line", (0.34, 0.34, 0.33), (0.78, 0.78, 0.76), 4, 0.7, fine=120)
    yellow = noise_material("yellow_line", (0.45, 0.26, 0.03), (0.75, 0.45, 0.04), 5, 0.7, fine=120)
    slabs = _tiles()
    kerb = noise_material("kerb", (0.35, 0.35, 0.34), (0.5, 0.5, 0.48), 4, 0.9, fine=60)
    for y in (-0.12, 0.12):
        quad(-FAR, FAR, y - 0.06, y + 0.06, 0.003, yellow)
    for side in (1, -1):
        quad(-FAR, FAR, side * 7 if side > 0 else -FAR, FAR if side > 0 else -7, -0.02, grass)
        for index in range(-16, 16):
            quad(index * 10 + 1, index * 10 + 5, side * LANE - 0.075, side * LANE + 0.075, 0.003, white)
        quad(-FAR, FAR, side * 6.85 - 0.075, side * 6.85 + 0.075, 0.003, white)
        for index in range(-50, 50):
            box("kerb", (index + 0.5, side * 7.3, 0.06), (0.99, 0.16, 0.16), kerb, None, 0.012)
        box("pavement", (0, side * 15.9, 0.06), (2 * FAR, 17.04, 0.14), slabs)  # up to the houses


def scatter_debris(x: float, y: float, seed: int) -> None:
    """Splinters of lamps and bumper on the road."""
    rng = np.random.default_rng(seed)
    looks = (
        material("splinter_clear", (0.45, 0.47, 0.49), 0.1, 0.3, 1),
        material("splinter_red", (0.35, 0.01, 0.01), 0.15, 0, 1),
        material("splinter_black", (0.015, 0.015, 0.016), 0.5),
        material("splinter_white", (0.55, 0.55, 0.54), 0.3, 0, 1),
    )
    for _ in range(70):
        size = rng.uniform(0.004, 0.024) * np.array([1, rng.uniform(0.4, 1), 0.12])
        spot = (x + rng.normal(0, 0.35), y + rng.normal(0, 0.35), 0.006 + size[2])
        turn = (rng.normal(0, 0.4), rng.normal(0, 0.4), rng.uniform(0, 6))
        corners = np.array([(-1, -1, 0), (1, -0.6, 0.3), (0.7, 1, 0), (-0.8, 0.5, 0.4)]) * size
        piece = mesh("splinter", corners, [(0, 1, 2, 3)], looks[int(rng.integers(4))])
        piece.location, piece.rotation_euler = spot, turn
