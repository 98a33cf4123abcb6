"""The recipe of the appearance vector once through, on its first runs of photos: it gives a graph that opens."""

from __future__ import annotations

import sys
from pathlib import Path
from unittest import mock

import numpy as np
import pytest

from datasets import appearance_set, train_appearance
from datasets.splits import shared_folder
from vision.models.card import card_of
from vision.models.session import Session

PHOTOS = 40


@pytest.mark.shared
def test_recipe_of_the_appearance_vector(tmp_path: Path) -> None:
    table, out = tmp_path / "table.csv", tmp_path / "appearance.onnx"
    table.write_text("".join(appearance_set.TABLE.read_text("utf-8").splitlines(keepends=True)[: 1 + PHOTOS]), "utf-8")
    words = ["train_appearance", "--data", str(shared_folder() / "data"), "--out", str(out)]
    with mock.patch.object(appearance_set, "TABLE", table), mock.patch.object(sys, "argv", words):
        train_appearance.main()
    made, ships = Session(out, provider="cpu"), card_of("appearance")
    assert made.labels == tuple(ships.labels)
    assert [shape[1:] for shape in made.inputs.values()] == [tuple(shape[1:]) for shape in ships.inputs.values()]
    ((_, size),) = made.inputs.values()
    answers = made.run(np.random.default_rng(0).random((2, int(size)), np.float32))
    assert all(np.isfinite(answer).all() for answer in answers)
