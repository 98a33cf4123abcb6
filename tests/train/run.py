"""`python -m tests.train.run --shared DIR [ROLE ..]`: every role's recipe once through, small.

Eight training photos a folder, one epoch or three steps, 64 pixels: what comes out knows nothing. Asked is that each
recipe still runs from photos to a weight file, and that the file exports to an ONNX graph that a session opens, with
the role's labels, and that answers. Runs in the training environment and writes only into a temporary folder.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from functools import partial
from pathlib import Path
from unittest import mock

import numpy as np

from datasets import splits, train, train_quality
from datasets.labels.training import load_training_vehicles
from datasets.training import detection_sets, photos
from datasets.training.classifier import Recipe
from tests.train.recipes import ROLES, Recipes, few
from vision.models.card import card_of
from vision.models.session import Session


def prove(role: str, file: Path) -> None:
    """The file opens, has the labels of the one that ships, and answers a picture. Raises `ModelError`, ValueError."""
    session = Session(file, provider="cpu")
    if session.labels != tuple(card_of(role).labels):
        raise ValueError(f"{role}: labels {session.labels}")
    if role == "quality":
        return
    shapes = [(1, *map(int, shape[1:])) for shape in session.inputs.values()]
    pictures = [np.random.default_rng(0).integers(0, 256, shape, np.uint8) for shape in shapes if len(shape) == 4]
    places = [np.tile(np.array([0.2, 0.2, 0.6, 0.6], np.float32), (1, 2, 1)) for shape in shapes if len(shape) == 3]
    if not all(np.isfinite(out).all() for out in session.run(*pictures, *places)):
        raise ValueError(f"{role}: an answer that is no number")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("roles", nargs="*", metavar="ROLE", help=", ".join(ROLES))
    parser.add_argument("--shared", type=Path, required=True)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        splits.TABLE = few(Path(folder) / "photos.csv")
        known = {r.sha256 for r in splits.rows()}
        vehicles = tuple(v for v in load_training_vehicles() if v.sha256 in known)
        drawn = photos.documents
        recipes = Recipes(args.shared.resolve(), Path(folder))
        with (
            mock.patch.object(detection_sets, "load_training_vehicles", return_value=vehicles),
            mock.patch.object(photos, "documents", lambda count, seed: drawn(min(count, 3), seed)),
            mock.patch.object(train, "Recipe", partial(Recipe, batch=8)),
            mock.patch.object(train_quality, "drawn_documents", return_value=[]),
        ):
            for role in args.roles or ROLES:
                begun = time.monotonic()
                file = getattr(recipes, role)()
                prove(role, file)
                print(f"== {role}: trained, exported, opened in {time.monotonic() - begun:.0f} s", flush=True)


if __name__ == "__main__":
    main()
