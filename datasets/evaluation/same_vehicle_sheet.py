"""Pairs of photos that likeness puts on the wrong side, side by side, for the sheet of the worst answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from datasets.evaluation.auc import Floats
from datasets.evaluation.sheets import ANSWER, Case
from datasets.labels.same_vehicle import Pair
from datasets.training.samples import rgb
from vision.types import Box, Pixels

HEIGHT = 480
"""Of each photo of a pair."""


def cases(pairs: Sequence[Pair], likeness: Floats, seen: Mapping[str, tuple[Path, Box]]) -> list[Case]:
    """A pair of one vehicle is the worse the more pairs of two are nearer, one of two the more pairs of one are less
    near; ties count. ``likeness``: of each pair; ``seen``: the file and the box looked at of each photo.
    """
    kinds = np.array([pair.same for pair in pairs], np.bool_)
    out = []
    for pair, near in zip(pairs, likeness, strict=True):
        others = likeness[kinds != pair.same]
        wrong = others >= near if pair.same else others <= near
        badness = float(wrong.mean()) if len(others) else 0.0
        truth = f"{'one vehicle' if pair.same else 'two vehicles'}, {pair.colour or 'colour unknown'} {pair.note}"
        rank = "pairs of two are as near" if pair.same else "pairs of one are no nearer"
        told = f"likeness {near:.2f}: {badness:.0%} of {rank}"
        picture = partial(side_by_side, seen[pair.sha256_a], seen[pair.sha256_b])
        out.append(Case(badness, picture, (truth, told)))
    return out


def side_by_side(*photos: tuple[Path, Box]) -> Pixels:
    """The photos at one height, each with the box that was looked at."""
    return np.concatenate([_boxed(*photo) for photo in photos], 1)


def _boxed(path: Path, box: Box) -> Pixels:
    pixels = rgb(path)
    scale = HEIGHT / pixels.shape[0]
    small = cv2.resize(pixels, (max(round(pixels.shape[1] * scale), 1), HEIGHT), interpolation=cv2.INTER_AREA)
    x0, y0, x1, y1 = (round(v * scale) for v in box)
    return np.asarray(cv2.rectangle(np.ascontiguousarray(small), (x0, y0), (x1, y1), ANSWER, 4), np.uint8)
