"""Arguments that everything has in common which draws cases from a cache of rendered pictures."""

from __future__ import annotations

import argparse
from pathlib import Path

from datasets.cases.stock import Stock
from datasets.scenes.plan import Scene
from datasets.scenes.render_store import SAMPLES
from datasets.scenes.scene_file import read_scenes


def add_cache(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cache", type=Path, required=True, help="what `datasets.scenes.render` filled")
    parser.add_argument("--scenes", type=Path, help="a file of scenes instead of the project's list")
    parser.add_argument("--scale", type=float, default=1.0, help="at which the cache was rendered")
    parser.add_argument("--samples", type=int, default=SAMPLES, help="with which it was rendered")
    parser.add_argument(
        "--code", default="", help="hashes of the code that rendered, newest first, if it changed since"
    )
    parser.add_argument("--roles", default="", help="those that were rendered, comma separated; others are never taken")


def scenes_of(args: argparse.Namespace) -> tuple[Scene, ...]:
    """Of the file that is named, else the project's list (which takes minutes)."""
    if args.scenes:
        return read_scenes(args.scenes)
    from datasets.scenes.scene_list import scenes

    return scenes()


def stock_of(
    args: argparse.Namespace, scenes: tuple[Scene, ...], folder: Path, longer_px: int = 0, quality: int = 0
) -> Stock:
    roles = frozenset(args.roles.split(",")) if args.roles else frozenset()
    by_name = {scene.name: scene for scene in scenes}
    return Stock(args.cache, folder, by_name, args.code, args.samples, args.scale, roles, longer_px, quality)
