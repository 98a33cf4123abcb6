"""Renders planned scenes with their truth: ``python -m datasets.scenes.render SCENES.json... --out CACHE``.

Runs in an environment with ``bpy``. A scene is built once for all its shots. What is in CACHE already is kept, so that
a run that was stopped goes on; several processes may fill one CACHE. A scene that fails or is unsound is reported and
the others are made; the exit code is 1 then.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import bpy
import cv2

from datasets.scenes.built import BuiltScene
from datasets.scenes.code_hash import code_hash
from datasets.scenes.look_truth import look
from datasets.scenes.look_truth_rays import Trees, search_trees
from datasets.scenes.plan import Scene, Shot
from datasets.scenes.render_build import aim, build_scene
from datasets.scenes.render_store import DRAWING, SAMPLES, Stored, claimed, store_truth, stored
from datasets.scenes.scene_file import read_scenes, scaled
from datasets.scenes.soundness import faults
from datasets.scenes.soundness_rays import hidden_contact


class Stopwatch:
    """Seconds on the wall and of the processor since it was made."""

    def __init__(self) -> None:
        self._start = time.monotonic(), time.process_time()

    def __str__(self) -> str:
        wall, work = time.monotonic() - self._start[0], time.process_time() - self._start[1]
        return f"{wall:.1f} s ({work:.1f} s of CPU)"


FAILURES = (RuntimeError, ValueError, LookupError, ArithmeticError, OSError, cv2.error)
"""Of Blender, of geometry, of names, of files, of pictures: they end a scene, not the run."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a run makes and where."""

    cache: Path
    samples: int
    threads: int
    truth_only: bool
    scale: float
    roles: frozenset[str]
    """Empty for all."""
    stop_at: float
    """Of `time.monotonic`; no picture is begun after it."""


def main() -> int:
    args = _arguments().parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    job = Job(
        args.out, args.samples, args.threads, args.truth_only, args.scale,
        frozenset(args.roles.split(",") if args.roles else ()), time.monotonic() + 60 * args.limit_minutes,
    )  # fmt: skip
    print(f"pictures are kept under the hash of the code that draws: {code_hash(DRAWING)}", flush=True)
    failed = 0
    with tempfile.TemporaryDirectory(prefix="scene_textures_") as shared:
        for scene in (scene for path in args.scenes for scene in read_scenes(path)):
            failed += not _make(scene, job, Path(shared))
    return 1 if failed else 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenes", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True, help="folder of finished pictures")
    parser.add_argument("--samples", type=int, default=SAMPLES)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--scale", type=float, default=1.0, help="of the pictures' size")
    parser.add_argument("--roles", default="", help="comma separated; all when left out")
    parser.add_argument("--limit-minutes", type=float, default=1e6, help="begin no picture after so long")
    parser.add_argument("--truth-only", action="store_true", help="look, but render nothing")
    return parser


def _make(scene: Scene, job: Job, shared: Path) -> bool:
    """False where the scene is refused or failed."""
    if _refused(scene, faults(scene)):
        return False
    shots = tuple(scaled(s, job.scale) for s in scene.shots if not job.roles or s.role in job.roles)
    todo = [(shot, stored(job.cache, scene, shot, job.samples)) for shot in shots]
    todo = [(shot, place) for shot, place in todo if not _done(place, job)]
    if not todo or time.monotonic() > job.stop_at:
        return True
    try:
        with tempfile.TemporaryDirectory(prefix="vehicle_textures_") as textures:
            begun = Stopwatch()
            built = build_scene(scene, shared, Path(textures), job.samples, job.threads)
            trees = search_trees(built, scene.contact[:2])
            print(f"{scene.name}: built in {begun}", flush=True)
            if _refused(scene, hidden_contact(scene, built, trees)):
                return False
            for shot, place in todo:
                if time.monotonic() > job.stop_at:
                    break
                with claimed(place) as mine:
                    if mine and not _done(place, job):
                        _take(scene, built, trees, shot, place, job)
    except FAILURES as error:
        print(f"{scene.name}: failed: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        return False
    return True


def _refused(scene: Scene, reasons: tuple[str, ...]) -> bool:
    if reasons:
        print(f"{scene.name}: refused: {'; '.join(reasons)}", file=sys.stderr, flush=True)
    return bool(reasons)


def _done(place: Stored, job: Job) -> bool:
    return place.looked() and (job.truth_only or place.drawn())


def _take(scene: Scene, built: BuiltScene, trees: Trees, shot: Shot, place: Stored, job: Job) -> None:
    """One picture and its truth; the truth is written first, so that a picture always has one."""
    watch = Stopwatch()
    aim(built, shot)
    if not place.looked():
        store_truth(place, look(scene, built, trees, shot))
    looked, watch = str(watch), Stopwatch()
    if not job.truth_only and not place.drawn():
        unfinished = place.picture.with_suffix(f".{os.getpid()}.part.png")
        bpy.context.scene.render.filepath = str(unfinished)
        bpy.ops.render.render(write_still=True)
        unfinished.replace(place.picture)
    print(f"{scene.name} {shot.role} {place.picture.stem}: truth {looked}, picture {watch}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
