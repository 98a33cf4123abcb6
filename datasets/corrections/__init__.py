"""Labels of the data folder that are wrong by looking, put right by the photo's sha256; each with its reason.

`photos.csv`: framing, view or quality of a photo. `damage.csv`: a damage box that is to be added, dropped or given
another kind. `plates.csv`: one character of a plate, for whole texts of real plates stand nowhere here. The data folder
stays as it is: the label readers apply these, and evaluation tells its numbers also without them. Only what is clearly
wrong is in here, never what is merely hard.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from datasets.training.detection_sets import Labelled
from vision.errors import InputError
from vision.geometry import iou
from vision.types import Box

FOLDER = Path(__file__).parent
FIELDS = ("framing", "view", "quality")
ACTIONS = ("add", "drop", "kind")
SAME = 0.8
"""Overlap from which a corrected box is the labelled one."""


@dataclass(frozen=True, slots=True)
class PhotoCorrection:
    sha256: str
    field: str
    was: str
    now: str
    reason: str


@dataclass(frozen=True, slots=True)
class BoxCorrection:
    sha256: str
    action: str
    kind: str
    """Of the box as it should be; of a dropped one, as it is."""
    box_xyxy: Box
    reason: str


@dataclass(frozen=True, slots=True)
class PlateCorrection:
    sha256: str
    place: int
    """Of the character, from 1."""
    was: str
    now: str
    reason: str


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@functools.cache
def of_photos() -> dict[tuple[str, str], PhotoCorrection]:
    """By sha256 and field. Raises `InputError` for an unknown field or a doubled row."""
    read = [PhotoCorrection(**row) for row in _rows("photos.csv")]
    if wrong := [c for c in read if c.field not in FIELDS or not c.reason]:
        raise InputError(f"photos.csv: {wrong[0]}")
    found = {(c.sha256, c.field): c for c in read}
    if len(found) != len(read):
        raise InputError("photos.csv: a field is corrected twice")
    return found


@functools.cache
def of_damage() -> dict[str, tuple[BoxCorrection, ...]]:
    """By sha256. Raises `InputError` for an unknown action."""
    found: dict[str, list[BoxCorrection]] = {}
    for row in _rows("damage.csv"):
        box = (float(row["x0"]), float(row["y0"]), float(row["x1"]), float(row["y1"]))
        one = BoxCorrection(row["sha256"], row["action"], row["kind"], box, row["reason"])
        if one.action not in ACTIONS or not one.reason:
            raise InputError(f"damage.csv: {one}")
        found.setdefault(one.sha256, []).append(one)
    return {sha: tuple(each) for sha, each in found.items()}


@functools.cache
def of_plates() -> dict[str, tuple[PlateCorrection, ...]]:
    """By sha256. Raises `InputError` for a row without a reason."""
    found: dict[str, tuple[PlateCorrection, ...]] = {}
    for row in _rows("plates.csv"):
        one = PlateCorrection(row["sha256"], int(row["place"]), row["was"], row["now"], row["reason"])
        if not one.reason:
            raise InputError(f"plates.csv: {one}")
        found[one.sha256] = (*found.get(one.sha256, ()), one)
    return found


def corrected_text(sha256: str, text: str) -> str:
    """The text as it should be. Raises `InputError` where a correction is of another character than the one given."""
    for one in of_plates().get(sha256, ()):
        if text[one.place - 1 : one.place] != one.was:
            raise InputError(f"plates.csv: {sha256[:12]} has no {one.was!r} at {one.place}")
        text = text[: one.place - 1] + one.now + text[one.place :]
    return text


def corrected_label(sha256: str, field: str, label: str) -> str:
    """The label as it should be. Raises `InputError` where a correction is of another label than the one given."""
    one = of_photos().get((sha256, field))
    if one is None:
        return label
    if one.was != label:
        raise InputError(f"photos.csv: {sha256[:12]} {field} is {label!r}, the correction is of {one.was!r}")
    return one.now


def corrected_boxes(item: Labelled, labels: Sequence[str]) -> Labelled:
    """The photo with its damage boxes as they should be. Raises `InputError` where a box to be changed is not there."""
    boxes = list(item.boxes)
    for one in of_damage().get(item.photo.sha256, ()):
        if one.action == "add":
            boxes.append((labels.index(one.kind), one.box_xyxy))
            continue
        at = [k for k, (_, box) in enumerate(boxes) if iou(box, one.box_xyxy) >= SAME]
        if len(at) != 1:
            raise InputError(f"damage.csv: {item.photo.sha256[:12]} has {len(at)} boxes at {one.box_xyxy}")
        if one.action == "drop":
            del boxes[at[0]]
        else:
            boxes[at[0]] = (labels.index(one.kind), boxes[at[0]][1])
    return replace(item, boxes=tuple(boxes))
