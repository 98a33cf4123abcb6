"""Photos with a hand label of their quality, by split."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from datasets.documents.draw import LAYOUTS, draw
from datasets.documents.people import fictitious_party
from datasets.documents.photographed import USUAL, photographed
from datasets.splits import SplitRow, rows
from vision.types import Pixels

TURNED = frozenset({"sideways", "upside_down"})
"""Labels of the same column that say nothing against the quality."""


@dataclass(frozen=True, slots=True)
class QualityPhoto:
    row: SplitRow
    quality: str
    """``ok``, ``blur``, ``dark`` or ``glare``."""
    path: Path

    def pixels(self) -> Pixels:
        """RGB, as stored. Raises OSError where the file is gone or no picture."""
        read = cv2.imread(str(self.path), cv2.IMREAD_COLOR_RGB)
        if read is None:
            raise OSError(f"cannot read {self.path}")
        return np.asarray(read, np.uint8)


def photos(data: Path, split: str, folders: tuple[str, ...]) -> tuple[QualityPhoto, ...]:
    """Labelled photos of a split, in the table's order. ``parts/train`` has no label: intact cars, taken as ok."""
    with (data / "views.csv").open(newline="", encoding="utf-8") as file:
        told = {(row["folder"], row["file"]): row["quality"] for row in csv.DictReader(file)}
    found = (row for folder in folders for row in rows(folder, split))
    labelled = ((row, told.get((row.folder, row.file), "ok")) for row in found)
    return tuple(QualityPhoto(row, "ok" if q in TURNED else q, row.path(data)) for row, q in labelled)


def drawn_documents(count: int, seed: int, fonts: tuple[str, ...]) -> Iterator[Pixels]:
    """Drawn documents without any fault of quality: as a phone takes them, every fourth flat as a scan or screenshot.

    White paper is not over-exposed, and its shine is no glare.
    """
    rng = np.random.default_rng(seed)
    layouts = tuple(LAYOUTS)
    for i in range(count):
        kind, page = layouts[i % len(layouts)]
        party = fictitious_party(int(rng.integers(1 << 30)))
        values = party.get(kind.value, party["driving_licence"])
        scale = 3.0 if kind == "insurance_policy" else 6.0
        pixels, truth = draw(kind, page, values, i, fonts[i % len(fonts)], px_per_mm=scale)
        if rng.random() < 0.25:
            yield pixels
            continue
        size_wh = (960, 1280) if pixels.shape[0] > 1.2 * pixels.shape[1] else (1280, 960)
        defects = [each for each in (*USUAL, "tilt") if rng.random() < 0.6]
        fill = float(rng.uniform(0.5, 0.95))
        yield photographed(pixels, truth, seed + i, defects, size_wh=size_wh, fill=fill)[0]
