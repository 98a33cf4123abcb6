"""How well a second person agrees with the labels of damage, and the product with both: what may be asked of boxes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from datasets.evaluation.bootstrap import Weights, interval
from datasets.evaluation.coco import Truth
from datasets.evaluation.detection import Finds, truth_of
from datasets.evaluation.groups import groups
from datasets.evaluation.matching import pairs
from datasets.labels.table import read_table
from datasets.training.detection_sets import DAMAGE_LABELS, Labelled
from vision.models.yolo import Found
from vision.types import Box

TABLE = Path(__file__).parents[1] / "labels/damage_second.csv"
COLUMNS = ("sha256", "folder", "file", "kind", "x0", "y0", "x1", "y1")
NOTHING = "none"


def second_readings(table: Path = TABLE) -> dict[str, Truth]:
    """Boxes of the second reader, who saw no labels, by the photo's sha256; empty where nothing was seen.

    Raises `InputError` for a broken table.
    """
    told: dict[str, list[tuple[str, Box]]] = {}
    for sha, kind, box in read_table(table, COLUMNS, _row):
        boxes = told.setdefault(sha, [])
        if kind != NOTHING:
            boxes.append((kind, box))
    return dict(told)


def _row(row: Mapping[str, str]) -> tuple[str, str, Box]:
    kind = row["kind"]
    if kind == NOTHING:
        return row["sha256"], kind, (0.0, 0.0, 0.0, 0.0)
    if kind not in DAMAGE_LABELS:
        raise ValueError(f"no kind of damage: {kind}")
    return row["sha256"], kind, (float(row["x0"]), float(row["y0"]), float(row["x1"]), float(row["y1"]))


def readers(items: Sequence[Labelled], found: Finds) -> dict[str, Any]:
    """F1 of boxes at IoU .5 (twice the shared ones over all of both), kind counted and not, on photos read twice.

    The product is given as many boxes as the second reader drew, its best ones over all these photos: a person's boxes
    have no score, so this compares at one point and not along a curve. Empty where no photo was read twice.
    """
    read = second_readings()
    both = [(item, told) for item, told in zip(items, found, strict=True) if item.photo.sha256 in read]
    if not both:
        return {}
    shown = [item for item, _ in both]
    first, second = truth_of(shown, DAMAGE_LABELS), [read[item.photo.sha256] for item in shown]
    product = best([told for _, told in both], sum(map(len, second)))
    names = groups([item.photo for item in shown])
    people = [_as_found(boxes) for boxes in second]
    return {
        "n": len(both),
        "boxes": {"labels": sum(map(len, first)), "second reader": sum(map(len, second))},
        "second reader against the labels": _both_ways(first, people, names),
        "product against the labels": _both_ways(first, product, names),
        "product against the second reader": _both_ways(second, product, names),
    }


def best(found: Finds, count: int) -> list[tuple[Found, ...]]:
    """The ``count`` finds of highest score over all photos, photo by photo."""
    order = sorted((-f.score, k, i) for k, boxes in enumerate(found) for i, f in enumerate(boxes))
    kept = {(k, i) for _, k, i in order[:count]}
    return [tuple(f for i, f in enumerate(boxes) if (k, i) in kept) for k, boxes in enumerate(found)]


def _as_found(boxes: Truth) -> tuple[Found, ...]:
    return tuple(Found(kind, box, 1.0) for kind, box in boxes)


def _both_ways(truth: Sequence[Truth], told: Finds, names: Sequence[str]) -> dict[str, Any]:
    alike = [[("any", box) for _, box in boxes] for boxes in truth]
    single = [tuple(replace(f, label="any") for f in boxes) for boxes in told]
    return {"any damage": _f1(alike, single, names), "of the same kind": _f1(truth, told, names)}


def _f1(truth: Sequence[Truth], told: Finds, names: Sequence[str]) -> dict[str, Any]:
    both = zip(truth, told, strict=True)
    counts = np.array([(sum(k >= 0 for k in pairs(a, b)), len(a), len(b)) for a, b in both], np.float64)
    ci95 = interval(partial(_weighted, counts), names)
    return {"value": round(_weighted(counts, np.ones(len(counts))), 4), "ci95": ci95}


def _weighted(counts: Weights, weights: Weights) -> float:
    """F1 of photos that count so many times; ``counts`` (photos, 3): shared boxes, those of one and of the other."""
    shared, one, other = weights @ counts
    return float(2 * shared / (one + other)) if one + other else float("nan")
