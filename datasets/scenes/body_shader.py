"""The material of a car's half: paint, or glass where the cover layer says so, or nothing in the wheels' openings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from datasets.scenes.blender import Material, image_node, material


def body_material(name: str, layers: Mapping[str, Path], glow: float = 1.2) -> Material:
    """A material over the pictures that `car_paint.save_layers` wrote. ``glow`` is the light of a full glow."""
    made = material(name, (1, 1, 1), 0.3)
    nodes, link = made.node_tree.nodes, made.node_tree.links.new
    shader, output = nodes["Principled BSDF"], nodes["Material Output"]
    colour = image_node(made, layers["colour"])
    surface = _split(nodes, link, image_node(made, layers["surface"], "Non-Color"))
    cover = _split(nodes, link, image_node(made, layers["cover"], "Non-Color"))
    link(colour.outputs[0], shader.inputs["Base Color"])
    for output_socket, name_in in zip(surface, ("Roughness", "Metallic", "Coat Weight"), strict=True):
        link(output_socket, shader.inputs[name_in])
    link(image_node(made, layers["glow"]).outputs[0], shader.inputs["Emission Color"])
    shader.inputs["Emission Strength"].default_value = glow
    bump = nodes.new("ShaderNodeBump")
    bump.inputs["Strength"].default_value, bump.inputs["Distance"].default_value = 0.6, 0.006
    link(cover[2], bump.inputs["Height"])
    link(bump.outputs[0], shader.inputs["Normal"])
    glass = _glass(nodes, link, colour.outputs[0])
    covered = _mix(nodes, link, cover[0], shader.outputs[0], glass)
    hole = nodes.new("ShaderNodeBsdfTransparent").outputs[0]
    link(_mix(nodes, link, cover[1], hole, covered), output.inputs[0])
    return made


def _split(nodes: Any, link: Any, picture: Any) -> tuple[Any, Any, Any]:
    node = nodes.new("ShaderNodeSeparateColor")
    link(picture.outputs[0], node.inputs[0])
    return node.outputs[0], node.outputs[1], node.outputs[2]


def _mix(nodes: Any, link: Any, factor: Any, first: Any, second: Any) -> Any:
    node = nodes.new("ShaderNodeMixShader")
    for socket, source in zip(node.inputs, (factor, first, second), strict=True):
        link(source, socket)
    return node.outputs[0]


def _glass(nodes: Any, link: Any, tint: Any) -> Any:
    """A thin pane: tinted straight through, mirroring by Fresnel's law."""
    through, mirror = nodes.new("ShaderNodeBsdfTransparent"), nodes.new("ShaderNodeBsdfGlossy")
    link(tint, through.inputs[0])
    mirror.inputs["Roughness"].default_value = 0.005
    fresnel = nodes.new("ShaderNodeFresnel")
    fresnel.inputs[0].default_value = 1.5
    return _mix(nodes, link, fresnel.outputs[0], through.outputs[0], mirror.outputs[0])
