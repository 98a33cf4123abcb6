"""Boxes for training, none of the test part: vehicles seeded by a detector and partly corrected by eye; car parts."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from datasets.labels.table import read_table
from vision.types import Box, View

TABLE = Path(__file__).with_name("vehicles_train.csv")
VIEWS = Path(__file__).with_name("views_train.csv")
PARTS = Path(__file__).with_name("parts_train.csv")
LOOKED = "looked"
COLUMNS = ("sha256", "folder", "file", "kind", "x0", "y0", "x1", "y1", "source")


@dataclass(frozen=True, slots=True)
class TrainingVehicle:
    sha256: str
    folder: str
    file: str
    kind: str
    box_xyxy: Box
    source: str
    """``seed``: nobody looked; ``looked``: somebody looked and left or corrected it; ``drawn``: by hand or polygon."""


def load_training_vehicles() -> tuple[TrainingVehicle, ...]:
    """All boxes, in the table's order."""
    with TABLE.open(newline="", encoding="utf-8") as file:
        return tuple(
            TrainingVehicle(r["sha256"], r["folder"], r["file"], r["kind"], _box(r), r["source"])
            for r in csv.DictReader(file)
        )


def _box(row: dict[str, str]) -> Box:
    return float(row["x0"]), float(row["y0"]), float(row["x1"]), float(row["y1"])


def load_training_parts() -> dict[str, list[tuple[str, Box]]]:
    """Part name and box, drawn by hand, of each photo by its sha256."""
    boxes: dict[str, list[tuple[str, Box]]] = {}
    with PARTS.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            boxes.setdefault(row["sha256"], []).append((row["kind"], _box(row)))
    return boxes


@dataclass(frozen=True, slots=True)
class TrainingView:
    sha256: str
    folder: str
    file: str
    box_xyxy: Box
    view: View


def load_training_views() -> tuple[TrainingView, ...]:
    """Vehicles whose view was told by eye. Raises `InputError` for a broken table."""
    columns = ("sha256", "folder", "file", "x0", "y0", "x1", "y1", "view")
    return read_table(
        VIEWS, columns, lambda r: TrainingView(r["sha256"], r["folder"], r["file"], _box(r), View(r["view"]))
    )
