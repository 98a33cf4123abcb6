"""What counts for the calibration of lights, signs and objects."""

from __future__ import annotations

from pathlib import Path

import pytest

from datasets.roadside.answers import LIMITS, SIGN, Answer, Truth
from datasets.roadside.evaluate import scored, summary
from vision.models.roadside import TRAFFIC_LIGHT
from vision.types import LightState, RoadObject, RoadObjectKind, TrafficLight

BOX = (0.0, 0.0, 9.0, 9.0)


def answer(group: str, shown: dict[str, bool | None], signs: tuple[float, ...], lights: tuple[float, ...]) -> Answer:
    return Answer(
        Truth(Path("p"), group, "street", shown, "red"),
        tuple(TrafficLight(BOX, score, LightState.RED, 0.8) for score in lights),
        tuple(RoadObject(RoadObjectKind.TRAFFIC_SIGN, BOX, score) for score in signs),
    )


ANSWERS = [
    answer("a", {TRAFFIC_LIGHT: True, SIGN: False}, (0.4, 0.1), (0.7,)),
    answer("b", {TRAFFIC_LIGHT: None, SIGN: True}, (0.9,), (0.6,)),
    answer("c", {TRAFFIC_LIGHT: True, SIGN: None}, (0.9,), ()),
    answer("d", {TRAFFIC_LIGHT: False, SIGN: True}, (), ()),
]


@pytest.mark.parametrize(
    ("kinds", "told"),
    [((TRAFFIC_LIGHT,), [(0.7, True)]), ((SIGN,), [(0.4, False), (0.9, True)]), ((RoadObjectKind.POLE.value,), [])],
)
def test_the_best_claim_of_a_photo_counts_where_its_truth_is_known(
    kinds: tuple[str, ...], told: list[tuple[float, bool]]
) -> None:
    judged = scored(ANSWERS, kinds)
    assert list(zip(judged.scores, judged.right, strict=True)) == told


def test_all_kinds_are_held_against_one_bar_and_each_is_told_beside() -> None:
    told = summary(ANSWERS)
    assert told["calibration"]["n"] == len(scored(ANSWERS, tuple(LIMITS)).scores) == 3
    assert told["calibration"]["traffic signs"]["n"] == 2
    states = told["calibration"]["states of lights"]
    assert (states["ece"], states["ci95"], states["n"]) == (pytest.approx(0.2), pytest.approx([0.2, 0.2]), 2)
    (bar,) = (one for one in told["bars"] if "calibration" in one["name"])
    assert bar["value"] == told["calibration"]["ece"] and bar["ci95"] == told["calibration"]["ci95"]
