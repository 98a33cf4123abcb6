"""Our text reading gives the lines that `rapidocr` gives, on 20 pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from datasets.documents.draw import LAYOUTS, draw
from datasets.documents.fonts import installed
from datasets.documents.people import fictitious_party
from datasets.documents.photographed import photographed
from vision.models.session import Session
from vision.models.text import TextReader, text_model_files
from vision.models.text_detection import DetectionSize
from vision.models.text_recognition import MIN_WIDTH, Batching
from vision.types import Pixels, TextLine


@pytest.fixture(scope="module")
def reader() -> TextReader:
    find, read = (Session(file, provider="cpu") for file in text_model_files())
    return TextReader(find, read, DetectionSize(min_side=736, max_side=2000, small_px=0), Batching(6, MIN_WIDTH), 2000)


@pytest.fixture(scope="module")
def rapidocr() -> object:
    module = pytest.importorskip("rapidocr", reason="parity is held against rapidocr's own pipeline")
    # Its classifier turns lines by 180 degrees; our photos are turned upright as a whole before reading.
    return module.RapidOCR(params={"Global.log_level": "error", "Global.use_cls": False})


def drawn_pictures() -> Iterator[Pixels]:
    for seed, (kind, page) in enumerate(LAYOUTS):
        party = fictitious_party(seed)
        values = party.get(kind.value, party["driving_licence"])
        flat = draw(kind, page, values, seed, "noto-serif", px_per_mm=4 if kind == "insurance_policy" else 9)
        yield photographed(*flat, seed, size_wh=(960, 720))[0]


def same_lines(pixels: Pixels, reader: TextReader, rapidocr: object) -> tuple[TextLine, ...]:
    ours = reader.read(pixels)
    theirs = rapidocr(np.ascontiguousarray(pixels[:, :, ::-1]))  # type: ignore[operator]
    assert [line.text for line in ours] == list(theirs.txts or ())
    if ours:
        assert np.abs(np.array([line.corners for line in ours]) - theirs.boxes).max() <= 2
    return ours


def test_lines_of_drawn_documents_are_those_of_rapidocr(reader: TextReader, rapidocr: object) -> None:
    if "noto-serif" not in installed():
        pytest.skip("the Debian package fonts-noto-cjk is not installed")
    counts = [len(same_lines(pixels, reader, rapidocr)) for pixels in drawn_pictures()]
    assert len(counts) == 10
    assert min(counts) >= 5


@pytest.mark.shared
def test_lines_of_street_photos_are_those_of_rapidocr(reader: TextReader, rapidocr: object, shared: Path) -> None:
    files = sorted((shared / "data" / "street").glob("*.jpg"))[20::32][:10]
    assert len(files) == 10
    for file in files:
        same_lines(np.asarray(Image.open(file).convert("RGB")), reader, rapidocr)


def test_a_part_of_a_picture_gives_lines_in_the_pictures_pixels(reader: TextReader) -> None:
    pixels = np.full((400, 900, 3), 255, np.uint8)
    cv2.putText(pixels, "KUAI 2026", (420, 230), cv2.FONT_HERSHEY_SIMPLEX, 2.0, (0, 0, 0), 4)
    (whole,) = reader.read(pixels)
    (part,) = reader.read(pixels, within=(350, 100, 900, 330))
    assert whole.text.replace(" ", "") == part.text.replace(" ", "") == "KUAI2026"
    assert np.abs(np.array(whole.corners) - np.array(part.corners)).max() < 12


def test_a_blank_picture_has_no_lines(reader: TextReader) -> None:
    assert reader.read(np.full((300, 300, 3), 200, np.uint8)) == ()
    assert reader.read(np.full((300, 300, 3), 200, np.uint8), within=(10, 10, 10, 10)) == ()
