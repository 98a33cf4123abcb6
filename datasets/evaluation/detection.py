"""What the evaluation of all detectors shares: raw finds, their curve, average precision with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from datasets.evaluation.bootstrap import interval
from datasets.evaluation.calibration import Judged, calibration_error, ece
from datasets.evaluation.coco import Truth
from datasets.evaluation.groups import groups
from datasets.evaluation.kept import Kept
from datasets.evaluation.matching import Matched, average_precision, match, mean_precision, pairs
from datasets.splits import SplitRow
from datasets.training.detection_sets import Labelled
from datasets.training.samples import rgb
from vision.models.calibration import AS_IT_IS, Platt, platt_of
from vision.models.card import card_of
from vision.models.session import open_model
from vision.models.yolo import Detector, Found
from vision.types import Box, Point

Finds = Sequence[tuple[Found, ...]]


def open_detector(role: str, *, calibrated: bool = True) -> Detector:
    return Detector(open_model(card_of(role)), one_kind=role == "vehicle", calibrated=calibrated)


def raw_finds(role: str, photos: Sequence[SplitRow], data: Path) -> list[tuple[Found, ...]]:
    """Finds of each photo with the network's own scores."""
    detector, kept = open_detector(role, calibrated=False), Kept(role, card_of(role))

    def on(photo: SplitRow) -> list[tuple[str, Box, float, tuple[Point, ...]]]:
        # Plain tuples, so that what is kept outlives a change of the class.
        (found,) = detector.detect((rgb(photo.path(data)),))
        return [(f.label, f.box_xyxy, f.score, f.polygon) for f in found]

    found = [tuple(Found(*f) for f in kept.get(p.sha256, partial(on, p))) for p in photos]
    kept.save()
    return found


def curve_of(role: str) -> Platt:
    """The calibration that ships."""
    return platt_of(open_model(card_of(role)).metadata)


def curved(found: Finds, curve: Platt) -> list[tuple[Found, ...]]:
    """The same finds with chances for scores."""
    if curve == AS_IT_IS:
        return list(found)
    return [tuple(replace(f, score=float(curve(f.score))) for f in boxes) for boxes in found]


def finds(role: str, photos: Sequence[SplitRow], data: Path) -> list[tuple[Found, ...]]:
    """Finds of each photo as the product tells them."""
    return curved(raw_finds(role, photos, data), curve_of(role))


def truth_of(items: Sequence[Labelled], labels: Sequence[str]) -> list[Truth]:
    return [[(labels[k], box) for k, box in item.boxes] for item in items]


def tested(items: Sequence[Labelled], split: str) -> list[Labelled]:
    return [i for i in items if i.photo.split == split]


def judged(truth: Sequence[Truth], found: Finds, photos: Sequence[SplitRow]) -> Judged:
    """Score of every find, and whether it takes a truth of its label at IoU .5."""
    scores = [f.score for boxes in found for f in boxes]
    right = [k >= 0 for boxes, told in zip(truth, found, strict=True) for k in pairs(boxes, told)]
    names = [name for name, told in zip(groups(photos), found, strict=True) for _ in told]
    return Judged(np.asarray(scores, np.float64), np.asarray(right, np.bool_), names)


def calibration(raw: Judged, curve: Platt) -> dict[str, Any]:
    """Calibration error of the scores that are told, with its interval, and of those before the curve."""
    told = calibration_error(replace(raw, scores=curve(raw.scores)))
    return told | {"ece_before": round(ece(raw.scores, raw.right), 4)}


def precision_at_50(
    truth: Sequence[Truth], found: Finds, labels: Sequence[str], photos: Sequence[SplitRow]
) -> dict[str, Any]:
    """`mean_of` boxes matched at IoU .5."""
    return mean_of({label: match(truth, found, label) for label in labels}, photos)


def mean_of(each: Mapping[str, Matched], photos: Sequence[SplitRow]) -> dict[str, Any]:
    """``map50`` with interval, and AP50 with interval and count of truths of each class that has some."""
    together, ones = groups(photos), np.ones(len(photos))
    each = {label: one for label, one in each.items() if one.truths.sum()}
    classes = list(each.values())
    by_class = {
        label: {
            "ap50": round(average_precision(one, ones), 4),
            "ci95": interval(partial(average_precision, one), together),
            "n": int(one.truths.sum()),
        }
        for label, one in each.items()
    }
    ci95 = interval(partial(mean_precision, classes), together)
    return {"map50": round(mean_precision(classes, ones), 4), "ci95": ci95, "by_class": by_class}


def any_class(truth: Sequence[Truth], found: Finds) -> tuple[list[Truth], list[tuple[Found, ...]]]:
    """The same with all classes taken for one."""
    return (
        [[("any", box) for _, box in boxes] for boxes in truth],
        [tuple(replace(f, label="any") for f in boxes) for boxes in found],
    )


def worst_of(truth: Truth, found: Sequence[Found], at: float) -> float:
    """How bad an answer is: truths missed at score ``at``, and the scores of what is not there."""
    told = [f for f in found if f.score >= at]
    taken = pairs(truth, told)
    return len(truth) - sum(k >= 0 for k in taken) + sum(f.score for f, k in zip(told, taken, strict=True) if k < 0)
