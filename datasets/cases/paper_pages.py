"""Draws a page of a party's document as a photo, in a file's bytes."""

from __future__ import annotations

import numpy as np

from datasets.cases.happening import Happening, another_car, expired
from datasets.cases.nouns import Paper, PlannedPaper
from datasets.documents.draw import draw
from datasets.documents.fonts import FAMILIES
from datasets.documents.photographed import USUAL, photographed
from datasets.documents.truth import Truth
from datasets.scenes.camera_look import shake
from datasets.scenes.phone import capture_of, jpeg_bytes
from datasets.scenes.plan import Scene
from vision.types import DocumentKind, Page, Pixels

CARD_WH, SCREEN_WH, SHEET_WH = (1200, 900), (900, 1200), (1350, 1800)
QUALITY = 82
SHAKE_PX, DEFOCUS_PX = 22, 6.0
"""On 1200 px: nobody can read such a page."""


def page_name(planned: PlannedPaper) -> str:
    """Of the file in the case's folder."""
    return f"{planned.party.lower()}_{planned.kind}_{planned.page}.jpg"


def draw_page(planned: PlannedPaper, about: Happening, scene: Scene) -> tuple[bytes, Paper]:
    """The photo's bytes and what is true of it. The same for the same scene."""
    pixels, printed = _photo(planned, about, scene.seed)
    if planned.change == "blurred":
        pixels = shake(pixels, SHAKE_PX, 30.0, DEFOCUS_PX)
    values = {field.key: field.text for page in printed.pages for field in page.fields}
    paper = Paper(page_name(planned), planned.party, planned.kind, planned.page, planned.change != "blurred", values)
    order = 20 + sum(map(ord, f"{planned.kind}{planned.page}")) % 12  # papers come after the scene
    capture = capture_of(scene.seed, scene.air.light, order, planned.party) if about.exif else None
    return jpeg_bytes(pixels, QUALITY, capture), paper


def _photo(planned: PlannedPaper, about: Happening, seed: int) -> tuple[Pixels, Truth]:
    kind, page = DocumentKind(planned.kind), Page(planned.page)
    number = seed * 100 + sum(map(ord, f"{planned.party}{planned.kind}{planned.page}"))
    rng = np.random.default_rng(number)
    flat, truth = draw(kind, page, values_of(planned, about, seed), number, tuple(FAMILIES)[seed % len(FAMILIES)])
    size_wh, fill = CARD_WH, 0.86
    if page is Page.POLICY:
        size_wh, fill = SHEET_WH, 0.93
    elif page is Page.ELECTRONIC:
        size_wh, fill = SCREEN_WH, 0.9
    look = (*USUAL, "tilt") if rng.random() < 0.1 else USUAL
    return photographed(flat, truth, number, look, size_wh=size_wh, fill=fill)


def values_of(planned: PlannedPaper, about: Happening, seed: int) -> dict[str, str]:
    """What the page says, its fault included."""
    values = about.people[planned.party]
    if planned.change == "another_car":
        return another_car(values, planned.kind, seed)
    if planned.change == "expired":
        return expired(values, planned.kind, about.happened_at.date(), seed)
    return values[planned.kind]
