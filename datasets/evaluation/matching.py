"""Finds against truth at IoU .5 by the COCO rule, kept so that a resample costs a sum and not a matching."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from datasets.evaluation.bootstrap import Weights
from datasets.evaluation.coco import Truth
from vision.geometry import iou
from vision.models.yolo import Found

IOU = 0.5
MOST = 100
"""Finds of a picture and class that count, the best ones, as in COCO."""
RECALLS = np.linspace(0, 1, 101)
AT = 1e-9
"""A match may fall short of the IoU by so much, as in COCO's own code."""


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """One class over all pictures; finds by falling score."""

    scores: npt.NDArray[np.float64]
    right: npt.NDArray[np.bool_]
    picture: npt.NDArray[np.intp]
    truths: npt.NDArray[np.float64]
    """How many there are in each picture."""


def pairs(truth: Truth, found: Sequence[Found]) -> list[int]:
    """For each find, best first, the index of the truth it takes, or -1: the free one of most overlap >= .5, of equal
    overlaps the last, as in COCO's own code.
    """
    free = set(range(len(truth)))
    taken = []
    for one in found:
        overlaps = {k: iou(one.box_xyxy, truth[k][1]) for k in free if truth[k][0] == one.label}
        best = max(overlaps, key=lambda k: (overlaps[k], k), default=-1)
        if best >= 0 and overlaps[best] < IOU - AT:
            best = -1
        free.discard(best)
        taken.append(best)
    return taken


def match(truth: Sequence[Truth], found: Sequence[Sequence[Found]], label: str) -> Matched:
    """All finds and truths of a label, picture by picture."""
    scores: list[float] = []
    right: list[bool] = []
    picture: list[int] = []
    for i, (boxes, finds) in enumerate(zip(truth, found, strict=True)):
        best = sorted((f for f in finds if f.label == label), key=lambda f: -f.score)[:MOST]
        scores += [f.score for f in best]
        right += [k >= 0 for k in pairs([t for t in boxes if t[0] == label], best)]
        picture += [i] * len(best)
    order = np.argsort(-np.asarray(scores, np.float64), kind="stable")
    return Matched(
        np.asarray(scores, np.float64)[order],
        np.asarray(right, np.bool_)[order],
        np.asarray(picture, np.intp)[order],
        np.asarray([sum(t[0] == label for t in boxes) for boxes in truth], np.float64),
    )


def average_precision(one: Matched, weights: Weights) -> float:
    """AP at IoU .5 over 101 recalls, each picture counted ``weights`` times; NaN without truth."""
    total = float(weights @ one.truths)
    if not total:
        return float("nan")
    counted = weights[one.picture]
    hits = np.cumsum(counted * one.right)
    all_told = np.cumsum(counted)
    precision = np.divide(hits, all_told, out=np.zeros_like(hits), where=all_told > 0)
    # The best precision at this recall or any higher one.
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    at = np.searchsorted(hits / total, RECALLS, side="left")
    reached = at < len(envelope)
    return float(envelope[at[reached]].sum() / len(RECALLS))


def mean_precision(classes: Sequence[Matched], weights: Weights) -> float:
    """mAP at IoU .5 over the classes that have truth in the resample."""
    each = [average_precision(one, weights) for one in classes]
    told = [value for value in each if np.isfinite(value)]
    return float(np.mean(told)) if told else float("nan")
