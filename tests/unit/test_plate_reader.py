"""Reading the plate reader's raw outputs, with a model made by hand."""

from __future__ import annotations

import json
from typing import Any, cast

import numpy as np
import pytest

from vision.errors import ModelError
from vision.models.plate_detector import PlateDetector
from vision.models.plate_reader import CANVAS_WH, INSET, LABELS, PlateReader, calibrated
from vision.models.session import Session
from vision.types import PlateKind

KINDS = tuple(PlateKind)
HERE = INSET / np.array(CANVAS_WH)
"""Corners on the canvas just where the detector saw them."""


class HandSession:
    """What the readers ask of a session."""

    def __init__(self, labels: tuple[str, ...] = LABELS, **metadata: Any) -> None:
        self.labels = labels
        self.inputs = {"image": ("n", CANVAS_WH[1], CANVAS_WH[0], 3)}
        told = {"kinds": [k.value for k in KINDS], "calibration": [1.0, 0.0], "abstain_below": 0.5, **metadata}
        self.metadata = {k: json.dumps(v) for k, v in told.items()}


def reader(**metadata: Any) -> PlateReader:
    return PlateReader(cast(Session, HandSession(**metadata)))


def slots(text: str, sure: float = 0.99) -> np.ndarray:
    """Probabilities of nine slots that say ``text`` (`_` is blank)."""
    out = np.full((9, len(LABELS)), (1 - sure) / (len(LABELS) - 1))
    for i, char in enumerate(text.ljust(9, "_")):
        out[i, 0 if char == "_" else LABELS.index(char)] = sure
    return out


def kinds(kind: PlateKind, sure: float = 0.9) -> np.ndarray:
    out = np.full(len(KINDS), (1 - sure) / (len(KINDS) - 1))
    out[KINDS.index(kind)] = sure
    return out


@pytest.mark.parametrize(
    ("says", "likeliest", "text", "kind"),
    [
        ("皖A12345", PlateKind.BLUE, "皖A12345", PlateKind.BLUE),
        ("皖A12345", PlateKind.YELLOW_DOUBLE, "皖A12345", PlateKind.YELLOW_DOUBLE),
        ("皖AD19789", PlateKind.GREEN_SMALL, "皖AD19789", PlateKind.GREEN_SMALL),
        ("皖AD1978", PlateKind.GREEN_SMALL, "皖AD1978", PlateKind.BLUE),
        ("皖A1234警", PlateKind.BLUE, "皖A1234警", PlateKind.WHITE_POLICE),
        ("皖A1234", PlateKind.BLUE, None, PlateKind.BLUE),
        ("皖A_12345", PlateKind.BLUE, None, PlateKind.BLUE),
        ("", PlateKind.OTHER, None, PlateKind.OTHER),
        ("皖A12345", PlateKind.OTHER, None, PlateKind.OTHER),
    ],
)
def test_decoding_a_reading(says: str, likeliest: PlateKind, text: str | None, kind: PlateKind) -> None:
    reading = reader().decode(slots(says), kinds(likeliest), HERE)
    if says == "皖AD1978":
        # Kind and text disagree: the kind follows the grammar. Seven characters can't be a green plate.
        assert reading.kind is not PlateKind.GREEN_SMALL
    else:
        assert reading.kind is kind
    assert reading.text == text
    assert len(reading.char_scores) == len(reading.raw)


def test_a_doubtful_reading_is_an_abstention() -> None:
    sure, unsure = (reader().decode(slots("皖A12345", p), kinds(PlateKind.BLUE), HERE) for p in (0.99, 0.85))
    assert sure.text == "皖A12345"
    assert unsure.text is None
    assert unsure.raw == "皖A12345"
    assert unsure.score == pytest.approx(0.85**9)


def test_the_likeliest_text_that_a_plate_can_have_is_told() -> None:
    """Where the likeliest characters make no plate, the next likely one that makes one counts, at its own chance."""
    says = slots("5A12345")
    says[0, LABELS.index("5")], says[0, LABELS.index("皖")], says[0, LABELS.index("苏")] = 0.6, 0.3, 0.1
    reading = reader(abstain_below=0.2).decode(says, kinds(PlateKind.BLUE), HERE)
    assert reading.text == "皖A12345"
    assert reading.score == pytest.approx(0.3 * 0.99**8)
    says[0, LABELS.index("皖")], says[0, LABELS.index("苏")] = 0.02, 0.01
    assert reader(abstain_below=0.0).decode(says, kinds(PlateKind.BLUE), HERE).text is None


def test_calibration_is_monotone_and_the_identity_at_one_and_zero() -> None:
    assert calibrated(0.3, 1.0, 0.0) == pytest.approx(0.3)
    values = [calibrated(c, 1.4, 0.3) for c in np.linspace(0, 1, 21)]
    assert values == sorted(values)
    assert 0 <= values[0] < values[-1] <= 1


def test_a_foreign_session_is_refused() -> None:
    with pytest.raises(ModelError, match="grammar"):
        reader(labels=("a", "b"))
    with pytest.raises(ModelError, match="metadata"):
        reader(calibration=["x", "y"])
    with pytest.raises(ModelError, match="not a plate detector"):
        PlateDetector(cast(Session, HandSession()))
