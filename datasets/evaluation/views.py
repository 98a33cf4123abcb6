"""View on hand-labelled photos: eight ways around the vehicle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from datasets.evaluation import Report, bar, calibration_bar
from datasets.evaluation.bootstrap import share
from datasets.evaluation.calibration import Floats, Judged, calibration_error, ece
from datasets.evaluation.confusion import by_class, confusion, where
from datasets.evaluation.detection import finds
from datasets.evaluation.groups import groups
from datasets.evaluation.kept import Kept
from datasets.evaluation.sheets import Case
from datasets.splits.siblings import with_siblings
from datasets.training.samples import main_box, rgb
from datasets.view_labels import MIRROR, PhotoLabel, load, second_readings
from vision.models.calibration import tempered
from vision.models.card import card_of
from vision.models.session import open_model
from vision.models.view import ViewClassifier
from vision.standard import shared_limits
from vision.types import Box, View

RING = tuple(v.value for v in View)


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    item: PhotoLabel
    box: Box
    raw: Floats
    """Chances of every label as the network gives them."""


def steps(a: str, b: str) -> int:
    """How many views lie between two, around the vehicle; four, the opposite, for an answer that is no view."""
    if b not in RING:
        return len(RING) // 2
    apart = abs(RING.index(a) - RING.index(b))
    return min(apart, len(RING) - apart)


def usable(data: Path, split: str) -> list[tuple[PhotoLabel, str]]:
    """`whole` and `scene` photos with their view as corrected and as given.

    By the framing as given: a correction, found by looking at wrong answers, takes no photo out of the test part.
    """
    return [
        (item, given.view)
        for item, given in zip(load(data), load(data, corrected=False), strict=True)
        if given.photo.split == split and given.framing in ("whole", "scene") and given.view in RING
    ]


def answered(data: Path, items: Sequence[PhotoLabel]) -> tuple[ViewClassifier, list[Answer]]:
    """Raw answers on the main vehicle that our detector finds."""
    classifier = ViewClassifier(open_model(card_of("view")))
    kept, out = Kept("view", card_of("view"), card_of("vehicle")), []
    for item, told in zip(items, finds("vehicle", [i.photo for i in items], data), strict=True):

        def look(item: PhotoLabel, boxes: list[tuple[Box, float]]) -> tuple[Box, Floats]:
            pixels = rgb(item.photo.path(data))
            box = main_box(boxes, (pixels.shape[1], pixels.shape[0]))
            return box, classifier.raw(pixels, (box,))[0]

        box, raw = kept.get(item.photo.sha256, partial(look, item, [(f.box_xyxy, f.score) for f in told]))
        out.append(Answer(item, box, raw))
    kept.save()
    return classifier, out


def scored(data: Path, split: str) -> tuple[Floats, np.ndarray]:
    """Raw chances (photos, labels) and the true label's index: what a temperature is fitted on."""
    classifier, told = answered(data, [item for item, _ in usable(data, split)])
    labels = classifier.session.labels
    return np.array([a.raw for a in told]), np.array([labels.index(a.item.view) for a in told])


def top_calibration(raw: Floats, truth: np.ndarray, temperature: float, names: Sequence[str]) -> dict[str, Any]:
    """Calibration error of the score of the best answer, with its interval, and as the network gives it."""
    right = raw.argmax(1) == truth
    told = calibration_error(Judged(tempered(raw, temperature).max(1), right, names))
    return told | {"ece_before": round(ece(raw.max(1), right), 4)}


def summary(told: Sequence[tuple[str, str]], names: Sequence[str]) -> dict[str, Any]:
    """Exact, within one neighbour, left and right swapped: each with interval."""
    return {
        "exact": share([t == g for t, g in told], names),
        "within_one_neighbour": share([steps(t, g) <= 1 for t, g in told], names),
        "sides_swapped": share([t in MIRROR and MIRROR[t] == g for t, g in told], names),
    }


def ends(
    chances: Floats, labels: Sequence[str], truth: Sequence[str], names: Sequence[str], limits: Mapping[str, float]
) -> dict[str, Any]:
    """Chances (photos, labels) added up as the checks do it, to that of the front and of the rear being in view: how
    often an end is in view where they say that it surely is not, or that it is."""
    shown = [[end in label.split("_") for label in labels] for end in ("front", "rear")]
    given = np.concatenate([chances[:, columns].sum(1) for columns in shown])
    right = np.array([end in view.split("_") for end in ("front", "rear") for view in truth])
    twice = [*names, *names]
    never = np.flatnonzero(given < limits["view_doubt"])
    surely = np.flatnonzero(given >= limits["view_score"])
    return {
        "in_view_below_view_doubt": share([bool(right[k]) for k in never], [twice[k] for k in never]),
        "in_view_from_view_score": share([bool(right[k]) for k in surely], [twice[k] for k in surely]),
        "calibration": calibration_error(Judged(given, right, twice)),
    }


def two_readers(shas: Sequence[str], told: Sequence[tuple[str, str]], names: Sequence[str]) -> dict[str, Any]:
    """How often a second reader gives the label too, and the answers where both agree: what the goal is meant for."""
    second = second_readings()
    read = [k for k, sha in enumerate(shas) if sha in second]
    pairs = [(told[k][0], second[shas[k]]) for k in read]
    same = [k for k in read if told[k][0] == second[shas[k]]]
    return {
        "second_reader": summary(pairs, [names[k] for k in read]),
        "where_both_agree": summary([told[k] for k in same], [names[k] for k in same]),
    }


def view(data: Path, split: str) -> Report:
    """Accuracy on `whole` and `scene` photos, on the main vehicle that our detector finds."""
    items = usable(data, split)
    classifier, found = answered(data, [item for item, _ in items])
    labels = classifier.session.labels
    told = [(a.item.view, labels[int(a.raw.argmax())]) for a in found]
    names = groups([a.item.photo for a in found])
    as_given = [(given, g) for (_, given), (_, g) in zip(items, told, strict=True)]
    alone = [k for k, a in enumerate(found) if a.item.photo.sha256 not in with_siblings()]
    right = [t == g for t, g in told]
    heads = summary(told, names)
    truth, raw = np.array([labels.index(t) for t, _ in told]), np.array([a.raw for a in found])
    error = top_calibration(raw, truth, classifier.temperature, names)
    chances = np.array([tempered(row, classifier.temperature) for row in raw])
    metrics = {
        "split": split,
        "n": len(told),
        "by_class": by_class(told, names, RING),
        "confusion": confusion(told),
        "exact_where": {
            **where(right, names, [a.item.framing for a in found]),
            **where(right, names, [a.item.photo.folder for a in found]),
        },
        "without_likely_siblings_in_training": summary([told[k] for k in alone], [names[k] for k in alone]),
        "without_corrections": summary(as_given, names),
        "corrected": sum(given != item.view for item, given in items),
        **(two_readers([a.item.photo.sha256 for a in found], told, names) if split == "test" else {}),
        "ends": ends(chances, labels, [a.item.view for a in found], names, shared_limits()[1]),
        "calibration": error,
        "bars": [
            *(
                bar(name, heads[key]["value"], must, sign, goal=goal, ci95=heads[key]["ci95"], n=heads[key]["n"])
                for name, key, must, goal, sign in (
                    ("8 ways exact", "exact", 0.96, 0.985, ">="),
                    ("within one neighbour", "within_one_neighbour", 0.985, 0.998, ">="),
                    ("left and right swapped", "sides_swapped", 0.005, 0.0, "<="),
                )
            ),
            calibration_bar("the score", error),
        ],
    }
    return Report(metrics, [case(a, g, classifier, data) for a, (_, g) in zip(found, told, strict=True)])


def case(answer: Answer, told: str, classifier: ViewClassifier, data: Path) -> Case:
    """A wrong answer is the worse the further around and the surer it is."""
    score = float(tempered(answer.raw, classifier.temperature).max())
    off = steps(answer.item.view, told)
    words = f"{answer.item.photo.sha256[:12]} {answer.item.view}", f"{told} {score:.2f}"
    return Case(off + score if off else 0.0, answer.item.photo.path(data), words, (), [("", answer.box)])
