"""Training set of `datasets.train_appearance`: what is known of the main vehicle of each photo of the table."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from datasets.labels.training import load_training_vehicles
from datasets.splits import rows
from datasets.training.damage_part_set import turned
from datasets.training.samples import main_box, rgb
from vision.models.appearance import BINS, features
from vision.models.card import card_of
from vision.models.session import open_model
from vision.models.squares import square
from vision.models.yolo import Detector
from vision.types import Box

Array = npt.NDArray[np.float64]
TABLE = Path(__file__).parent / "labels/same_vehicle_train.csv"
COLOURS = ("white", "black", "grey", "silver", "red", "blue")
"""Those that the train part holds enough of to set pairs of like colour against each other."""
UNCERTAIN_COLOUR = -1
FIRST_MAP = int(np.prod(BINS))
"""Where in the features the maps begin."""


@dataclass(frozen=True, slots=True, eq=False)
class Set:
    histograms: Array
    maps: Array
    mirrored: Array
    """The maps of the mirrored photos."""
    runs: npt.NDArray[np.int64]
    """Photos of one run of file numbers show one vehicle."""
    vehicles: npt.NDArray[np.int64]
    """Runs of one number here may show one vehicle: they are no proof of anything."""
    colours: npt.NDArray[np.int64]

    def part(self, chosen: npt.NDArray[np.bool_]) -> Set:
        return Set(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


def read(data: Path) -> Set:
    """Features of the main vehicle of each photo of the table, and of its mirror image."""
    with TABLE.open(newline="", encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    photos = {row.sha256: row for row in rows(split="train")}
    boxes: dict[str, list[tuple[Box, float]]] = {}
    for label in load_training_vehicles():
        boxes.setdefault(label.sha256, []).append((label.box_xyxy, 1.0))
    detector = Detector(open_model(card_of("parts")))
    seen, mirrored = [], []
    for line in table:
        pixels = rgb(photos[line["sha256"]].path(data))
        box = main_box(boxes.get(line["sha256"], []), (pixels.shape[1], pixels.shape[0]))
        seen.append(features(square(pixels, box), detector.look(pixels)[1], box))
        back, behind = np.ascontiguousarray(pixels[:, ::-1]), turned(box, pixels.shape[1])
        mirrored.append(features(square(back, behind), detector.look(back)[1], behind))
    colours = [COLOURS.index(t["colour"]) if t["colour"] in COLOURS else UNCERTAIN_COLOUR for t in table]
    runs, vehicles = (np.array([int(t[key]) for t in table]) for key in ("run", "vehicle"))
    histograms, maps = np.split(np.stack(seen).astype(np.float64), [FIRST_MAP], axis=1)
    back_maps = np.stack(mirrored).astype(np.float64)[:, FIRST_MAP:]
    return Set(histograms, maps, back_maps, runs, vehicles, np.array(colours))
