"""What documents' pixels tell: red ink, glare, sharpness, size."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import pytest

from vision.documents.flags import burnt_share, flags_of, text_sharpness
from vision.documents.red_ink import read_under_seals, seals, without_red
from vision.documents.signs import pieces_of
from vision.types import Box, DocumentFlagKind, DocumentKind, Field, Page, Pixels, TextLine

RED = (214, 46, 52)


def paper_with_seal() -> Pixels:
    pixels = np.full((1000, 800, 3), 240, np.uint8)
    cv2.putText(pixels, "2026-02-06", (400, 710), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (20, 20, 20), 3)
    ring = pixels.copy()
    cv2.circle(ring, (500, 700), 90, RED, 6)
    return cv2.addWeighted(ring, 0.7, pixels, 0.3, 0).astype(np.uint8)


def line(text: str, x0: float, y0: float, x1: float, y1: float) -> TextLine:
    return TextLine(text, 0.99, ((x0, y0), (x1, y0), (x1, y1), (x0, y1)))


@dataclass
class FixedReader:
    """Gives the same lines for every picture, and remembers what it was shown."""

    lines: tuple[TextLine, ...]
    shown: list[Pixels]

    def read(self, pixels: Pixels, within: Box | None = None) -> tuple[TextLine, ...]:
        self.shown.append(pixels)
        return self.lines


def test_a_round_seal_is_found_by_its_colour() -> None:
    ((x0, y0, x1, y1),) = seals(paper_with_seal())
    assert (x0, y0, x1, y1) == pytest.approx((410, 610, 590, 790), abs=12)
    assert seals(np.full((1000, 800, 3), 240, np.uint8)) == ()
    assert seals(np.full((1000, 800, 3), (120, 70, 50), np.uint8)) == ()


def test_red_fades_and_black_stays() -> None:
    clean = without_red(paper_with_seal())
    assert clean[610, 500].min() > 200
    assert clean[640:720, 400:640].min() < 60


def test_lines_under_a_seal_are_read_again_and_put_in_their_place() -> None:
    pixels = paper_with_seal()
    before = (line("签单日期:", 250, 680, 380, 712), line("02-06", 430, 682, 640, 712), line("远处", 20, 20, 90, 50))
    # In pixels of the part that is read again; one line cut by the part's border.
    reader = FixedReader((line("2026-02-06", 130, 92, 370, 128), line("期:", 0, 90, 110, 125)), [])
    after = read_under_seals(pixels, before, reader)
    assert [item.text for item in after] == ["签单日期:", "远处", "2026-02-06"]
    ((x0, y0, x1, y1),) = seals(pixels)
    assert reader.shown[0].shape[1] == pytest.approx((x1 - x0) * 2.6, abs=3)
    assert after[-1].corners[0] == pytest.approx((130 + x0 - 0.8 * (x1 - x0), 92 + y0 - 0.15 * (y1 - y0)), abs=2)


def printed(sigma: float, scale: float = 1.0) -> tuple[Pixels, tuple[TextLine, ...]]:
    pixels = np.full((300, 900, 3), 235, np.uint8)
    lines = []
    for row in range(4):
        cv2.putText(pixels, "LSGCLGMN2M2959238", (40, 60 + 60 * row), cv2.FONT_HERSHEY_SIMPLEX, 1.3, (25, 25, 25), 3)
        lines.append(
            line("LSGCLGMN2M2959238", 36 * scale, (28 + 60 * row) * scale, 500 * scale, (66 + 60 * row) * scale)
        )
    if sigma:
        pixels = cv2.GaussianBlur(pixels, (0, 0), sigma).astype(np.uint8)
    pixels[68:82, 100:400] = (220, 60, 60)
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    # A camera leaves noise; without it the picture would be a screenshot.
    noisy = small + np.random.default_rng(0).normal(0, 2, small.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8), tuple(lines)


def test_blur_lowers_the_sharpness_of_text() -> None:
    values = [text_sharpness(pixels, pieces_of(lines)) for pixels, lines in map(printed, (0, 1, 2, 4))]
    assert values == sorted(values, reverse=True)
    assert values[0] > 2 * values[-1]


@pytest.mark.parametrize(
    ("sigma", "scale", "expected"),
    [(0, 1.0, set()), (6, 1.0, {DocumentFlagKind.BLURRED}), (0, 0.3, {DocumentFlagKind.TOO_SMALL})],
)
def test_flags_of_the_print(sigma: float, scale: float, expected: set[DocumentFlagKind]) -> None:
    pixels, lines = printed(sigma, scale)
    flags = flags_of(pixels, DocumentKind.VEHICLE_LICENCE, {}, pieces_of(lines), None)
    assert {flag.kind for flag in flags} - {DocumentFlagKind.BLURRED if scale < 1 else None} == expected


def test_glare_over_a_field_has_its_box() -> None:
    pixels = np.full((200, 400, 3), 200, np.uint8)
    pixels[50:100, 100:180] = 255
    field = Field("1", "1", 0.9, (90.0, 60.0, 190.0, 90.0), Page.MAIN)
    assert burnt_share(pixels, field.box_xyxy) == pytest.approx(0.8, abs=0.03)
    flags = flags_of(pixels, DocumentKind.VEHICLE_LICENCE, {"vin": field}, (), None)
    assert [(flag.kind, flag.box_xyxy) for flag in flags] == [(DocumentFlagKind.GLARE_OVER_FIELD, field.box_xyxy)]
    aside = Field("1", "1", 0.9, (10.0, 150.0, 90.0, 180.0), Page.MAIN)
    assert flags_of(pixels, DocumentKind.VEHICLE_LICENCE, {"vin": aside}, (), None) == ()


def test_white_paper_in_strong_light_is_no_glare() -> None:
    pixels = np.full((400, 400, 3), 235, np.uint8)
    pixels[:, ::4] = 255
    fields = {str(y): Field("1", "1", 0.9, (10.0, y, 390.0, y + 20.0), Page.MAIN) for y in range(20, 360, 60)}
    assert not flags_of(pixels, DocumentKind.VEHICLE_LICENCE, fields, (), None)
    pixels[80:101, 10:391] = 255
    (flag,) = flags_of(pixels, DocumentKind.VEHICLE_LICENCE, fields, (), None)
    assert (flag.kind, flag.box_xyxy) == (DocumentFlagKind.GLARE_OVER_FIELD, (10.0, 80.0, 390.0, 100.0))
