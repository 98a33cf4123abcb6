"""Damage on the fixed test part: average precision, photos found at few false alarms, and what is missed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from datasets.corrections import corrected_boxes
from datasets.evaluation import Report, bar, calibration_bar, masks
from datasets.evaluation.bootstrap import draws, share
from datasets.evaluation.calibration import Floats, Judged
from datasets.evaluation.coco import precision
from datasets.evaluation.damage_readers import readers
from datasets.evaluation.detection import (
    Finds,
    any_class,
    calibration,
    curve_of,
    curved,
    judged,
    mean_of,
    precision_at_50,
    raw_finds,
    tested,
    truth_of,
    worst_of,
)
from datasets.evaluation.groups import groups
from datasets.evaluation.matching import pairs
from datasets.evaluation.sheets import Case
from datasets.splits import SplitRow, rows
from datasets.splits.siblings import with_siblings
from datasets.training.detection_sets import DAMAGE_LABELS, Labelled, coco
from vision.checks.collision import any_right
from vision.geometry import area
from vision.standard import shared_limits

INTACT = ("cars", "parts/train")
"""Folders of cars without damage; every find on them is a false alarm."""
ALARMS = 0.05
SIZES = (("under 1 % of the picture", 0.0, 0.01), ("1 to 10 %", 0.01, 0.1), ("over 10 %", 0.1, 2.0))
PARTS = ("damage/train", "damage/val")


def labelled(data: Path, split: str, *, corrected: bool = True) -> list[Labelled]:
    """Photos of the split with their boxes."""
    items = tested([item for folder in PARTS for item in coco(data, folder, DAMAGE_LABELS)], split)
    return [corrected_boxes(item, DAMAGE_LABELS) for item in items] if corrected else items


def scored(data: Path, split: str) -> Judged:
    """Raw score and rightness of every find on damaged and intact photos: what a curve is fitted on."""
    items = labelled(data, split)
    whole = [r for folder in INTACT for r in rows(folder, split)]
    truth = [*truth_of(items, DAMAGE_LABELS), *([] for _ in whole)]
    photos = [*(i.photo for i in items), *whole]
    return judged(truth, raw_finds("damage", photos, data), photos)


def seen_chances(found: Finds) -> Floats:
    """Of each photo, the chance that one of its finds is right: what checks ask of near photos' central finds."""
    return np.array([any_right((f.score, f.box_xyxy) for f in boxes) for boxes in found])


def best_scores(found: Finds) -> Floats:
    return np.array([max((f.score for f in boxes), default=0.0) for boxes in found])


def found_at(scores: Floats, quiet: Floats, alarms: float = ALARMS) -> tuple[float, float]:
    """Share of damaged photos whose chance beats the limit that ``alarms`` of intact cars pass; that limit."""
    limit = float(np.quantile(quiet, 1 - alarms))
    return float(np.mean(scores > limit)), limit


def found_interval(scores: Floats, quiet: Floats, damaged: Sequence[str], intact: Sequence[str]) -> Sequence[float]:
    """Interval of `found_at`, resampling both kinds of photos."""
    shares = []
    for w, v in zip(draws(damaged), draws(intact), strict=True):
        limit = np.quantile(np.repeat(quiet, v.astype(int)), 1 - ALARMS)
        shares.append(float(w @ (scores > limit) / w.sum()))
    low, high = np.quantile(shares, [0.025, 0.975])
    return round(float(low), 4), round(float(high), 4)


def at_limit(items: Sequence[Labelled], found: Finds, limit: float) -> dict[str, Any]:
    """Of the labelled damages, what is found as any damage at the limit that ships: by size, by kind."""
    truth, told = any_class(truth_of(items, DAMAGE_LABELS), found)
    hits: dict[str, list[tuple[bool, str]]] = defaultdict(list)
    for item, boxes, finds, name in zip(items, truth, told, groups([i.photo for i in items]), strict=True):
        taken = set(pairs(boxes, [f for f in finds if f.score >= limit]))
        for k, (label, box) in enumerate(item.boxes):
            part = area(box) / (item.size_wh[0] * item.size_wh[1])
            size = next(word for word, low, high in SIZES if low <= part < high)
            hits["all"].append((k in taken, name))
            hits[size].append((k in taken, name))
            hits[DAMAGE_LABELS[label]].append((k in taken, name))
    order = ["all", *(word for word, _, _ in SIZES), *DAMAGE_LABELS]
    return {word: share([h for h, _ in hits[word]], [g for _, g in hits[word]]) for word in order if hits[word]}


def summary(items: Sequence[Labelled], found: Finds, quiet: Floats, intact: Sequence[SplitRow]) -> dict[str, Any]:
    """The three headline numbers with their intervals."""
    photos = [i.photo for i in items]
    truth = truth_of(items, DAMAGE_LABELS)
    kinds = precision_at_50(truth, found, DAMAGE_LABELS, photos)
    single = precision_at_50(*any_class(truth, found), ["any"], photos)
    chances = seen_chances(found)
    part, limit = found_at(chances, quiet)
    ci95 = found_interval(chances, quiet, groups(photos), groups(intact))
    return {
        "n": len(items),
        "map50": {"value": kinds["map50"], "ci95": kinds["ci95"]},
        "ap50_any_damage": {"value": single["map50"], "ci95": single["ci95"]},
        "found_at_5_percent_false_alarms": {"value": round(part, 4), "ci95": ci95, "limit": round(limit, 4)},
        "by_class": kinds["by_class"],
    }


def mask_precision(data: Path, split: str, items: Sequence[Labelled], found: Finds) -> dict[str, Any]:
    """Mask AP50 of the outlines that are told, with intervals, in the photos that have both boxes and outlines."""
    told = {item.photo.sha256: finds for item, finds in zip(items, found, strict=True)}
    drawn = masks.labelled(data, split)
    each, map50_95 = masks.matched(drawn, [told[one.photo.sha256] for one in drawn], DAMAGE_LABELS)
    return {"n": len(drawn), "map50_95": map50_95, **mean_of(each, [one.photo for one in drawn])}


def cases(items: Sequence[Labelled], found: Finds, data: Path, limit: float) -> list[Case]:
    out = []
    for item, truth, told in zip(items, truth_of(items, DAMAGE_LABELS), found, strict=True):
        answer = [(f"{f.label} {f.score:.2f}", f.box_xyxy) for f in told if f.score >= limit]
        words = f"{item.photo.sha256[:12]} truth {len(truth)}", f"told {len(answer)}"
        out.append(Case(worst_of(truth, told, limit), item.photo.path(data), words, truth, answer))
    return out


def damage(data: Path, split: str) -> Report:
    """mAP50, class-agnostic AP50, and photos found at 5 % false alarms on intact cars."""
    items = labelled(data, split)
    intact = [r for folder in INTACT for r in rows(folder, split)]
    curve, limit = curve_of("damage"), shared_limits()[1]["damage_score"]
    raw = raw_finds("damage", [i.photo for i in items], data)
    found = curved(raw, curve)
    alarms = curved(raw_finds("damage", intact, data), curve)
    quiet = seen_chances(alarms)
    told = summary(items, found, quiet, intact)
    by_class = told.pop("by_class")
    alone = [k for k, i in enumerate(items) if i.photo.sha256 not in with_siblings()]
    apart = summary([items[k] for k in alone], [found[k] for k in alone], quiet, intact)
    as_given = summary(labelled(data, split, corrected=False), found, quiet, intact)
    names = ("mAP50", "AP50, any damage", "damaged photos found at 5 % false alarms")
    asked = ((0.45, 0.60), (0.50, 0.65), (0.85, 0.95))
    error = calibration(scored(data, split), curve)
    outlines = mask_precision(data, split, items, found)
    heads = [told[key] for key in ("map50", "ap50_any_damage", "found_at_5_percent_false_alarms")]
    return Report(
        {
            "split": split,
            "n": len(items),
            "n_intact": len(intact),
            "map50_95": round(precision(truth_of(items, DAMAGE_LABELS), found, DAMAGE_LABELS).ap50_95, 4),
            "limit_at_5_percent_false_alarms": told["found_at_5_percent_false_alarms"]["limit"],
            "by_class": by_class,
            "found_by_the_likeliest_find_alone": round(found_at(best_scores(found), best_scores(alarms))[0], 4),
            "found_at_the_limit": {"limit": limit, **at_limit(items, found, limit)},
            "without_likely_siblings_in_training": {k: v for k, v in apart.items() if k != "by_class"},
            "without_corrections": {k: v for k, v in as_given.items() if k != "by_class"},
            "corrected": sum(a != b for a, b in zip(items, labelled(data, split, corrected=False), strict=True)),
            "calibration": error,
            "outlines": outlines,
            "read_twice": readers(items, found),
            "bars": [
                *(
                    bar(name, head["value"], must, goal=goal, ci95=head["ci95"])
                    for name, head, (must, goal) in zip(names, heads, asked, strict=True)
                ),
                bar("mAP50 of outlines", outlines["map50"], 0.40, goal=0.57, ci95=outlines["ci95"]),
                calibration_bar("the score", error),
            ],
        },
        cases(items, found, data, limit),
    )
