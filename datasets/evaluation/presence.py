"""Roles that tell whether a thing is on a photo: what is measured on, and how often it is found and claimed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np

from datasets.evaluation import Report
from datasets.evaluation.auc import area_under_curve
from datasets.evaluation.bootstrap import share
from datasets.evaluation.calibration import Judged, as_judged
from datasets.evaluation.sheets import Case
from vision.errors import InputError

Truth = TypeVar("Truth")
Answer = TypeVar("Answer")
NO_ROAD = ("closeup", "interior", "document")
"""Framings of rendered pictures on which nobody looks for what a road shows."""


@dataclass(frozen=True, slots=True)
class Role(Generic[Truth, Answer]):
    """How one role is measured: truths by hand of a split, or of rendered pictures; answers; what a report tells."""

    hand_labelled: Callable[[Path, str], Iterator[Truth]]
    rendered: Callable[[Path], Iterator[Truth]]
    answered: Callable[[Iterator[Truth]], list[Answer]]
    summary: Callable[[Sequence[Answer]], dict[str, Any]]
    case: Callable[[Answer], Case]


def report(role: Role[Truth, Answer], data: Path, split: str) -> Report:
    """Metrics at the limits that ship, on the data folder or on a folder of rendered pictures with their truth.

    Raises `InputError` where the folder holds neither.
    """
    real = (data / "street").is_dir()
    answers = role.answered(role.hand_labelled(data, split) if real else role.rendered(data))
    if not answers:
        raise InputError(f"{data}: neither the data folder nor rendered pictures with their truth")
    metrics = {"split": split if real else "rendered", "n": len(answers), **role.summary(answers)}
    return Report(metrics, [role.case(answer) for answer in answers])


def rendered_roads(folder: Path, told: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Pictures (PNG) on which a road may be seen and whose truth (JSON beside them) holds ``told``, with that truth."""
    for path in sorted(folder.rglob("*.json")):
        read = json.loads(path.read_text(encoding="utf-8"))
        seen, picture = read.get("seen", read), path.with_suffix(".png")
        if picture.exists() and told in seen and seen.get("framing") not in NO_ROAD:
            yield picture, seen


def presence(asked: Sequence[tuple[bool | None, float, str]], limit: float) -> dict[str, Any]:
    """Share of photos with the thing on which it is found, and without on which it is claimed, with intervals.

    ``asked``: whether it is there (null counts neither way), its score, and the group of each photo.
    """
    scores = {flag: [score for truth, score, _ in asked if truth is flag] for flag in (True, False)}
    hits = {flag: found([one for one in asked if one[0] is flag], limit) for flag in (True, False)}
    apart = area_under_curve(np.array(scores[True]), np.array(scores[False]))
    return {
        "limit": limit,
        "found": hits[True],
        "false_alarms": hits[False],
        "auc": None if np.isnan(apart) else round(apart, 4),
    }


def claimed(asked: Sequence[tuple[bool | None, float, str]]) -> Judged:
    """What counts for calibration: photos with a claim, however weak, of which it is known whether it is true."""
    return as_judged([(score, truth, group) for truth, score, group in asked if truth is not None and score > 0])


def found(asked: Sequence[tuple[bool | None, float, str]], limit: float) -> dict[str, Any]:
    """Share of photos whose score reaches the limit, with its interval."""
    return share([score >= limit for _, score, _ in asked], [group for _, _, group in asked])
