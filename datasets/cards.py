"""`python -m datasets.cards ROLE [--evaluation FILE]`: writes a model's card from its file, words and measurement.

Words come from `card_texts.toml`, inputs, outputs, labels and hash from the ONNX file, numbers from what
`kuaizheng evaluate ROLE --json FILE` wrote. Without an evaluation the card has no numbers yet.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from pathlib import Path
from typing import Any

from datasets.evaluation import as_json
from vision.models.card import WEIGHTS, Card, Data, sha256_of
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
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("role")
    parser.add_argument("--evaluation", type=Path)
    args = parser.parse_args()
    metrics = json.loads(args.evaluation.read_text(encoding="utf-8")) if args.evaluation else {}
    card = card_for(args.role, metrics)
    (WEIGHTS / f"{args.role}.card.json").write_text(as_json(card.model_dump()), encoding="utf-8")
    print(f"{args.role}.card.json written")


if __name__ == "__main__":
    main()
