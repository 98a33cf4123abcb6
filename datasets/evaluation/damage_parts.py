"""Damage assigned to the part it sits on: true damage boxes and the networks' answers, against parts seen by eye."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from datasets.evaluation import Report, bar
from datasets.evaluation.bootstrap import share
from datasets.evaluation.groups import groups
from datasets.evaluation.kept import Kept
from datasets.evaluation.sheets import Case
from datasets.splits import SplitRow, rows
from datasets.training.detection_sets import DAMAGE_LABELS, coco
from datasets.training.samples import rgb
from vision.models.card import card_of
from vision.models.damage_part import NONE, DamagePart
from vision.models.session import open_model
from vision.models.yolo import Detector
from vision.types import Box

LABELS = Path(__file__).parents[1] / "labels" / "damage_parts.csv"
FOLDERS = ("damage/train", "damage/val")


@dataclass(frozen=True, slots=True)
class Seated:
    """A true damage and the parts that an eye accepts for it (`NONE` among them: telling none is right too)."""

    photo: SplitRow
    box_xyxy: Box
    parts: tuple[str, ...]


def load(data: Path, split: str, table: Path = LABELS) -> tuple[Seated, ...]:
    """The labelled damages of a split, with boxes from the photos' own annotations. Raises `KeyError`, `IndexError`."""
    photos = {r.sha256: r for folder in FOLDERS for r in rows(folder, split)}
    with table.open(newline="") as file:
        told = [row for row in csv.DictReader(file) if row["sha256"] in photos]
    boxes = {item.photo.sha256: item.boxes for folder in FOLDERS for item in coco(data, folder, DAMAGE_LABELS)}
    return tuple(
        Seated(photos[r["sha256"]], boxes[r["sha256"]][int(r["damage"])][1], tuple(r["parts"].split("|"))) for r in told
    )


def told_of(data: Path, items: Sequence[Seated]) -> list[str]:
    """What the shipped networks tell of each damage: a part or `NONE`."""
    detector, reader = Detector(open_model(card_of("parts"))), DamagePart(open_model(card_of("damage_part")))
    kept = Kept("damage_part", card_of("parts"), card_of("damage_part"))

    def on(item: Seated) -> str:
        _, sight = detector.look(rgb(item.photo.path(data)))
        (part,) = reader.tell(sight, (item.box_xyxy,))
        return part.value if part is not None else NONE

    told = [kept.get(f"{item.photo.sha256} {item.box_xyxy}", lambda item=item: on(item)) for item in items]  # type: ignore[misc]
    kept.save()
    return told


def damage_part(data: Path, split: str) -> Report:
    """Share assigned right, of the damages for which a part exists; of the others, how often a neighbour is told."""
    items = load(data, split)
    answers = list(zip(items, told_of(data, items), strict=True))
    named = [(i, t) for i, t in answers if i.parts != (NONE,)]
    right = share([t in i.parts for i, t in named], groups([i.photo for i, _ in named]))
    rest = [t for i, t in answers if i.parts == (NONE,)]
    metrics = {
        "split": split,
        "n": len(answers),
        "on_a_part": right,
        "left_right_swapped": sum(_swapped(i.parts, t) for i, t in named),
        "wrong": _wrong(named),
        "on_none": {"n": len(rest), "told": dict(Counter(rest).most_common())},
        "bars": [bar("damage assigned to the right part", right["value"], 0.85, goal=0.93, ci95=right["ci95"])],
    }
    return Report(metrics, [_case(data, i, t) for i, t in answers])


def _case(data: Path, item: Seated, told: str) -> Case:
    wrong = told not in item.parts
    words = (item.photo.sha256[:12], f"truth {'|'.join(item.parts)}")
    return Case(float(wrong), item.photo.path(data), words, [("damage", item.box_xyxy)], [(told, item.box_xyxy)])


def _wrong(named: Sequence[tuple[Seated, str]]) -> dict[str, int]:
    wrong = Counter(f"{'|'.join(i.parts)} -> {t}" for i, t in named if t not in i.parts)
    return dict(wrong.most_common())


def _swapped(parts: Sequence[str], told: str) -> bool:
    other = told.replace("left", "\0").replace("right", "left").replace("\0", "right")
    return other != told and told not in parts and other in parts
