"""Training set of `datasets.train_damage_part`: labelled damages, and places on parts that are known by their boxes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from datasets.evaluation.damage_parts import load
from datasets.evaluation.groups import groups
from datasets.training.detection_sets import PART_LABELS, parts
from datasets.training.mirror import mirrored
from datasets.training.samples import rgb
from vision.geometry import area, overlap
from vision.models.damage_part import NONE, SHARE, TIMES, placed, seen
from vision.types import Box, Pixels

TABLE = Path(__file__).parents[1] / "labels" / "damage_parts_train.csv"
LABELS = (*PART_LABELS, NONE)
HELD = 0.4
"""Of a place's box that a part's box holds: from here on the place is on that part too."""
PLACE = 0.5
"""How much a place on a part counts, beside a damage."""
Random = np.random.Generator


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A box on a photo and what it is on."""

    pixels: Pixels
    box: Box
    right: tuple[int, ...]
    """Labels, each of which is right."""
    weight: float
    photo: str = ""
    """Its sha256."""
    claim: int = -1
    """Damages of one claim share a number."""


@dataclass(frozen=True, slots=True, eq=False)
class Views:
    """What the network takes: two pictures (SIDE, SIDE, 3) uint8 RGB, and the place in shares of each."""

    afar: Pixels
    near: Pixels
    places: tuple[Box, Box]


def damages(data: Path) -> list[Place]:
    """Labelled damages of the train part; a photo with n of them weighs as the root of n, not as n.

    What either reader accepts is right; where they name different parts alone, nobody knows, and it is left out.
    """
    by_photo: dict[str, list[int]] = {}
    items = load(data, "train", TABLE)
    for k, item in enumerate(items):
        by_photo.setdefault(item.photo.sha256, []).append(k)
    names = groups([items[own[0]].photo for own in by_photo.values()])
    found = []
    for own, name in zip(by_photo.values(), names, strict=True):
        pixels = rgb(items[own[0]].photo.path(data))
        for item in (items[k] for k in own):
            if item.second and not set(item.parts) & set(item.second):
                continue
            told = tuple(LABELS.index(part) for part in dict.fromkeys((*item.parts, *item.second)))
            photo, claim = item.photo.sha256, names.index(name)
            found.append(Place(pixels, item.box_xyxy, told, len(own) ** -0.5, photo, claim))
    return found


def parted(data: Path) -> list[tuple[Pixels, tuple[tuple[int, Box], ...], str]]:
    """Training photos with the boxes of their parts, and the photo's sha256."""
    found = (item for item in parts(data) if item.photo.split == "train" and item.boxes)
    return [(rgb(item.photo.path(data)), item.boxes, item.photo.sha256) for item in found]


def on_a_part(pixels: Pixels, boxes: Sequence[tuple[int, Box]], rng: Random) -> Place:
    """A box as damages have, somewhere on one of a photo's parts."""
    label, (x0, y0, x1, y1) = boxes[int(rng.integers(len(boxes)))]
    wide, high = x1 - x0, y1 - y0
    x, y = x0 + wide * rng.uniform(0.15, 0.85), y0 + high * rng.uniform(0.15, 0.85)
    w, h = wide * rng.uniform(0.1, 0.55), high * rng.uniform(0.1, 0.55)
    height, width = pixels.shape[:2]
    box = max(x - w, 0.0), max(y - h, 0.0), min(x + w, float(width)), min(y + h, float(height))
    others = {k for k, other in boxes if overlap(box, other) > HELD * area(box)}
    return Place(pixels, box, tuple({label} | others), PLACE)


def turned(box: Box, width: float) -> Box:
    """The box in the mirrored picture."""
    return width - box[2], box[1], width - box[0], box[3]


def flipped(place: Place) -> Place:
    """The mirror image: left parts become right ones."""
    swap = mirrored(LABELS)
    pixels = np.ascontiguousarray(place.pixels[:, ::-1])
    right = tuple(swap[k] for k in place.right)
    return replace(place, pixels=pixels, box=turned(place.box, pixels.shape[1]), right=right)


def varied(place: Place, rng: Random) -> Views:
    """The two looks as a phone might have given them: box, framing, proportions, light and colour differ a little.

    Photos of damage/ were stretched to squares; proportions differ so that others are known too.
    """
    w, h = place.box[2] - place.box[0], place.box[3] - place.box[1]
    x0, y0, x1, y1 = np.array(place.box) + rng.uniform(-0.1, 0.1, 4) * (w, h, w, h)
    box, stretch = (float(x0), float(y0), float(x1), float(y1)), float(np.exp(rng.uniform(-0.25, 0.25)))
    height, width = place.pixels.shape[:2]
    longer = max(width, height)
    everything = _window((width / 2, height / 2), longer * float(np.exp(rng.uniform(-0.12, 0.2))), stretch, rng)
    side = max(TIMES * max(box[2] - box[0], box[3] - box[1]), SHARE * longer) * float(np.exp(rng.uniform(-0.2, 0.2)))
    close = _window(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), side, stretch, rng)
    light = _light(rng)
    afar, near = (light(seen(place.pixels, window)) for window in (everything, close))
    return Views(afar, near, (placed(box, everything), placed(box, close)))


def _window(middle: tuple[float, float], side: float, stretch: float, rng: Random) -> Box:
    x, y = (v + side * rng.uniform(-0.06, 0.06) for v in middle)
    half_w, half_h = side * stretch**0.5 / 2, side * stretch**-0.5 / 2
    return x - half_w, y - half_h, x + half_w, y + half_h


def _light(rng: Random) -> Callable[[Pixels], Pixels]:
    """One change of light for both pictures; now and then in black and white."""
    gain, add, grey = rng.uniform(0.7, 1.3), rng.uniform(-25, 25), rng.random() < 0.15
    tint = rng.uniform(0.88, 1.12, 3) if rng.random() < 0.5 else np.ones(3)

    def change(pixels: Pixels) -> Pixels:
        lit: npt.NDArray[np.floating] = (pixels.astype(np.float32) * gain + add) * tint
        lit = np.repeat(lit.mean(2, keepdims=True), 3, 2) if grey else lit
        return np.asarray(lit.clip(0, 255), np.uint8)

    return change
