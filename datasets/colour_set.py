"""The main vehicle of each photo whose colour an eye told: what is seen of it, and what was told. Needs no torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from datasets.labels.colours import ColourLabel, load_colours
from datasets.splits import SplitRow, rows
from datasets.training.samples import main_box, rgb
from vision.geometry import crop
from vision.models.card import card_of
from vision.models.session import open_model
from vision.models.squares import large_enough, square
from vision.models.yolo import Detector
from vision.types import Box, Pixels

WIDE = 112
"""Side of what training takes its cuts from; `vision.models.squares.SIDE` of it at least."""


@dataclass(frozen=True, slots=True, eq=False)
class Painted:
    row: SplitRow
    label: ColourLabel
    box: Box
    look: Pixels
    """As the network takes it."""
    wide: Pixels
    """The same box, (WIDE, WIDE, 3) uint8 RGB."""


def painted(data: Path, split: str, *, folders: tuple[str, ...] = (), at_most: int | None = None) -> list[Painted]:
    """Photos of a split, by sha256, without those whose colour nobody could tell or whose vehicle is small.

    ``folders``: only of these; empty: of all. The box is the main vehicle's that the shipped detector finds.
    """
    labels = {label.sha256: label for label in load_colours() if label.first.colour is not None}
    known = [row for row in rows(split=split) if row.sha256 in labels and (not folders or row.folder in folders)]
    known = sorted(known, key=lambda row: row.sha256)[:at_most]
    detector, made = Detector(open_model(card_of("vehicle")), one_kind=True), []
    for row in known:
        pixels = rgb(row.path(data))
        (found,) = detector.detect((pixels,))
        box = main_box([(f.box_xyxy, f.score) for f in found], (pixels.shape[1], pixels.shape[0]))
        if large_enough(box):
            made.append(Painted(row, labels[row.sha256], box, square(pixels, box), _wide(pixels, box)))
    return made


def _wide(pixels: Pixels, box: Box) -> Pixels:
    return np.asarray(cv2.resize(crop(pixels, box)[0], (WIDE, WIDE), interpolation=cv2.INTER_AREA), np.uint8)
