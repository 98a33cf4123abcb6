"""What one eye saw beside the road on real photos: ``datasets/labels/roadside.csv``, one row a box.

A photo that was looked at and shows nothing has one row without a kind. Boxes of the training part are good to a
hundredth of the picture or two; those of the validation and test parts tell presence above all.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from pathlib import Path

from vision.errors import InputError
from vision.models.roadside import LABELS
from vision.types import Box, LightState

TABLE = Path(__file__).parents[1] / "labels" / "roadside.csv"
COLUMNS = ("sha256", "folder", "file", "kind", "x0", "y0", "x1", "y1", "note")


@dataclass(frozen=True, slots=True)
class RoadsideLabel:
    """One photo. ``doubtful``: kinds of which an officer might say yes or no. ``state``: of its light, "" if unread."""

    sha256: str
    folder: str
    file: str
    boxes: tuple[tuple[str, Box], ...] = ()
    doubtful: frozenset[str] = frozenset()
    state: str = ""

    def shows(self, kind: str) -> bool | None:
        """Null where it is doubtful."""
        if any(k == kind for k, _ in self.boxes):
            return True
        return None if kind in self.doubtful else False


def load_roadside(table: Path = TABLE) -> tuple[RoadsideLabel, ...]:
    """All photos, in the table's order. Raises `InputError` with the line."""
    found: dict[str, RoadsideLabel] = {}
    with table.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise InputError(f"{table.name}:1: the columns are {','.join(COLUMNS)}")
        for row in reader:
            sha = row["sha256"]
            one = found.get(sha, RoadsideLabel(sha, row["folder"], row["file"]))
            try:
                found[sha] = with_row(one, row)
            except (ValueError, KeyError) as error:
                raise InputError(f"{table.name}:{reader.line_num}: {error}") from error
    return tuple(found.values())


def with_row(label: RoadsideLabel, row: dict[str, str]) -> RoadsideLabel:
    """The label with one more row of the table. Raises `ValueError`."""
    kind = row["kind"]
    if not kind:
        return label
    if kind not in LABELS:
        raise ValueError(f"no kind of thing: {kind!r}")
    if row["note"] == "doubtful":
        return replace(label, doubtful=label.doubtful | {kind})
    if row["note"]:
        label = replace(label, state=LightState(row["note"]).value)
    x0, y0, x1, y1 = (float(row[key]) for key in ("x0", "y0", "x1", "y1"))
    if not (x0 < x1 and y0 < y1):
        raise ValueError(f"an empty box: {x0} {y0} {x1} {y1}")
    return replace(label, boxes=(*label.boxes, (kind, (x0, y0, x1, y1))))
