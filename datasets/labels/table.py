"""Reading a table of labels: a CSV file with known columns, a row at a time."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from vision.errors import InputError

Row = TypeVar("Row")


def read_table(table: Path, columns: Sequence[str], made: Callable[[dict[str, str]], Row]) -> tuple[Row, ...]:
    """What ``made`` makes of each row, in the table's order.

    Raises InputError with file and line where the columns are others, a cell is missing or ``made`` refuses one.
    """
    with table.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != tuple(columns):
            raise InputError(f"{table.name}:1: the columns are {','.join(columns)}")
        found = []
        for row in reader:
            try:
                found.append(made(row))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise InputError(f"{table.name}:{reader.line_num}: {error}") from error
    return tuple(found)
