"""Training samples: photos with drawn things on them, rendered scenes, photos with boxes by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from datasets.roadside.draw import Boxes, drawn_on
from datasets.roadside.labels import load_roadside
from datasets.splits import rows
from datasets.training.augment import lit, worn
from datasets.training.samples import rgb
from datasets.view_labels import load
from vision.geometry import shrunk
from vision.models.roadside import LABELS
from vision.types import Box, Pixels

SIDE = 512
NONE_OF = ("traffic_light", "traffic_sign", "bollard", "guard_rail")
"""Kinds that a photo of a damaged car, of which nobody noted what stands behind it, is taken not to show."""
LONG = ("guard_rail", "wall")
DRAWN = {"photo": 0.8, "rendered": 0.25, "labelled": 0.4}
"""How often something is drawn on a picture."""
LEAST_LEFT, LEAST_PX = 0.35, 4.0
"""Of a box that the crop cuts."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A picture with what is known of it. ``known``: for each label, whether all such things are in ``boxes``."""

    pixels: Pixels
    boxes: Boxes
    known: tuple[bool, ...]
    origin: str


@dataclass(frozen=True, slots=True, eq=False)
class Square:
    """What the net is trained on: (SIDE, SIDE, 3)."""

    pixels: Pixels
    boxes: Boxes
    known: tuple[bool, ...]


def photos(data: Path, count: int, random: np.random.Generator) -> list[Source]:
    """Photos of damage without boxes, near and far; of the near ones it is known that nothing stands there."""
    read = [x for x in load(data) if x.photo.folder == "damage/train" and x.photo.split == "train"]
    labelled = {label.sha256 for label in load_roadside()}
    read = [x for x in read if x.photo.sha256 not in labelled]
    near = [x for x in read if x.framing in ("closeup", "interior")]
    far = [x for x in read if x.framing in ("medium", "whole", "scene")]
    known_far = tuple(label in NONE_OF for label in LABELS)
    found = []
    for pool, share, known in ((near, 0.2, (True,) * len(LABELS)), (far, 0.8, known_far)):
        for i in random.permutation(len(pool))[: int(count * share)]:
            found.append(Source(shrunk(rgb(pool[i].photo.path(data)), 640), (), known, "photo"))
    return found


def rendered(folder: Path) -> list[Source]:
    """Pictures of `datasets.scenes.render_roadside`. Rails and walls on them are left open: the box of one holds the
    vehicle that struck it, and would teach that a vehicle is a rail."""
    found = []
    for path in sorted(folder.glob("*.json")):
        told = json.loads(path.read_text(encoding="utf-8"))["boxes"]
        open_ones = {kind for kind, *_ in told if kind in LONG}
        boxes = tuple((LABELS.index(k), (x0, y0, x1, y1)) for k, x0, y0, x1, y1 in told if k not in open_ones)
        known = tuple(label not in open_ones for label in LABELS)
        found.append(Source(rgb(path.with_suffix(".png")), boxes, known, "rendered"))
    return found


def labelled(data: Path, split: str = "train") -> list[Source]:
    """Photos with boxes by hand, shrunk."""
    told = {label.sha256: label for label in load_roadside()}
    found = []
    for row in rows(split=split):
        if row.sha256 in told:
            full = rgb(row.path(data))
            pixels = shrunk(full, 640)
            scale = pixels.shape[1] / full.shape[1]
            boxes = tuple((LABELS.index(k), tuple(v * scale for v in box)) for k, box in told[row.sha256].boxes)
            known = tuple(label not in told[row.sha256].doubtful for label in LABELS)
            found.append(Source(pixels, boxes, known, "labelled"))
    return found


def square_of(source: Source, random: np.random.Generator) -> Square:
    """A part of the picture, mirrored or not, with things drawn on it, worn as phones do it, in a square."""
    pixels, boxes = _part(source.pixels, source.boxes, random)
    if random.random() < DRAWN[source.origin]:
        pixels, more = drawn_on(pixels, random)
        boxes = (*(b for b in boxes if all(_free(b[1], o) for _, o in more)), *more)
    if random.random() < 0.5:
        pixels = np.ascontiguousarray(pixels[:, ::-1])
        w = pixels.shape[1]
        boxes = tuple((k, (w - x1, y0, w - x0, y1)) for k, (x0, y0, x1, y1) in boxes)
    return _boxed(worn(lit(pixels, random), random), boxes, source.known, random)


def plain(source: Source) -> Square:
    """The whole picture in a square, as at run time."""
    return _boxed(source.pixels, source.boxes, source.known, None)


def _free(old: Box, new: Box) -> bool:
    """Whether an old thing is still seen after a new one was drawn."""
    w, h = min(old[2], new[2]) - max(old[0], new[0]), min(old[3], new[3]) - max(old[1], new[1])
    return w <= 0 or h <= 0 or w * h < 0.5 * (old[2] - old[0]) * (old[3] - old[1])


def _part(pixels: Pixels, boxes: Boxes, random: np.random.Generator) -> tuple[Pixels, Boxes]:
    h, w = pixels.shape[:2]
    share = 1.0 if random.random() < 0.3 else random.uniform(0.5, 1.0)
    pw, ph = int(w * share), int(h * min(share * random.uniform(0.85, 1.15), 1.0))
    x, y = int(random.integers(0, w - pw + 1)), int(random.integers(0, h - ph + 1))
    part = pixels[y : y + ph, x : x + pw]
    small = shrunk(part, SIDE)
    scale = small.shape[1] / part.shape[1]
    kept = []
    for kind, (x0, y0, x1, y1) in boxes:
        box = max(x0 - x, 0), max(y0 - y, 0), min(x1 - x, pw), min(y1 - y, ph)
        left = max(box[2] - box[0], 0) * max(box[3] - box[1], 0)
        # Of long things any part is one of their kind.
        least = 0.05 if LABELS[kind] in ("pole", "guard_rail", "wall", "tree") else LEAST_LEFT
        if left >= least * (x1 - x0) * (y1 - y0) and scale * max(box[2] - box[0], box[3] - box[1]) >= LEAST_PX:
            kept.append((kind, (box[0] * scale, box[1] * scale, box[2] * scale, box[3] * scale)))
    return small.copy(), tuple(kept)


def _boxed(pixels: Pixels, boxes: Boxes, known: tuple[bool, ...], random: np.random.Generator | None) -> Square:
    scale = SIDE / max(pixels.shape[:2])
    size = max(round(pixels.shape[1] * scale), 1), max(round(pixels.shape[0] * scale), 1)
    resized = pixels if scale == 1 else cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR)
    h, w = resized.shape[:2]
    free_x, free_y = SIDE - w, SIDE - h
    x, y = (int(random.integers(0, f + 1)) if random else f // 2 for f in (free_x, free_y))
    out = np.full((SIDE, SIDE, 3), 114, np.uint8)
    out[y : y + h, x : x + w] = resized
    moved = tuple(
        (k, (x0 * scale + x, y0 * scale + y, x1 * scale + x, y1 * scale + y)) for k, (x0, y0, x1, y1) in boxes
    )
    return Square(out, moved, known)


def pool(sources: Sequence[Source], random: np.random.Generator, shares: dict[str, float]) -> Source:
    """One source, of each origin as often as ``shares`` says (of those that there are)."""
    groups = {o: [s for s in sources if s.origin == o] for o in shares}
    origins = [o for o in shares if groups[o]]
    weights = np.array([shares[o] for o in origins])
    chosen = groups[str(random.choice(origins, p=weights / weights.sum()))]
    return chosen[int(random.integers(len(chosen)))]
