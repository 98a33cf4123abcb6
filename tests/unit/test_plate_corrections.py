"""One character of a plate put right by its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from datasets import corrections
from datasets.corrections import PlateCorrection, corrected_text
from datasets.plates import evaluate, testset
from datasets.plates.answers import Answer
from datasets.plates.testset import RealPlate
from vision.errors import InputError


@pytest.fixture(autouse=True)
def given(monkeypatch: pytest.MonkeyPatch) -> None:
    one = PlateCorrection("s", 3, "8", "B", "the photo shows the letter")
    monkeypatch.setattr(corrections, "of_plates", lambda: {"s": (one,)})


@pytest.mark.parametrize(("sha", "text", "now"), [("s", "皖A82345", "皖AB2345"), ("other", "皖A82345", "皖A82345")])
def test_one_character_is_put_right(sha: str, text: str, now: str) -> None:
    assert corrected_text(sha, text) == now


@pytest.mark.parametrize("text", ["皖AB2345", "皖A", ""])
def test_a_correction_of_another_character_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="no '8' at 3"):
        corrected_text("s", text)


def test_ours_and_the_peer_are_held_to_the_same_text(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A label was put right by what we read there; the peer pair was measured before, on the label as it was given."""
    row = RealPlate(Path("a.jpg"), "皖AB2345", "皖A82345", "blue", False, "x")
    monkeypatch.setattr(testset, "real", lambda data, split: (row,))
    peer = tmp_path / "peer.json"
    measured = {name: {"value": 0.5} for name in ("blue_and_yellow", "blue_photo")}
    peer.write_text(json.dumps({"real": {"subsets": measured}}), "utf-8")
    monkeypatch.setattr(evaluate, "PEER", peer)
    ours = Answer("a.jpg", row.text, ("blue", "blue_photo", "blue_and_yellow"), True, (("皖AB2345", 0.95),), True)
    assert ours.right
    assert [(bar["value"], bar["n"]) for bar in evaluate.against_peer([ours], Path("data"))] == [(0.0, 1)] * 2
