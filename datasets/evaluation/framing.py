"""Framing and rotation of whole photos: hand labels, quarter turns of upright photos, drawn documents."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from datasets.evaluation import Report, bar, calibration_bar
from datasets.evaluation.bootstrap import share
from datasets.evaluation.calibration import Floats, Judged, calibration_error, ece
from datasets.evaluation.confusion import by_class, confusion, where
from datasets.evaluation.groups import groups
from datasets.evaluation.kept import Kept
from datasets.evaluation.sheets import Case
from datasets.evaluation.views import top_calibration
from datasets.splits.siblings import with_siblings
from datasets.training import photos
from datasets.training.samples import rgb
from datasets.view_labels import PhotoLabel, load
from vision.models.calibration import tempered
from vision.models.card import card_of
from vision.models.photo import PhotoClassifier
from vision.models.session import open_model
from vision.turning import turned
from vision.types import FramingKind
from vision.upright import SURE_TURN

MERGED = {"whole": "scene"}
"""Their border is fuzzy in the labels too: counted as one."""
KINDS = tuple(k.value for k in FramingKind)
DOCUMENTS = {"test": (60, 9), "val": (60, 12)}
"""How many drawn documents, and their seed; training had seeds 1 and 2."""
Raw = tuple[Floats, Floats]


def labelled(data: Path, split: str, *, corrected: bool = True) -> list[PhotoLabel]:
    """Photos with a framing by hand whose way up is known."""
    return [
        x
        for x in load(data, corrected=corrected)
        if x.photo.split == split and x.framing in KINDS and x.quality not in ("sideways", "upside_down")
    ]


def quarter(at: int) -> int:
    """Degrees by which the photo at that place is turned for the test of rotation."""
    return 90 * (1 + at % 3)


def answered(data: Path, items: Sequence[PhotoLabel], split: str) -> tuple[PhotoClassifier, dict[str, list[Raw]]]:
    """Raw answers on photos as they are (``upright``), turned by quarters, and on drawn documents."""
    classifier, kept = PhotoClassifier(open_model(card_of("photo"))), Kept("photo", card_of("photo"))

    def look(item: PhotoLabel, degrees: int) -> Raw:
        return classifier.raw(turned(rgb(item.photo.path(data)), degrees))

    def papers() -> list[Raw]:
        return [classifier.raw(s.pixels) for s in photos.documents(*DOCUMENTS[split])]

    out = {"upright": [], "turned": [], "documents": kept.get(f"documents {split}", papers)}
    for at, item in enumerate(items):
        for word, degrees in (("upright", 0), ("turned", quarter(at))):
            out[word].append(kept.get(f"{item.photo.sha256} {degrees}", partial(look, item, degrees)))
    kept.save()
    return classifier, out


def scored(data: Path, split: str) -> tuple[tuple[Floats, np.ndarray], tuple[Floats, np.ndarray]]:
    """Raw chances and truths of both heads: framings (photos and drawn documents), turns (upright and turned)."""
    items = labelled(data, split)
    _, raw = answered(data, items, split)
    framing = np.array([r[0] for r in (*raw["upright"], *raw["documents"])])
    kinds = [KINDS.index(i.framing) for i in items] + [KINDS.index("document")] * len(raw["documents"])
    turn = np.array([r[1] for r in (*raw["upright"], *raw["turned"])])
    # A picture turned clockwise by a quarter needs three quarters more.
    turns = [0] * len(items) + [(360 - quarter(k)) // 90 for k in range(len(items))]
    return (framing, np.array(kinds)), (turn, np.array(turns))


def document_calibration(
    framing: Floats, truth: np.ndarray, temperature: float, names: Sequence[str]
) -> dict[str, Any]:
    """Calibration error of the chance of a document, over photos and drawn documents alike."""
    column, paper = KINDS.index("document"), truth == KINDS.index("document")
    told = calibration_error(Judged(tempered(framing, temperature)[:, column], paper, names))
    return told | {"ece_before": round(ece(framing[:, column], paper), 4)}


def summary(told: Sequence[tuple[str, str]], names: Sequence[str]) -> dict[str, Any]:
    merged = [(MERGED.get(t, t), MERGED.get(g, g)) for t, g in told]
    mixed = [{t, g} == {"closeup", "scene"} for t, g in merged]
    return {
        "scene_and_whole_as_one": share([t == g for t, g in merged], names),
        "seven_kinds": share([t == g for t, g in told], names),
        "closeup_against_whole": share(mixed, names),
    }


def photo(data: Path, split: str) -> Report:
    """Framing on hand labels and drawn documents; turns of upright photos by quarters."""
    items = labelled(data, split)
    classifier, raw = answered(data, items, split)
    looks = {word: [classifier.told(*r) for r in answers] for word, answers in raw.items()}
    told = [(i.framing, look.framing.kind.value) for i, look in zip(items, looks["upright"], strict=True)]
    names = groups([i.photo for i in items])
    alone = [k for k, i in enumerate(items) if i.photo.sha256 not in with_siblings()]
    left = [look.rotation == 0 or look.rotation_score < SURE_TURN for look in looks["upright"]]
    turns = [look.rotation == 360 - quarter(k) for k, look in enumerate(looks["turned"])]
    papers = [look.framing.kind is FramingKind.DOCUMENT for look in looks["documents"]]
    given = {i.photo.sha256: i.framing for i in labelled(data, split, corrected=False)}
    as_given = [(given.get(i.photo.sha256, t), g) for i, (t, g) in zip(items, told, strict=True)]
    (framing, kinds), (turn, quarters) = scored(data, split)
    temperature, turn_temperature = classifier.temperatures
    drawn = [*names, *(f"drawn {k}" for k in range(len(papers)))]
    errors = {
        "framing": top_calibration(framing, kinds, temperature, drawn),
        "rotation": top_calibration(turn, quarters, turn_temperature, [*names, *names]),
        "document": document_calibration(framing, kinds, temperature, drawn),
    }
    heads = summary(told, names)
    merged_right = [MERGED.get(t, t) == MERGED.get(g, g) for t, g in told]
    metrics = {
        "split": split,
        "n": len(told),
        "by_class": by_class(told, names, KINDS),
        "confusion": confusion(told),
        "right_where": where(merged_right, names, [i.photo.folder for i in items]),
        "seven_kinds": heads["seven_kinds"],
        "without_likely_siblings_in_training": summary([told[k] for k in alone], [names[k] for k in alone]),
        "without_corrections": summary(as_given, names),
        "corrected": sum(t != g for (t, _), (g, _) in zip(told, as_given, strict=True)),
        "turns_told_right": share(turns, names),
        "upright_photos_left_as_they_are": share(left, names),
        "drawn_documents_called_document": share(papers, [str(k) for k in range(len(papers))]),
        "real_called_document_or_other": sum(g in ("document", "other") for _, g in told),
        "calibration": errors,
        "bars": [
            *(
                bar(name, heads[key]["value"], must, sign, goal=goal, ci95=heads[key]["ci95"], n=heads[key]["n"])
                for name, key, must, goal, sign in (
                    ("accuracy, scene and whole as one", "scene_and_whole_as_one", 0.86, 0.91, ">="),
                    ("closeup against whole or scene confused", "closeup_against_whole", 0.01, 0.0, "<="),
                )
            ),
            *(calibration_bar(name, error) for name, error in errors.items()),
        ],
    }
    return Report(metrics, [case(i, look.framing, data) for i, look in zip(items, looks["upright"], strict=True)])


def case(item: PhotoLabel, told: Any, data: Path) -> Case:
    """A wrong answer is the worse the further away and the surer it is."""
    order = ("scene", "whole", "medium", "closeup")
    far = [order.index(k) if k in order else 6 for k in (item.framing, told.kind.value)]
    badness = abs(far[0] - far[1]) + told.score if item.framing != told.kind.value else 0.0
    words = f"{item.photo.sha256[:12]} {item.framing}", f"{told.kind.value} {told.score:.2f}"
    return Case(badness, item.photo.path(data), words)
