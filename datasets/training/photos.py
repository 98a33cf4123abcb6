"""Samples and augmentation of the photo classifier: framing, and how far the picture stands from upright.

`scene`, `whole`, `medium`, `closeup`, `interior` are hand labels. `document` is drawn by the project (nearly no real
one is at hand). `other` is a street picture on which no vehicle takes 3 % of the area, or a piece of one without any
vehicle; a street picture whose largest vehicle takes 8 % or more counts as `scene`; in between nobody can say.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from datasets.documents.draw import LAYOUTS, draw
from datasets.documents.fonts import TUNING
from datasets.documents.people import fictitious_party
from datasets.documents.photographed import DEFECTS, photographed
from datasets.splits import rows
from datasets.training.augment import coloured, lit, night, occluded, shifted, squeezed, turned, view_of, worn
from datasets.training.samples import Boxes, Sample, rgb
from datasets.view_labels import load
from vision.geometry import area, overlap
from vision.types import Box, DocumentKind, FramingKind, Pixels

LABELS = tuple(k.value for k in FramingKind)
TURNS = ("0", "90", "180", "270")
"""Degrees clockwise still to be turned so that the content is upright."""
SIDE = 224
LONG_SIDE = 448
"""Training pictures are kept at this size: twice what the net sees."""
STANDING = {"upside_down": 2}
"""Photos whose way up is known although they do not stand upright; `sideways` does not tell to which side."""
CLOSE = (
    ("scene", "whole", 0.1),
    ("whole", "scene", 0.04),
    ("whole", "medium", 0.04),
    ("medium", "whole", 0.04),
    ("medium", "closeup", 0.08),
    ("closeup", "medium", 0.08),
)
"""Framings whose border is fuzzy in the labels: how much of the truth of the first the other one is given."""
FEW = {"interior": 5}
"""Framings of which there are few photos: how often each of them is seen in an epoch."""
KEYS = {
    DocumentKind.DRIVING_LICENCE: "driving_licence",
    DocumentKind.VEHICLE_LICENCE: "vehicle_licence",
    DocumentKind.INSURANCE_POLICY: "insurance_policy",
}


def reduced(pixels: Pixels) -> Pixels:
    scale = LONG_SIDE / max(pixels.shape[:2])
    return cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8)


def whole(pixels: Pixels) -> Box:
    return 0.0, 0.0, float(pixels.shape[1]), float(pixels.shape[0])


def of(pixels: Pixels, framing: str, turn: int = 0) -> Sample:
    """A sample of a picture; ``framing`` empty: not told; ``turn``: quarter turns clockwise that make it upright."""
    small = reduced(pixels)
    return Sample(small, whole(small), (LABELS.index(framing) if framing in LABELS else -1, turn))


def neighbours() -> tuple[tuple[int, int, float], ...]:
    """`CLOSE` by the places of the labels."""
    return tuple((LABELS.index(a), LABELS.index(b), share) for a, b, share in CLOSE)


def repeated(items: Sequence[Sample]) -> list[Sample]:
    """The samples, rare framings more often."""
    return [item for item in items for _ in range(FEW.get(LABELS[item.targets[0]], 1) if item.targets[0] >= 0 else 1)]


def labelled(data: Path, split: str) -> list[Sample]:
    """Photos with hand labels; those that stand sideways are left out: nobody noted to which side."""
    out = []
    for item in load(data):
        if item.photo.split == split and item.quality != "sideways" and item.photo.folder != "cars_views":
            out.append(of(rgb(item.photo.path(data)), item.framing, STANDING.get(item.quality, 0)))
    return out


def empty_piece(pixels: Pixels, boxes: list[tuple[Box, float]], random: np.random.Generator) -> Pixels | None:
    """A piece of a street picture that touches no vehicle, if eight tries find one."""
    h, w = pixels.shape[:2]
    for _ in range(8):
        pw, ph = int(w * random.uniform(0.3, 0.6)), int(h * random.uniform(0.3, 0.6))
        x, y = random.integers(0, w - pw), random.integers(0, h - ph)
        piece = (float(x), float(y), float(x + pw), float(y + ph))
        if all(overlap(piece, b) == 0 for b, _ in boxes):
            return pixels[y : y + ph, x : x + pw]
    return None


def street(data: Path, split: str, boxes: Boxes, seed: int = 0) -> list[Sample]:
    """Street pictures by the rule above."""
    random = np.random.default_rng(seed)
    out = []
    for row in rows("street", split):
        pixels = rgb(row.path(data))
        found = boxes.get(row.sha256, [])
        share = max((area(b) for b, s in found if s >= 0.3), default=0.0) / (pixels.shape[0] * pixels.shape[1])
        if share >= 0.08:
            out.append(of(pixels, "scene"))
        elif share < 0.03:
            out.append(of(pixels, "other"))
        piece = empty_piece(pixels, found, random)
        if piece is not None:
            out.append(of(piece, "other"))
    return out


def documents(count: int, seed: int) -> list[Sample]:
    """Drawn documents as a phone would take them, in the font families of tuning."""
    random = np.random.default_rng(seed)
    layouts = tuple(LAYOUTS)
    out = []
    for i in range(count):
        kind, page = layouts[i % len(layouts)]
        party = fictitious_party(int(random.integers(1 << 30)))
        values = party[KEYS[kind]] if kind in KEYS else party["driving_licence"]
        pixels, truth = draw(
            kind, page, values, i, TUNING[i % len(TUNING)], px_per_mm=3.0 if kind == "insurance_policy" else 6.0
        )
        defects = [d for d in DEFECTS if random.random() < 0.3]
        size = (480, 640) if pixels.shape[0] > 1.2 * pixels.shape[1] else (640, 480)
        fill = float(random.uniform(0.5, 0.95))
        out.append(of(photographed(pixels, truth, seed + i, defects, size_wh=size, fill=fill)[0], "document"))
    return out


def augment(item: Sample, random: np.random.Generator) -> tuple[Pixels, tuple[int, ...]]:
    """One training view: in half of them turned by quarters, with the turn back as the second target."""
    pixels, (framing, turn) = item.pixels, item.targets
    box = shifted(item.box, (pixels.shape[1], pixels.shape[0]), random, 0.04)
    out = view_of(pixels, box, SIDE)
    # Text gives a document's way up away, but not once it is mirrored.
    if framing != LABELS.index("document") and random.random() < 0.5:
        out = np.ascontiguousarray(out[:, ::-1])
        turn = (4 - turn) % 4
    if random.random() < 0.3:
        out = turned(out, random.normal(0, 5))
    out = night(coloured(squeezed(out, random), random), random)
    if random.random() < 0.5:
        quarters = int(random.integers(1, 4))
        # rot90 turns counter-clockwise: as many quarters clockwise are then missing.
        out, turn = np.ascontiguousarray(np.rot90(out, quarters)), (turn + quarters) % 4
    return occluded(worn(lit(out, random), random), random), (framing, turn)


def plain(item: Sample) -> Pixels:
    """What the classifier sees at run time."""
    return view_of(item.pixels, item.box, SIDE)
