"""`python -m datasets.lanes.limits --data DATA [--drawn N]`: what each limit would cost, on validation and drawn roads.

For choosing `lane_score` and `lane_kind_score` in ``vision/standards/limits.toml``. Never looks at the
test part; drawn roads have a seed that training never had.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from datasets.lanes.answers import Answer, answered, hand_labelled
from datasets.lanes.cutouts import cutouts
from datasets.lanes.draw import drawn
from datasets.lanes.labels import KINDS
from datasets.lanes.markings import LABELS
from datasets.splits import rows
from datasets.training.samples import rgb
from vision.geometry import shrunk
from vision.lane_lines import lane_of
from vision.models.card import card_of
from vision.models.lane import LaneNet
from vision.models.session import open_model
from vision.types import Lane

STEPS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98)
CELLS_OF_A_LINE = 12
"""A kind with fewer cells on a drawn road is there, but nobody is asked to tell it."""
SEED = 77


@dataclass(frozen=True, slots=True)
class Seen:
    """One picture: what is surely there, what may be there, and what was told."""

    lines: bool | None
    kinds: frozenset[str]
    more: frozenset[str]
    lane: Lane


def of_photos(answers: Sequence[Answer]) -> list[Seen]:
    return [Seen(a.truth.lines, frozenset(a.truth.kinds), frozenset(), a.lane) for a in answers]


def of_drawings(data: Path, count: int) -> Iterator[Seen]:
    """Drawn roads; vehicles on them hide lines, and their boxes are not given: harder than at run time."""
    random = np.random.default_rng(SEED)
    net, vehicles = LaneNet(open_model(card_of("lane"))), cutouts(data, 150)[100:]
    backdrops = [shrunk(rgb(r.path(data)), 640) for r in rows("street", "val")[::2]]
    for _ in range(count):
        one = drawn(backdrops, vehicles, random)
        cells = net.look(one.pixels)
        counts = {kind: int((one.lines == LABELS.index(kind)).sum()) for kind in KINDS}
        sure = frozenset(kind for kind, n in counts.items() if n >= CELLS_OF_A_LINE)
        maybe = frozenset(kind for kind, n in counts.items() if n)
        lines = bool(sure) or (None if maybe else False)
        yield Seen(lines, sure, maybe, lane_of(cells))


def table(seen: Sequence[Seen], lane_score: float) -> Iterator[str]:
    """One line a limit: lines found / claimed, kinds told and right (at ``lane_score``)."""
    yield "limit  lines found claimed  kinds told right dashed-for-solid"
    for limit in STEPS:
        line = [(s.lines, max((x.score for x in s.lane.lines), default=0.0) >= limit) for s in seen]
        told = [
            (s, x.kind.value)
            for s in seen
            if s.kinds or s.lines is False
            for x in s.lane.lines
            if x.kind and x.score >= lane_score and x.kind_score >= limit
        ]
        right = [k in s.kinds | s.more for s, k in told]
        fatal = sum("dashed" in k and k not in s.kinds | s.more for s, k in told)
        asked = [s for s in seen if s.kinds]
        some = len({id(s) for s, _ in told} & {id(s) for s in asked}) / max(len(asked), 1)
        yield (
            f"{limit:5.2f} {_share(line, True):10.3f} {_share(line, False):7.3f} {some:10.3f} "
            f"{np.mean(right) if right else np.nan:6.3f} ({len(told)}) {fatal:6d}"
        )


def _share(pairs: Sequence[tuple[bool | None, bool]], truth: bool) -> float:
    hits = [hit for flag, hit in pairs if flag is truth]
    return float(np.mean(hits)) if hits else float("nan")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--drawn", type=int, default=200)
    parser.add_argument("--lane-score", type=float, default=0.6)
    args = parser.parse_args()
    for name, seen in (
        ("validation photos", of_photos(answered(hand_labelled(args.data, "val")))),
        ("drawn roads", list(of_drawings(args.data, args.drawn))),
    ):
        print(f"{name}: {len(seen)}", *table(seen, args.lane_score), sep="\n", flush=True)


if __name__ == "__main__":
    main()
