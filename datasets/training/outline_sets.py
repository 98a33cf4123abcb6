"""Training folder of damage outlines, in the layout that ultralytics reads for segmentation.

A label file's line is ``class x y x y ..`` in shares of the picture. Sets that have only boxes stay out: a rectangle
is no outline.
"""

from __future__ import annotations

import json
from pathlib import Path

from datasets.splits import rows
from datasets.training.detection_sets import DAMAGE_LABELS, Labelled, intact, write

OUTLINED = ("damage/train", "damage_inspection")


def outlined(data: Path, folder: str) -> tuple[Labelled, ...]:
    """The photos of a COCO folder, each outline as ``(class, x, y, x, y, ..)`` in pixels."""
    read = json.loads((data / folder / "annotations.coco.json").read_text())
    names = {c["id"]: c["name"] for c in read["categories"]}
    notes: dict[int, list[tuple[int, tuple[float, ...]]]] = {}
    for note in read["annotations"]:
        if names[note["category_id"]] in DAMAGE_LABELS:
            label = DAMAGE_LABELS.index(names[note["category_id"]])
            notes.setdefault(note["image_id"], []).append((label, tuple(note["segmentation"][0])))
    photos = {r.file: r for r in rows(folder)}
    return tuple(
        Labelled(photos[i["file_name"]], (i["width"], i["height"]), (), tuple(notes.get(i["id"], ())))
        for i in read["images"]
        if i["file_name"] in photos
    )


def make(data: Path, out: Path) -> Path:
    """Writes the folder of damage outlines with intact cars as negatives; returns its ``data.yaml``."""
    items = (
        *(item for folder in OUTLINED for item in outlined(data, folder)),
        *intact("parts/train", 2, {}),
        *intact("cars", 6, {}),
        *intact("cars_views", 20, {}),
    )
    return write(items, DAMAGE_LABELS, data, out)
