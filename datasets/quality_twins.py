"""Degraded twins of photos, what the quality role tells of them, and the cases for the sheet of the worst answers."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np

from datasets.degrade import KINDS, grain, recompressed
from datasets.evaluation.sheets import Case
from datasets.quality_photos import QualityPhoto
from vision.quality import measure
from vision.quality_features import at_working_size
from vision.types import Pixels, Quality

SCORES: dict[str, Callable[[Quality], float]] = {
    "blur": lambda q: 1.0 - q.sharpness_01,
    "dark": lambda q: q.dark_01,
    "overexposed": lambda q: q.over_01,
    "glare": lambda q: q.glare_01,
}
"""Verdict -> its score."""
ORIGINAL = "original"
VERDICTS = {ORIGINAL: "ok"} | {kind: verdict for kind, verdict, _ in KINDS}
"""What is to be told of a photo that was ok, and of its twins."""
REAL = 2.0
"""How much worse a wrong answer on a really bad photo is than one on a made one."""
Twins = dict[str, Quality]
Labelled = tuple[QualityPhoto, Quality]


def rng_of(photo: QualityPhoto, kind: str) -> np.random.Generator:
    """The same twin whatever else is measured."""
    return np.random.default_rng([int(photo.row.sha256[:8], 16), zlib.crc32(kind.encode())])


def twin(photo: QualityPhoto, kind: str, original: Pixels) -> Pixels:
    """The twin of that kind, or the photo itself, at the working size; ``original``: the photo at that size."""
    degrade = {name: make for name, _, make in KINDS}.get(kind)
    return degrade(original, rng_of(photo, kind)) if degrade else original


def twins(photo: QualityPhoto, noisy: bool) -> Twins:
    """The quality of the photo and of its twin of each kind; ``noisy``: with a sensor's grain and a JPEG after it."""
    original = at_working_size(photo.pixels())
    made = {kind: twin(photo, kind, original) for kind in VERDICTS}
    if noisy:
        made = {kind: recompressed(grain(pixels, rng_of(photo, "grain")), 85) for kind, pixels in made.items()}
    return {kind: measure(pixels) for kind, pixels in made.items()}


def cases(good: Sequence[tuple[QualityPhoto, Mapping[str, Quality]]], real: Sequence[Labelled]) -> list[Case]:
    """Really bad photos told wrong first, then good ones that are sent back, then twins that pass, surest first."""
    made = [_case(photo, kind, VERDICTS[kind], seen) for photo, all_ in good for kind, seen in all_.items()]
    return made + [_case(photo, ORIGINAL, photo.quality, seen, REAL) for photo, seen in real]


def _case(photo: QualityPhoto, kind: str, asked: str, seen: Quality, more: float = 0.0) -> Case:
    told = seen.verdict.value
    wrong = asked != told
    # Of a fault that is passed over, what its score lacks; of one that is not there, its score and the party's trouble.
    off = 1 - SCORES[asked](seen) if asked in SCORES else 1 + SCORES[told](seen) if told in SCORES else 1.0
    scores = " ".join(f"{name[:5]} {of(seen):.2f}" for name, of in SCORES.items())
    words = f"{photo.row.sha256[:12]} {asked} ({kind})", f"{told}: {scores}"
    return Case(off + more if wrong else 0.0, partial(_drawn, photo, kind), words)


def _drawn(photo: QualityPhoto, kind: str) -> Pixels:
    return twin(photo, kind, at_working_size(photo.pixels()))
