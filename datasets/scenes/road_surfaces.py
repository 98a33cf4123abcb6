"""Materials of road, paint and pavement: kept pictures laid out in metres, no procedural noise at render time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from datasets.scenes.blender import Material, image_node, material
from datasets.scenes.plan import Road
from datasets.scenes.spec import Colour
from datasets.scenes.textures import FINE_M, MACRO_M, asphalt_fine, kept, paint_wear, puddles, road_large
from datasets.scenes.textures_paving import blotches, kerb_stone, lawn, paving, tactile

WHITE: Colour = (0.66, 0.66, 0.64)
YELLOW: Colour = (0.60, 0.36, 0.035)
RAW = "Non-Color"


class Ground:
    """Asphalt of one road and what is painted on it. All share pictures, so worn paint shows the same stones."""

    def __init__(self, road: Road, textures: Path, wet: bool) -> None:
        name = f"road-{road.surface}-{road.lanes}-{round(road.lane_m * 100)}"
        self._fine = kept(textures, "asphalt-fine", asphalt_fine)
        self._large = kept(textures, name, lambda: road_large(road))
        self._wear = kept(textures, "paint-wear", paint_wear)
        self._puddles = kept(textures, "puddles", puddles)
        self._wet = wet

    def asphalt(self, name: str) -> Material:
        made = material(name, (0.1, 0.1, 0.1), 0.82)
        _link(made, self._stones(made), "Base Color")
        self._soak(made)
        return made

    def paint(self, name: str, colour: Colour) -> Material:
        """Worn paint: where it is gone, the asphalt shows."""
        made = material(name, colour, 0.6)
        stones = self._stones(made)
        wear = _tile(made, self._wear, 1 / FINE_M, 1 / FINE_M)
        worn_by_traffic = _channel(made, _tile(made, self._wear, 0.031, 0.047), "Blue")
        left = _channel(made, wear, "Red")
        keep = _maths(made, "MULTIPLY", left, _maths(made, "MULTIPLY_ADD", worn_by_traffic, 0.9, 0.45, clamp=True))
        clean = _maths(made, "MULTIPLY", _channel(made, wear, "Green"), 1.05)
        dirty = _mix(made, "MULTIPLY", 1.0, colour, clean)
        _link(made, _mix(made, "MIX", keep, stones, dirty), "Base Color")
        self._soak(made)
        return made

    def skid(self, name: str) -> Material:
        """Rubber on asphalt: along its uv's second axis it fades at both edges."""
        made = material(name, (0.03, 0.03, 0.03), 0.7)
        dark = _mix(made, "MULTIPLY", 0.5, self._stones(made), (0.25, 0.25, 0.25))
        _link(made, dark, "Base Color")
        return made

    def _stones(self, made: Material) -> Any:
        fine = _tile(made, self._fine, 1 / FINE_M, 1 / FINE_M)
        large = _tile(made, self._large, 1 / MACRO_M[0], 1 / MACRO_M[1], (0, 0.5))
        colour = _mix(made, "MULTIPLY", 1.0, fine, large)
        return _mix(made, "MULTIPLY", 1.0, colour, (0.5, 0.5, 0.51)) if self._wet else colour

    def _soak(self, made: Material) -> None:
        """Rain: a film that dulls the stones, and standing water where the ground is low."""
        if not self._wet:
            return
        depth = _tile(made, self._puddles, 1 / MACRO_M[0], 1 / MACRO_M[1])
        shine = made.node_tree.nodes.new("ShaderNodeMapRange")
        for name, value in (("From Min", 0.62), ("From Max", 0.92), ("To Min", 0.30), ("To Max", 0.05)):
            shine.inputs[name].default_value = value
        made.node_tree.links.new(depth, shine.inputs["Value"])
        _link(made, shine.outputs[0], "Roughness")


def paving_material(textures: Path, seed: int, wet: bool) -> Material:
    style = seed % 3
    made = _tiled("pavement", kept(textures, f"paving{style}", lambda: paving(style)), 0.25, 0.85)
    return _broken_up(made, textures, wet)


def tactile_material(textures: Path, wet: bool) -> Material:
    return _broken_up(_tiled("tactile", kept(textures, "tactile", tactile), 1 / 0.3, 0.8), textures, wet)


def kerb_material(textures: Path, wet: bool) -> Material:
    return _broken_up(_tiled("kerb", kept(textures, "kerb", kerb_stone), 0.25, 0.85), textures, wet)


def lawn_material(textures: Path, wet: bool) -> Material:
    return _broken_up(_tiled("lawn", kept(textures, "lawn", lawn), 0.25, 0.9), textures, wet)


def _tiled(name: str, path: Path, scale: float, rough: float) -> Material:
    made = material(name, (0.5, 0.5, 0.5), rough)
    _link(made, _tile(made, path, scale, scale, space="sRGB"), "Base Color")
    return made


def _broken_up(made: Material, textures: Path, wet: bool) -> Material:
    shader = made.node_tree.nodes["Principled BSDF"]
    base = shader.inputs["Base Color"].links[0].from_socket
    dirt = _tile(made, kept(textures, "blotches", blotches), 1 / 23, 1 / 19)
    strength = (1.1, 1.1, 1.12) if wet else (2.0, 2.0, 2.0)
    _link(made, _mix(made, "MULTIPLY", 1.0, _mix(made, "MULTIPLY", 1.0, base, dirt), strength), "Base Color")
    if wet:
        shader.inputs["Roughness"].default_value = 0.25
    return made


def _link(made: Material, value: Any, name: str) -> None:
    made.node_tree.links.new(value, made.node_tree.nodes["Principled BSDF"].inputs[name])


def _tile(
    made: Material, path: Path, u: float, v: float, shift: tuple[float, float] = (0, 0),
    space: str = RAW,
) -> Any:  # fmt: skip
    """The colours of a picture repeated every 1/u by 1/v metres of the uv map."""
    nodes, link = made.node_tree.nodes, made.node_tree.links.new
    mapping = nodes.new("ShaderNodeMapping")
    mapping.inputs["Scale"].default_value = (u, v, 1)
    mapping.inputs["Location"].default_value = (*shift, 0)
    link(nodes.new("ShaderNodeUVMap").outputs[0], mapping.inputs[0])
    picture = image_node(made, path, space)
    link(mapping.outputs[0], picture.inputs[0])
    return picture.outputs[0]


def _mix(made: Material, kind: str, amount: Any, first: Any, second: Any) -> Any:
    node = made.node_tree.nodes.new("ShaderNodeMixRGB")
    node.blend_type = kind
    for socket, value in zip(node.inputs, (amount, first, second), strict=True):
        if isinstance(value, tuple):
            socket.default_value = (*value, 1)
        elif isinstance(value, float):
            socket.default_value = value
        else:
            made.node_tree.links.new(value, socket)
    return node.outputs[0]


def _maths(made: Material, kind: str, *values: Any, clamp: bool = False) -> Any:
    node = made.node_tree.nodes.new("ShaderNodeMath")
    node.operation, node.use_clamp = kind, clamp
    for socket, value in zip(node.inputs, values, strict=False):
        if isinstance(value, float):
            socket.default_value = value
        else:
            made.node_tree.links.new(value, socket)
    return node.outputs[0]


def _channel(made: Material, colour: Any, name: str) -> Any:
    node = made.node_tree.nodes.new("ShaderNodeSeparateColor")
    made.node_tree.links.new(colour, node.inputs[0])
    return node.outputs[name]
