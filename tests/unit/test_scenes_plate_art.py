"""The drawn plate: measures of GA 36, and refusals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from datasets.scenes import plate_art

FONTS = plate_art._PROVINCE_FONTS, plate_art._LATIN_FONTS
needs_fonts = pytest.mark.skipif(
    not all(any(Path(path).exists() for path in group) for group in FONTS), reason="Debian's fonts are not installed"
)


@needs_fonts
@pytest.mark.parametrize("px_per_mm", [1.0, 2.0, 3.0])
def test_plate_has_the_proportions_of_the_standard(px_per_mm: float) -> None:
    plate = plate_art.draw_plate("苏E8K2M6", px_per_mm)
    assert plate.shape == (round(140 * px_per_mm), round(440 * px_per_mm), 3)
    assert plate.dtype == np.uint8


@needs_fonts
def test_each_character_fills_its_cell_and_gaps_are_blue() -> None:
    plate = plate_art.draw_plate("苏E8K2M6", 2.0)
    white = (plate.min(axis=2) > 200)[50:230]
    for x in plate_art.CHAR_X_MM:
        cell = white[:, round(x * 2) : round((x + 45) * 2)]
        assert 0.2 < cell.mean() < 0.75
        assert cell[:, :4].any()
        assert cell[:, -4:].any()
    assert not white[:, (61 * 2) : (72 * 2)].any()


@needs_fonts
def test_a_one_is_narrow_and_in_the_middle_of_its_cell() -> None:
    plate = plate_art.draw_plate("苏E81111", 2.0)
    ink = np.flatnonzero((plate.min(axis=2) > 200)[60:220, 531:621].any(axis=0))
    assert ink.size < 40
    assert abs((ink[0] + ink[-1]) / 2 - 45) < 4


@needs_fonts
def test_plates_differ_where_their_texts_differ() -> None:
    first, second = plate_art.draw_plate("苏E8K2M6"), plate_art.draw_plate("苏E8K2M9")
    columns = np.flatnonzero((first != second).any(axis=(0, 2)))
    assert columns.min() >= 379.5 * 2 - 1


@pytest.mark.parametrize("text", ["", "苏E8K2M", "苏E8K2M66"])
def test_other_lengths_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="7 characters"):
        plate_art.draw_plate(text)
