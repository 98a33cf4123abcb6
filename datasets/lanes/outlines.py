"""Lane lines outlined on real training photos: ``datasets/labels/lane_outlines.csv``, one row a line or a doubt.

Drawn by one eye over a grid, good to a hundredth of the picture; where paint truly is within a line's band is read
from the picture (`paint`). Kind ``unsure`` is a stretch that nobody is asked about.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from datasets.labels.table import read_table
from datasets.lanes.draw import SIDE, Drawn
from datasets.lanes.labels import KINDS
from datasets.lanes.markings import LABELS
from datasets.lanes.paint import Known, band_truth, known, part_of
from datasets.splits import SplitRow, rows
from datasets.training.samples import rgb
from vision.geometry import shrunk
from vision.types import Pixels

TABLE = Path(__file__).parents[1] / "labels" / "lane_outlines.csv"
COLUMNS = ("sha256", "folder", "file", "kind", "half_percent", "points_percent")
UNSURE = "unsure"
WORKED_AT = 3 * SIDE
"""Longer side, pixels, at which paint is looked for."""


@dataclass(frozen=True, slots=True)
class Outline:
    """``kind``: a lane line's, ``other`` or `UNSURE`; ``points`` along its middle and ``half``, half the width of the
    band that holds it, in shares of the picture's width and height (``half``: of the longer side)."""

    sha256: str
    kind: str
    half: float
    points: tuple[tuple[float, float], ...]


def outline_of(row: dict[str, str]) -> Outline:
    """One row. Raises ValueError or KeyError where a cell is wrong."""
    if row["kind"] not in (*KINDS, "other", UNSURE):
        raise ValueError(f"unknown kind {row['kind']!r}")
    pairs = [spot.split(",") for spot in row["points_percent"].split()]
    points = tuple((float(x) / 100, float(y) / 100) for x, y in pairs)
    if len(points) < 2:
        raise ValueError("a line has at least two points")
    return Outline(row["sha256"], row["kind"], float(row["half_percent"]) / 100, points)


def load_outlines(table: Path = TABLE) -> tuple[Outline, ...]:
    """All rows, in the table's order. Raises `InputError` with the line."""
    return read_table(table, COLUMNS, outline_of)


def outlined_photos() -> dict[SplitRow, tuple[Outline, ...]]:
    """Training photos with their outlines."""
    train = {row.sha256: row for row in rows(split="train")}
    found: dict[SplitRow, tuple[Outline, ...]] = {}
    for one in load_outlines():
        row = train[one.sha256]
        found[row] = (*found.get(row, ()), one)
    return found


def truth_of(pixels: Pixels, outlines: tuple[Outline, ...]) -> Known:
    """A photo with all its lines outlined, as truth at `WORKED_AT`."""
    small = shrunk(pixels, WORKED_AT)
    h, w = small.shape[:2]
    truth = known(small)
    # What is doubtful overrules what is outlined.
    for one in sorted(outlines, key=lambda o: o.kind == UNSURE):
        points = (np.array(one.points) * (w, h)).round().astype(np.int32)
        band = np.zeros((h, w), np.uint8)
        cv2.polylines(band, [points], False, 1, max(round(2 * one.half * max(w, h)), 3))
        if one.kind == UNSURE:
            truth.ignored[band > 0] = True
        else:
            band_truth(truth, band > 0, points, LABELS.index(one.kind), one.kind.startswith("dashed"))
    return truth


def outlined(data: Path, each: int, random: np.random.Generator) -> Iterator[Drawn]:
    """``each`` random parts of every outlined photo."""
    for row, outlines in outlined_photos().items():
        truth = truth_of(rgb(row.path(data)), outlines)
        for _ in range(each):
            yield part_of(truth, random)
