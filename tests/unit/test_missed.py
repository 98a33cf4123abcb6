"""What fell short is told with its amount, what was tried, and what it would take."""

from __future__ import annotations

from typing import Any

import pytest

from datasets import missed
from datasets.missed import missed_of
from datasets.readme_table import shown
from vision.models.card import Card, cards

SHORT: dict[str, Any] = {"name": "recall", "value": 0.8, "bar": 0.95, "met": False, "direction": ">="}
OVER: dict[str, Any] = {"name": "false alarms", "value": 0.03, "bar": 0.01, "met": False, "direction": "<="}
GOOD: dict[str, Any] = {"name": "AUC", "value": 0.97, "bar": 0.96, "met": True, "direction": ">="}


@pytest.mark.parametrize(
    ("bar", "told"),
    [
        (SHORT, ["recall: 0.800, asked at least 0.95, 0.150 short"]),
        (OVER, ["false alarms: 0.030, asked at most 0.01, 0.020 over"]),
        (
            {**SHORT, "ci95": [0.7, 0.96]},
            ["recall: 0.800, asked at least 0.95, 0.150 short; the 95 % interval, 0.700 to 0.960, holds what is asked"],
        ),
        (
            {**OVER, "ci95": [0.02, 0.05]},
            [
                "false alarms: 0.030, asked at most 0.01, 0.020 over; the 95 % interval, 0.020 to 0.050, "
                "does not reach what is asked"
            ],
        ),
        (GOOD, []),
    ],
)
def test_by_how_much_a_bar_was_missed(bar: dict[str, Any], told: list[str]) -> None:
    assert missed_of({"bars": [bar]}) == told


@pytest.mark.parametrize("card", shown(), ids=lambda card: card.role)
def test_who_falls_short_says_what_was_tried_and_what_it_would_take(card: Card) -> None:
    if missed_of(card.metrics):
        assert card.tried and card.needed
        assert any("hour" in line or "a picture" in line for line in card.needed), "what it would take has an amount"


@pytest.mark.parametrize("card", cards(), ids=lambda card: card.role)
def test_what_a_card_says_it_missed_is_what_was_measured(card: Card) -> None:
    assert card.missed == missed_of(card.metrics), "python -m datasets.cards ROLE --words"


def test_the_page_is_what_the_cards_say() -> None:
    assert missed.main(["--check"]) == 0, "python -m datasets.missed"
    headings = [line for line in missed.page(shown()).splitlines() if line.startswith("## ")]
    roles = {role for line in headings for role in line.removeprefix("## ").split(", ")}
    assert roles == {card.role for card in shown() if missed_of(card.metrics)}
