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

from datasets.evaluation.matching import Matched
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


def matched(
    items: Sequence[Outlined], found: Sequence[Sequence[Found]], labels: Sequence[str]
) -> tuple[dict[str, Matched], float]:
    """Finds against truth at mask IoU .5 by label, matched once by COCO's own code, and the mask mAP50-95.

    A find without an outline takes no truth. ``found`` by picture, polygons in pixels.
    """
    run = evaluated(items, found, labels)
    each = {label: _matched(run, k, len(items)) for k, label in enumerate(labels)}
    table = run.eval["precision"][:, :, :, 0, 2]
    have = [k for k in range(len(labels)) if table[0, 0, k] > -1]
    return each, round(float(table[:, :, have].mean()), 4) if have else 0.0


def evaluated(items: Sequence[Outlined], found: Sequence[Sequence[Found]], labels: Sequence[str]) -> COCOeval:
    """COCO's evaluation of masks, done and accumulated; categories are places in ``labels``, images in ``items``."""
    gold, told = COCO(), COCO()
    shared = {
        "images": [{"id": i, "width": one.size_wh[0], "height": one.size_wh[1]} for i, one in enumerate(items)],
        "categories": [{"id": i, "name": name} for i, name in enumerate(labels)],
    }
    gold.dataset = {**shared, "annotations": _truth(items, labels)}
    told.dataset = {**shared, "annotations": _told(items, found, labels)}
    with contextlib.redirect_stdout(io.StringIO()):
        gold.createIndex()
        told.createIndex()
        run = COCOeval(gold, told, "segm")
        run.evaluate()
        run.accumulate()
    return run


def _matched(run: COCOeval, category: int, pictures: int) -> Matched:
    """What `COCOeval.evaluateImg` kept of one label at the first IoU, .5, over objects of every size."""
    every_size = run.params.areaRng[0]
    kept = [one for one in run.evalImgs if one and one["category_id"] == category and one["aRng"] == every_size]
    scores = np.array([score for one in kept for score in one["dtScores"]], np.float64)
    right = np.array([match > 0 for one in kept for match in one["dtMatches"][0]], np.bool_)
    picture = np.array([one["image_id"] for one in kept for _ in one["dtScores"]], np.intp)
    truths = np.zeros(pictures)
    for one in kept:
        truths[one["image_id"]] = len(one["gtIds"])
    order = np.argsort(-scores, kind="stable")
    return Matched(scores[order], right[order], picture[order], truths)


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


def _told(
    items: Sequence[Outlined], found: Sequence[Sequence[Found]], labels: Sequence[str]
) -> list[dict[str, object]]:
    out: list[dict[str, object]] = []
    for image, (one, finds) in enumerate(zip(items, found, strict=True)):
        for f in finds:
            note = {"id": len(out) + 1, "image_id": image, "category_id": labels.index(f.label), "iscrowd": 0}
            mask = _mask(f, one.size_wh)
            out.append(note | {"score": f.score, "segmentation": mask, "area": float(rle.area(mask))})
    return out


def _mask(found: Found, size_wh: tuple[int, int]) -> Any:
    """Run lengths of a find's outline; of no outline, of nothing."""
    width, height = size_wh
    flat = [float(v) for point in found.polygon for v in point]
    if len(flat) < FEWEST_NUMBERS:
        return rle.encode(np.zeros((height, width), np.uint8, order="F"))
    return rle.merge(rle.frPyObjects([flat], height, width))
