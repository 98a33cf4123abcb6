"""Pairs that likeness puts on the wrong side, and what the colour's score is held against."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from datasets.evaluation import same_vehicle
from datasets.evaluation.same_vehicle_sheet import HEIGHT, cases, side_by_side
from datasets.evaluation.sheets import ANSWER
from datasets.labels.same_vehicle import Pair
from vision.types import Box

BOX: Box = (10.0, 10.0, 50.0, 30.0)


def pair(a: str, b: str, same: bool) -> Pair:
    return Pair(a, b, same, "test", "white")


def test_a_pair_is_as_bad_as_the_share_of_others_on_its_side() -> None:
    pairs = [pair("a", "b", True), pair("c", "d", True), pair("a", "c", False), pair("b", "d", False)]
    seen = {name: (Path(name), BOX) for name in "abcd"}
    made = cases(pairs, np.array([0.9, 0.3, 0.5, 0.1]), seen)
    assert [one.badness for one in made] == [0.0, 0.5, 0.5, 0.0]
    assert made[1].words == ("one vehicle, white ", "likeness 0.30: 50% of pairs of two are as near")
    assert made[2].words == ("two vehicles, white ", "likeness 0.50: 50% of pairs of one are no nearer")


def test_pairs_of_vehicles_that_training_saw_are_left_out_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Known vehicles are told apart and new ones are not: the number of all pairs alone would hide it."""
    likeness = {"ab": 0.9, "cd": 0.8, "ef": 0.2, "gh": 0.3, "ac": 0.1, "eg": 0.7, "fh": 0.6}
    pairs = tuple(pair(both[0], both[1], both in ("ab", "cd", "ef", "gh")) for both in likeness)
    vehicles = {name: k // 2 for k, name in enumerate("abcdefgh")}

    def near(some: list[Pair]) -> np.ndarray:
        return np.array([likeness[p.sha256_a + p.sha256_b] for p in some])

    monkeypatch.setattr(same_vehicle, "with_siblings", lambda: frozenset("ac"))
    told = same_vehicle.alone(pairs, near, vehicles)
    assert (told["auc"], told["n"], told["pairs_of_like_colour"]) == (0.0, 2, 2)
    monkeypatch.setattr(same_vehicle, "with_siblings", lambda: frozenset("abcdefgh"))
    assert same_vehicle.alone(pairs, near, vehicles)["auc"] is None


def test_of_one_kind_alone_nothing_is_wrong() -> None:
    (made,) = cases([pair("a", "b", True)], np.array([0.1]), {name: (Path(name), BOX) for name in "ab"})
    assert made.badness == 0


def test_photos_of_any_size_stand_at_one_height_with_their_boxes(tmp_path: Path) -> None:
    photos = []
    for k, (width, height) in enumerate(((80, 60), (60, 120))):
        cv2.imwrite(str(tmp_path / f"{k}.png"), np.zeros((height, width, 3), np.uint8))
        photos.append((tmp_path / f"{k}.png", BOX))
    drawn = side_by_side(*photos)
    assert drawn.shape == (HEIGHT, 640 + 240, 3)
    red = np.all(drawn == ANSWER, axis=-1)
    assert red[:, :640].any() and red[:, 640:].any()
