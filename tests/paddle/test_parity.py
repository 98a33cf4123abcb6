"""Our text reading against PaddleOCR's own pipeline, on the same networks and the same 20 drawn pictures.

Runs by `make test-paddle`, in an environment of its own; what is asked is that both say the same, not that it is right.
"""

from __future__ import annotations

from collections import Counter

import pytest

from datasets.documents.draw import draw
from datasets.documents.fonts import TUNING, installed
from datasets.documents.people import fictitious_party
from datasets.documents.photographed import photographed
from datasets.paddle_text import PaddleReader
from vision.documents.signs import pieces_of, text_of
from vision.models.session import Session
from vision.models.text import TextReader, text_model_files
from vision.models.text_detection import DetectionSize
from vision.types import DocumentKind, Page, Pixels

PAGES = (
    (DocumentKind.DRIVING_LICENCE, Page.MAIN),
    (DocumentKind.VEHICLE_LICENCE, Page.MAIN),
    (DocumentKind.VEHICLE_LICENCE, Page.SECOND),
    (DocumentKind.INSURANCE_POLICY, Page.CARD),
)
SEEDS = range(5)
FEWEST_EQUAL_01 = 0.97
"""Compared as the field code sees them: full-width signs made half-width, without spaces (`vision.documents.signs`)."""


def picture(kind: DocumentKind, page: Page, seed: int) -> Pixels:
    drawn, truth = draw(kind, page, fictitious_party(seed)[kind], seed, TUNING[seed % len(TUNING)])
    return photographed(drawn, truth, seed)[0]


@pytest.fixture(scope="module")
def ours() -> TextReader:
    """Our plain reading, at the size that PaddleOCR detects at: it has no second look at small print."""
    detector, recogniser = (Session(path, provider="cpu") for path in text_model_files())
    return TextReader(detector, recogniser, DetectionSize(max_side=1280, small_px=0))


@pytest.fixture(scope="module")
def paddle(tmp_path_factory: pytest.TempPathFactory) -> PaddleReader:
    return PaddleReader.in_folder(tmp_path_factory.mktemp("paddle"))


@pytest.mark.skipif(not set(TUNING) <= set(installed()), reason="fonts are missing: make fonts")
def test_both_read_the_same_lines(ours: TextReader, paddle: PaddleReader) -> None:
    equal = told = 0
    for kind, page in PAGES:
        for seed in SEEDS:
            pixels = picture(kind, page, seed)
            mine, theirs = (Counter(map(text_of, pieces_of(reader.read(pixels)))) for reader in (ours, paddle))
            equal += 2 * (mine & theirs).total()
            told += mine.total() + theirs.total()
            print(kind, page, seed, sorted((mine - theirs).elements()), sorted((theirs - mine).elements()))
    print(f"{equal / told:.3f} of {told} lines are equal")
    assert told > 400
    assert equal / told >= FEWEST_EQUAL_01
