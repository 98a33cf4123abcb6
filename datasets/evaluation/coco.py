"""Average precision by the COCO rules, through pycocotools."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from vision.models.yolo import Found
from vision.types import Box

Truth = Sequence[tuple[str, Box]]


@dataclass(frozen=True, slots=True)
class Precision:
    ap50: float
    ap50_95: float
    by_class: dict[str, float]
    """AP50 of each class that has truth."""


def _annotations(truth: Sequence[Truth], labels: Sequence[str]) -> list[dict[str, object]]:
    out: list[dict[str, object]] = []
    for image, boxes in enumerate(truth):
        for label, (x0, y0, x1, y1) in boxes:
            note = {"id": len(out) + 1, "image_id": image, "category_id": labels.index(label), "iscrowd": 0}
            out.append(note | {"bbox": [x0, y0, x1 - x0, y1 - y0], "area": (x1 - x0) * (y1 - y0)})
    return out


def precision(truth: Sequence[Truth], found: Sequence[Sequence[Found]], labels: Sequence[str]) -> Precision:
    """Mean average precision over classes that have truth; ``truth`` and ``found`` by picture, boxes in pixels."""
    gold = COCO()
    gold.dataset = {
        "images": [{"id": i} for i in range(len(truth))],
        "categories": [{"id": i, "name": name} for i, name in enumerate(labels)],
        "annotations": _annotations(truth, labels),
    }
    guesses = [
        {
            "image_id": i,
            "category_id": labels.index(f.label),
            "bbox": [f.box_xyxy[0], f.box_xyxy[1], f.box_xyxy[2] - f.box_xyxy[0], f.box_xyxy[3] - f.box_xyxy[1]],
            "score": f.score,
        }
        for i, boxes in enumerate(found)
        for f in boxes
    ]
    if not guesses:
        return Precision(0.0, 0.0, {})
    with contextlib.redirect_stdout(io.StringIO()):
        gold.createIndex()
        run = COCOeval(gold, gold.loadRes(guesses), "bbox")
        run.evaluate()
        run.accumulate()
    # precision: [IoU .5 to .95, recall, class, area, most detections]; -1 where a class has no truth.
    table = run.eval["precision"][:, :, :, 0, 2]
    have = [k for k in range(len(labels)) if table[0, 0, k] > -1]
    by_class = {labels[k]: round(float(table[0, :, k].mean()), 4) for k in have}
    return Precision(float(np.mean(table[0][:, have])), float(np.mean(table[:, :, have])), by_class)


def agnostic(truth: Sequence[Truth], found: Sequence[Sequence[Found]]) -> Precision:
    """The same with all classes taken for one."""
    one = [[("any", box) for _, box in boxes] for boxes in truth]
    return precision(one, [[Found("any", f.box_xyxy, f.score) for f in boxes] for boxes in found], ["any"])
