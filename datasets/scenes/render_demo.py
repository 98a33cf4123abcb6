"""Renders the demo's scene photos: ``python -m datasets.scenes.render_demo OUT`` in an environment with ``bpy``.

Pictures that are already in OUT are kept, so that a run that was stopped goes on; delete a file to render it again.
OUT gets clean PNG files and truth.json; `datasets.scenes.demo_cases` makes photos and cases of them.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from pathlib import Path
from typing import Any

import bpy
from mathutils import Vector

from datasets.scenes.blender import empty_scene
from datasets.scenes.car_model import CarModel, build_car
from datasets.scenes.cars import SEDAN, SEDAN_IMPACT, SUV, SUV_IMPACT
from datasets.scenes.fittings import make_trim
from datasets.scenes.parties import PLATE_A, PLATE_B
from datasets.scenes.shots import SHOTS, SIZE_WH, Shot
from datasets.scenes.street import build_street
from datasets.scenes.truth import car_truth

LANE_Y = -1.75
SWERVE_DEG = -4.0
"""B swerved to the right before it struck."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--shots", default="", help="names, comma separated; all when left out")
    parser.add_argument("--samples", type=int, default=6)
    parser.add_argument("--scale", type=float, default=1.0, help="of the pictures' size")
    parser.add_argument("--texture", type=int, default=4096, help="width of a car's texture, pixels")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=3)
    args = parser.parse_args()
    by_name = {shot.name: shot for shot in SHOTS}
    wanted = tuple(by_name[name] for name in args.shots.split(",")) if args.shots else SHOTS
    todo = tuple(s for s in wanted if not (args.out / f"{s.name}.png").exists())
    if not todo:
        return
    textures = args.out / "textures"
    textures.mkdir(parents=True, exist_ok=True)
    scene = empty_scene()
    _settings(scene, args.samples, args.threads, args.seed)
    cars = _build(textures, args.texture, args.seed)
    camera = _camera(scene)
    for shot in todo:
        _render(scene, camera, cars, shot, args.out, args.scale)


def _settings(scene: Any, samples: int, threads: int, seed: int) -> None:
    scene.render.engine = "CYCLES"
    cycles = scene.cycles
    cycles.device, cycles.samples, cycles.seed = "CPU", samples, seed
    cycles.use_denoising, cycles.denoiser = True, "OPENIMAGEDENOISE"
    cycles.max_bounces, cycles.transparent_max_bounces, cycles.sample_clamp_indirect = 5, 12, 4
    scene.render.threads_mode, scene.render.threads = "FIXED", threads
    scene.render.resolution_percentage = 100
    scene.render.use_persistent_data = True
    scene.render.image_settings.file_format = "PNG"
    scene.view_settings.view_transform, scene.view_settings.look = "AgX", "AgX - Medium High Contrast"
    scene.view_settings.exposure = 1.1  # under cloud


def _build(textures: Path, texture: int, seed: int) -> tuple[CarModel, CarModel]:
    trim = make_trim()
    size_wh = (texture, texture // 2)
    a = build_car(SEDAN, SEDAN_IMPACT, PLATE_A, trim, textures, size_wh)
    b = build_car(SUV, SUV_IMPACT, PLATE_B, trim, textures, size_wh)
    build_street(textures, (0.0, -1.2), seed)
    return a, b


def _camera(scene: Any) -> Any:
    camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
    camera.data.sensor_width = 36
    scene.collection.objects.link(camera)
    scene.camera = camera
    return camera


def _render(scene: Any, camera: Any, cars: tuple[CarModel, CarModel], shot: Shot, out: Path, scale: float) -> None:
    size_wh = (round(SIZE_WH[0] * scale * shot.scale), round(SIZE_WH[1] * scale * shot.scale))
    scene.render.resolution_x, scene.render.resolution_y = size_wh
    a, b = cars
    a.root.location = (a.spec.length / 2 + shot.gap / 2, LANE_Y, 0)
    b.root.location = (-b.spec.length / 2 - shot.gap / 2, LANE_Y + 0.05, 0)
    b.root.rotation_euler = (0, 0, math.radians(SWERVE_DEG))
    camera.location = shot.eye
    turn = (Vector(shot.target) - Vector(shot.eye)).to_track_quat("-Z", "Y")
    camera.rotation_euler = turn.to_euler()
    camera.rotation_euler.rotate_axis("Z", math.radians(shot.roll_deg))
    camera.data.lens = shot.lens_mm
    bpy.context.view_layer.update()
    _note_truth(out / "truth.json", shot.name, [car_truth(car, camera, size_wh) for car in cars], size_wh)
    path = out / f"{shot.name}.png"
    unfinished = path.with_suffix(".part.png")
    scene.render.filepath = str(unfinished)
    start = time.monotonic()
    bpy.ops.render.render(write_still=True)
    unfinished.rename(path)
    print(f"{shot.name}: {time.monotonic() - start:.0f} s", flush=True)


def _note_truth(path: Path, name: str, cars: list[dict[str, Any]], size_wh: tuple[int, int]) -> None:
    known = json.loads(path.read_text()) if path.exists() else {}
    known[name] = {"size_wh": list(size_wh), "cars": cars}
    path.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
