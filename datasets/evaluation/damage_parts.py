"""Damage assigned to the part it sits on: true damage boxes and the networks' answers, against parts seen by eye."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datasets.evaluation import Report, bar, calibration_bar
from datasets.evaluation.bootstrap import share
from datasets.evaluation.calibration import as_judged, calibration_error
from datasets.evaluation.groups import groups
from datasets.evaluation.kept import Kept
from datasets.evaluation.sheets import Case
from datasets.splits import SplitRow, rows
from datasets.splits.siblings import with_siblings
from datasets.training.detection_sets import DAMAGE_LABELS, coco
from datasets.training.samples import rgb
from vision.models.card import card_of
from vision.models.damage_part import LEAST, NONE, DamagePart
from vision.models.session import open_model
from vision.types import Box

LABELS = Path(__file__).parents[1] / "labels" / "damage_parts.csv"
FOLDERS = ("damage/train", "damage/val")


@dataclass(frozen=True, slots=True)
class Seated:
    """A true damage and the parts that an eye accepts for it (`NONE` among them: telling none is right too)."""

    photo: SplitRow
    box_xyxy: Box
    parts: tuple[str, ...]
    second: tuple[str, ...] = ()
    """What a second reader accepts, the likeliest first; empty where nobody looked again."""


def load(data: Path, split: str, table: Path = LABELS) -> tuple[Seated, ...]:
    """The labelled damages of a split, with boxes from the photos' own annotations. Raises `KeyError`, `IndexError`."""
    photos = {r.sha256: r for folder in FOLDERS for r in rows(folder, split)}
    with table.open(newline="") as file:
        told = [row for row in csv.DictReader(file) if row["sha256"] in photos]
    boxes = {item.photo.sha256: item.boxes for folder in FOLDERS for item in coco(data, folder, DAMAGE_LABELS)}
    return tuple(
        Seated(
            photos[r["sha256"]],
            boxes[r["sha256"]][int(r["damage"])][1],
            tuple(r["parts"].split("|")),
            tuple(r["second"].split("|")) if r.get("second") else (),
        )
        for r in told
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """The likeliest part or `NONE`, and its chance."""

    likeliest: str
    chance: float

    @property
    def told(self) -> str:
        """As the product tells it: a part, or that there is none to tell."""
        return self.likeliest if self.chance >= LEAST else NONE


def told_of(data: Path, items: Sequence[Seated]) -> list[Answer]:
    """What the shipped network thinks of each damage."""
    reader, kept = DamagePart(open_model(card_of("damage_part"))), Kept("damage_part_chances", card_of("damage_part"))

    def on(item: Seated) -> Answer:
        (chances,) = reader.chances(rgb(item.photo.path(data)), (item.box_xyxy,))
        return Answer(reader.session.labels[int(chances.argmax())], float(chances.max()))

    told = [kept.get(f"{item.photo.sha256} {item.box_xyxy}", lambda item=item: on(item)) for item in items]  # type: ignore[misc]
    kept.save()
    return told


def damage_part(data: Path, split: str) -> Report:
    """Share assigned right, of the damages for which a part exists; of the others, how often a neighbour is told.

    A damage whose part is doubtful is told none: not right, but no wrong part either.
    """
    items = load(data, split)
    answers = told_of(data, items)
    both = list(zip(items, answers, strict=True))
    named = [(i, a) for i, a in both if i.parts != (NONE,)]
    twice = [(i, a) for i, a in both if i.second]
    alone = [(i, a) for i, a in named if i.photo.sha256 not in with_siblings()]
    some = [(i, a) for i, a in both if a.told != NONE]
    right = _share([a.told in i.parts for i, a in named], named)
    names = groups([i.photo for i in items])
    judged = [(a.chance, a.likeliest in i.parts, name) for (i, a), name in zip(both, names, strict=True)]
    error = calibration_error(as_judged(judged))
    metrics = {
        "split": split,
        "n": len(items),
        "on_a_part": right,
        "without_likely_siblings_in_training": _share([a.told in i.parts for i, a in alone], alone),
        "likeliest_part_right": _share([a.likeliest in i.parts for i, a in named], named),
        "a_part_told": _share([a.told != NONE for _, a in named], named),
        "told_that_are_right": _share([a.told in i.parts for i, a in some], some),
        "least_chance": LEAST,
        "calibration": error,
        "second_reader": _share([i.second[0] in i.parts for i, _ in twice], twice),
        "left_right_swapped": sum(_swapped(i.parts, a.told) for i, a in named),
        "wrong": _wrong([(i, a.told) for i, a in named]),
        "on_none": dict(Counter(a.told for i, a in both if i.parts == (NONE,)).most_common()),
        "bars": [
            bar("damage assigned to the right part", right["value"], 0.85, goal=0.93, ci95=right["ci95"], n=right["n"]),
            calibration_bar("the part's chance", error),
        ],
    }
    return Report(metrics, [_case(data, i, a.told) for i, a in both])


def _share(hits: Sequence[bool], pairs: Sequence[tuple[Seated, Answer]]) -> dict[str, Any]:
    return share(hits, groups([item.photo for item, _ in pairs]))


def _case(data: Path, item: Seated, told: str) -> Case:
    wrong = 0.0 if told in item.parts else 1.0 if told == NONE else 2.0
    words = (item.photo.sha256[:12], f"truth {'|'.join(item.parts)}")
    return Case(wrong, item.photo.path(data), words, [("damage", item.box_xyxy)], [(told, item.box_xyxy)])


def _wrong(named: Sequence[tuple[Seated, str]]) -> dict[str, int]:
    wrong = Counter(f"{'|'.join(i.parts)} -> {t}" for i, t in named if t not in i.parts)
    return dict(wrong.most_common())


def _swapped(parts: Sequence[str], told: str) -> bool:
    other = told.replace("left", "\0").replace("right", "left").replace("\0", "right")
    return other != told and told not in parts and other in parts
