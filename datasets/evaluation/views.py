"""View, framing and rotation on hand-labelled photos."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from datasets.evaluation import bar
from datasets.evaluation.detection import open_detector
from datasets.splits.siblings import with_siblings
from datasets.training import photos
from datasets.training.samples import main_box, rgb
from datasets.view_labels import MIRROR, PhotoLabel, load
from vision.models.card import card_of
from vision.models.photo import PhotoClassifier
from vision.models.session import open_model
from vision.models.view import ViewClassifier
from vision.turning import turned
from vision.types import FramingKind, View

RING = tuple(v.value for v in View)
MERGED = {"whole": "scene"}
"""Their border is fuzzy in the labels too: counted as one."""


def steps(a: str, b: str) -> int:
    """How many views lie between two, around the vehicle."""
    apart = abs(RING.index(a) - RING.index(b))
    return min(apart, len(RING) - apart)


def view(data: Path, split: str) -> dict[str, Any]:
    """Accuracy on `whole` and `scene` photos, on the main vehicle that our detector finds."""
    detector, classifier = open_detector("vehicle"), ViewClassifier(open_model(card_of("view")))
    told: list[tuple[str, str]] = []
    alone: list[bool] = []
    for item in load(data):
        if item.photo.split == split and item.framing in ("whole", "scene") and item.view in RING:
            pixels = rgb(item.photo.path(data))
            found = [(f.box_xyxy, f.score) for f in detector.detect((pixels,))[0]]
            box = main_box(found, (pixels.shape[1], pixels.shape[0]))
            guess, _ = classifier.classify(pixels, (box,))[0]
            told.append((item.view, guess or "none"))
            alone.append(item.photo.sha256 not in with_siblings())
    known = [(t, g) for t, g in told if g != "none"]
    n = len(told)
    return {
        "split": split,
        "n": n,
        "confused": dict(Counter(f"{t} as {g}" for t, g in told if t != g).most_common()),
        "without_likely_siblings_in_training": apart(told, alone),
        "bars": [
            bar("8 ways exact", sum(t == g for t, g in told) / n, 0.92),
            bar("neighbours counted right", sum(steps(t, g) <= 1 for t, g in known) / n, 0.97),
            bar("left and right swapped", sum(t in MIRROR and MIRROR[t] == g for t, g in known) / n, 0.01, "<="),
        ],
    }


def apart(told: list[tuple[str, str]], alone: list[bool]) -> dict[str, float]:
    """Accuracy on the photos of which training saw no likely sibling."""
    kept = [t == g for (t, g), a in zip(told, alone, strict=True) if a]
    return {"n": len(kept), "exact": round(float(np.mean(kept)), 4)}


def hand_labelled(data: Path, split: str) -> list[PhotoLabel]:
    kinds = {k.value for k in FramingKind}
    return [x for x in load(data) if x.photo.split == split and x.framing in kinds and x.quality != "sideways"]


def photo(data: Path, split: str) -> dict[str, Any]:
    """Framing on hand labels (and drawn documents, street pictures); turns of upright photos by quarters."""
    classifier = PhotoClassifier(open_model(card_of("photo")))
    labels = [x for x in hand_labelled(data, split) if x.quality != "upside_down"]
    told: list[tuple[str, str]] = []
    turns: list[bool] = []
    upright_left: list[bool] = []
    for i, item in enumerate(labels):
        pixels = rgb(item.photo.path(data))
        look = classifier.classify(pixels)
        told.append((item.framing, look.framing.kind.value))
        upright_left.append(look.rotation == 0 or look.rotation_score < 0.8)
        quarter = 90 * (1 + i % 3)
        # A picture turned clockwise by a quarter needs three quarters more.
        turns.append(classifier.classify(turned(pixels, quarter)).rotation == 360 - quarter)
    drawn = [classifier.classify(s.pixels).framing.kind.value for s in photos.documents(60, seed=9)]
    merged = [(MERGED.get(t, t), MERGED.get(g, g)) for t, g in told]
    mixed = [{t, g} == {"closeup", "scene"} for t, g in merged]
    return {
        "split": split,
        "n": len(told),
        "confused": dict(Counter(f"{t} as {g}" for t, g in told if t != g).most_common()),
        "without_likely_siblings_in_training": apart(merged, [x.photo.sha256 not in with_siblings() for x in labels]),
        "turns_told_right": round(float(np.mean(turns)), 4),
        "upright_photos_left_as_they_are": round(float(np.mean(upright_left)), 4),
        "drawn_documents_called_document": round(drawn.count("document") / len(drawn), 4),
        "real_called_document_or_other": sum(g in ("document", "other") for _, g in told),
        "bars": [
            bar("accuracy, scene and whole as one", sum(t == g for t, g in merged) / len(told), 0.8),
            bar("closeup against whole or scene confused", float(np.mean(mixed)), 0.02, "<="),
        ],
    }
