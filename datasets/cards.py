"""`python -m datasets.cards ROLE [--evaluation FILE | --words]`: writes a model's card from file, words, measurement.

Words come from `card_texts.toml`, inputs, outputs, labels and hash from the ONNX file, numbers from what
`kuaizheng evaluate ROLE --json FILE` wrote. Without an evaluation the card has no numbers yet; ``--words`` keeps those
that it has, and refuses where the file is not the one that they were measured on.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from pathlib import Path
from typing import Any

from datasets.evaluation import as_json
from datasets.missed import missed_of
from vision.errors import ModelError
from vision.models.card import WEIGHTS, Card, Data, card_of, sha256_of
from vision.models.session import Session

WORDS = Path(__file__).with_name("card_texts.toml")


def card_for(role: str, metrics: dict[str, Any]) -> Card:
    """The card of ``ROLE.onnx``. Raises `KeyError` if nothing is said of the role."""
    words = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    said, file = words[role], WEIGHTS / f"{role}.onnx"
    session = Session(file, provider="cpu")
    return Card(
        role=role,
        file=file.name,
        sha256=sha256_of(file),
        what=said["what"],
        inputs={name: list(shape) for name, shape in session.inputs.items()},
        outputs=list(session.outputs),
        labels=list(session.labels),
        data=[Data(name=name, licence=words["licences"][name]) for name in said["data"]],
        recipe=said["recipe"],
        metrics=metrics,
        limits=said["limits"],
        missed=missed_of(metrics),
        tried=said.get("tried", []),
        needed=said.get("needed", []),
    )


def same_numbers(role: str) -> dict[str, Any]:
    """The numbers of the card as it stands. Raises `ModelError` where they are those of another file."""
    card = card_of(role)
    if card.sha256 != sha256_of(card.path):
        raise ModelError(f"{card.file} is not the file that its card was measured on: evaluate it first")
    return card.metrics


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("role")
    numbers = parser.add_mutually_exclusive_group()
    numbers.add_argument("--evaluation", type=Path)
    numbers.add_argument("--words", action="store_true", help="numbers stay as they are")
    args = parser.parse_args()
    metrics = json.loads(args.evaluation.read_text(encoding="utf-8")) if args.evaluation else {}
    metrics = same_numbers(args.role) if args.words else metrics
    card = card_for(args.role, metrics)
    (WEIGHTS / f"{args.role}.card.json").write_text(as_json(card.model_dump()), encoding="utf-8")
    print(f"{args.role}.card.json written")


if __name__ == "__main__":
    main()
