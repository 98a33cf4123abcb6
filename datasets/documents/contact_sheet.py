"""Prints pictures of the test set on one sheet, for a person to judge: `python -m datasets.documents.contact_sheet`."""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np

from datasets.documents.fonts import TUNING, installed
from datasets.documents.testset import CONDITIONS, Sample, sample
from vision.types import Pixels

TILE_WH = (460, 360)
ACROSS = 5
SCALE = 0.4
"""Of the photos' sides: a sheet needs no more."""
FIRST = 900_000
"""Seeds of neither split: who looks at the sheet has not looked at the test set."""


def contact_sheet(count: int = 40) -> Pixels:
    """``count`` pictures, all conditions in turn, each with its name, RGB."""
    names = list(CONDITIONS)
    fonts = tuple(name for name in TUNING if name in installed()) or installed()
    tiles = [_tile(sample(FIRST + i, names[i % len(names)], i // len(names), fonts, SCALE)) for i in range(count)]
    tiles += [np.full_like(tiles[0], 255)] * (-count % ACROSS)
    return np.vstack([np.hstack(tiles[row : row + ACROSS]) for row in range(0, len(tiles), ACROSS)])


def _tile(one: Sample) -> Pixels:
    width, height = TILE_WH
    scale = min((width - 8) / one.pixels.shape[1], (height - 28) / one.pixels.shape[0])
    small = cv2.resize(one.pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    tile = np.full((height, width, 3), 255, np.uint8)
    tile[: small.shape[0], : small.shape[1]] = small
    cv2.putText(tile, one.defect, (4, height - 8), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (0, 0, 0), 1)
    return tile


if __name__ == "__main__":
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "build/documents.png")
    out.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(out), contact_sheet()[:, :, ::-1])
