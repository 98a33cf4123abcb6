"""Detectors on their test parts: damage, parts, vehicles."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from datasets.evaluation import bar
from datasets.evaluation.coco import Truth, agnostic, precision
from datasets.labels import STREET, VehicleLabel, load_vehicles
from datasets.splits import SplitRow, rows
from datasets.splits.siblings import with_siblings
from datasets.training.detection_sets import DAMAGE_LABELS, PART_LABELS, Labelled, coco
from datasets.training.samples import rgb
from vision.errors import InputError
from vision.geometry import iou
from vision.models.card import card_of
from vision.models.session import open_model
from vision.models.yolo import Detector, Found

INTACT = ("cars", "parts/train")
"""Folders of cars without damage; every find on them is a false alarm."""


def open_detector(role: str) -> Detector:
    return Detector(open_model(card_of(role)), one_kind=role == "vehicle")


def run(detector: Detector, photos: Sequence[SplitRow], data: Path) -> list[tuple[Found, ...]]:
    return [detector.detect((rgb(p.path(data)),))[0] for p in photos]


def truth_of(items: Sequence[Labelled], labels: Sequence[str]) -> list[Truth]:
    return [[(labels[k], box) for k, box in item.boxes] for item in items]


def tested(items: Sequence[Labelled], split: str) -> list[Labelled]:
    return [i for i in items if i.photo.split == split]


def found_at(scores: Sequence[float], intact: Sequence[float], alarms: float) -> tuple[float, float]:
    """Share of damaged photos whose best score beats the limit that ``alarms`` of intact cars pass; that limit."""
    limit = float(np.quantile(np.asarray(intact), 1 - alarms))
    return float(np.mean(np.asarray(scores) > limit)), limit


def damage(data: Path, split: str) -> dict[str, Any]:
    """mAP50, class-agnostic AP50, and photos found at 5 % false alarms on intact cars."""
    detector = open_detector("damage")
    both = (*coco(data, "damage/train", DAMAGE_LABELS), *coco(data, "damage/val", DAMAGE_LABELS))
    items = tested(both, split)
    found = run(detector, [i.photo for i in items], data)
    truth = truth_of(items, DAMAGE_LABELS)
    classes, single = precision(truth, found, DAMAGE_LABELS), agnostic(truth, found)
    whole = [r for folder in INTACT for r in rows(folder, split)]
    alone = [k for k, i in enumerate(items) if i.photo.sha256 not in with_siblings()]
    apart = [truth[k] for k in alone], [found[k] for k in alone]
    best = [max((f.score for f in boxes), default=0.0) for boxes in found]
    quiet = [max((f.score for f in boxes), default=0.0) for boxes in run(detector, whole, data)]
    share, limit = found_at(best, quiet, 0.05)
    return {
        "split": split,
        "n": len(items),
        "n_intact": len(whole),
        "map50_95": round(classes.ap50_95, 4),
        "ap50_by_class": classes.by_class,
        "limit_at_5_percent_false_alarms": round(limit, 4),
        "without_likely_siblings_in_training": {
            "n": len(alone),
            "map50": round(precision(*apart, DAMAGE_LABELS).ap50, 4),
            "ap50_any_damage": round(agnostic(*apart).ap50, 4),
            "found_at_5_percent_false_alarms": round(found_at([best[k] for k in alone], quiet, 0.05)[0], 4),
        },
        "bars": [
            bar("mAP50", classes.ap50, 0.33),
            bar("AP50, any damage", single.ap50, 0.33),
            bar("damaged photos found at 5 % false alarms", share, 0.5),
        ],
    }


def parts(data: Path, split: str) -> dict[str, Any]:
    """Box mAP50 over the 18 classes."""
    items = tested(coco(data, "parts/train", PART_LABELS), split)
    found = run(open_detector("parts"), [i.photo for i in items], data)
    result = precision(truth_of(items, PART_LABELS), found, PART_LABELS)
    return {
        "split": split,
        "n": len(items),
        "map50_95": round(result.ap50_95, 4),
        "ap50_by_class": result.by_class,
        "bars": [bar("mAP50", result.ap50, 0.55)],
    }


def vehicle(data: Path, split: str) -> dict[str, Any]:
    """The main vehicle of whole and scene photos found at IoU .5; recall of tall vehicles in street pictures.

    The hand boxes are all of the test part. A box that the drawer called doubtful counts neither way.
    """
    if split != "test":
        raise InputError("vehicles were drawn by hand for the test part only")
    detector = open_detector("vehicle")
    labels = [v for v in load_vehicles() if not v.doubtful_box]
    paths = {v.sha256: v.path(data) for v in labels}
    found = {sha: detector.detect((rgb(path),))[0] for sha, path in paths.items()}

    def hit(label: VehicleLabel) -> bool:
        return any(f.score >= 0.25 and iou(f.box_xyxy, label.box_xyxy) >= 0.5 for f in found[label.sha256])

    def kind_right(label: VehicleLabel) -> bool:
        return max(found[label.sha256], key=lambda f: iou(f.box_xyxy, label.box_xyxy)).label == label.kind

    main = [v for v in labels if v.main]
    sure = [v for v in main if hit(v) and not v.doubtful_kind]
    street = [v for v in labels if v.folder == STREET and v.kind in ("car", "truck", "bus")]
    return {
        "split": split,
        "n": len(paths),
        "street_recall_at_iou_50": round(float(np.mean([hit(v) for v in street])), 4),
        "street_vehicles": len(street),
        "main_found_without_likely_siblings_in_training": round(
            float(np.mean([hit(v) for v in main if v.sha256 not in with_siblings()])), 4
        ),
        "kind_right_of_found_main": round(float(np.mean([kind_right(v) for v in sure])), 4),
        "missed_main": [v.file for v in main if not hit(v)],
        "bars": [bar("main vehicle found, IoU .5, score .25", float(np.mean([hit(v) for v in main])), 0.97)],
    }
