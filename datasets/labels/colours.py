"""Colours of the main vehicle, told by eye; the photos of validation and test by two.

How they were told: README.md beside this file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from datasets.labels.table import read_table
from vision.types import VehicleColour

TABLE = Path(__file__).with_name("colours.csv")
COLUMNS = ("sha256", "colour", "or", "second", "second_or")
ORANGE, UNSURE = "orange", "unsure"


@dataclass(frozen=True, slots=True)
class Seen:
    """What one reader says: the likeliest colour, null where none can be told, and another that may be meant."""

    colour: VehicleColour | None
    other: VehicleColour | None = None

    def accepts(self, told: VehicleColour) -> bool:
        return told in (self.colour, self.other)


@dataclass(frozen=True, slots=True)
class ColourLabel:
    sha256: str
    first: Seen
    second: Seen | None
    """Null where nobody looked a second time."""


def load_colours(table: Path = TABLE) -> tuple[ColourLabel, ...]:
    """All labels in the table's order. Raises `InputError` for a broken table."""
    return read_table(table, COLUMNS, _label)


def _label(row: dict[str, str]) -> ColourLabel:
    second = _seen(row["second"], row["second_or"]) if row["second"] else None
    return ColourLabel(row["sha256"], _seen(row["colour"], row["or"]), second)


def _seen(colour: str, other: str) -> Seen:
    return Seen(_colour(colour), _colour(other) if other else None)


def _colour(word: str) -> VehicleColour | None:
    """`VehicleColour` has no orange. Raises ValueError for a word that is no colour, an empty one too."""
    if word == UNSURE:
        return None
    return VehicleColour.OTHER if word == ORANGE else VehicleColour(word)
