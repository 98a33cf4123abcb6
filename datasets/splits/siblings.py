"""Test photos of which training may have seen the same car at the same moment.

Perceptual hashes keep copies of a picture on one side of the split, but a claim has several photos, and file names
tell: numbers in the names of damage/ run on within a claim (photos with neighbouring numbers show the same car far
more often than chance), and cars/ holds augmented copies with one stem. The test part stays what it was; evaluation
shows each number also without these photos.
"""

from __future__ import annotations

import functools
import re

from datasets.splits import SplitRow, rows

NEAR = 2
"""Beyond two numbers apart, pairs of train and test are no more frequent than chance."""


def claim_number(row: SplitRow) -> int | None:
    """The running number in a name of damage/, if the photo has one."""
    match = re.match(r"\d+_(\d+)_jpg", row.file)
    return int(match[1]) if match and row.folder.startswith("damage/") else None


def stem(row: SplitRow) -> str | None:
    """What augmented copies in cars/ have in common."""
    return re.split(r"-resized|[-_]jpg|[-_]jpeg", row.file)[0] if row.folder == "cars" else None


@functools.cache
def with_siblings() -> frozenset[str]:
    """sha256 of the test photos that have a likely sibling in train or val."""
    seen = [r for r in rows() if r.split != "test"]
    numbers = {n for r in seen if (n := claim_number(r)) is not None}
    stems = {s for r in seen if (s := stem(r)) is not None}
    out = set()
    for row in rows(split="test"):
        number = claim_number(row)
        near = number is not None and any(number + k in numbers for k in range(-NEAR, NEAR + 1))
        if near or stem(row) in stems:
            out.add(row.sha256)
    return frozenset(out)
