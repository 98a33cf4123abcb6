"""`python -m datasets.roadside.limits --data DATA`: what each limit would cost, on validation photos.

For choosing `light_score`, `sign_score`, `object_score` and their doubts in ``vision/standards/limits.toml``. Never
looks at the test part.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from datasets.roadside.answers import LIMITS, Answer, answered, hand_labelled

STEPS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8)


def table(answers: Sequence[Answer]) -> Iterator[str]:
    """One line a limit: for each kind, found on how many photos with it, claimed on how many without."""
    yield "limit  " + "  ".join(f"{kind:>14}" for kind in LIMITS)
    for limit in STEPS:
        cells = []
        for kind in LIMITS:
            told = [(a.truth.shown[kind], a.score(kind) >= limit) for a in answers]
            there, absent = [t for s, t in told if s], [t for s, t in told if s is False]
            cells.append(f"{sum(there):>3}/{len(there):<3} {sum(absent):>3}/{len(absent):<3}")
        yield f"{limit:5.2f}  " + "  ".join(cells)
    for kind in ("traffic_light", "traffic_sign"):
        wrong = sorted(
            ((a.score(kind), a.truth.picture.name) for a in answers if a.truth.shown[kind] is False), reverse=True
        )
        yield f"{kind} claimed wrongly: " + ", ".join(f"{name[:24]} {score:.2f}" for score, name in wrong[:8])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    args = parser.parse_args()
    for line in table(answered(hand_labelled(args.data, "val"))):
        print(line)


if __name__ == "__main__":
    main()
