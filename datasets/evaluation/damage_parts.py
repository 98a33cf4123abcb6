"""Damage assigned to the part it sits on: true damage boxes and the network's parts, against parts seen by eye."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datasets.evaluation.bootstrap import share
from datasets.evaluation.detection import curve_of, curved, raw_finds
from datasets.evaluation.groups import groups
from datasets.splits import SplitRow, rows
from datasets.training.detection_sets import DAMAGE_LABELS, coco
from vision.linking import part_under
from vision.types import Box, Part, PartKind

LABELS = Path(__file__).parents[1] / "labels" / "damage_parts.csv"
NONE = "none"
"""Of a fender, sill or roof: no class of ours covers it."""
FOLDERS = ("damage/train", "damage/val")


@dataclass(frozen=True, slots=True)
class Seated:
    """A true damage and the parts that an eye accepts for it (`NONE` among them: telling none is right too)."""

    photo: SplitRow
    box_xyxy: Box
    parts: tuple[str, ...]


def load(data: Path, split: str) -> tuple[Seated, ...]:
    """The labelled damages of a split, with boxes from the photos' own annotations. Raises `KeyError`, `IndexError`."""
    photos = {r.sha256: r for folder in FOLDERS for r in rows(folder, split)}
    with LABELS.open(newline="") as file:
        told = [row for row in csv.DictReader(file) if row["sha256"] in photos]
    boxes = {item.photo.sha256: item.boxes for folder in FOLDERS for item in coco(data, folder, DAMAGE_LABELS)}
    return tuple(
        Seated(photos[r["sha256"]], boxes[r["sha256"]][int(r["damage"])][1], tuple(r["parts"].split("|"))) for r in told
    )


def seated(data: Path, split: str, floor: float) -> dict[str, Any]:
    """Share assigned right, of the damages for which a part exists; of the others, how often a neighbour is told.

    ``floor``: least score of a part that counts, as the product has it.
    """
    items = load(data, split)
    found = curved(raw_finds("parts", [i.photo for i in items], data), curve_of("parts"))
    told = [
        part_under(i.box_xyxy, [Part(PartKind(f.label), f.box_xyxy, f.score) for f in finds], floor) or NONE
        for i, finds in zip(items, found, strict=True)
    ]
    answers = list(zip(items, told, strict=True))
    named = [(i, t) for i, t in answers if i.parts != (NONE,)]
    right = [t in i.parts for i, t in named]
    return {
        "n": len(named),
        "right": share(right, groups([i.photo for i, _ in named])),
        "left_right_swapped": sum(_swapped(i.parts, t) for i, t in named),
        "wrong": _wrong(named),
        "no_class": {"n": len(answers) - len(named), "told": dict(_told(answers))},
    }


def _wrong(named: Sequence[tuple[Seated, str]]) -> dict[str, int]:
    wrong = Counter(f"{'|'.join(i.parts)} -> {t}" for i, t in named if t not in i.parts)
    return dict(wrong.most_common())


def _told(answers: Sequence[tuple[Seated, str]]) -> list[tuple[str, int]]:
    return Counter(t for i, t in answers if i.parts == (NONE,)).most_common()


def _swapped(parts: Sequence[str], told: str) -> bool:
    other = told.replace("left", "\0").replace("right", "left").replace("\0", "right")
    return other != told and told not in parts and other in parts
