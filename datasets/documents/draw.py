"""Draws one page of a document: `draw`; several pages on one picture: `sleeve`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from datasets.documents import pages_driving, pages_other, pages_policy, pages_vehicle
from datasets.documents.fonts import FAMILIES
from datasets.documents.paper import guilloche, plastic, rounded
from datasets.documents.sheet import Colour, Sheet
from datasets.documents.truth import PageTruth, Truth
from vision.types import DocumentKind, Page, Pixels


@dataclass(frozen=True, slots=True)
class Layout:
    size_mm: tuple[float, float]
    paper: Colour
    ink: Colour
    print_page: Callable[[Sheet, dict[str, str]], None]


CARD, SCREEN, A4 = (88.0, 60.0), (70.0, 124.0), (210.0, 297.0)
LAYOUTS: dict[tuple[DocumentKind, Page], Layout] = {
    (DocumentKind.DRIVING_LICENCE, Page.MAIN): Layout(CARD, (243, 246, 240), (196, 214, 205), pages_driving.main_page),
    (DocumentKind.DRIVING_LICENCE, Page.SECOND): Layout(
        CARD, (243, 246, 240), (196, 214, 205), pages_driving.second_page
    ),
    (DocumentKind.DRIVING_LICENCE, Page.ELECTRONIC): Layout(
        SCREEN, (250, 252, 255), (235, 240, 250), pages_driving.electronic
    ),
    (DocumentKind.VEHICLE_LICENCE, Page.MAIN): Layout(CARD, (238, 246, 253), (190, 210, 228), pages_vehicle.main_page),
    (DocumentKind.VEHICLE_LICENCE, Page.SECOND): Layout(
        CARD, (238, 246, 253), (190, 210, 228), pages_vehicle.second_page
    ),
    (DocumentKind.VEHICLE_LICENCE, Page.ELECTRONIC): Layout(
        SCREEN, (250, 252, 255), (235, 240, 250), pages_vehicle.electronic
    ),
    (DocumentKind.INSURANCE_POLICY, Page.POLICY): Layout(A4, (252, 251, 247), (236, 232, 222), pages_policy.policy),
    (DocumentKind.INSURANCE_POLICY, Page.CARD): Layout((86, 54), (248, 244, 232), (226, 216, 190), pages_policy.card),
    (DocumentKind.ID_CARD, Page.MAIN): Layout((85.6, 54), (240, 244, 248), (205, 220, 232), pages_other.id_card),
    (DocumentKind.OTHER_DOCUMENT, Page.MAIN): Layout((86, 54), (252, 250, 244), (238, 230, 215), pages_other.other),
}


def draw(
    kind: DocumentKind, page: Page, values: Mapping[str, str], seed: int, font: str, *, px_per_mm: float | None = None
) -> tuple[Pixels, Truth]:
    """Draws a page flat, without defects: RGB (H, W, 3) and its truth. The same seed gives the same picture.

    ``values``: field key -> canonical text; a key that is missing is printed empty. ``font``: a family of `fonts`
    for the values; labels are set in another one. Raises `KeyError` for a page that has no layout.
    """
    layout = LAYOUTS[kind, page]
    rng = np.random.default_rng((seed, sum(map(ord, kind + page))))
    scale = px_per_mm or (8.0 if layout.size_mm == A4 else 16.0)
    size_px = (round(layout.size_mm[0] * scale), round(layout.size_mm[1] * scale))
    tint = rng.integers(-5, 6, 3)
    paper = tuple(int(np.clip(c + t, 0, 255)) for c, t in zip(layout.paper, tint, strict=True))
    background = guilloche(size_px, (paper[0], paper[1], paper[2]), layout.ink, rng)
    labels = "noto-serif" if font != "noto-serif" else "noto-sans"
    sheet = Sheet(layout.size_mm, scale, background, labels if font in FAMILIES else font, font, rng, page)
    layout.print_page(sheet, dict(values))
    pixels, truth = sheet.done(kind)
    return pixels, Truth((truth,))


def sleeve(*drawn: tuple[Pixels, Truth], seed: int = 0, rim_px: int = 22) -> tuple[Pixels, Truth]:
    """Pages in one plastic sleeve: one above the other on dark plastic under a clear one, as wide as the widest."""
    width = max(pixels.shape[1] for pixels, _ in drawn) + 2 * rim_px
    height = sum(pixels.shape[0] + rim_px for pixels, _ in drawn) + rim_px
    canvas = np.full((height, width, 3), (38, 40, 58), np.uint8)
    pages: list[PageTruth] = []
    top = rim_px
    for pixels, truth in drawn:
        part = canvas[top : top + pixels.shape[0], rim_px : rim_px + pixels.shape[1]]
        cover = rounded((pixels.shape[1], pixels.shape[0]), 1 / 22)[..., None] > 0
        part[:] = np.where(cover, pixels, part)
        pages.extend(truth.moved(np.array([[1.0, 0, rim_px], [0, 1.0, top], [0, 0, 1.0]])).pages)
        top += pixels.shape[0] + rim_px
    return plastic(canvas, np.random.default_rng((seed, 3))), Truth(tuple(pages))
