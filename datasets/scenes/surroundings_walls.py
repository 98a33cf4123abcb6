"""Materials of houses' fronts, over pictures that are drawn once and kept."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from datasets.scenes.blender import Material, image_node, material
from datasets.scenes.surroundings_facades import draw_facade
from datasets.scenes.surroundings_shops import draw_shops
from datasets.scenes.textures import VERSION, Image, kept


def front_material(textures: Path, name: str, seed: int, lit: float) -> Material:
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
