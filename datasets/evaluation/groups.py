"""Which photos belong together, so that an interval does not take five photos of one car for five cars."""

from __future__ import annotations

from collections.abc import Sequence

from datasets.splits import SplitRow
from datasets.splits.siblings import NEAR, claim_number, stem


def groups(rows: Sequence[SplitRow]) -> list[str]:
    """A name for each photo's group: runs of neighbouring numbers in damage/, copies in cars/, else the photo alone."""
    numbers = sorted({n for r in rows if (n := claim_number(r)) is not None})
    run_of: dict[int, int] = {}
    start = last = -NEAR - 1
    for number in numbers:
        start = start if number - last <= NEAR else number
        run_of[number], last = start, number
    names = []
    for row in rows:
        claim, copy = claim_number(row), stem(row)
        names.append(f"claim {run_of[claim]}" if claim is not None else f"copy {copy}" if copy else row.sha256)
    return names
