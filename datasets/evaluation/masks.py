"""Average precision of outlines by the COCO rules (overlap of masks), through pycocotools."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pycocotools import mask as rle
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from datasets.splits import SplitRow
from datasets.training.detection_sets import DAMAGE_LABELS
from datasets.training.outline_sets import outlined
from vision.geometry import area, bounds
from vision.models.yolo import Found
from vision.types import Point

FEWEST_NUMBERS = 6
"""Three corners: less is no outline."""


@dataclass(frozen=True, slots=True)
class Outlined:
    photo: SplitRow
    size_wh: tuple[int, int]
    truth: tuple[tuple[str, tuple[Point, ...]], ...]


def labelled(data: Path, split: str) -> tuple[Outlined, ...]:
    """Claim photos of a split with the outlines drawn on them, in pixels."""
    return tuple(
        Outlined(
            item.photo,
            item.size_wh,
            tuple((DAMAGE_LABELS[k], tuple(zip(p[::2], p[1::2], strict=True))) for k, p in item.outlines),
        )
        for folder in ("damage/train", "damage/val")
        for item in outlined(data, folder)
        if item.photo.split == split
    )


def precision(items: Sequence[Outlined], found: Sequence[Sequence[Found]], labels: Sequence[str]) -> dict[str, Any]:
    """Mask AP50 and AP50-95, mean over the labels that have truth, and AP50 by label; finds without outline count
    against it. ``found`` by picture, polygons in pixels."""
    gold = COCO()
    gold.dataset = {
        "images": [{"id": i, "width": one.size_wh[0], "height": one.size_wh[1]} for i, one in enumerate(items)],
        "categories": [{"id": i, "name": name} for i, name in enumerate(labels)],
        "annotations": _truth(items, labels),
    }
    guesses = [
        {"image_id": i, "category_id": labels.index(f.label), "score": f.score, "segmentation": _mask(f, one.size_wh)}
        for i, (one, finds) in enumerate(zip(items, found, strict=True))
        for f in finds
    ]
    if not guesses:
        return {"map50": 0.0, "map50_95": 0.0, "by_class": {}}
    with contextlib.redirect_stdout(io.StringIO()):
        gold.createIndex()
        run = COCOeval(gold, gold.loadRes(guesses), "segm")
        run.evaluate()
        run.accumulate()
    table = run.eval["precision"][:, :, :, 0, 2]
    have = [k for k in range(len(labels)) if table[0, 0, k] > -1]
    return {
        "map50": round(float(table[0][:, have].mean()), 4),
        "map50_95": round(float(table[:, :, have].mean()), 4),
        "by_class": {labels[k]: round(float(table[0, :, k].mean()), 4) for k in have},
    }


def _truth(items: Sequence[Outlined], labels: Sequence[str]) -> list[dict[str, object]]:
    out: list[dict[str, object]] = []
    for image, one in enumerate(items):
        for label, points in one.truth:
            x0, y0, x1, y1 = bounds(points)
            note = {"id": len(out) + 1, "image_id": image, "category_id": labels.index(label), "iscrowd": 0}
            flat = [[float(v) for point in points for v in point]]
            out.append(
                note | {"bbox": [x0, y0, x1 - x0, y1 - y0], "area": area((x0, y0, x1, y1)), "segmentation": flat}
            )
    return out


def _mask(found: Found, size_wh: tuple[int, int]) -> Any:
    """Run lengths of a find's outline; of no outline, of nothing."""
    width, height = size_wh
    flat = [float(v) for point in found.polygon for v in point]
    if len(flat) < FEWEST_NUMBERS:
        return rle.encode(np.zeros((height, width), np.uint8, order="F"))
    return rle.merge(rle.frPyObjects([flat], height, width))
