"""What the models cannot do, in short for the README and in full for docs/limits.md: `datasets.readme_table` writes."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from vision.models.card import WEIGHTS, Card

WORDS: Final = Path(__file__).with_name("card_texts.toml")
PAGE: Final = "docs/limits.md"
CARDS: Final = "../vision/models/weights"
HEAD: Final = """# Known limits

Written by `python -m datasets.readme_table` from the model cards: what each model is, and what it cannot do. Bars that
were missed, what was tried and what it would take: [missed.md](missed.md).
"""


def words() -> dict[str, Any]:
    """What is said by hand of each role."""
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))


def in_short(of: Sequence[Card]) -> list[str]:
    """A line for each role with limits: one or two sentences, and where the rest stands. Raises `KeyError`."""
    said = words()
    return [f"- {card.role}: {said[card.role]['short']} [All limits]({PAGE}#{card.role})" for card in of if card.limits]


def page(of: Sequence[Card]) -> str:
    """The page: a section for each role with limits."""
    return "\n".join([HEAD, *(_section(card) for card in of if card.limits)])


def _section(card: Card) -> str:
    file = f"{card.role}.card.json"
    linked = f" Its card: [{file}]({CARDS}/{file})." if (WEIGHTS / file).exists() else ""
    return "\n".join([f"## {card.role}\n", f"{card.what}{linked}\n", *(f"- {limit}" for limit in card.limits), ""])
