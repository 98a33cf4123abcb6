"""What is behind the lamp covers: housings, reflectors, lenses."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from datasets.scenes.blender import BlenderObject, Material, box, lathe, material, mesh
from datasets.scenes.body import Floats
from datasets.scenes.fittings import Trim
from datasets.scenes.spec import CarSpec
from datasets.scenes.vehicle_lamps import head_lamp_mask, tail_lamp_mask
from datasets.scenes.vehicle_skin import Skin

_DEPTH = 0.075


@dataclass(frozen=True, slots=True)
class LampSurfaces:
    head: Material
    tail: Material
    lens: Material
    cavity: Material
    """Of a broken lamp's inside."""
    shard: Material
    red_shard: Material


def lamp_surfaces(trim: Trim, lit: bool, dark: bool, flat: bool) -> LampSurfaces:
    """``lit``: the head lamps burn. ``dark``: housings of black plastic instead of chrome. ``flat``: lenses are boxes
    that look along x, not domes that look along y."""
    head = material("head_housing", (0.05, 0.052, 0.056) if dark else (0.42, 0.43, 0.45), 0.2 if dark else 0.16, 0.8)
    tail = material("tail_housing", (0.62, 0.56, 0.56), 0.22, 0.7)
    _ribbed(head, 0.02 if dark else 0.034)
    _ribbed(tail, 0.012)
    return LampSurfaces(
        head, tail, _burning(flat) if lit else trim.lens, material("lamp_cavity", (0.012, 0.012, 0.013), 0.55),
        material("lamp_shard", (0.55, 0.58, 0.60), 0.06, 0.2, 1),
        material("lamp_shard_red", (0.30, 0.008, 0.01), 0.1, 0, 1),
    )  # fmt: skip


def add_lamps(
    root: BlenderObject, spec: CarSpec, skin: Skin, trim: Trim, surfaces: LampSurfaces, breaks: tuple[bool, bool]
) -> None:
    """Of one half. ``breaks``: of the head and of the tail lamp the insides hang askew in a dark cavity."""
    broken = breaks[0]
    grid = skin.grid
    head = head_lamp_mask(spec.head_lamp, grid.along, grid.y, grid.z)
    _housing(root, skin.points, grid.along, (-1, -skin.side), head, surfaces.cavity if broken else surfaces.head)
    if spec.build != "cab":
        aft = spec.length - grid.along
        tail = (aft < 0.75) & tail_lamp_mask(spec.tail_lamp, aft, grid.y, grid.z)
        _housing(root, skin.points, aft, (1, -skin.side), tail, surfaces.cavity if breaks[1] else surfaces.tail)
        if breaks[1]:
            _shards(root, skin.points[tail], 1, (surfaces.red_shard, surfaces.shard))
    if broken:
        _shards(root, skin.points[head], -1, (surfaces.shard, trim.chrome))
    count = {"twin": 2, "bowl": 1, "led": 3}[spec.style.lamp]
    height = spec.head_lamp.z1 - spec.head_lamp.z0
    radius = min(height * (0.44 if count > 1 else 0.50), 0.075)
    step = {1: 0.0, 2: radius * 2.5, 3: radius * 1.7}[count]
    for k in range(count):
        y = spec.head_lamp.inner + 0.045 + radius + step * k
        middle = _behind(skin, head, y)
        if middle is None:
            continue
        droop = 0.35 if broken else 0.0
        if spec.style.lamp == "led":
            _cube(root, middle, trim, surfaces, droop, radius)
        else:
            _round(root, middle, trim, surfaces, droop, radius, bowl=spec.style.lamp == "bowl")


def _behind(skin: Skin, head: npt.NDArray[np.bool_], y: float) -> Floats | None:
    off = np.where(head, np.abs(skin.grid.y - y), np.inf)
    if not np.isfinite(off).any() or off.min() > 0.03:
        return None
    near = skin.points[off < max(0.012, float(off.min()) + 1e-6)]
    return np.asarray(near.mean(axis=0) - np.array([0.045, 0, 0]))


def _burning(flat: bool) -> Material:
    """A lens that is white-hot in its middle and dim at its rim."""
    made = material("lens_lit", (0.8, 0.82, 0.85), 0.1, 0.2, 1)
    nodes, link = made.node_tree.nodes, made.node_tree.links.new
    shader = nodes["Principled BSDF"]
    place = nodes.new("ShaderNodeTexCoord")
    centred = nodes.new("ShaderNodeVectorMath")
    centred.operation, centred.inputs[1].default_value = "SUBTRACT", (0.5, 0.5, 0.5)
    across = nodes.new("ShaderNodeVectorMath")
    across.operation, across.inputs[1].default_value = "MULTIPLY", (0, 2, 2) if flat else (2, 0, 2)
    away = nodes.new("ShaderNodeVectorMath")
    away.operation = "LENGTH"
    link(place.outputs["Generated"], centred.inputs[0])
    link(centred.outputs[0], across.inputs[0])
    link(across.outputs[0], away.inputs[0])
    ramp = nodes.new("ShaderNodeMapRange")
    ramp.interpolation_type = "SMOOTHERSTEP"
    for name, value in (("From Min", 0.12), ("From Max", 0.85), ("To Min", 32.0), ("To Max", 0.8)):
        ramp.inputs[name].default_value = value
    link(away.outputs["Value"], ramp.inputs["Value"])
    shader.inputs["Emission Color"].default_value = (1.0, 0.95, 0.86, 1)
    link(ramp.outputs["Result"], shader.inputs["Emission Strength"])
    return made


def _ribbed(surface: Material, pitch_m: float) -> None:
    """Prisms pressed into a reflector."""
    nodes, link = surface.node_tree.nodes, surface.node_tree.links.new
    place, wave = nodes.new("ShaderNodeTexCoord"), nodes.new("ShaderNodeTexBrick")
    wave.inputs["Scale"].default_value = 0.5 / pitch_m
    wave.inputs["Mortar Size"].default_value, wave.inputs["Mortar Smooth"].default_value = 0.06, 1.0
    turned = nodes.new("ShaderNodeMapping")
    turned.inputs["Rotation"].default_value = (np.pi / 2, 0, np.pi / 2)
    link(place.outputs["Object"], turned.inputs[0])
    link(turned.outputs[0], wave.inputs["Vector"])
    bump = nodes.new("ShaderNodeBump")
    bump.inputs["Strength"].default_value, bump.inputs["Distance"].default_value = 0.9, 0.006
    link(wave.outputs["Fac"], bump.inputs["Height"])
    link(bump.outputs[0], nodes["Principled BSDF"].inputs["Normal"])


def _shards(root: BlenderObject, skin_points: Floats, inwards: int, surfaces: tuple[Material, Material]) -> None:
    """Splinters of the cover and of the reflector that are left in a broken lamp."""
    if not len(skin_points):
        return
    rng = np.random.default_rng(len(skin_points))
    for surface, count, size in ((surfaces[0], 26, 0.016), (surfaces[1], 9, 0.024)):
        middles = skin_points[rng.integers(len(skin_points), size=count)]
        middles = middles + np.array([inwards, 0, 0]) * rng.uniform(0.008, 0.05, (count, 1))
        corners = middles[:, None] + rng.normal(0, size, (count, 3, 3)) * (0.6, 1, 1)
        mesh("shards", corners, np.arange(3 * count).reshape(-1, 3), surface, parent=root)


def _round(
    root: BlenderObject, middle: Floats, trim: Trim, surfaces: LampSurfaces, droop: float, radius: float, bowl: bool
) -> None:
    deep = -0.05 if bowl else -0.035
    profile = [
        (radius * 0.25, deep),
        (radius * 0.7, deep * 0.6),
        (radius, 0.012),
        (radius * 1.06, 0.018),
        (radius * 1.06, 0.0),
    ]
    ring = lathe("lamp_ring", profile if bowl else profile[2:], trim.chrome, 32, root)
    size = radius * (0.30 if bowl else 0.84)
    dome = [(size * np.cos(a), 0.018 * np.sin(a) - (0.03 if bowl else 0)) for a in np.linspace(0, np.pi / 2, 7)]
    ball = lathe("lamp_lens", dome, surfaces.lens, 24, root)
    for part in (ring, ball):
        part.location = tuple(middle)
        part.rotation_euler = (droop, 0, -np.pi / 2 + droop)


def _cube(root: BlenderObject, middle: Floats, trim: Trim, surfaces: LampSurfaces, droop: float, radius: float) -> None:
    x, y, z = (float(v) for v in middle)
    box("lamp_ring", (x - 0.012, y, z), (0.03, radius * 1.5, radius * 1.3), trim.chrome, root, 0.008, (droop, droop, 0))
    box(
        "lamp_lens",
        (x + 0.004, y, z),
        (0.02, radius * 1.25, radius * 1.05),
        surfaces.lens,
        root,
        0.006,
        (droop, droop, 0),
    )


def _housing(
    root: BlenderObject, points: Floats, from_end: Floats, towards: tuple[int, int], mask: npt.NDArray[np.bool_],
    surface: Material,
) -> None:  # fmt: skip
    """The lamp's back wall: the skin behind the cover, moved inwards, with a rim that reaches up to the skin.

    ``towards``: signs of x and y that lead into the car. Inwards is along the car at its end and across it on the
    flank; the skin's own normals are no use, as its grid folds at the corners.
    """
    kernel = np.ones((3, 3), np.uint8)
    inside = np.asarray(cv2.dilate(mask.astype(np.uint8), kernel))
    core = np.asarray(cv2.erode(inside, kernel)) > 0
    angle = np.clip((from_end - 0.08) / 0.35, 0, 1) * np.pi / 2
    inwards = np.stack([np.cos(angle) * towards[0], np.sin(angle) * towards[1], np.zeros_like(angle)], axis=-1)
    moved = points + inwards * np.where(core, _DEPTH, 0.006)[..., None]
    rows, columns = points.shape[:2]
    index = np.arange(rows * columns).reshape(rows, columns)
    faces = np.stack([index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]], axis=-1).reshape(-1, 4)
    kept = faces[(inside.ravel() > 0)[faces].all(axis=1)]
    if len(kept):
        used, local = np.unique(kept, return_inverse=True)
        mesh("housing", moved.reshape(-1, 3)[used], local.reshape(-1, 4), surface, smooth=True, parent=root)
