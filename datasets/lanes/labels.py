"""What people saw of lane lines and traffic lights on real photos: ``datasets/labels/lanes.csv``, by sha256."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from datasets.labels.table import read_table
from datasets.splits import SplitRow, rows

TABLE = Path(__file__).parents[1] / "labels" / "lanes.csv"
COLUMNS = ("sha256", "folder", "file", "lines", "kinds", "light", "state")
FLAGS = {"1": True, "0": False, "?": None}
KINDS = ("solid_white", "dashed_white", "solid_yellow", "dashed_yellow", "double_yellow")
STATES = ("red", "yellow", "green", "unknown")


@dataclass(frozen=True, slots=True)
class LaneLabel:
    """One photo. Null where the person could not tell, or where an officer might say yes or no."""

    sha256: str
    folder: str
    file: str
    lines: bool | None
    """At least one lane line can be made out."""
    kinds: tuple[str, ...]
    """Kinds that can be told for sure, on any line; empty where lines are there but not which kind."""
    light: bool | None
    """A traffic light for vehicles can be made out."""
    state: str
    """What it shows; empty where there is none."""

    def path(self, data: Path) -> Path:
        return data / self.folder / self.file


def label_of(row: dict[str, str]) -> LaneLabel:
    """One row. Raises ValueError or KeyError where a cell is not of the vocabulary."""
    kinds = tuple(row["kinds"].split())
    if not set(kinds) <= set(KINDS) or (row["state"] and row["state"] not in STATES):
        raise ValueError(f"unknown kind or state: {row['kinds']!r}, {row['state']!r}")
    lines, light = FLAGS[row["lines"]], FLAGS[row["light"]]
    if kinds and lines is not True:
        raise ValueError("kinds of lines that are not there")
    return LaneLabel(row["sha256"], row["folder"], row["file"], lines, kinds, light, row["state"])


def load_lanes(table: Path = TABLE) -> tuple[LaneLabel, ...]:
    """All labels, in the table's order. Raises `InputError` with the line."""
    return read_table(table, COLUMNS, label_of)


def with_split(split: str) -> tuple[tuple[LaneLabel, SplitRow], ...]:
    """Labels of one split with their photo's row."""
    known = {row.sha256: row for row in rows(split=split)}
    return tuple((label, known[label.sha256]) for label in load_lanes() if label.sha256 in known)
