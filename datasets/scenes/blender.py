"""Small helpers over Blender's Python module: materials, meshes, boxes, lathes. All lengths are metres."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import bpy
import numpy as np
import numpy.typing as npt

from datasets.scenes.spec import Colour

BlenderObject: TypeAlias = Any
Material: TypeAlias = Any
Vector: TypeAlias = tuple[float, float, float]
Quads: TypeAlias = Sequence[Sequence[int]] | npt.NDArray[np.int64]


def empty_scene() -> Any:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    return bpy.context.scene


def material(name: str, colour: Colour, rough: float, metal: float = 0.0, coat: float = 0.0) -> Material:
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    shader = made.node_tree.nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = (*colour, 1)
    shader.inputs["Roughness"].default_value = rough
    shader.inputs["Metallic"].default_value = metal
    shader.inputs["Coat Weight"].default_value = coat
    shader.inputs["Coat Roughness"].default_value = 0.03
    return made


def image_node(made: Material, path: Path, colour_space: str = "sRGB") -> Any:
    node = made.node_tree.nodes.new("ShaderNodeTexImage")
    node.image = bpy.data.images.load(str(path))
    node.image.colorspace_settings.name = colour_space
    return node


def picture_material(name: str, path: Path, rough: float) -> Material:
    made = material(name, (1, 1, 1), rough)
    node = image_node(made, path)
    made.node_tree.links.new(node.outputs[0], made.node_tree.nodes["Principled BSDF"].inputs["Base Color"])
    return made


def empty(name: str, parent: BlenderObject | None = None) -> BlenderObject:
    made = bpy.data.objects.new(name, None)
    bpy.context.scene.collection.objects.link(made)
    made.parent = parent
    return made


def mesh(
    name: str, points: npt.ArrayLike, faces: Quads, surface: Material | None, *, smooth: bool = False,
    uv: npt.ArrayLike | None = None, parent: BlenderObject | None = None,
) -> BlenderObject:  # fmt: skip
    """A mesh object. ``points`` (n, 3); ``uv`` (n, 2) belongs to the points."""
    data = bpy.data.meshes.new(name)
    vertices = np.asarray(points, np.float64).reshape(-1, 3)
    data.from_pydata(vertices.tolist(), [], [tuple(int(i) for i in face) for face in faces])
    if uv is not None:
        corners = np.zeros(len(data.loops), np.int32)
        data.loops.foreach_get("vertex_index", corners)
        layer = data.uv_layers.new(name="UVMap")
        layer.data.foreach_set("uv", np.asarray(uv, np.float32)[corners].ravel())
    if smooth:
        data.polygons.foreach_set("use_smooth", [True] * len(data.polygons))
    if surface is not None:
        data.materials.append(surface)
    return place(data, name, parent)


def place(data: Any, name: str, parent: BlenderObject | None = None) -> BlenderObject:
    """Puts mesh data into the scene as an object; the same data may be placed many times."""
    made = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(made)
    made.parent = parent
    return made


def box(
    name: str, centre: Vector, size: Vector, surface: Material, parent: BlenderObject | None = None,
    bevel: float = 0.0, turn: Vector = (0, 0, 0),
) -> BlenderObject:  # fmt: skip
    half = np.asarray(size) / 2
    signs = np.array([(a, b, c) for a in (-1, 1) for b in (-1, 1) for c in (-1, 1)])
    faces = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    made = mesh(name, signs * half, faces, surface, smooth=bevel > 0, parent=parent)
    made.location, made.rotation_euler = centre, turn
    if bevel:
        modifier = made.modifiers.new("bevel", "BEVEL")
        modifier.width, modifier.segments = bevel, 3
    return made


def lathe(
    name: str, profile: Sequence[tuple[float, float]], surface: Material, steps: int = 64,
    parent: BlenderObject | None = None,
) -> BlenderObject:  # fmt: skip
    """A body of revolution round the y axis; ``profile`` is (radius, y)."""
    angles = np.arange(steps) * 2 * math.pi / steps
    radius, along = np.asarray(profile).T
    shape = np.broadcast_to(along, (steps, len(along)))
    points = np.stack([np.outer(np.cos(angles), radius), shape, np.outer(np.sin(angles), radius)], axis=-1)
    return mesh(name, points, grid_faces(steps, len(along), closed=True), surface, smooth=True, parent=parent)


def quad(x0: float, x1: float, y0: float, y1: float, z: float, surface: Material) -> BlenderObject:
    return mesh("quad", [(x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z)], [(0, 1, 2, 3)], surface)


def grid_faces(rows: int, columns: int, closed: bool = False) -> npt.NDArray[np.int64]:
    """Quads of a grid of points stored row by row; with ``closed`` the last row joins the first. Shape (n, 4)."""
    index = np.arange(rows * columns).reshape(rows, columns)
    if closed:
        index = np.concatenate([index, index[:1]])
    return np.stack([index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]], axis=-1).reshape(-1, 4)
