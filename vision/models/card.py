"""Model cards: what a weight file is, where it comes from, what it was measured to do."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from vision.errors import ModelError

WEIGHTS = Path(__file__).with_name("weights")


class Data(BaseModel):
    """A source of training pictures."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    licence: str
    photos: int | None = None


class Card(BaseModel):
    """The JSON file beside ``NAME.onnx``, called ``NAME.card.json``."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    role: str
    file: str
    sha256: str
    what: str
    inputs: dict[str, list[int | str]]
    """Name to shape; a free axis is named by a string. Images are uint8, RGB, (N, H, W, 3)."""
    outputs: list[str]
    labels: list[str]
    data: list[Data]
    recipe: str
    """The command that makes the file from data folders."""
    metrics: dict[str, Any]
    """Role's metrics on the fixed test part, as `kuaizheng evaluate` wrote them."""
    limits: list[str]
    """Known limits, one sentence each."""
    missed: list[str] = []
    """Bars that were not met, and by how much: from the metrics, never typed."""
    tried: list[str] = []
    """What was done to meet them."""
    needed: list[str] = []
    """What it would take: data, GPU hours."""

    @property
    def path(self) -> Path:
        return WEIGHTS / self.file


def sha256_of(path: Path) -> str:
    """Hex digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_card(path: Path) -> Card:
    """Reads one card. Raises `ModelError` if it is no valid card."""
    try:
        return Card.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise ModelError(f"{path.name}: {error}") from error


def card_of(name: str) -> Card:
    """The card of our own model ``name``. Raises `ModelError`."""
    return read_card(WEIGHTS / f"{name}.card.json")


def cards() -> tuple[Card, ...]:
    """All cards, by name."""
    return tuple(read_card(path) for path in sorted(WEIGHTS.glob("*.card.json")))
