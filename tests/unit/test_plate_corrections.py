"""One character of a plate put right by its place."""

from __future__ import annotations

import pytest

from datasets import corrections
from datasets.corrections import PlateCorrection, corrected_text
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
