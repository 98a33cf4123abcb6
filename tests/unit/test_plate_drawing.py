"""Drawn plates: texts are valid, drawing is reproducible, placing and cutting are each other's inverse."""

from __future__ import annotations

import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.plates.draw import draw
from datasets.plates.glyphs import FONT_PAIRS, glyph_sets
from datasets.plates.layout import layout
from datasets.plates.place import cut, paste, random_view, rectangle
from datasets.plates.texts import random_kind, random_text
from datasets.plates.wear import camera, dirty_test, dirty_train
from vision.plate_grammar import valid
from vision.types import PlateKind

KINDS = tuple(k for k in PlateKind if k is not PlateKind.OTHER)
fonts = pytest.mark.skipif(
    not any(all(map(os.path.exists, pair)) for pair in FONT_PAIRS), reason="no font for plates installed"
)


@given(st.sampled_from(KINDS), st.integers(0, 10_000))
def test_random_texts_are_valid_for_their_kind(kind: PlateKind, seed: int) -> None:
    assert valid(random_text(kind, np.random.default_rng(seed)), kind)


def test_other_has_no_text_and_is_never_drawn() -> None:
    with pytest.raises(ValueError, match="no grammar"):
        random_text(PlateKind.OTHER, np.random.default_rng(0))
    drawn = {random_kind(np.random.default_rng(s)) for s in range(600)}
    assert PlateKind.OTHER not in drawn
    assert drawn == set(KINDS)


@given(st.sampled_from(KINDS), st.integers(0, 1000))
def test_every_character_has_a_cell_on_the_plate(kind: PlateKind, seed: int) -> None:
    rng = np.random.default_rng(seed)
    text = random_text(kind, rng)
    plan = layout(text, kind, rng)
    assert "".join(c.char for c in plan.cells) == text
    for x, y, w, h in (c.box for c in plan.cells):
        assert x >= 0
        assert y >= 0
        assert x + w <= plan.size_mm[0] + 0.5
        assert y + h <= plan.size_mm[1] + 0.5


@fonts
def test_drawing_is_reproducible_and_shows_the_text() -> None:
    glyphs = glyph_sets(None)[0]
    one, same, other = (
        draw(text, PlateKind.BLUE, glyphs, np.random.default_rng(3)) for text in ("皖A12345", "皖A12345", "皖A12346")
    )
    assert one.pixels.shape == (140, 440, 3)
    assert np.array_equal(one.pixels, same.pixels)
    changed = np.nonzero((one.pixels != other.pixels).any((0, 2)))[0]
    assert changed.min() > 370  # only the last character differs


@fonts
def test_double_rows_and_colours_by_kind() -> None:
    glyphs, rng = glyph_sets(None)[0], np.random.default_rng(0)
    double = draw("皖A12345", PlateKind.YELLOW_DOUBLE, glyphs, rng)
    assert double.double
    assert double.pixels.shape == (220, 440, 3)
    red, _, blue = double.pixels.reshape(-1, 3).mean(0)
    assert red > blue + 60
    police = draw("皖A1234警", PlateKind.WHITE_POLICE, glyphs, rng).pixels.astype(int)
    assert ((police[..., 0] - police[..., 1]) > 80).any()


@given(st.integers(0, 500))
def test_cutting_gives_back_what_was_pasted(seed: int) -> None:
    rng = np.random.default_rng(seed)
    plate = np.kron(rng.integers(0, 256, (3, 8, 3)), np.ones((20, 20, 1))).astype(np.uint8)
    view = random_view((160, 60), 150, rng, 0.6)
    quad = (view - view.min(0) + 20).astype(np.float32)
    size = np.ceil(quad.max(0) + 20).astype(int)
    picture = np.full((size[1], size[0], 3), 99, np.uint8)
    pasted = paste(picture, plate, quad)
    back = cut(pasted, quad, (160, 60)).astype(int)
    assert np.median(np.abs(back - plate)) <= 12
    assert (picture == 99).all()
    assert (pasted[0] == 99).all()


@given(st.sampled_from([dirty_train, dirty_test, camera]), st.integers(0, 300))
def test_wear_keeps_shape_and_leaves_its_input_alone(change: object, seed: int) -> None:
    assert callable(change)
    before = np.random.default_rng(1).integers(0, 256, (48, 128, 3)).astype(np.uint8)
    given_pixels = before.copy()
    after = change(given_pixels, np.random.default_rng(seed))
    assert after.shape == before.shape
    assert after.dtype == np.uint8
    assert np.array_equal(given_pixels, before)


def test_rectangle_runs_clockwise_from_the_top_left() -> None:
    assert rectangle(4, 2).tolist() == [[0, 0], [4, 0], [4, 2], [0, 2]]
