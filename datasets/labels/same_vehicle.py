"""Pairs of photos that show one vehicle, and pairs that show two of like colour; told by eye.

How they were found: README.md beside this file. Both photos of a pair are in one split.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from vision.errors import InputError

TABLE = Path(__file__).with_name("same_vehicle.csv")
COLUMNS = ("sha256_a", "sha256_b", "same", "split", "colour", "note")
NEAR = "nearly the same picture"


@dataclass(frozen=True, slots=True)
class Pair:
    sha256_a: str
    sha256_b: str
    same: bool
    split: str
    colour: str
    """Of the vehicle, or of both; empty where the eye could not tell."""
    note: str = ""


def load_pairs(table: Path = TABLE) -> tuple[Pair, ...]:
    """All pairs in the table's order. Raises `InputError` with the line."""
    with table.open(newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        if tuple(next(reader, ())) != COLUMNS:
            raise InputError(f"{table.name}:1: the columns are {','.join(COLUMNS)}")
        pairs = []
        for row in reader:
            if len(row) != len(COLUMNS) or row[2] not in ("0", "1"):
                raise InputError(f"{table.name}:{reader.line_num}: six cells, the third 0 or 1")
            pairs.append(Pair(row[0], row[1], row[2] == "1", row[3], row[4], row[5]))
    return tuple(pairs)


def vehicles_of(pairs: tuple[Pair, ...]) -> dict[str, int]:
    """A number for each photo's vehicle: photos joined by positive pairs have the same."""
    number: dict[str, int] = {}
    for place, pair in enumerate(pairs):
        if not pair.same:
            continue
        known = number.get(pair.sha256_a, number.get(pair.sha256_b, place))
        merged = {number.get(pair.sha256_a, known), number.get(pair.sha256_b, known)}
        number = {sha: known if of in merged else of for sha, of in number.items()}
        number |= {pair.sha256_a: known, pair.sha256_b: known}
    return number
