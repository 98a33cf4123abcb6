"""Car parts on the fixed test part."""

from __future__ import annotations

from pathlib import Path

from datasets.evaluation import Report, bar, calibration_bar
from datasets.evaluation.calibration import Judged
from datasets.evaluation.coco import precision
from datasets.evaluation.detection import (
    calibration,
    curve_of,
    curved,
    judged,
    precision_at_50,
    raw_finds,
    tested,
    truth_of,
    worst_of,
)
from datasets.evaluation.sheets import Case
from datasets.training.detection_sets import PART_LABELS, coco

SHOWN = 0.3
"""Score from which a find is drawn on the sheet."""


def scored(data: Path, split: str) -> Judged:
    """Raw score and rightness of every find."""
    items = tested(coco(data, "parts/train", PART_LABELS), split)
    photos = [i.photo for i in items]
    return judged(truth_of(items, PART_LABELS), raw_finds("parts", photos, data), photos)


def parts(data: Path, split: str) -> Report:
    """Box mAP50 over the 18 classes. Which one a damage sits on: `datasets.evaluation.damage_parts`."""
    items = tested(coco(data, "parts/train", PART_LABELS), split)
    photos, truth = [i.photo for i in items], truth_of(items, PART_LABELS)
    found = curved(raw_finds("parts", photos, data), curve_of("parts"))
    told = precision_at_50(truth, found, PART_LABELS, photos)
    cases = [
        Case(
            worst_of(boxes, finds, SHOWN),
            photo.path(data),
            (f"{photo.sha256[:12]} truth {len(boxes)}", f"told {sum(f.score >= SHOWN for f in finds)}"),
            boxes,
            [(f"{f.label} {f.score:.2f}", f.box_xyxy) for f in finds if f.score >= SHOWN],
        )
        for photo, boxes, finds in zip(photos, truth, found, strict=True)
    ]
    error = calibration(scored(data, split), curve_of("parts"))
    metrics = {
        "split": split,
        "n": len(items),
        "map50_95": round(precision(truth, found, PART_LABELS).ap50_95, 4),
        "by_class": told["by_class"],
        "calibration": error,
        "bars": [
            bar("mAP50", told["map50"], 0.75, goal=0.85, ci95=told["ci95"]),
            calibration_bar("the score", error),
        ],
    }
    return Report(metrics, cases)
