"""`python -m datasets.scenes.render_roadside --out DIR`: training pictures with boxes of what stands beside the road.

Runs in the environment with ``bpy``. The scenes have seeds of their own: none of them is a scene of the cases. Beside
each picture (PNG) lies a JSON file ``{"boxes": [[kind, x0, y0, x1, y1], ...]}`` in pixels.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import bpy
import numpy as np

from datasets.scenes.arrange import sample_scene
from datasets.scenes.built import BuiltScene, Thing
from datasets.scenes.look_truth_masks import clipped
from datasets.scenes.look_truth_rays import Trees, search_trees
from datasets.scenes.look_truth_road import free_points
from datasets.scenes.pinhole import NEAR_M, Floats, Pinhole, pinhole, project, within
from datasets.scenes.plan import AccidentType, Scene
from datasets.scenes.render_build import aim, build_scene
from datasets.scenes.render_things import _named, _points, _surface
from datasets.scenes.scene_file import scaled
from datasets.scenes.seen import Box

FIRST_SEED: Final = 9100
WANTED: Final = (
    *((AccidentType.SINGLE_VEHICLE, kind) for kind in ("guardrail", "tree", "bollard", "lamp_post", "wall")),
    (AccidentType.INTERSECTION, "red"), (AccidentType.WRONG_WAY, "no_entry"), (AccidentType.INTERSECTION, "green"),
    (AccidentType.WRONG_WAY, "one_way"),
)  # fmt: skip
"""Type of accident, and what was struck, shown by the light or written on the sign."""
LIGHTS: Final = ("day", "overcast", "day", "dusk", "overcast", "night", "day")
ROLES: Final = (
    "contact_far", "front_panorama", "object", "signal", "sign", "side", "rear_panorama", "other_side", "landmark",
)  # fmt: skip
MOST_SHOTS = 4
OF_OBJECT: Final = {"guardrail": "guard_rail", "lamp_post": "pole"}
"""Names here where they differ from the scenes' own."""
COLUMNS: Final = (("lamp_posts", 7.4, 0.1), ("light_poles", 6.2, 0.13), ("sign_posts", 2.9, 0.05))
"""Objects of many posts: name, height and radius of each, metres."""
REACH_M, LEAST_01, FACING = 45.0, 0.035, 0.3
FREE_SHARE, FREE_SHARE_LONG = 0.4, 0.08
"""Of the points in the picture that have to be seen; a rail hides itself, and whatever struck it hides most of it."""


def wanted_scenes(count: int) -> Iterator[Scene]:
    """Scenes in turn of what is wanted, each by the first seed that gives it."""
    seed = FIRST_SEED
    for i in range(count):
        kind, what = WANTED[i % len(WANTED)]
        while True:
            seed += 1
            scene = sample_scene(f"roadside-{seed}", seed, kind, LIGHTS[i % len(LIGHTS)])
            if what in (scene.object_hit, scene.road.signal, *scene.road.signs):
                yield scene
                break


def things(scene: Scene, built: BuiltScene) -> Iterator[Thing]:
    """All that is told apart, however far. A post and a trunk are told from the ground to the top or the crown."""
    for signal in _named("signal_"):
        points = _points(signal)
        ahead = 1.0 if points[:, 0].mean() < scene.road.crossing_x else -1.0
        yield Thing("traffic_light", points, (ahead, 0.0, 0.0))
    for number, light in enumerate(sorted(_named("side_light_"), key=lambda item: str(item.name))):
        yield Thing("traffic_light", _points(light), (0.0, -1.0 if number == 0 else 1.0, 0.0))
    yield from (replace(sign, kind="traffic_sign") for sign in built.signs)
    for name, height, radius in COLUMNS:
        for item in _named(name):
            yield from (Thing("pole", column(x, y, height, radius)) for x, y in feet(_points(item, 10**6)))
    for item in bpy.data.objects:
        if item.type == "MESH" and item.data.name.startswith("wood") and not item.name.startswith("object_hit"):
            x, y, _ = item.matrix_world.translation
            yield Thing("tree", column(float(x), float(y), 2.6, 0.16))
    if built.object_hit:
        yield _struck(scene, built.object_hit)


def _struck(scene: Scene, near: Thing) -> Thing:
    """All of the object, not only where it was struck."""
    x, y = scene.object_xy
    match scene.object_hit:
        case "tree":
            return Thing("tree", column(x, y, 2.7, 0.17))
        case "lamp_post":
            return Thing("pole", column(x, y, 7.5, 0.13))
        case "guardrail" | "wall":
            points = np.concatenate([_surface(item) for item in _named("object_hit_")])
            return Thing(OF_OBJECT.get(near.kind, near.kind), points[:: max(1, len(points) // 1500)])
        case _:
            return near


def column(x: float, y: float, height: float, radius: float) -> Floats:
    """Points (n, 3) on four sides of an upright post."""
    levels = np.linspace(0.1, height, 40)
    around = [(radius, 0.0), (-radius, 0.0), (0.0, radius), (0.0, -radius)]
    return np.array([(x + dx, y + dy, z) for z in levels for dx, dy in around], np.float64)


def feet(points: Floats) -> set[tuple[float, float]]:
    """Where the posts of one object stand: the middles of what is low, by the metre."""
    low = points[points[:, 2] < 0.3][:, :2]
    cells: dict[tuple[int, int], list[Floats]] = {}
    for point in low:
        near = next((key for key in cells if np.hypot(*(np.mean(cells[key], 0) - point)) < 0.7), None)
        cells.setdefault(near or (round(float(point[0]) * 10), round(float(point[1]) * 10)), []).append(point)
    return {(float(np.mean(c, 0)[0]), float(np.mean(c, 0)[1])) for c in cells.values()}


def seen_box(camera: Pinhole, thing: Thing, trees: Trees) -> Box | None:
    """The box of what is seen of it; null where most of it in the picture is hidden, far away or seen from behind."""
    sight = camera.eye - thing.points.mean(axis=0)
    if thing.facing is not None and sight @ np.array(thing.facing) < FACING * np.linalg.norm(sight):
        return None
    if np.linalg.norm(camera.eye - thing.points, axis=1).min() > REACH_M:
        return None
    pixels, depth = project(camera, thing.points)
    inside = within(pixels, camera.size_wh) & (depth > NEAR_M)
    free = free_points(camera, thing.points, trees.every, 0.35)
    share = FREE_SHARE_LONG if thing.kind in ("guard_rail", "wall") else FREE_SHARE
    if not inside.any() or free.sum() < share * inside.sum():
        return None
    box = clipped((*pixels[free].min(axis=0), *pixels[free].max(axis=0)), camera.size_wh)
    least = LEAST_01 * max(camera.size_wh)
    return box if box and max(box[2] - box[0], box[3] - box[1]) >= least else None


def photograph(scene: Scene, out: Path, shared: Path, textures: Path, scale: float, samples: int) -> None:
    """The scene's shots by role, each with its boxes; those that are there already are left."""
    shots = sorted((s for s in scene.shots if s.role in ROLES), key=lambda s: ROLES.index(s.role))[:MOST_SHOTS]
    todo = [s for s in shots if not (out / f"{scene.name}-{s.role}.json").exists()]
    if not todo:
        return
    built = build_scene(scene, shared, textures, samples, 1)
    trees, all_things = search_trees(built, scene.contact[:2]), tuple(things(scene, built))
    for shot in (scaled(s, scale) for s in todo):
        aim(built, shot)
        camera, name = pinhole(shot), f"{scene.name}-{shot.role}"
        boxes = [(t.kind, seen_box(camera, t, trees)) for t in all_things]
        bpy.context.scene.render.filepath = str(out / f"{name}.png")
        bpy.ops.render.render(write_still=True)
        told = [[kind, *(round(float(v), 1) for v in box)] for kind, box in boxes if box]
        (out / f"{name}.json").write_text(json.dumps({"boxes": told}) + "\n", encoding="utf-8")
        print(name, len(told), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--scenes", type=int, default=14)
    parser.add_argument("--scale", type=float, default=0.4)
    parser.add_argument("--samples", type=int, default=4)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="scene_textures_") as shared:
        for scene in wanted_scenes(args.scenes):
            with tempfile.TemporaryDirectory(prefix="vehicle_textures_") as textures:
                photograph(scene, args.out, Path(shared), Path(textures), args.scale, args.samples)


if __name__ == "__main__":
    main()
