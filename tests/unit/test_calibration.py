"""Curves from scores to chances, in the files' metadata and fitted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.evaluation import calibration_bar
from datasets.evaluation.bootstrap import interval
from datasets.evaluation.calibration import Judged, as_judged, calibration_error, ece, fit_platt, fit_temperature
from vision.errors import ModelError
from vision.models.calibration import AS_IT_IS, Platt, logit, platt_of, temperatures_of, tempered

CHANCE = st.floats(0.001, 0.999)


@given(CHANCE, st.floats(0.2, 5), st.floats(-3, 3))
def test_a_curve_can_be_taken_back(chance: float, scale: float, shift: float) -> None:
    there = float(Platt(scale, shift)(chance))
    if 1e-5 < there < 1 - 1e-5:
        back = Platt(1 / scale, -shift / scale)(there)
        assert float(back) == pytest.approx(chance, rel=1e-3)


@given(st.lists(CHANCE, min_size=2, max_size=20), st.floats(0.2, 5), st.floats(-3, 3))
def test_a_curve_keeps_the_order(chances: list[float], scale: float, shift: float) -> None:
    assert (np.diff(Platt(scale, shift)(sorted(chances))) >= 0).all()


def test_without_metadata_nothing_changes() -> None:
    assert platt_of({}) is AS_IT_IS or platt_of({}) == AS_IT_IS
    assert float(platt_of({})(0.3)) == 0.3
    assert temperatures_of({}, 2) == (1.0, 1.0)
    assert (tempered([0.7, 0.3], 1.0) == [0.7, 0.3]).all()


@pytest.mark.parametrize("text", ["[1]", "[0, 1]", "[-1, 0]", "nonsense", '["a", 1]', "[NaN, 0]", "3"])
def test_a_wrong_calibration_is_refused(text: str) -> None:
    with pytest.raises(ModelError):
        platt_of({"calibration": text})


@pytest.mark.parametrize("text", ["[1]", "[1, 0]", "[1, -1]", "nonsense", "[1, NaN]", "3"])
def test_wrong_temperatures_are_refused(text: str) -> None:
    with pytest.raises(ModelError):
        temperatures_of({"temperatures": text}, 2)


@given(st.lists(st.floats(0.01, 1), min_size=2, max_size=8), st.floats(0.3, 5))
def test_a_temperature_keeps_the_best_and_the_sum(values: list[float], temperature: float) -> None:
    chances = np.array(values) / sum(values)
    other = tempered(chances, temperature)
    assert other.sum() == pytest.approx(1)
    assert other[int(chances.argmax())] == pytest.approx(other.max())


def test_calibration_error_of_known_scores() -> None:
    # Ten answers at .75 of which six are right, ten at .2 of which two are: (.15 * 10 + 0 * 10) / 20.
    scores = np.array([0.75] * 10 + [0.2] * 10)
    right = np.array([True] * 6 + [False] * 4 + [True] * 2 + [False] * 8)
    assert ece(scores, right) == pytest.approx(0.075)
    assert ece(np.array([1.0, 0.0]), np.array([True, False])) == 0
    assert ece(np.array([1.0, 0.0]), np.array([False, True])) == 1
    assert np.isnan(ece(np.zeros(0), np.zeros(0, bool)))


def drawn(count: int, groups: int, shift: float = 0.0) -> Judged:
    """Answers whose chance of being right lies ``shift`` above their score."""
    random = np.random.default_rng(3)
    scores = random.uniform(0.1, 0.7, count)
    return Judged(scores, random.random(count) < scores + shift, [str(k % groups) for k in range(count)])


def test_the_interval_is_that_of_a_bootstrap_over_groups() -> None:
    judged = drawn(60, 12)

    def of(weights: np.ndarray) -> float:
        times = weights.astype(int)
        return ece(np.repeat(judged.scores, times), np.repeat(judged.right, times))

    told = calibration_error(judged)
    assert told["ci95"] == pytest.approx(interval(of, judged.groups), abs=1e-4)
    assert told["ece"] == pytest.approx(ece(judged.scores, judged.right), abs=1e-4)
    assert calibration_bar("a score", told)["ci95"] == told["ci95"]


def test_an_interval_is_wider_over_fewer_groups_and_away_from_zero_where_scores_are_wrong() -> None:
    many, few, wrong = (calibration_error(one) for one in (drawn(4000, 4000), drawn(4000, 8), drawn(4000, 4000, 0.2)))
    assert few["ci95"][1] - few["ci95"][0] > many["ci95"][1] - many["ci95"][0]
    assert wrong["ci95"][0] > 0.15 > many["ci95"][1]
    assert wrong["ece"] == pytest.approx(0.2, abs=0.03)


def test_few_answers_leave_an_error_however_true_the_scores_are() -> None:
    few, many = calibration_error(drawn(20, 20)), calibration_error(drawn(4000, 4000))
    assert few["of_true_chances"] > 0.1 > 0.03 > many["of_true_chances"]
    assert calibration_error(drawn(4000, 4000, 0.2))["of_true_chances"] == many["of_true_chances"]


def test_of_no_answer_only_the_count_is_told() -> None:
    assert calibration_error(as_judged([])) == {"ece": None, "ci95": None, "of_true_chances": None, "n": 0}


def test_a_fitted_curve_finds_the_one_that_spoiled_the_scores() -> None:
    random = np.random.default_rng(1)
    chance = random.uniform(0.02, 0.98, 20_000)
    right = random.random(20_000) < chance
    told = Platt(0.5, 1.0)(chance)
    curve = fit_platt(told, right)
    assert curve.scale == pytest.approx(2, abs=0.1)
    assert curve.shift == pytest.approx(-2, abs=0.15)
    assert ece(curve(told), right) < 0.015 < 0.1 < ece(told, right)


def test_a_curve_of_right_answers_only_is_refused() -> None:
    with pytest.raises(ValueError, match="right and wrong"):
        fit_platt(np.array([0.5, 0.6]), np.array([True, True]))


def test_a_fitted_temperature_finds_the_one_that_spoiled_the_chances() -> None:
    random = np.random.default_rng(2)
    chances = random.dirichlet([0.5] * 4, 8000)
    truth = np.array([random.choice(4, p=row) for row in chances])
    assert fit_temperature(tempered(chances, 0.5), truth) == pytest.approx(2, abs=0.15)


def test_logit_of_certainty_is_finite() -> None:
    assert np.isfinite(logit([0.0, 1.0])).all()
