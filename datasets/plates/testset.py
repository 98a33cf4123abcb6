"""What plates are measured on: the real test photos with their text, and drawn plates that training never had.

Drawn test plates stand in test photos, wear `dirty_test`, and have texts of an own seed.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from datasets.corrections import corrected_text
from datasets.plates.draw import draw
from datasets.plates.glyphs import Glyphs, glyph_sets
from datasets.plates.legible import legible
from datasets.plates.place import Quad, paste, random_view
from datasets.plates.seed_labels import read_rgb
from datasets.plates.texts import random_text
from datasets.plates.wear import dirty_test, shot
from datasets.splits import rows
from vision.types import Pixels, PlateKind

SEEDS = {"test": 77_000, "val": 78_000}
BACKGROUNDS = ("damage/val", "damage/train", "cars", "parts/train", "street")


@dataclass(frozen=True, slots=True)
class RealPlate:
    path: Path
    text: str
    given: str
    """The text as its source gives it; ``text`` is corrected."""
    colour: str
    """As the source writes it: ``blue``, ``yellow_single``, ``green_nev_small``, ..."""
    crop: bool
    source: str

    @property
    def group(self) -> str:
        """``blue``, ``yellow``, ``green`` or ``rare``; a photo with plates of both colours goes by the first."""
        first = self.colour.split(";")[0]
        for name in ("blue", "yellow"):
            if first.startswith(name):
                return name
        return "green" if first.startswith("green_nev") else "rare"


@dataclass(frozen=True, slots=True)
class DrawnPhoto:
    name: str
    pixels: Pixels
    text: str
    kind: PlateKind
    quad: Quad
    legible: bool
    """By the rule of `legible`, which knows sizes, blur and contrast and no reader."""


def real(data: Path, split: str = "test") -> tuple[RealPlate, ...]:
    """Photos and crops with text: all of plates/val for test, else the crops of ``split``."""
    folder = data / "plates"
    table, pictures = ("val.csv", "val") if split == "test" else ("crops_train.csv", "crops_train")
    ours = {r.file: r.sha256 for r in rows(f"plates/{pictures}", split)}
    with (folder / table).open(encoding="utf-8", newline="") as file:
        return tuple(
            RealPlate(
                folder / pictures / row["file"],
                corrected_text(ours[row["file"]], row["plate_text"]),
                row["plate_text"],
                row["plate_color"],
                row.get("kind", "crop") == "crop",
                row.get("source", ""),
            )
            for row in csv.DictReader(file)
            if row["file"] in ours
        )


def drawn(shared: Path, each: int, split: str = "test") -> Iterator[DrawnPhoto]:
    """``each`` photos of every kind with one drawn plate, 70 to 300 px wide on about 640 px.

    A photo follows from its kind and number: the first of many are those of few.
    """
    glyphs = glyph_sets(shared)[0]
    photos = [r for folder in BACKGROUNDS for r in rows(folder, split)]
    for number, kind in enumerate(k for k in PlateKind if k is not PlateKind.OTHER):
        for i in range(each):
            rng = np.random.default_rng([SEEDS[split], number, i])
            picture = read_rgb(photos[int(rng.integers(len(photos)))].path(shared / "data"))
            yield drawn_photo(picture, kind, glyphs, rng, f"{kind.value} {i}")


def drawn_photo(picture: Pixels, kind: PlateKind, glyphs: Glyphs, rng: np.random.Generator, name: str) -> DrawnPhoto:
    """A worn plate somewhere in the picture, seen by a phone."""
    grow = 640 / max(picture.shape[:2])
    picture = np.asarray(cv2.resize(picture, None, fx=grow, fy=grow), np.uint8)
    plate = draw(random_text(kind, rng), kind, glyphs, rng)
    width = float(np.exp(rng.uniform(np.log(70), np.log(300)))) * (0.7 if plate.double else 1.0)
    view = random_view((plate.pixels.shape[1], plate.pixels.shape[0]), width, rng)
    free = np.array([picture.shape[1], picture.shape[0]]) - (view.max(0) - view.min(0))
    quad = np.asarray(view - view.min(0) + rng.uniform(0.05, 0.95, 2) * free, np.float32)
    photo, blur = shot(paste(picture, dirty_test(plate.pixels, rng), quad), rng, 0.6)
    return DrawnPhoto(name, photo, plate.text, kind, quad, legible(photo, quad, plate.plan, blur))
