"""Flags that tell copies, screens, screenshots, fingers and edits from plain photos, on small made pictures."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from vision.documents.flags import flags_of
from vision.documents.flags_copy import COLOUR_LEFT, LEAST_LINE_PX, SPECKS, colour_left, copy_flags, toner_specks
from vision.documents.flags_cropped import CUT_01, paper_at_borders
from vision.documents.flags_hidden import fingers
from vision.documents.flags_source import MOIRE, flat_share, hull_of, moire, source_flags, top_bar
from vision.documents.signs import Piece, pieces_of
from vision.types import DocumentFlagKind, DocumentKind, Field, Page, Pixels, TextLine

ROWS = range(80, 640, 60)


def page(*, colour: bool = True, noise: float = 3.0) -> tuple[Pixels, tuple[Piece, ...]]:
    """A photo of ten lines of print with a red seal."""
    pixels = np.full((720, 1000, 3), (205, 212, 200), np.uint8)
    for top in ROWS:
        cv2.putText(pixels, "LSGCLGMN2M2959238", (80, top + 30), cv2.FONT_HERSHEY_SIMPLEX, 1.3, (40, 40, 45), 3)
    if colour:
        cv2.rectangle(pixels, (500, 300), (620, 420), (210.0, 70.0, 70.0), 6)
    else:
        pixels = (pixels.mean(axis=2, keepdims=True) * (1.0, 0.97, 0.9)).astype(np.uint8)
    soft = cv2.GaussianBlur(pixels, (0, 0), 0.7) + np.random.default_rng(1).normal(0, noise, pixels.shape)
    lines = tuple(
        TextLine("LSGCLGMN2M2959238", 0.9, ((80, y), (900, y), (900, y + 36), (80, y + 36))) for y in map(float, ROWS)
    )
    return np.clip(soft, 0, 255).astype(np.uint8), pieces_of(lines)


def kinds(pixels: Pixels, pieces: tuple[Piece, ...]) -> set[DocumentFlagKind]:
    return {flag.kind for flag in source_flags(pixels, pieces)}


def test_a_plain_photo_has_no_flag() -> None:
    pixels, pieces = page()
    assert kinds(pixels, pieces) == set()
    assert fingers(pixels, pieces) == ()
    assert kinds(pixels, ()) == set()


def test_a_grey_page_is_a_copy_whatever_the_light() -> None:
    pixels, pieces = page(colour=False)
    assert {flag.kind for flag in copy_flags(pixels, pieces, bears_colour=True)} == {DocumentFlagKind.PHOTOCOPY}
    assert not tuple(copy_flags(page()[0], pieces, bears_colour=True))
    outline = np.array([[80, 80], [900, 80], [900, 640], [80, 640]], np.float32)
    assert colour_left(pixels, outline) < COLOUR_LEFT < colour_left(page()[0], outline)


@pytest.mark.parametrize("pitch", [2.3, 3.7, 9.1])
def test_a_grid_over_the_page_is_a_screen(pitch: float) -> None:
    pixels, pieces = page()
    grid = 1 - 0.12 * (1 + np.cos(2 * np.pi * (np.arange(1000) + 0.1 * np.arange(720)[:, None]) / pitch))
    shown = (pixels * grid[..., None]).astype(np.uint8)
    assert moire(pixels, (80, 80, 900, 640)) < MOIRE < moire(shown, (80, 80, 900, 640))
    assert kinds(shown, pieces) == {DocumentFlagKind.SCREEN_RECAPTURE}


def test_without_noise_it_is_a_screenshot() -> None:
    pixels, pieces = page(noise=0.0)
    assert kinds(pixels, pieces) == {DocumentFlagKind.SCREENSHOT}
    assert flat_share(np.full((80, 80, 3), 255, np.uint8)) == 0.0, "burnt out is not flat"


def test_a_phone_has_a_bar_above_its_screen() -> None:
    tall = np.random.default_rng(0).integers(0, 255, (2000, 1000, 3)).astype(np.uint8)
    assert top_bar(tall) == 0.0
    tall[:80] = 255
    assert top_bar(tall) == 1.0
    assert top_bar(np.ascontiguousarray(tall[:1000])) == 0.0, "cameras give this shape"


def test_a_finger_from_the_edge_is_seen_and_a_portrait_is_not() -> None:
    pixels, pieces = page()
    portrait, finger = pixels.copy(), pixels.copy()
    cv2.circle(portrait, (700, 300), 90, (215.0, 165.0, 135.0), -1)
    cv2.line(finger, (1040, 300), (700, 320), (215.0, 165.0, 135.0), 110)
    assert fingers(portrait, pieces) == ()
    ((share, box),) = fingers(finger, pieces)
    assert 0.03 < share < 0.15
    assert box == pytest.approx((645, 250, 900, 375), abs=30)


def test_a_finger_over_a_corner_is_seen_where_it_hides_the_print() -> None:
    pixels, pieces = page()
    cv2.line(pixels, (1040, 600), (640, 560), (215.0, 165.0, 135.0), 110)
    left = [piece if row < 6 else tuple(sign for sign in piece if sign.u1 < 560) for row, piece in enumerate(pieces)]
    ((share, (x0, _, x1, _)),) = fingers(pixels, left)
    assert share > 0.04
    assert (x0, x1) == pytest.approx((585, 900), abs=30)


@pytest.mark.parametrize(("dots", "told"), [(0, False), (250, True)])
def test_toner_specks_tell_a_copy_of_a_page_without_colour(dots: int, told: bool) -> None:
    pixels, pieces = page(colour=False)
    for x, y in np.random.default_rng(2).integers((80, 80), (900, 640), (dots, 2)):
        cv2.circle(pixels, (int(x), int(y)), 1, (60.0, 60.0, 60.0), -1)
    assert (toner_specks(pixels, pieces, hull_of(pieces)) > SPECKS) is told
    assert bool(tuple(copy_flags(pixels, pieces, bears_colour=False))) is told


@pytest.mark.parametrize(("line_px", "told"), [(LEAST_LINE_PX - 2, False), (LEAST_LINE_PX, True)])
def test_specks_between_small_print_tell_no_copy(line_px: int, told: bool) -> None:
    pixels, _ = page(colour=False)
    for x, y in np.random.default_rng(2).integers((80, 80), (900, 640), (250, 2)):
        cv2.circle(pixels, (int(x), int(y)), 1, (60.0, 60.0, 60.0), -1)
    rows = [((80.0, y), (900.0, y), (900.0, y + line_px), (80.0, y + line_px)) for y in map(float, ROWS)]
    pieces = pieces_of(tuple(TextLine("LSGCLGMN2M2959238", 0.9, row) for row in rows))
    assert bool(tuple(copy_flags(pixels, pieces, bears_colour=False))) is told


@pytest.mark.parametrize(
    ("sides", "cut"),
    [({}, False), ({"left"}, True), ({"bottom"}, True), ({"left", "top"}, True), ({"left", "right", "top"}, False)],
)
def test_paper_up_to_the_border_is_a_cut_page_or_a_scan(sides: set[str], cut: bool) -> None:
    pixels, pieces = page()
    table = np.array((120, 84, 56), np.uint8)
    if "left" not in sides:
        pixels[:, :40] = table
    if "right" not in sides:
        pixels[:, 960:] = table
    if "top" not in sides:
        pixels[:50] = table
    if "bottom" not in sides:
        pixels[680:] = table
    shares = paper_at_borders(pixels, hull_of(pieces))
    assert {side for side, share in zip(("left", "top", "right", "bottom"), shares, strict=True) if share > CUT_01} == (
        set(sides)
    )
    fields = {"vin": Field("LSGCLGMN2M2959238", "LSGCLGMN2M2959238", 0.9, (80.0, 80.0, 900.0, 116.0), Page.MAIN)}
    flags = flags_of(pixels, DocumentKind.VEHICLE_LICENCE, fields, pieces, None)
    assert (DocumentFlagKind.CROPPED_EDGE in {flag.kind for flag in flags}) is cut


@pytest.mark.parametrize(("page_kind", "told"), [(Page.MAIN, True), (Page.SECOND, False)])
def test_a_second_page_has_no_colour_to_lose(page_kind: Page, told: bool) -> None:
    pixels, pieces = page(colour=False)
    fields = {"vin": Field("LSGCLGMN2M2959238", "LSGCLGMN2M2959238", 0.9, (80.0, 80.0, 900.0, 116.0), page_kind)}
    flags = flags_of(pixels, DocumentKind.VEHICLE_LICENCE, fields, pieces, None)
    assert (DocumentFlagKind.PHOTOCOPY in {flag.kind for flag in flags}) is told
