"""`kuaizheng evaluate roadside --data FOLDER`: signs, lights and fixed objects on real photos, or on rendered scenes.

FOLDER is the data folder, with hand labels in ``datasets/labels/roadside.csv``, or one of rendered pictures with their
truth. Presence by photo is measured, for hand-drawn boxes of small things are coarse; photos of which an officer might
say yes or no count neither way. On rendered pictures it is known what was struck, but not what else stands around, so
nothing is said of objects claimed there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from datasets.evaluation import Report, bar, calibration_bar
from datasets.evaluation.bootstrap import share
from datasets.evaluation.calibration import Judged, as_judged, calibration_error
from datasets.evaluation.presence import Role, claimed, presence, report
from datasets.evaluation.sheets import Case
from datasets.roadside.answers import LIMITS, SIGN, Answer, answered, hand_labelled, rendered
from datasets.roadside.lone_cars import FOLDERS, beside_lone_cars
from vision.checks.struck import STRUCK
from vision.models.roadside import TRAFFIC_LIGHT
from vision.standard import shared_limits
from vision.types import RoadObjectKind

SCORES = {
    "traffic lights": (TRAFFIC_LIGHT,),
    "traffic signs": (SIGN,),
    "objects": tuple(kind.value for kind in RoadObjectKind if kind in STRUCK),
}
"""Whose scores have limits of their own."""


def summary(answers: Sequence[Answer]) -> dict[str, Any]:
    """Photos on which each kind is found or claimed, states of lights, objects that were struck, and the bars."""
    limits = shared_limits()[1]
    kinds = {kind: _presence(answers, kind, limits[name]) for kind, name in LIMITS.items()}
    struck = [a for a in answers if a.truth.struck is not None]
    hits = share([a.struck_found() for a in struck], [a.truth.group for a in struck])
    lights, signs = kinds[TRAFFIC_LIGHT], kinds[SIGN]
    bars = [
        ("photos with a traffic light found", lights["found"], 0.8, ">="),
        ("photos without a traffic light, one claimed", lights["false_alarms"], 0.02, "<="),
        ("photos with a traffic sign found", signs["found"], 0.8, ">="),
        ("photos without a traffic sign, one claimed", signs["false_alarms"], 0.05, "<="),
        ("objects that were struck found", hits, 0.8, ">="),
    ]
    error = calibration_error(scored(answers, tuple(LIMITS)))
    return {
        "kinds": kinds,
        "states": _states(answers),
        "struck": hits,
        "calibration": {
            **error,
            **{name: calibration_error(scored(answers, of)) for name, of in SCORES.items()},
            "states of lights": calibration_error(_scored_states(answers)),
        },
        "bars": [
            *(bar(n, s["value"], a, d, ci95=s["ci95"], n=s["n"]) for n, s, a, d in bars if s["value"] is not None),
            *([calibration_bar("the score", error)] if error["n"] else []),
        ],
    }


def scored(answers: Sequence[Answer], kinds: Sequence[str]) -> Judged:
    """Best score of each of the kinds on each photo where it is claimed, and whether it is on the photo."""
    return claimed([(a.truth.shown.get(kind), a.score(kind), a.truth.group) for a in answers for kind in kinds])


def _scored_states(answers: Sequence[Answer]) -> Judged:
    """Of the best light on photos whose light people could read: too few for a bar."""
    best = [(a.truth, max(a.lights, key=lambda light: light.score)) for a in answers if a.truth.state and a.lights]
    return as_judged([(light.state_score, light.state.value == truth.state, truth.group) for truth, light in best])


def _presence(answers: Sequence[Answer], kind: str, limit: float) -> dict[str, Any]:
    return presence([(a.truth.shown.get(kind), a.score(kind), a.truth.group) for a in answers], limit)


def _states(answers: Sequence[Answer]) -> dict[str, int]:
    """Truth and answer of the best light on photos whose light people could read, by count."""
    limits = shared_limits()[1]
    best = [
        (a.truth.state, max(a.lights, key=lambda light: light.score))
        for a in answers
        if a.truth.state and a.score(TRAFFIC_LIGHT) >= limits["light_score"]
    ]
    surely = [(t, x.state.value if x.state_score >= limits["light_state_score"] else "unknown") for t, x in best]
    return dict(Counter(f"{truth} as {state}" for truth, state in surely).most_common())


def _case(answer: Answer) -> Case:
    """What is claimed or missed, by how much."""
    truth, limits = answer.truth, shared_limits()[1]
    badness = 0.0
    for kind in (TRAFFIC_LIGHT, SIGN):
        shown, off = truth.shown.get(kind), answer.score(kind) - limits[LIMITS[kind]]
        badness += 0.0 if shown is None or shown == (off >= 0) else 1 + abs(off)
    words = (
        " ".join(kind for kind, shown in truth.shown.items() if shown),
        " ".join(f"{kind} {answer.score(kind):.2f}" for kind in LIMITS if answer.score(kind) >= 0.3),
    )
    boxes = [(thing.kind.value, thing.box_xyxy) for thing in answer.things if thing.score >= 0.3]
    boxes += [(TRAFFIC_LIGHT, light.box_xyxy) for light in answer.lights if light.score >= 0.3]
    return Case(badness, truth.picture, words, answer=boxes)


def evaluate(data: Path, split: str) -> Report:
    """Metrics at the limits that ship. Raises `InputError` where the folder holds neither kind of pictures."""
    made = report(Role(hand_labelled, rendered, answered, summary, _case), data, split)
    if any((data / folder).is_dir() for folder in FOLDERS):
        made.metrics["struck_beside_lone_cars"] = beside_lone_cars(data, split)
    return made
