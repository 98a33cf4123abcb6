"""The README's accuracy table says what the cards say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from datasets import known_limits, readme_table
from vision.errors import ModelError
from vision.models.card import Card


def card(*bars: dict[str, Any], limits: tuple[str, ...] = ()) -> Card:
    return Card(
        role="view",
        file="view.onnx",
        sha256="0" * 64,
        what="",
        inputs={},
        outputs=[],
        labels=[],
        data=[],
        recipe="",
        metrics={"split": "test", "n": 50, "bars": list(bars), "confusion": [[1]]},
        limits=list(limits),
    )


GOOD: dict[str, Any] = {"name": "accuracy", "value": 0.951, "bar": 0.92, "met": True, "direction": ">="}
GOOD |= {"goal": 0.99, "ci95": [0.91, 0.98]}
SHORT = {"name": "left and right swapped", "value": 0.02, "bar": 0.01, "met": False, "direction": "<="}


def test_readme_and_page_are_what_the_cards_say() -> None:
    assert readme_table.main(["--check"]) == 0, "python -m datasets.readme_table"


def test_a_row_per_bar_and_what_fell_short_is_named() -> None:
    text = readme_table.table([card(GOOD, SHORT, limits=("Seen from above it guesses.",))])
    assert "| view | accuracy | 0.951 (0.910 to 0.980) | ≥ 0.92 | yes | 0.99 | test, 50 |" in text
    assert "| view | left and right swapped | 0.020 | ≤ 0.01 | **no** |  | test, 50 |" in text
    assert "Missed: 1 of 2." in text
    assert f"- view: {known_limits.words()['view']['short']} [All limits](docs/limits.md#view)" in text
    assert "Seen from above" not in text and "Seen from above" in known_limits.page(
        [card(limits=("Seen from above.",))]
    )


@pytest.mark.parametrize("of", readme_table.shown(), ids=lambda of: of.role)
def test_limits_are_told_in_one_or_two_sentences_and_in_full_on_their_page(of: Card) -> None:
    short, page = known_limits.words()[of.role]["short"], known_limits.page([of])
    assert 1 <= short.count(". ") + short.endswith(".") <= 2 and len(short) <= 200
    assert all(f"- {limit}\n" in page for limit in of.limits)


def test_nothing_short_is_said_so() -> None:
    assert "Every bar in the table is met." in readme_table.table([card(GOOD)])


def test_roles_measured_together_share_their_rows() -> None:
    one = card(GOOD)
    text = readme_table.table([one, one.model_copy(update={"role": "photo"})])
    assert "| view, photo | accuracy |" in text
    assert text.count("| accuracy |") == 1


def test_one_number_of_two_evaluations_is_two_promises() -> None:
    """No wrong `complete` on either of two sets of cases: two bars met, and two counted."""
    one = card(GOOD, SHORT)
    metrics = {"split": "test", "n": 50, "bars": [GOOD, {**SHORT, "value": 0.03}]}
    text = readme_table.table([one, one.model_copy(update={"role": "photo", "metrics": metrics})])
    assert text.count("| accuracy |") == 2
    assert "Missed: 2 of 4." in text


def test_a_number_of_few_answers_says_of_how_many() -> None:
    text = readme_table.table([card({**GOOD, "n": 3}, {**SHORT, "n": 50})])
    assert "| test, 50 (3) |" in text
    assert "| test, 50 |" in text


def test_a_model_without_a_bar_is_named() -> None:
    text = readme_table.table([card()])
    assert "Not measured against a bar: view." in text
    assert "met." not in text


@pytest.mark.parametrize(
    "bar",
    [{**GOOD, "met": False}, {**SHORT, "met": True}, {**GOOD, "direction": "="}, {"name": "accuracy", "value": 1.0}],
)
def test_a_card_that_contradicts_itself_is_refused(bar: dict[str, Any]) -> None:
    with pytest.raises(ModelError):
        readme_table.table([card(bar)])


def test_only_the_text_between_the_marks_changes() -> None:
    before = f"a\n{readme_table.BEGIN}\nold\n{readme_table.END}\nb\n"
    after = readme_table.updated(before, [card(GOOD)])
    assert after.startswith(f"a\n{readme_table.BEGIN}\n|")
    assert after.endswith(f"{readme_table.END}\nb\n")
    assert "old" not in after
    assert readme_table.updated(after, [card(GOOD)]) == after


@pytest.mark.parametrize("readme", ["", readme_table.BEGIN, readme_table.END * 2 + readme_table.BEGIN])
def test_missing_or_doubled_marks_are_refused(readme: str) -> None:
    with pytest.raises(ValueError, match="each of these once"):
        readme_table.updated(readme, [])


def test_check_tells_an_old_readme_and_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"{readme_table.BEGIN}\nold\n{readme_table.END}\n", "utf-8")
    monkeypatch.setattr(readme_table, "README", readme)
    monkeypatch.setattr(readme_table, "LIMITS", tmp_path / "limits.md")
    assert readme_table.main(["--check"]) == 1
    assert "old" in readme.read_text("utf-8")
    assert readme_table.main([]) == 0
    assert readme_table.main(["--check"]) == 0
    (tmp_path / "limits.md").write_text("old", "utf-8")
    assert readme_table.main(["--check"]) == 1
