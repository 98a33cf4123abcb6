"""`kuaizheng evaluate lane --data FOLDER`: lane lines on real photos, or on rendered scenes.

FOLDER is the data folder, with hand labels in ``datasets/labels/lanes.csv``, or one of rendered pictures with their
truth. Photos of which an officer might say yes or no count neither way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from datasets.evaluation import Report, bar, calibration_bar
from datasets.evaluation.bootstrap import share
from datasets.evaluation.calibration import Judged, as_judged, calibration_error
from datasets.evaluation.presence import Role, claimed, found, presence, report
from datasets.evaluation.sheets import Case
from datasets.lanes.answers import Answer, answered, hand_labelled, rendered
from vision.standard import shared_limits
from vision.types import Box, LaneLine


def summary(answers: Sequence[Answer]) -> dict[str, Any]:
    """Lines found and kinds told, each with its interval, and the bars."""
    limits = shared_limits()[1]
    lines = _presence(answers, limits["lane_score"])
    kinds = _kinds(answers)
    bars = [
        ("told kinds of line that are right", kinds["told_that_are_right"], 0.95, ">="),
        ("photos with a line whose kind people told: told here", kinds["photos_told"], 0.5, ">="),
        ("photos with lane lines found", lines["found"], 0.8, ">="),
        ("photos without lane lines, a line claimed", lines["false_alarms"], 0.05, "<="),
    ]
    errors = {"lines": calibration_error(scored_lines(answers)), "kinds": calibration_error(scored_kinds(answers))}
    return {
        "lines": lines,
        "kinds": kinds,
        "calibration": errors,
        "bars": [
            *(bar(n, s["value"], a, d, ci95=s["ci95"], n=s["n"]) for n, s, a, d in bars if s["value"] is not None),
            *(calibration_bar(f"the score of {name}", e) for name, e in errors.items() if e["n"]),
        ],
    }


def scored_lines(answers: Sequence[Answer]) -> Judged:
    """Score of the best line of each photo where one is claimed, and whether the photo shows a lane line."""
    return claimed([(a.truth.lines, a.line_score, a.truth.group) for a in answers])


def scored(data: Path, split: str) -> Judged:
    """`scored_lines` of a split before any curve, for `datasets.calibrate`."""
    return scored_lines(answered(hand_labelled(data, split), calibrated=False))


def scored_kinds(answers: Sequence[Answer]) -> Judged:
    """Score of each kind that is told, and whether people saw such a line on the photo.

    Only photos whose kinds people told, and lines that are at least a doubt: that a line is none is its own score's
    error, not that of its kind.
    """
    least = shared_limits()[1]["lane_doubt"]
    told = [(line, a.truth) for a in answers if a.truth.kinds for line in a.lane.lines if line.score >= least]
    return as_judged([(line.kind_score, line.kind in truth.kinds, truth.group) for line, truth in told if line.kind])


def _presence(answers: Sequence[Answer], limit: float) -> dict[str, Any]:
    asked = [(a.truth.lines, a.line_score, a.truth.group) for a in answers]
    where = {
        place: found(
            [one for one, a in zip(asked, answers, strict=True) if a.truth.lines and a.truth.where == place], limit
        )
        for place in sorted({a.truth.where for a in answers if a.truth.lines is not None})
    }
    return {**presence(asked, limit), "found_where": where}


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


def evaluate(data: Path, split: str) -> Report:
    """Metrics at the limits that ship. Raises `InputError` where the folder holds neither kind of pictures."""
    return report(Role(hand_labelled, rendered, answered, summary, _case), data, split)
