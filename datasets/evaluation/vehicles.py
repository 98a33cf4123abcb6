"""Vehicles on the hand-drawn boxes of the test part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from datasets.evaluation import Report, bar, calibration_bar
from datasets.evaluation.bootstrap import share
from datasets.evaluation.calibration import Judged
from datasets.evaluation.coco import Truth
from datasets.evaluation.detection import calibration, curve_of, curved, judged, raw_finds, worst_of
from datasets.evaluation.groups import groups
from datasets.evaluation.sheets import Case
from datasets.labels import LEAST_HEIGHT_01, STREET, VehicleLabel, load_vehicles
from datasets.labels.training import LOOKED, load_training_vehicles
from datasets.splits import SplitRow, rows
from datasets.splits.siblings import with_siblings
from datasets.training.detection_sets import size_wh
from vision.errors import InputError
from vision.geometry import area, iou
from vision.models.yolo import Found
from vision.standard import shared_limits

CARS = ("car", "truck", "bus")
HEIGHTS = (("8 to 15 % of the height", 0.08, 0.15), ("15 to 30 %", 0.15, 0.3), ("over 30 %", 0.3, 9.0))


def scored(data: Path, split: str) -> Judged:
    """Raw score and rightness (any kind of vehicle) of the finds that are tall enough to have been labelled.

    Of the validation part only photos whose boxes somebody looked at; those of the test part were drawn by hand.
    """
    truth: dict[str, list[tuple[str, Any]]] = defaultdict(list)
    doubtful: dict[str, list[Any]] = defaultdict(list)
    if split == "test":
        for label in load_vehicles():
            truth[label.sha256].append(("any", label.box_xyxy))
            if label.doubtful_box:
                doubtful[label.sha256].append(label.box_xyxy)
    else:
        for one in load_training_vehicles():
            if one.source == LOOKED:
                truth[one.sha256].append(("any", one.box_xyxy))
    photos = [r for r in rows(split=split) if r.sha256 in truth]
    found = raw_finds("vehicle", photos, data)
    kept = []
    for photo, finds in zip(photos, found, strict=True):
        least = LEAST_HEIGHT_01 * size_wh(photo.path(data))[1]
        kept.append(
            tuple(
                Found("any", f.box_xyxy, f.score)
                for f in finds
                if f.box_xyxy[3] - f.box_xyxy[1] >= least
                and all(iou(f.box_xyxy, box) < 0.5 for box in doubtful[photo.sha256])
            )
        )
    return judged([truth[p.sha256] for p in photos], kept, photos)


def hit(label: VehicleLabel, found: Mapping[str, Sequence[Found]], at: float) -> bool:
    return any(f.score >= at and iou(f.box_xyxy, label.box_xyxy) >= 0.5 for f in found[label.sha256])


def recalls(
    labels: Sequence[VehicleLabel], found: Mapping[str, Sequence[Found]], photos: Mapping[str, SplitRow], at: float
) -> dict[str, Any]:
    """Recall at a score: of a list of labels, its share, interval and count."""
    names = dict(zip(photos, groups(list(photos.values())), strict=True))
    return share([hit(v, found, at) for v in labels], [names[v.sha256] for v in labels])


def cases(
    labels: Sequence[VehicleLabel], found: Mapping[str, Sequence[Found]], photos: Mapping[str, SplitRow], data: Path
) -> list[Case]:
    at, out = shared_limits()[1]["vehicle_doubt"], []
    for sha, row in photos.items():
        truth: Truth = [(v.kind.value, v.box_xyxy) for v in labels if v.sha256 == sha]
        least = LEAST_HEIGHT_01 * size_wh(row.path(data))[1]
        tall = [f for f in found[sha] if f.box_xyxy[3] - f.box_xyxy[1] >= least and f.score >= at]
        badness = worst_of(
            [("any", b) for _, b in truth if b[3] - b[1] >= least],
            [Found("any", f.box_xyxy, f.score) for f in tall],
            at,
        )
        answer = [(f"{f.label} {f.score:.2f}", f.box_xyxy) for f in tall]
        out.append(
            Case(badness, row.path(data), (f"{sha[:12]} truth {len(truth)}", f"told {len(tall)}"), truth, answer)
        )
    return out


def tightness(labels: Sequence[VehicleLabel], found: Mapping[str, Sequence[Found]]) -> dict[str, float]:
    """How well the boxes of found vehicles fit: overlap of the middle one and of the worst tenth, and their area by
    the drawn box's, in the middle.
    """
    pairs = []
    for v in labels:
        best = max(found[v.sha256], key=lambda f: iou(f.box_xyxy, v.box_xyxy))
        pairs.append((iou(best.box_xyxy, v.box_xyxy), area(best.box_xyxy) / area(v.box_xyxy)))
    overlaps, sizes = np.array(pairs).T
    return {
        "iou_median": round(float(np.median(overlaps)), 4),
        "iou_tenth": round(float(np.quantile(overlaps, 0.1)), 4),
        "area_by_the_drawn_median": round(float(np.median(sizes)), 4),
    }


def kind_right(label: VehicleLabel, found: Mapping[str, Sequence[Found]]) -> bool:
    return max(found[label.sha256], key=lambda f: iou(f.box_xyxy, label.box_xyxy)).label == label.kind


def vehicle(data: Path, split: str) -> Report:
    """The main vehicle of whole and scene photos found at IoU .5; recall of tall vehicles in street pictures.

    The hand boxes are all of the test part. A box that the drawer called doubtful counts neither way.
    """
    if split != "test":
        raise InputError("vehicles were drawn by hand for the test part only")
    at = shared_limits()[1]["vehicle_doubt"]
    labels = [v for v in load_vehicles() if not v.doubtful_box]
    told = {v.sha256 for v in labels}
    photos = {r.sha256: r for r in rows(split=split) if r.sha256 in told}
    listed = list(photos.values())
    found = dict(zip(photos, curved(raw_finds("vehicle", listed, data), curve_of("vehicle")), strict=True))
    heights = {sha: size_wh(row.path(data))[1] for sha, row in photos.items()}

    def tall(v: VehicleLabel) -> float:
        return (v.box_xyxy[3] - v.box_xyxy[1]) / heights[v.sha256]

    def of(some: Sequence[VehicleLabel]) -> dict[str, Any]:
        return recalls(some, found, photos, at)

    main = [v for v in labels if v.main]
    cars = [v for v in labels if v.kind in CARS and tall(v) > LEAST_HEIGHT_01]
    sure = [v for v in main if hit(v, found, at) and not v.doubtful_kind]
    first, high = of(main), of(cars)
    error = calibration(scored(data, split), curve_of("vehicle"))
    metrics = {
        "split": split,
        "n": len(photos),
        "score": at,
        "recall_of_tall_ones": {
            "street": of([v for v in cars if v.folder == STREET]),
            "not street": of([v for v in cars if v.folder != STREET]),
            **{word: of([v for v in cars if low <= tall(v) < top]) for word, low, top in HEIGHTS},
            **{
                k.value: of([v for v in labels if v.kind is k and tall(v) > LEAST_HEIGHT_01])
                for k in dict.fromkeys(v.kind for v in labels)
            },
        },
        "main_found_without_likely_siblings_in_training": of([v for v in main if v.sha256 not in with_siblings()]),
        "kind_right_of_found_main": round(float(np.mean([kind_right(v, found) for v in sure])), 4),
        "boxes_of_found_main": tightness([v for v in main if hit(v, found, at)], found),
        "missed_main": [v.file for v in main if not hit(v, found, at)],
        "calibration": error,
        "bars": [
            bar("main vehicle found, IoU .5", first["value"], 0.97, ci95=first["ci95"], n=first["n"]),
            bar(
                "cars taller than 8 % of the picture found, IoU .5",
                high["value"],
                0.95,
                goal=0.99,
                ci95=high["ci95"],
                n=high["n"],
            ),
            calibration_bar("the score", error),
        ],
    }
    return Report(metrics, cases(labels, found, photos, data))
