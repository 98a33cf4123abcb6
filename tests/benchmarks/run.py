"""Times and memory of facts, printed as Markdown: ``python -m tests.benchmarks.run`` (``make bench``).

Warm, on all cores this process may use. Ours and the obvious composition take turns, so that what else runs on the
machine falls on both. Goals: total <= 1.25 x the model runs inside it, >= 4 x faster than the obvious composition,
peak memory <= 1.5 GB.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from tests.benchmarks import memory
from tests.benchmarks.clock import InnerClock, Sample, Spent, median_ms, p95_ms
from tests.benchmarks.obvious import Obvious
from tests.benchmarks.pictures import as_phone_photo, uploads
from vision.models import bundle
from vision.models.session import Session, threads
from vision.pipeline import facts_of_case
from vision.types import Case

CASE = memory.ROOT / "examples" / "rear_end_complete"
SCENE, DOCUMENT = "front_panorama", "licence"
Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Timed:
    what: str
    ours: list[Sample]
    obvious: list[Spent]


def timed(what: str, ours: Work, obvious: Work, runs: int, obvious_runs: int, clock: InnerClock) -> Timed:
    """Both once to warm up (not the obvious one if it is run only once), then in turns."""
    ours()
    if obvious_runs > 1:
        obvious()
    samples, others = [], []
    for i in range(runs):
        samples.append(clock.sample(ours))
        if i < obvious_runs:
            others.append(clock.sample(obvious).total)
    return Timed(what, samples, others)


def rows(t: Timed) -> list[str]:
    """Two rows of the table: by the wall's clock, by the processor's."""
    made = []
    for clock in ("wall_s", "processor_s"):
        totals, models, decoding = (
            [float(getattr(getattr(s, part), clock)) for s in t.ours] for part in ("total", "models", "decoding")
        )
        over = float(np.median([a / b for a, b in zip(totals, models, strict=True)]))
        obvious = median_ms([float(getattr(s, clock)) for s in t.obvious])
        total = median_ms(totals)
        times = (total, p95_ms(totals), median_ms(decoding), median_ms(models))
        told = [t.what, clock.removesuffix("_s"), *(f"{ms:.0f}" for ms in times), f"{over:.2f}"]
        made.append("| " + " | ".join([*told, f"{obvious:.0f}", f"{obvious / total:.1f}"]) + " |")
    return made


def of_models(models: bundle.Models, runs: int, clock: InnerClock) -> list[str]:
    """One row a session: its time at the size it is used at, one picture at a time."""
    sessions: dict[str, Session] = {
        "photo": models.photo.session,
        "vehicle": models.vehicle.session,
        "view": models.view.session,
        "damage": models.damage.session,
        "parts": models.parts.session,
        "damage_part": models.damage_part.session,
        "plate_detector": models.plate_detector.session,
        "plate_reader": models.plate_reader.session,
        "lane": models.lane.session,
        "roadside": models.roadside.session,
        "colour": models.colour.session,
        "text, finding": models.text.det,
        "text, reading a line": models.text.rec,
    }
    shapes = {"text, finding": (1, 3, 960, 1280), "text, reading a line": (1, 3, 48, 320)}
    made = []
    for name, session in sessions.items():
        own, *more = ((1, *(n if isinstance(n, int) else 1 for n in sizes[1:])) for sizes in session.inputs.values())
        shape = shapes.get(name) or own
        noise = np.random.default_rng(0).integers(0, 255, shape, np.uint8)
        # a second look is a picture of the same size; places are boxes in shares of both
        rest = [noise if len(one) == 4 else np.full(one, 0.5, np.float32) for one in more]
        work = partial(session.run, np.asarray(noise / 127.5 - 1, np.float32) if name in shapes else noise, *rest)
        work()
        spent = [clock.sample(work).total for _ in range(runs)]
        size = " x ".join(str(n) for n in shape)
        wall, processor = median_ms([s.wall_s for s in spent]), median_ms([s.processor_s for s in spent])
        made.append(f"| {name} | {size} | {session.provider} | {wall:.1f} | {processor:.1f} |")
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--case", type=Path, default=CASE, help="the case folder to time")
    parser.add_argument("--runs", type=int, default=15, help="of a single photo")
    args = parser.parse_args()
    own, decoder = memory.of_check(args.case)  # first: a child started from a large process counts that one's memory
    print(
        f"Peak memory of checking the demo case: {own / 1e6:.0f} MB and {decoder / 1e6:.0f} MB in the decoding process,"
    )
    print(f"together at most {(own + decoder) / 1e9:.2f} GB.\n", flush=True)
    photos = uploads(args.case)
    models, obvious, clock = bundle.load(), Obvious(), InnerClock()
    print(f"{threads()} cores, provider {models.provider}, case of {len(photos)} photos; times in ms.\n")
    print("| facts of | clock | median | p95 | decoding | model runs | total / model runs | obvious | times faster |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    with clock.listening():
        for stem, what in ((SCENE, "scene photo, 12 MP"), (DOCUMENT, "document photo, 12 MP")):
            data = as_phone_photo(next(d for name, d in photos if stem in name))
            ours = partial(facts_of_case, [(stem, data)], models, Case())
            other = partial(obvious.look, data)
            size = f"{what}, {len(data) / 1e6:.1f} MB"
            print(*rows(timed(size, ours, other, args.runs, min(args.runs, 5), clock)), sep="\n", flush=True)
        all_ours = partial(facts_of_case, photos, models, Case())
        all_others = partial(looked_at, obvious, photos)
        print(*rows(timed("demo case", all_ours, all_others, 3, 1, clock)), sep="\n", flush=True)
        print("\n| model | input | provider | wall ms | processor ms |\n| --- | --- | --- | --- | --- |")
        print(*of_models(models, args.runs, clock), sep="\n")


def looked_at(obvious: Obvious, photos: tuple[tuple[str, bytes], ...]) -> None:
    for _, data in photos:
        obvious.look(data)


if __name__ == "__main__":
    main()
