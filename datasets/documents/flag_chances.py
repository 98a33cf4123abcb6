"""`python -m datasets.documents.flag_chances [--limit N] [--keep FILE]`: what a document flag's measure is worth.

Draws the tuning pictures (other people and fonts than those that are measured), raises the flags, and prints for each
kind how often it is right, with the curve from its measure to a chance that `vision.documents.flag_chances` holds.
600 pictures take about a quarter of an hour on one core.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from datasets.documents.testset import plans, sample
from datasets.documents.worst import FLAGGED
from datasets.evaluation.calibration import Floats, Truths
from vision.documents.flag_chances import CHANCES
from vision.documents.read import read_paper
from vision.models.calibration import Platt, logit
from vision.models.session import Session
from vision.models.text import TextReader, text_model_files
from vision.types import DocumentFlagKind

SCALES = (0.1, 0.25, 0.5, 1.0)
"""From a chance that hardly depends on the measure to one that falls with it as the measure itself would."""
Told = tuple[str, float, bool]
"""Kind of flag, the measure that it was raised by (0 to 1, .5 and more), whether it was raised rightly."""


def raised(limit: int | None = None) -> Iterator[Told]:
    """Flags of the first ``limit`` tuning pictures that are told rightly or wrongly: those of `FLAGGED`."""
    find, read = (Session(file) for file in text_model_files())
    reader = TextReader(find, read)
    for planned in plans("val", limit):
        one = sample(*planned)
        _, documents = read_paper(one.pixels, reader)
        flags = sorted(documents[0].flags, key=lambda f: f.score) if documents else []
        best = {flag.kind: measure_of(flag.kind, flag.score) for flag in flags}
        yield from ((kind.value, best[kind], defect == one.defect) for defect, kind in FLAGGED.items() if kind in best)


def measure_of(kind: DocumentFlagKind, chance: float) -> float:
    """The measure that a chance came from."""
    curve = CHANCES.get(kind)
    return chance if curve is None else float(Platt(1 / curve.scale, -curve.shift / curve.scale)(chance))


def fitted(scores: Floats, right: Truths) -> Platt:
    """The curve of least logistic loss, with Platt's own targets (1999), which keep it from certainty where few or none
    are wrong; its scale is one of `SCALES`, since so few flags tell no more.
    """
    rights = int(right.sum())
    wanted = np.where(right, (rights + 1) / (rights + 2), 1 / (len(right) - rights + 2))
    curves = [Platt(scale, round(_shift(scale * logit(scores), wanted), 3)) for scale in SCALES]
    return min(curves, key=lambda curve: _loss(curve(scores), wanted))


def _shift(odds: Floats, wanted: Floats) -> float:
    """The one shift at which the mean chance is the mean target, by bisection."""
    low, high = -20.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        over = float(np.mean(1 / (1 + np.exp(-(odds + middle))) - wanted)) > 0
        low, high = (low, middle) if over else (middle, high)
    return (low + high) / 2


def _loss(chances: Floats, wanted: Floats) -> float:
    return float(-np.mean(wanted * np.log(chances) + (1 - wanted) * np.log(1 - chances)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--keep", type=Path, help="JSON file of the flags, read again where it is there")
    args = parser.parse_args()
    if args.keep is not None and args.keep.exists():
        told = [tuple(one) for one in json.loads(args.keep.read_text("utf-8"))]
    else:
        told = list(raised(args.limit))
        if args.keep is not None:
            args.keep.write_text(json.dumps(told), "utf-8")
    kinds: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for kind, score, right in told:
        kinds[kind].append((score, right))
    for kind, each in sorted(kinds.items()):
        scores, right = (np.array(values) for values in zip(*each, strict=True))
        curve = fitted(scores, right)
        ends = ", ".join(
            f"{at:.2f} -> {float(curve(at)):.3f}" for at in (scores.min(), np.median(scores), scores.max())
        )
        print(f"{kind}: {int(right.sum())} of {len(right)} right; scale {curve.scale}, shift {curve.shift}; {ends}")


if __name__ == "__main__":
    main()
