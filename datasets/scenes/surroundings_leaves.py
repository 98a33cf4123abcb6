"""Meshes of many small leaves that share one object with the wood they grow on."""

from __future__ import annotations

from typing import Any, TypeAlias

import bpy
import numpy as np
import numpy.typing as npt

from datasets.scenes.blender import Material, material

Floats: TypeAlias = npt.NDArray[np.float64]


def with_leaves(wood: Any, corners: Floats, colours: Floats, surfaces: tuple[Material, Material]) -> Any:
    """One mesh of a stem (mesh data) and its leaves: ``corners`` (n, 4, 3), ``colours`` (n, 3) linear RGB."""
    count = len(corners)
    data = bpy.data.meshes.new("leaves")
    data.from_pydata(corners.reshape(-1, 3).tolist(), [], np.arange(count * 4).reshape(-1, 4).tolist())
    tints = np.concatenate([colours.repeat(4, axis=0), np.ones((count * 4, 1))], axis=1)
    data.attributes.new("tint", "BYTE_COLOR", "CORNER").data.foreach_set("color", tints.astype(np.float32).ravel())
    for surface in surfaces:
        data.materials.append(surface)
    data.polygons.foreach_set("material_index", np.ones(count, np.int32))
    leaves = bpy.data.objects.new("leaves", data)
    stem = bpy.data.objects.new("stem", wood)
    for made in (leaves, stem):
        bpy.context.scene.collection.objects.link(made)
    wood.materials.clear()
    for surface in surfaces:
        wood.materials.append(surface)
    with bpy.context.temp_override(active_object=stem, selected_editable_objects=[stem, leaves]):
        bpy.ops.object.join()
    bpy.data.objects.remove(stem)
    return wood


def tinted(name: str, rough: float) -> Material:
    """A material whose colour is the mesh's own."""
    made = material(name, (0.1, 0.1, 0.1), rough)
    tint = made.node_tree.nodes.new("ShaderNodeVertexColor")
    tint.layer_name = "tint"
    made.node_tree.links.new(tint.outputs[0], made.node_tree.nodes["Principled BSDF"].inputs["Base Color"])
    return made


def unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), np.float64)
