"""Every weight file has its card, loads, and is what the card says."""

from __future__ import annotations

import pytest

from datasets.readme_table import measured_of
from vision.models.card import WEIGHTS, Card, cards
from vision.models.session import open_model

CARDS = cards()
MOST_BYTES = 60_000_000


def test_every_weight_file_has_a_card_and_they_fit() -> None:
    files = sorted(p.name for p in WEIGHTS.glob("*.onnx"))
    assert files == sorted(c.file for c in CARDS)
    assert sum((WEIGHTS / f).stat().st_size for f in files) <= MOST_BYTES


@pytest.mark.parametrize("card", CARDS, ids=lambda c: c.role)
def test_a_model_loads_and_fits_its_card(card: Card) -> None:
    session = open_model(card)
    assert session.labels == tuple(card.labels)


@pytest.mark.parametrize("card", CARDS, ids=lambda c: c.role)
def test_a_card_tells_data_limits_recipe_and_numbers(card: Card) -> None:
    assert card.limits and card.recipe.startswith("python -m datasets.")
    assert all(d.licence for d in card.data)
    assert measured_of(card).bars, "no number measured on the test part"
