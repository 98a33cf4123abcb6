"""Training samples of the lane network: drawn roads, and real training photos of which it is known what they lack."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from datasets.lanes.cutouts import cutouts
from datasets.lanes.draw import CELLS, IGNORED, SIDE, Drawn, boxed, drawn, light_told, put_light
from datasets.lanes.labels import with_split
from datasets.lanes.outlines import load_outlines
from datasets.lanes.overdraw import overdrawn
from datasets.splits import SplitRow, rows
from datasets.training.samples import Boxes, rgb
from datasets.view_labels import load
from vision.geometry import shrunk
from vision.types import Pixels


@dataclass(frozen=True, slots=True)
class Known:
    """A real training photo. ``no_lines``: it has none; else nobody knows. None has a traffic light."""

    photo: SplitRow
    no_lines: bool


def known_photos(data: Path) -> tuple[Known, ...]:
    """Close-ups, intact cars and street pictures of the training split, without those that show a traffic light.

    A photo without lane lines that was outlined has other paint, and is `datasets.lanes.outlines`'.
    """
    told, outlined = with_split("train"), {one.sha256 for one in load_outlines()}
    ids = {row.sha256 for _, row in told}
    found = [Known(r, x.lines is False) for x, r in told if x.light is False and r.sha256 not in outlined]
    near = [x.photo for x in load(data) if x.photo.split == "train" and x.framing in ("closeup", "interior")]
    found += [Known(r, True) for r in near[::3]]
    others = [*rows("street", "train"), *rows("parts/train", "train")[::2], *rows("cars", "train")[::2]]
    found += [Known(r, False) for r in others if r.sha256 not in ids]
    return tuple(found)


def real(known: Known, pixels: Pixels, random: np.random.Generator) -> Drawn:
    """A photo as it is, or a part of it, in four of ten with lights put into it."""
    h, w = pixels.shape[:2]
    share = random.uniform(0.55, 1.0)
    ph, pw = int(h * share), int(w * share)
    y, x = int(random.integers(0, h - ph + 1)), int(random.integers(0, w - pw + 1))
    part = shrunk(pixels[y : y + ph, x : x + pw], SIDE)
    h, w = (part.shape[0] // 4 * 4, part.shape[1] // 4 * 4)
    part = np.asarray(cv2.resize(part, (w, h), interpolation=cv2.INTER_AREA), np.uint8)
    if random.random() < 0.5:
        part = np.ascontiguousarray(part[:, ::-1])
    colours = np.asarray(cv2.resize(part, (2 * w, 2 * h), interpolation=cv2.INTER_LINEAR), np.float32)
    light = np.zeros(colours.shape[:2], np.float32)
    if random.random() < 0.4:
        put_light(colours, light, random, 2)
        part = np.clip(cv2.resize(colours, (w, h), interpolation=cv2.INTER_AREA), 0, 255).astype(np.uint8)
    lines = np.full((h // 2, w // 2), 0 if known.no_lines else IGNORED, np.uint8)
    return boxed(part, lines, light_told(light))


def vehicle_boxes(path: Path) -> Boxes:
    """Vehicle boxes that `datasets.pseudo` found: sha256 -> [(box, score)]."""
    read = json.loads(path.read_text())
    return {sha: [((b[0], b[1], b[2], b[3]), b[-1]) for b in found["boxes"]] for sha, found in read.items()}


def make(data: Path, roads: int, photos: int, seed: int, boxes: Boxes) -> Iterator[Drawn]:
    """``roads`` drawn pictures, then ``photos`` real ones, drawn again and again from those that are known.

    ``boxes``: vehicles on photos, by sha256; where they are known, half of the street photos without lines get some.
    """
    random = np.random.default_rng(seed)
    vehicles = cutouts(data, 150)
    backdrops = [shrunk(rgb(r.path(data)), 640) for r in rows("street", "train")[::3]]
    for _ in range(roads):
        yield drawn(backdrops, vehicles, random)
    known = known_photos(data)
    bare = [one for one in known if one.no_lines and one.photo.folder == "street"]
    for i in range(photos):
        pool = bare if i % 2 else known
        one = pool[int(random.integers(len(pool)))]
        pixels, before = rgb(one.photo.path(data)), boxes.get(one.photo.sha256)
        if one.no_lines and one.photo.folder == "street" and before is not None and random.random() < 0.75:
            yield overdrawn(pixels, [box for box, score in before if score >= 0.2], random)
        else:
            yield real(one, pixels, random)


def stacked(samples: Sequence[Drawn]) -> tuple[Pixels, Pixels, Pixels]:
    """Pictures (n, SIDE, SIDE, 3), lines and lights (n, CELLS, CELLS)."""
    if not samples:
        empty = np.zeros((0, CELLS, CELLS), np.uint8)
        return np.zeros((0, SIDE, SIDE, 3), np.uint8), empty, empty
    return (
        np.stack([s.pixels for s in samples]),
        np.stack([s.lines for s in samples]),
        np.stack([s.light for s in samples]),
    )
