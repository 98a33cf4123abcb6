"""Average precision of outlines: matched once by COCO's code, counted by ours."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets.evaluation.detection import mean_of
from datasets.evaluation.masks import Outlined, evaluated, matched
from datasets.evaluation.matching import average_precision, mean_precision
from datasets.splits import SplitRow
from vision.models.yolo import Found
from vision.types import Point

LABELS = ("a", "b")
SIZE = (60, 50)
Place = tuple[int, int]


def square(at: Place, side: int = 16) -> tuple[Point, ...]:
    x, y = float(at[0]), float(at[1])
    return (x, y), (x + side, y), (x + side, y + side), (x, y + side)


def photo(name: str, *truth: tuple[str, Place]) -> Outlined:
    row = SplitRow(name, "damage/val", f"{name}.jpg", "test")
    return Outlined(row, SIZE, tuple((label, square(at)) for label, at in truth))


def find(label: str, at: Place | None, score: float) -> Found:
    return Found(label, (0, 0, 1, 1), score, square(at) if at else ())


PLACES = st.tuples(st.integers(0, 20), st.integers(0, 20))
TRUTHS = st.lists(st.tuples(st.sampled_from(LABELS), PLACES), max_size=3)
FINDS = st.lists(st.tuples(st.sampled_from(LABELS), st.one_of(st.none(), PLACES), st.integers(1, 900)), max_size=4)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(TRUTHS, FINDS), min_size=1, max_size=3))
def test_counted_anew_it_is_what_coco_counts(
    pictures: list[tuple[list[tuple[str, Place]], list[tuple[str, Place | None, int]]]],
) -> None:
    items = [photo(str(k), *truth) for k, (truth, _) in enumerate(pictures)]
    # Scores differ: of equal ones either order is right.
    found = [
        [find(label, at, (score + k / 10 + i / 100) / 1001) for i, (label, at, score) in enumerate(finds)]
        for k, (_, finds) in enumerate(pictures)
    ]
    each, _ = matched(items, found, LABELS)
    table = evaluated(items, found, LABELS).eval["precision"][0, :, :, 0, 2]
    for k, label in enumerate(LABELS):
        ours = average_precision(each[label], np.ones(len(items)))
        assert np.isnan(ours) if table[0, k] < 0 else ours == pytest.approx(table[:, k].mean(), abs=1e-6)


def test_a_find_without_an_outline_takes_no_truth() -> None:
    each, _ = matched([photo("x", ("a", (5, 5)))], [[find("a", None, 0.9), find("a", (5, 5), 0.8)]], LABELS)
    assert each["a"].right.tolist() == [False, True]


def test_a_picture_drawn_twice_counts_twice() -> None:
    items = [photo("x", ("a", (5, 5))), photo("y", ("a", (5, 5)))]
    each, _ = matched(items, [[find("a", (5, 5), 0.9)], []], LABELS)
    assert [mean_precision([each["a"]], np.array(w)) for w in ([1.0, 1.0], [2.0, 0.0], [0.0, 2.0])] == [
        pytest.approx(51 / 101),
        pytest.approx(1.0),
        0.0,
    ]


def test_the_interval_holds_the_value() -> None:
    items = [photo(f"{k}", ("a", (5, 5))) for k in range(20)]
    each, _ = matched(items, [[find("a", (5, 5), 0.9)]] * 12 + [[]] * 8, LABELS)
    told = mean_of(each, [one.photo for one in items])
    low, high = told["ci95"]
    assert low < told["map50"] < high and high - low > 0.2
    assert list(told["by_class"]) == ["a"]


def test_nothing_found_is_no_error() -> None:
    each, map50_95 = matched([photo("x", ("a", (5, 5)))], [[]], LABELS)
    assert average_precision(each["a"], np.ones(1)) == 0 and map50_95 == 0
