"""From a flag's measure to its chance, and how the curves are fitted."""

from __future__ import annotations

import numpy as np
import pytest

from datasets.documents.flag_chances import fitted, measure_of
from vision.documents.flag_chances import CHANCES, with_chance
from vision.standard import shared_limits
from vision.types import DocumentFlag, DocumentFlagKind


@pytest.mark.parametrize("kind", CHANCES)
def test_what_is_just_raised_stays_a_flag_and_more_is_surer(kind: DocumentFlagKind) -> None:
    told = [with_chance(DocumentFlag(kind, measure)).score for measure in (0.5, 0.6, 0.8, 1.0)]
    assert told[0] >= shared_limits()[1]["flag_score"]
    assert told == sorted(told) and told[-1] <= 1


@pytest.mark.parametrize("kind", CHANCES)
def test_the_measure_is_found_again(kind: DocumentFlagKind) -> None:
    assert measure_of(kind, with_chance(DocumentFlag(kind, 0.77)).score) == pytest.approx(0.77, abs=1e-6)


def test_other_flags_keep_their_score_and_every_flag_its_place() -> None:
    expired = DocumentFlag(DocumentFlagKind.EXPIRED, 0.61, (1, 2, 3, 4))
    assert with_chance(expired) == expired
    assert with_chance(DocumentFlag(DocumentFlagKind.PHOTOCOPY, 0.9, (1, 2, 3, 4))).box_xyxy == (1, 2, 3, 4)


def test_flags_that_are_always_right_are_not_told_as_certain() -> None:
    curve = fitted(np.linspace(0.5, 1.0, 20), np.ones(20, np.bool_))
    assert float(np.mean(curve(np.linspace(0.5, 1.0, 20)))) == pytest.approx(21 / 22, abs=0.01)


def test_wrong_flags_of_small_measure_make_the_curve_steep() -> None:
    measures = np.linspace(0.5, 0.98, 40)
    steep, flat = fitted(measures, measures > 0.6), fitted(measures, np.arange(40) % 5 > 0)
    assert steep.scale > flat.scale
    assert float(steep(0.52)) < float(flat(0.52))
