"""Samples and augmentation of the view classifier: which side of a vehicle faces the camera."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from datasets.labels.training import load_training_views
from datasets.splits import rows
from datasets.training.augment import (
    coloured,
    cut,
    lit,
    night,
    occluded,
    shifted,
    squeezed,
    turned,
    view_of,
    worn,
)
from datasets.training.samples import Boxes, Sample, main_box, rgb
from datasets.view_labels import HIGH_ANGLE, MIRROR, PhotoLabel, load
from vision.types import Pixels, View

LABELS = (*(v.value for v in View), HIGH_ANGLE)
SIDE = 224
BESIDE = 0.03
"""How much of the truth the view to either side is given: people part there in about as many."""
MARGIN = 0.06
"""Share of a vehicle's box that is seen around it, in training as at run time."""


def sample(label: PhotoLabel, data: Path, boxes: Boxes) -> Sample:
    pixels = rgb(label.photo.path(data))
    size_wh = (pixels.shape[1], pixels.shape[0])
    found = boxes.get(label.photo.sha256, [])
    return Sample(pixels, main_box(found, size_wh), (LABELS.index(label.view),))


def told(label: PhotoLabel) -> bool:
    """Whether a view label is there and the photo stands upright."""
    return label.view in LABELS and label.quality not in ("sideways", "upside_down")


def samples(data: Path, split: str, boxes: Boxes) -> list[Sample]:
    return [sample(x, data, boxes) for x in load(data) if told(x) and x.photo.split == split]


def street(data: Path) -> list[Sample]:
    """Vehicles of street photos of the train part whose view was told by eye."""
    photos = {row.sha256: row.path(data) for row in rows("street", "train")}
    seen = [v for v in load_training_views() if v.sha256 in photos]
    return [Sample(rgb(photos[v.sha256]), v.box_xyxy, (LABELS.index(v.view),)) for v in seen]


def neighbours() -> tuple[tuple[int, int, float], ...]:
    """Each view with those beside it, around the vehicle, and the share of the truth that each of them gets."""
    ring = len(View)
    return tuple((k, (k + step) % ring, BESIDE) for k in range(ring) for step in (-1, 1))


def augment(item: Sample, random: np.random.Generator) -> tuple[Pixels, tuple[int, ...]]:
    """One training view of a sample; a mirrored picture has the mirrored label."""
    pixels, target = item.pixels, LABELS[item.targets[0]]
    box = shifted(cut(item.box, random), (pixels.shape[1], pixels.shape[0]), random, 0.12)
    out = view_of(pixels, box, SIDE)
    if random.random() < 0.5:
        out, target = np.ascontiguousarray(out[:, ::-1]), MIRROR.get(target, target)
    if random.random() < 0.3:
        out = turned(out, random.normal(0, 5))
    out = night(coloured(squeezed(out, random), random), random)
    return occluded(occluded(worn(lit(out, random), random), random), random), (LABELS.index(target),)


def plain(item: Sample) -> Pixels:
    """What the classifier sees at run time."""
    h, w = item.pixels.shape[:2]
    x0, y0, x1, y1 = item.box
    dx, dy = (x1 - x0) * MARGIN, (y1 - y0) * MARGIN
    return view_of(item.pixels, (max(x0 - dx, 0), max(y0 - dy, 0), min(x1 + dx, w), min(y1 + dy, h)), SIDE)
