"""Same vehicle or not, on pairs of photos of one claim against pairs of different vehicles.

The numbers are kinder than the use: photos of one claim share light, camera and often the side of the vehicle.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from datasets.evaluation import Report, bar
from datasets.evaluation.auc import Floats, area_under_curve
from datasets.evaluation.bootstrap import draws
from datasets.evaluation.detection import finds, open_detector
from datasets.evaluation.same_vehicle_sheet import cases
from datasets.labels.same_vehicle import NEAR, Pair, load_pairs, vehicles_of
from datasets.splits import SplitRow, rows
from datasets.splits.siblings import with_siblings
from datasets.training.samples import main_box, rgb
from vision.models.appearance import Appearance, features
from vision.models.card import card_of
from vision.models.session import open_model
from vision.models.squares import square
from vision.types import Box, Pixels

TIMES = 200


def looked(data: Path, photos: list[SplitRow]) -> tuple[Floats, Floats, list[Box]]:
    """Vectors of each photo's main vehicle; vectors of the two halves of each (the toy); boxes."""
    model, parts = Appearance(open_model(card_of("appearance"))), open_detector("parts")
    whole, halves, boxes = [], [], []
    for photo, found in zip(photos, finds("vehicle", photos, data), strict=True):
        pixels = rgb(photo.path(data))
        box = main_box([(f.box_xyxy, f.score) for f in found], (pixels.shape[1], pixels.shape[0]))
        boxes.append(box)
        (_, sight), dark = parts.look(pixels), changed(pixels)
        whole.append(features(square(pixels, box), sight, box))
        middle = (box[0] + box[2]) / 2
        left, right = (box[0], box[1], middle, box[3]), (middle, box[1], box[2], box[3])
        halves.append(features(square(pixels, left), sight, left))
        halves.append(features(square(dark, right), parts.look(dark)[1], right))
    return model.raw(np.stack(whole)), model.raw(np.stack(halves)), boxes


def changed(pixels: Pixels) -> Pixels:
    """The picture a little darker: what counts for an augmented one."""
    return np.asarray(np.round(pixels * 0.85), np.uint8)


def same_vehicle(data: Path, split: str) -> Report:
    """AUC against vehicles of like colour and against any, without near copies."""
    pairs = tuple(p for p in load_pairs() if p.split == split)
    vehicles, known = vehicles_of(pairs), {row.sha256: row for row in rows(split=split)}
    names = sorted({sha for p in pairs for sha in (p.sha256_a, p.sha256_b)})
    vectors, halves, boxes = looked(data, [known[sha] for sha in names])
    place = {sha: k for k, sha in enumerate(names)}

    def near(chosen: list[Pair]) -> Floats:
        return np.array([vectors[place[p.sha256_a]] @ vectors[place[p.sha256_b]] for p in chosen])

    same, alike = near([p for p in pairs if p.same]), near([p for p in pairs if not p.same])
    other = np.array([vectors[place[a]] @ vectors[place[b]] for a, b in combinations(names, 2)
                      if vehicles[a] != vehicles[b]])  # fmt: skip
    distinct = near([p for p in pairs if p.same and p.note != NEAR])
    against_half = np.array([halves[2 * i] @ halves[2 * k + 1] for i in range(len(names)) for k in range(len(names))
                             if vehicles[names[i]] != vehicles[names[k]]])  # fmt: skip
    main = area_under_curve(same, alike)
    metrics: dict[str, Any] = {
        "split": split,
        "n": len(same),
        "photos": len(names),
        "vehicles": len(set(vehicles.values())),
        "pairs_of_like_colour": len(alike),
        "auc_any_other_vehicle": round(area_under_curve(same, other), 4),
        "auc_without_near_copies": {
            "like_colour": round(area_under_curve(distinct, alike), 4),
            "any": round(area_under_curve(distinct, other), 4),
        },
        "without_likely_siblings_in_training": alone(pairs, near, vehicles),
        "toy_halves_of_one_photo": round(area_under_curve((halves[::2] * halves[1::2]).sum(1), against_half), 4),
        "likeness_quantiles": {
            kind: [round(float(q), 2) for q in np.quantile(values, (0.05, 0.25, 0.5, 0.75, 0.95))]
            for kind, values in (("same", same), ("like_colour", alike), ("any", other))
        },
        "bars": [bar("AUC, against vehicles of like colour", main, 0.95, ci95=interval(pairs, near, vehicles))],
    }
    seen = {sha: (known[sha].path(data), boxes[k]) for sha, k in place.items()}
    return Report(metrics, cases(pairs, near(list(pairs)), seen), cell_px=425)


def alone(pairs: tuple[Pair, ...], near: Any, vehicles: Mapping[str, int]) -> dict[str, Any]:
    """AUC against vehicles of like colour, with its interval, over the pairs of which training likely saw no vehicle;
    None where they are all of one kind.
    """
    kept = tuple(p for p in pairs if not {p.sha256_a, p.sha256_b} & with_siblings())
    same, other = [p for p in kept if p.same], [p for p in kept if not p.same]
    counts = {"n": len(same), "pairs_of_like_colour": len(other)}
    if not same or not other:
        return {"auc": None, "ci95": None, **counts}
    known = {sha: vehicles[sha] for p in kept for sha in (p.sha256_a, p.sha256_b)}
    low, high = interval(kept, near, known)
    auc = area_under_curve(near(same), near(other))
    return {"auc": round(auc, 4), "ci95": [round(low, 4), round(high, 4)], **counts}


def interval(pairs: tuple[Pair, ...], near: Any, vehicles: Mapping[str, int]) -> list[float]:
    """Bootstrap over vehicles: a pair weighs as often as both of its vehicles were drawn."""
    numbers = sorted(set(vehicles.values()))
    column = {number: k for k, number in enumerate(numbers)}
    chosen = {kind: [p for p in pairs if p.same is kind] for kind in (True, False)}
    values = {kind: near(some) for kind, some in chosen.items()}
    ends = {k: np.array([[column[vehicles[p.sha256_a]], column[vehicles[p.sha256_b]]] for p in some])
            for k, some in chosen.items()}  # fmt: skip
    told = []
    for weights in draws([str(n) for n in numbers], TIMES):
        of_same, of_other = weights[ends[True][:, 0]], weights[ends[False]].prod(1)
        told.append(area_under_curve(values[True], values[False], of_same, of_other))
    return [float(v) for v in np.nanquantile(told, (0.025, 0.975))]
