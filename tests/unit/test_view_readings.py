"""The second reading of views, and how it is held against the first."""

from __future__ import annotations

import numpy as np
import pytest

from datasets import view_labels
from datasets.evaluation import views
from datasets.evaluation.views import ends, two_readers
from datasets.splits import rows
from datasets.view_labels import second_readings
from vision.types import View


def test_a_second_reading_is_a_view_of_a_test_photo() -> None:
    second = second_readings()
    lines = view_labels.SECOND.read_text("utf-8").splitlines()
    assert len(second) == len(lines) - 1 == 191
    assert set(second) <= {row.sha256 for row in rows() if row.split == "test"}
    assert set(second.values()) == {view.value for view in View}


def test_the_goal_is_measured_where_both_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "second_readings", lambda: {"a": "front", "b": "left", "c": "rear"})
    told = [("front", "front"), ("front_left", "left"), ("rear", "rear_left"), ("right", "left")]
    found = two_readers(["a", "b", "c", "not read"], told, ["1", "2", "3", "4"])
    assert found["second_reader"]["exact"]["value"] == pytest.approx(2 / 3, abs=1e-3)
    assert found["second_reader"]["within_one_neighbour"]["value"] == 1
    assert found["where_both_agree"]["exact"] == {**found["where_both_agree"]["exact"], "value": 0.5, "n": 2}


def test_how_often_an_end_is_in_view_where_it_surely_is_not_or_is() -> None:
    labels = ("front", "front_left", "left", "rear", "high_angle")
    chances = np.array([[0.6, 0.35, 0.05, 0, 0], [0.02, 0.03, 0.95, 0, 0], [0, 0.45, 0.5, 0, 0.05]])
    limits = {"view_doubt": 0.1, "view_score": 0.7}
    told = ends(chances, labels, ["front_left", "front_left", "left"], ["1", "2", "3"], limits)
    # surely: the first photo's front. Surely not: its rear, both ends of the second, the third's rear.
    assert (told["in_view_from_view_score"]["value"], told["in_view_from_view_score"]["n"]) == (1.0, 1)
    assert (told["in_view_below_view_doubt"]["value"], told["in_view_below_view_doubt"]["n"]) == (0.25, 4)
    assert told["calibration"]["n"] == 6
