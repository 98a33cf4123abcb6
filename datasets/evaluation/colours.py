"""The colour of the main vehicle against what two readers said of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from datasets.colour_set import Painted, painted
from datasets.evaluation import Report, bar, calibration_bar
from datasets.evaluation.bootstrap import share
from datasets.evaluation.calibration import Floats, Judged, calibration_error, ece
from datasets.evaluation.confusion import confusion
from datasets.evaluation.groups import groups
from datasets.evaluation.sheets import Case
from datasets.splits.siblings import with_siblings
from vision.models.calibration import tempered
from vision.models.card import card_of
from vision.models.colour import TOLD, ColourClassifier
from vision.models.session import open_model
from vision.types import VehicleColour

FOLDERS = ("damage/train", "damage/val", "cars")
"""Photos as they come in use; those of cars_views and parts only help to learn."""
MUST, GOAL = 0.95, 0.99
"""Share of the colours told that a reader accepts: a wrong one misleads, silence does not."""


def looked(data: Path, split: str) -> tuple[list[Painted], Floats, ColourClassifier]:
    """The photos, raw chances (photos, labels), the network."""
    items, model = painted(data, split, folders=FOLDERS), ColourClassifier(open_model(card_of("colour")))
    return items, model.raw([item.look for item in items]), model


def scored(data: Path, split: str) -> tuple[Floats, np.ndarray]:
    """Raw chances and the labels' places among them: of the first reader's colour, or the second one that it named
    where the network says that.
    """
    items, raw, model = looked(data, split)
    best = [VehicleColour(model.session.labels[k]) for k in raw.argmax(1)]
    told = [b if item.label.first.accepts(b) else item.label.first.colour for item, b in zip(items, best, strict=True)]
    return raw, np.array([model.session.labels.index(str(colour)) for colour in told])


def colour(data: Path, split: str) -> Report:
    """Of colours that the network tells, those a reader accepts; how many are told; calibration; people themselves."""
    items, raw, model = looked(data, split)
    chances, names = tempered(raw, model.temperature), groups([item.row for item in items])
    best = [VehicleColour(model.session.labels[k]) for k in chances.argmax(1)]
    right = [item.label.first.accepts(b) for item, b in zip(items, best, strict=True)]
    top = chances.max(1)
    told = [k for k in range(len(items)) if top[k] >= TOLD]
    accepted = share([right[k] for k in told], [names[k] for k in told])
    alone = [k for k in told if items[k].row.sha256 not in with_siblings()]
    error: dict[str, Any] = calibration_error(Judged(top, np.array(right), names))
    metrics = {
        "split": split,
        "n": len(items),
        "told": share(list(top >= TOLD), names),
        "accepted_of_told": accepted,
        "accepted_of_told_without_likely_siblings_in_training": share(
            [right[k] for k in alone], [names[k] for k in alone]
        ),
        "accepted_if_all_were_told": share(right, names),
        "as_the_first_reader_says": share([b is i.label.first.colour for i, b in zip(items, best, strict=True)], names),
        "second_reader": people(items, names),
        "by_colour": {
            one: share([right[k] for k in of], [names[k] for k in of])
            for one in VehicleColour
            if (of := [k for k in told if items[k].label.first.colour is one])
        },
        "confusion_of_told": confusion([(str(items[k].label.first.colour), str(best[k])) for k in told]),
        "calibration": error | {"ece_before": round(ece(raw.max(1), np.array(right)), 4)},
        "bars": [
            bar(
                "colours told that a reader accepts",
                accepted["value"] or 0.0,
                MUST,
                goal=GOAL,
                ci95=accepted["ci95"],
                n=accepted["n"],
            ),
            calibration_bar("the score", error),
        ],
    }
    return Report(
        metrics, [_case(item, b, s, data, ok) for item, b, s, ok in zip(items, best, top, right, strict=True)]
    )


def people(items: Sequence[Painted], names: Sequence[str]) -> dict[str, Any]:
    """How often the second reader says the same colour, and one that the first accepts; of photos that both tell."""
    both = [(i.label.first, i.label.second.colour, n) for i, n in zip(items, names, strict=True)
            if i.label.second is not None and i.label.second.colour is not None]  # fmt: skip
    where = [name for _, _, name in both]
    return {
        "same": share([first.colour is second for first, second, _ in both], where),
        "accepted": share([first.accepts(second) for first, second, _ in both], where),
    }


def _case(item: Painted, told: VehicleColour, score: float, data: Path, right: bool) -> Case:
    words = f"{item.row.sha256[:12]} {item.label.first.colour}", f"{told} {score:.2f}"
    return Case(-1.0 if right else float(score), item.row.path(data), words, (), [(str(told), item.box)])
