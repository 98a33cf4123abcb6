"""Train, val and test of every role, fixed before the first training.

`photos.csv` gives each photo, by sha256, one split for all roles: no role trains or tunes on another's test part.
"""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).with_name("photos.csv")


@dataclass(frozen=True, slots=True)
class SplitRow:
    sha256: str
    folder: str
    """Below the data folder, e.g. ``damage/train``."""
    file: str
    split: str
    """``train``, ``val`` or ``test``."""

    def path(self, data: Path) -> Path:
        return data / self.folder / self.file


def shared_folder() -> Path:
    """The folder of foreign data: KUAIZHENG_SHARED or ``../shared`` beside the repository. May be absent."""
    beside = Path(__file__).resolve().parents[2].parent / "shared"
    return Path(os.environ.get("KUAIZHENG_SHARED", beside))


def rows(folder: str | None = None, split: str | None = None) -> tuple[SplitRow, ...]:
    """Rows of the table, in its order, of one folder and one split where given."""
    with TABLE.open(newline="", encoding="utf-8") as file:
        read = (SplitRow(**row) for row in csv.DictReader(file))
        return tuple(r for r in read if folder in (None, r.folder) and split in (None, r.split))
