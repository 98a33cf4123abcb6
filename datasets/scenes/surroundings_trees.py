"""Street trees and hedges: small leaves round a branching stem; a few shapes, placed often."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import bpy
import numpy as np
import numpy.typing as npt

from datasets.scenes.blender import Material, material, place
from datasets.scenes.plan import Road, Scene
from datasets.scenes.road_lines import FAR, MEDIAN_M, cross_half_width, half_width, stop_reach
from datasets.scenes.road_mesh import Heap
from datasets.scenes.surroundings_room import is_free

Floats: TypeAlias = npt.NDArray[np.float64]
LEAVES, HEDGE_LEAVES = 24000, 2600
TREE_EVERY = 7.0


def plant(scene: Scene) -> None:
    """Two rows of trees behind the kerb, and a hedge on the median."""
    road, seed = scene.road, scene.seed
    rng = np.random.default_rng([31, seed])
    shapes = [tree_shape(seed + index) for index in range(3)]
    for x, y in _places(road, rng):
        if is_free(scene, x, y, 0.35):
            put_tree(shapes[int(rng.integers(3))], (x, y), rng)
    if road.median and road.kind != "car_park":
        _hedge(road, rng)


def _places(road: Road, rng: np.random.Generator) -> list[tuple[float, float]]:
    """Where trees stand: along the main road, with gaps, and along a crossing one."""
    made = []
    for index in range(-20, 21):
        for side in (-1, 1):
            x = index * TREE_EVERY + float(rng.uniform(-0.8, 0.8)) + 3.0
            at_corner = road.kind == "junction" and abs(x - road.crossing_x) < cross_half_width(road) + 9
            if rng.random() > 0.12 and not at_corner:
                made.append((x, side * (half_width(road) + 1.6 + float(rng.uniform(-0.1, 0.1)))))
    if road.kind == "junction":
        aside = cross_half_width(road) + 1.6
        made += [
            (road.crossing_x + sx * aside, sy * (half_width(road) + index * TREE_EVERY - 14))
            for index in range(4, 18) for sx in (-1, 1) for sy in (-1, 1)
        ]  # fmt: skip
    return made


def put_tree(shape: Any, xy: tuple[float, float], rng: np.random.Generator, name: str = "tree") -> Any:
    size = float(rng.uniform(0.85, 1.2))
    made = place(shape, name)
    made.location, made.rotation_euler = (*xy, 0.1), (0, 0, float(rng.uniform(0, 6.28)))
    made.scale = (size, size, size * float(rng.uniform(0.92, 1.12)))
    return made


def tree_shape(seed: int) -> Any:
    """Mesh data of one tree, about 7 m high, its foot at the origin."""
    rng = np.random.default_rng([33, seed])
    bark, leaf = _tinted("bark", 0.9), _tinted("leaf", 0.55)
    heap = Heap(bark)
    lean = rng.normal(0, 0.12, 2)
    heap.tube([(0, 0, -0.1), (0, 0, 0.25), (lean[0] / 2, lean[1] / 2, 1.4), (*lean, 2.7)], [0.19, 0.135, 0.115, 0.10],
              tint=(0.13, 0.105, 0.085))  # fmt: skip
    tips = []
    for index in range(9):
        angle = index * 2.4 + rng.uniform(0, 0.6)
        reach, high = rng.uniform(0.7, 1.9), rng.uniform(3.8, 6.4)
        tip = np.array([math.cos(angle) * reach, math.sin(angle) * reach, high])
        elbow = np.array([*lean, 2.5]) * 0.55 + tip * 0.45 + rng.normal(0, 0.1, 3)
        heap.tube([(*lean, 2.5), tuple(elbow), tuple(tip)], [0.06, 0.04, 0.012], sides=6, tint=(0.12, 0.10, 0.08))
        tips += [tip, elbow + np.array([0, 0, 0.5])]
    wood = heap.mesh("wood")
    centres = np.asarray(tips) + rng.normal(0, 0.12, (len(tips), 3))
    points, tints = _leaves(centres, rng.uniform(0.55, 1.05, len(tips)), LEAVES, rng)
    return _with_leaves(wood, points, tints, (bark, leaf))


def _leaves(centres: Floats, radii: Floats, count: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Corners (n, 4, 3) and colours (n, 3): leaves in twigs on the shells of blobs, paler outside and above."""
    which = rng.integers(0, len(centres), count // 6).repeat(6)
    twig = _unit(rng.normal(size=(len(which) // 6, 3))).repeat(6, axis=0)
    depth = rng.uniform(0.35, 1.0, len(which) // 6).repeat(6) ** 0.5
    middle = (
        centres[which] + twig * (radii[which] * depth)[:, None] * (1, 1, 0.8) + rng.normal(0, 0.055, (len(which), 3))
    )
    long = _unit(rng.normal(size=(len(which), 3)) + 0.8 * twig + (0, 0, -0.5))
    wide = _unit(np.cross(long, rng.normal(size=(len(which), 3)) * 0.5 + twig))
    size = rng.uniform(0.034, 0.066, len(which))[:, None]
    corners = np.stack([middle - long * size, middle + wide * size * 0.55, middle + long * size,
                        middle - wide * size * 0.55], axis=1)  # fmt: skip
    tone = (0.55 + 0.55 * depth + rng.normal(0, 0.16, len(which)))[:, None]
    hue = rng.uniform(0, 1, (len(which), 1)) ** 2
    colour = tone * (np.array([0.075, 0.135, 0.036]) * (1 - hue) + np.array([0.17, 0.20, 0.05]) * hue)
    return corners, np.clip(colour, 0.005, 0.4)


def _with_leaves(wood: Any, corners: Floats, colours: Floats, surfaces: tuple[Material, Material]) -> Any:
    """One mesh of a stem and its leaves."""
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


def _tinted(name: str, rough: float) -> Material:
    """A material whose colour is the mesh's own."""
    made = material(name, (0.1, 0.1, 0.1), rough)
    tint = made.node_tree.nodes.new("ShaderNodeVertexColor")
    tint.layer_name = "tint"
    made.node_tree.links.new(tint.outputs[0], made.node_tree.nodes["Principled BSDF"].inputs["Base Color"])
    return made


def _hedge(road: Road, rng: np.random.Generator) -> None:
    """Clipped bushes, two metres a piece."""
    core = Heap(_tinted("twigs", 0.9))
    core.box((0, 0, 0.32), (1.96, MEDIAN_M - 0.36, 0.5), tint=(0.02, 0.03, 0.012))
    centres = rng.uniform((-1, -0.18, 0.15), (1, 0.18, 0.55), (60, 3))
    points, tints = _leaves(centres, np.full(60, 0.14), HEDGE_LEAVES, rng)
    shape = _with_leaves(core.mesh("hedge"), points * 1.0, tints, (_tinted("twigs", 0.9), _tinted("hedge_leaf", 0.5)))
    for x in np.arange(-FAR, FAR, 2.0):
        if stop_reach(road) == 0 or abs(x - road.crossing_x) > stop_reach(road) + 1.2:
            made = place(shape, "hedge")
            made.location, made.rotation_euler = (float(x), 0, 0.1), (0, 0, math.pi * int(rng.integers(2)))


def _unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), np.float64)
