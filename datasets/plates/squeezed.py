"""`python -m datasets.plates.squeezed --data DATA`: how wide a plate must be for its text to be relied on.

Validation plates that are read rightly are squeezed to less and less width, their height left as it is, which is what
a view from the side does to them at best; printed is how many of them are told by the score that the checks ask for,
rightly and wrongly. The limit `plate_sure_width_px` comes from this table, which takes half a minute.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from datasets.splits import rows
from datasets.training.samples import rgb
from vision.checks.geometry import plate_width_px
from vision.models.card import card_of
from vision.models.plate_detector import PlateDetector
from vision.models.plate_reader import PlateReader
from vision.models.plates import canvas, find_plates
from vision.models.session import open_model
from vision.standard import shared_limits
from vision.types import Pixels, Plate

FOLDERS = ("plates/val", "plates/crops_train")
WIDTHS_PX = (20, 25, 30, 35, 40, 45, 50, 60)


@dataclass(frozen=True, slots=True)
class Told:
    """Of ``plates`` at a width, how many are told with a score the checks rely on: rightly, and wrongly."""

    width_px: int
    plates: int
    right: int
    wrong: int


def texts(data: Path, folder: str) -> dict[str, str]:
    """File name -> the plate's text, of one folder of plates."""
    with (data / f"{folder}.csv").open(newline="", encoding="utf-8") as file:
        return {row["file"]: row["plate_text"] for row in csv.DictReader(file)}


def read_rightly(data: Path, reader: PlateReader, at_most: int | None = None) -> Iterator[tuple[Pixels, Plate]]:
    """Validation photos with the plate that is read on them as its source says."""
    detector = PlateDetector(open_model(card_of("plate_detector")))
    for folder in FOLDERS:
        told = texts(data, folder)
        for row in list(rows(folder, "val"))[:at_most]:
            pixels = rgb(row.path(data))
            right = [p for p in find_plates(detector, reader, pixels) if p.text and p.text == told.get(row.file)]
            yield from ((pixels, plate) for plate in right[:1])


def at_width(known: Sequence[tuple[Pixels, Plate]], reader: PlateReader, width_px: int) -> Told:
    """All plates at least so wide, squeezed to it."""
    least, told = shared_limits()[1]["plate_score"], []
    for pixels, plate in known:
        share = width_px / plate_width_px(plate)
        if share > 1:
            continue
        small = cv2.resize(pixels, None, fx=share, fy=1.0, interpolation=cv2.INTER_AREA)
        (a, b, c, d) = ((x * share, y) for x, y in plate.corners)
        (read,) = reader.read([canvas(np.asarray(small, np.uint8), (a, b, c, d))[0]])
        told.append((read.text == plate.text, read.text is not None and read.score >= least))
    sure = [right for right, relied_on in told if relied_on]
    return Told(width_px, len(told), sum(sure), len(sure) - sum(sure))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    args = parser.parse_args()
    reader = PlateReader(open_model(card_of("plate_reader")))
    known = list(read_rightly(args.data, reader))
    print("width px, plates, told rightly, told wrongly")
    for width in WIDTHS_PX:
        told = at_width(known, reader, width)
        print(f"{told.width_px}, {told.plates}, {told.right}, {told.wrong}")


if __name__ == "__main__":
    main()
