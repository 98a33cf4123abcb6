"""`kuaizheng evaluate lane --data FOLDER`: lane lines on real photos, or on rendered scenes.

FOLDER is the data folder, with hand labels in ``datasets/labels/lanes.csv``, or one of rendered pictures with their
truth. Photos of which an officer might say yes or no count neither way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from datasets.evaluation import Report, bar
from datasets.evaluation.bootstrap import share
from datasets.evaluation.sheets import Case
from datasets.lanes.answers import Answer, answered, hand_labelled, rendered
from vision.errors import InputError
from vision.standard import shared_limits
from vision.types import Box, LaneLine


def evaluate(data: Path, split: str) -> Report:
    """Metrics at the limits that ship. Raises `InputError` where the folder holds neither kind."""
    if (data / "street").is_dir():
        answers = answered(hand_labelled(data, split))
    else:
        answers, split = answered(rendered(data)), "rendered"
    if not answers:
        raise InputError(f"{data}: neither the data folder nor rendered pictures with their truth")
    return Report({"split": split, "n": len(answers), **summary(answers)}, [_case(answer) for answer in answers])


def summary(answers: Sequence[Answer]) -> dict[str, Any]:
    """Lines found and kinds told, each with its interval, and the bars."""
    limits = shared_limits()[1]
    lines = _presence(
        [(a, a.truth.lines, a.line_score) for a in answers if a.truth.lines is not None], limits["lane_score"]
    )
    kinds = _kinds(answers)
    bars = [
        ("told kinds of line that are right", kinds["told_that_are_right"], 0.95, ">="),
        ("photos with a line whose kind people told: told here", kinds["photos_told"], 0.5, ">="),
        ("photos with lane lines found", lines["found"], 0.8, ">="),
        ("photos without lane lines, a line claimed", lines["false_alarms"], 0.05, "<="),
    ]
    return {
        "lines": lines,
        "kinds": kinds,
        "bars": [bar(n, s["value"], a, d, ci95=s["ci95"]) for n, s, a, d in bars if s["value"] is not None],
    }


def _presence(rows: Sequence[tuple[Answer, bool | None, float]], limit: float) -> dict[str, Any]:
    groups = {flag: [a.truth.group for a, truth, _ in rows if truth is flag] for flag in (True, False)}
    scores = {flag: [s for _, truth, s in rows if truth is flag] for flag in (True, False)}
    return {
        "limit": limit,
        "found": share([s >= limit for s in scores[True]], groups[True]),
        "false_alarms": share([s >= limit for s in scores[False]], groups[False]),
        "auc": _auc(scores[True], scores[False]),
        "found_where": {
            where: share(
                [s >= limit for a, truth, s in rows if truth and a.truth.where == where],
                [a.truth.group for a, truth, _ in rows if truth and a.truth.where == where],
            )
            for where in sorted({a.truth.where for a, _, _ in rows})
        },
    }


def _auc(yes: Sequence[float], no: Sequence[float]) -> float | None:
    """Chance that a photo with the thing scores higher than one without (Mann-Whitney); ties count half."""
    if not yes or not no:
        return None
    apart = np.asarray(yes)[:, None] - np.asarray(no)[None]
    return round(float((apart > 0).mean() + (apart == 0).mean() / 2), 4)


def _kinds(answers: Sequence[Answer]) -> dict[str, Any]:
    """What is told of kinds. On a photo without lines, and of a kind that nobody saw there, everything is wrong."""
    asked = [a for a in answers if a.truth.kinds]
    told = [(a, kind) for a in answers if a.truth.kinds or a.truth.lines is False for kind in a.told()]
    wrong = Counter(f"{'+'.join(a.truth.kinds) or 'no line'} as {k}" for a, k in told if k not in a.truth.kinds)
    return {
        "limit": shared_limits()[1]["lane_kind_score"],
        "photos_told": share([bool(a.told()) for a in asked], [a.truth.group for a in asked]),
        "told_that_are_right": share([k in a.truth.kinds for a, k in told], [a.truth.group for a, _ in told]),
        "wrong": dict(wrong.most_common()),
        "told_where_people_could_not_say": sum(
            bool(a.told()) for a in answers if not a.truth.kinds and a.truth.lines is not False
        ),
    }


def _case(answer: Answer) -> Case:
    """Wrong kinds first, then lines claimed or missed."""
    truth, limits, told = answer.truth, shared_limits()[1], answer.told()
    wrong = [k for k in told if k not in truth.kinds] if truth.kinds or truth.lines is False else []
    badness = 3.0 * len(wrong)
    off = answer.line_score - limits["lane_score"]
    badness += 0.0 if truth.lines is None or truth.lines == (off >= 0) else 1 + abs(off)
    words = "+".join(truth.kinds) or str(truth.lines), "+".join(told) or f"{answer.line_score:.2f}"
    boxes = [(line.kind.value if line.kind else "line", _box(line)) for line in answer.lane.lines if line.score >= 0.3]
    return Case(badness, truth.picture, words, answer=boxes)


def _box(line: LaneLine) -> Box:
    xs, ys = [x for x, _ in line.points], [y for _, y in line.points]
    return min(xs), min(ys), max(xs), max(ys)
