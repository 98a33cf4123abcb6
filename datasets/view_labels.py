"""Labels of view, framing and quality of single photos: the hand labels in the data folder, joined with the splits."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from datasets.corrections import FIELDS, corrected_label
from datasets.splits import SplitRow, rows

HIGH_ANGLE = "high_angle"
"""Seen from high above: no view can be told."""
MIRROR = {
    "front_left": "front_right",
    "left": "right",
    "rear_left": "rear_right",
    "front_right": "front_left",
    "right": "left",
    "rear_right": "rear_left",
}
"""What a view becomes when the picture is mirrored; the others stay."""

SECOND = Path(__file__).parent / "labels" / "views_second.csv"


@dataclass(frozen=True, slots=True)
class PhotoLabel:
    photo: SplitRow
    framing: str
    view: str
    quality: str


def load(data: Path, *, corrected: bool = True) -> tuple[PhotoLabel, ...]:
    """All labelled photos of ``data``; a label that nobody gave is the empty string.

    ``corrected``: those that `datasets.corrections` holds are put right.
    """
    told: dict[tuple[str, str], tuple[str, str, str]] = {}
    with (data / "views.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            told[row["folder"], row["file"]] = (row["framing"], row["view"], row["quality"])
    with (data / "parts/train/views.csv").open(newline="", encoding="utf-8") as file:
        told |= {("parts/train", row["file"]): ("", row["view"], "ok") for row in csv.DictReader(file)}
    found = ((r, told[r.folder, r.file]) for r in rows() if (r.folder, r.file) in told)
    if not corrected:
        return tuple(PhotoLabel(r, *labels) for r, labels in found)
    return tuple(
        PhotoLabel(r, *(corrected_label(r.sha256, f, label) for f, label in zip(FIELDS, labels, strict=True)))
        for r, labels in found
    )


def second_readings() -> dict[str, str]:
    """Views of the test part by a second reader, who saw neither labels nor answers: sha256 to view."""
    with SECOND.open(newline="", encoding="utf-8") as file:
        return {row["sha256"]: row["view"] for row in csv.DictReader(file)}
