"""Counting what was read on pictures with one known plate, and the rule of who could read a drawn one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.plates.answers import Answer, by_subset, edits, summary
from datasets.plates.layout import layout
from datasets.plates.legible import character_sizes, legible
from datasets.plates.place import rectangle
from vision.types import PlateKind

TEXTS = st.text("AB12皖", max_size=7)


def answer(*texts: tuple[str, float], name: str = "a", truth: str = "皖A12345") -> Answer:
    return Answer(name, truth, ("blue",), bool(texts), texts, True)


@given(TEXTS, TEXTS, TEXTS)
def test_edits_are_a_metric(a: str, b: str, c: str) -> None:
    assert (edits(a, b) == 0) == (a == b)
    assert edits(a, b) == edits(b, a) <= max(len(a), len(b))
    assert edits(a, c) <= edits(a, b) + edits(b, c)


@pytest.mark.parametrize(("a", "b", "count"), [("皖A12345", "皖A1234", 1), ("皖A12345", "皖B12355", 2), ("", "AB", 2)])
def test_edits(a: str, b: str, count: int) -> None:
    assert edits(a, b) == count


def test_a_right_text_beside_a_wrong_one_is_right_and_nothing_told_is_not_wrong() -> None:
    both, wrong, silent = answer(("皖A1", 0.99), ("皖A12345", 0.4)), answer(("皖A12346", 0.95)), answer()
    assert (both.right, both.wrong, both.wrong_and_sure) == (True, False, False)
    assert (wrong.right, wrong.wrong, wrong.wrong_and_sure) == (False, True, True)
    assert (silent.right, silent.wrong, silent.judged) == (False, False, None)
    assert both.judged == (0.4, True)
    assert silent.errors == 7


def test_the_summary_counts_each_of_them() -> None:
    told = [answer(("皖A12345", 0.9), name="1"), answer(("皖A12346", 0.95), name="2"), answer(name="3")]
    one = summary(told)
    assert one["exact"]["value"] == pytest.approx(1 / 3, abs=1e-4)
    assert one["wrong_text_at_9"]["value"] == pytest.approx(1 / 3, abs=1e-4)
    assert one["nothing_told"]["value"] == pytest.approx(1 / 3, abs=1e-4)
    assert one["character_error"]["value"] == pytest.approx((0 + 1 / 7 + 1) / 3, abs=1e-4)
    assert by_subset(told)["blue"]["wrong_at_9"] == 1


def test_sizes_of_characters_follow_the_plate() -> None:
    plan = layout("皖A12345", PlateKind.BLUE, np.random.default_rng(0))
    sizes = character_sizes(rectangle(220, 70), plan)
    assert [c for c, _, _ in sizes] == list("皖A12345")
    for _, width, height in sizes:
        assert width == pytest.approx(22.5, abs=0.2)
        assert height == pytest.approx(45, abs=0.2)


@pytest.mark.parametrize(
    ("width", "blur", "contrast", "readable"),
    [(220, 0.0, 200, True), (30, 0.0, 200, False), (220, 9.0, 200, False), (220, 0.0, 10, False)],
)
def test_who_could_read_it(width: int, blur: float, contrast: int, readable: bool) -> None:
    plan = layout("皖A12345", PlateKind.BLUE, np.random.default_rng(0))
    quad = rectangle(width, width * 140 / 440)
    picture = np.zeros((90, 260, 3), np.uint8)
    picture[:, ::12] = contrast
    picture[:, 1::12] = picture[:, 2::12] = picture[:, 3::12] = contrast
    assert legible(picture, quad, plan, blur) is readable
