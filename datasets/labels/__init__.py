"""Vehicle boxes drawn by hand on 210 photos of the test part: the truth the vehicle detector is measured against.

How they were drawn, the rules and the doubts: README.md beside this file. Checked by `datasets.labels.check`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from datasets.labels.table import read_table
from vision.types import Box, VehicleKind

TABLE = Path(__file__).with_name("vehicles.csv")
COLUMNS = ("sha256", "folder", "file", "kind", "x0", "y0", "x1", "y1", "main", "truncated", "note")
STREET = "street"
"""The folder whose photos have no main vehicle."""
LEAST_HEIGHT_01 = 0.08
"""Vehicles lower than this share of the picture's height are labelled only where that was easy."""


@dataclass(frozen=True, slots=True)
class VehicleLabel:
    """One vehicle of one photo."""

    sha256: str
    """Of the file's bytes, hex."""
    folder: str
    """Below the data folder, e.g. ``damage/val``."""
    file: str
    kind: VehicleKind
    box_xyxy: Box
    """Pixels of the photo as stored; right and lower border exclusive."""
    main: bool
    """The one vehicle the photo is about; false for all of ``street``."""
    truncated: bool
    """Cut by the picture's border."""
    note: str = ""
    """Words between semicolons; the vocabulary is in README.md."""

    @property
    def doubtful_box(self) -> bool:
        """The border, or the vehicle itself, is a guess: neither a find nor a miss of it should count."""
        return "doubtful box" in self.note.split("; ")

    @property
    def doubtful_kind(self) -> bool:
        """The box is good, but another kind (car, truck or bus) would be right as well."""
        return "doubtful kind" in self.note.split("; ")

    def path(self, data: Path) -> Path:
        return data / self.folder / self.file


def label_of(row: dict[str, str]) -> VehicleLabel:
    """One row of the table. Raises ValueError or KeyError where a cell is missing or is not what it should be."""
    x0, y0, x1, y1 = (float(int(row[name])) for name in ("x0", "y0", "x1", "y1"))
    flags = row["main"], row["truncated"]
    if not set(flags) <= {"0", "1"}:
        raise ValueError(f"main and truncated are 0 or 1, not {flags}")
    return VehicleLabel(
        sha256=row["sha256"],
        folder=row["folder"],
        file=row["file"],
        kind=VehicleKind(row["kind"]),
        box_xyxy=(x0, y0, x1, y1),
        main=row["main"] == "1",
        truncated=row["truncated"] == "1",
        note=row["note"],
    )


def load_vehicles(table: Path = TABLE) -> tuple[VehicleLabel, ...]:
    """All labels, in the table's order; the labels of one photo are neighbours. Raises InputError with the line."""
    return read_table(table, COLUMNS, label_of)


def by_photo(labels: tuple[VehicleLabel, ...]) -> dict[str, tuple[VehicleLabel, ...]]:
    """Labels by the photo's sha256, in the order of the labels."""
    photos: dict[str, list[VehicleLabel]] = {}
    for label in labels:
        photos.setdefault(label.sha256, []).append(label)
    return {sha: tuple(found) for sha, found in photos.items()}
