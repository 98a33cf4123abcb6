"""A view is told from several looks at one box."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vision.errors import ModelError
from vision.models.view import as_one, mirrored
from vision.types import View

CHANCES = arrays(np.float64, (3, 4), elements=st.floats(0, 1)).map(lambda a: (a + 1e-3) / (a + 1e-3).sum(1)[:, None])


def test_sides_are_swapped_and_ends_stay() -> None:
    labels = (*(view.value for view in View), "high_angle")
    assert {labels[k]: labels[m] for k, m in enumerate(mirrored(labels))} == {
        "front": "front",
        "front_left": "front_right",
        "left": "right",
        "rear_left": "rear_right",
        "rear": "rear",
        "rear_right": "rear_left",
        "right": "left",
        "front_right": "front_left",
        "high_angle": "high_angle",
    }


def test_a_side_without_its_other_is_an_error() -> None:
    with pytest.raises(ModelError, match="front_right"):
        mirrored(("front", "front_left"))


@given(CHANCES, CHANCES)
def test_answers_make_one_whichever_comes_first(one: np.ndarray, other: np.ndarray) -> None:
    both = as_one((one, other))
    assert both.sum(axis=1) == pytest.approx(1)
    assert both == pytest.approx(as_one((other, one)))
    assert as_one((one, one, one)) == pytest.approx(one)
