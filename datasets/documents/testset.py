"""The drawn test set of documents, from seeds: fonts and people that the reader was never tuned on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from datasets.documents.draw import draw, sleeve
from datasets.documents.fonts import HELD_OUT, TUNING
from datasets.documents.pages_lookalike import LOOKALIKES, draw_lookalike
from datasets.documents.people import fictitious_party
from datasets.documents.photographed import CARD_CORNER_01, USUAL, photographed
from datasets.documents.spoiled import curled, edited, jpeg, photocopied, screenshot
from datasets.documents.truth import FieldTruth, PageTruth, Truth
from vision.types import DocumentKind, Page, Pixels

DRIVING, VEHICLE, POLICY = DocumentKind.DRIVING_LICENCE, DocumentKind.VEHICLE_LICENCE, DocumentKind.INSURANCE_POLICY
MAIN_PAGES = ((DRIVING, Page.MAIN), (VEHICLE, Page.MAIN), (POLICY, Page.POLICY))
PAGES = (
    *MAIN_PAGES, (DRIVING, Page.SECOND), (VEHICLE, Page.SECOND), (POLICY, Page.CARD), *MAIN_PAGES,
    (DRIVING, Page.ELECTRONIC), (VEHICLE, Page.ELECTRONIC),
)  # fmt: skip
"""Main pages twice as often as others."""
ELECTRONIC = ((DRIVING, Page.ELECTRONIC), (VEHICLE, Page.ELECTRONIC), (POLICY, Page.POLICY))
CONDITIONS = {
    "none": 80, "tilt": 30, "curl": 30, "blur": 40, "motion": 40, "dark": 30, "glare": 50, "thumb": 50, "cropped": 40,
    "photocopy": 45, "screen": 50, "screenshot": 35, "tampered": 20, "two pages": 30, "lookalike": 30,
}  # fmt: skip
"""Pictures of each, 600 together. One defect a picture; ``thumb`` and ``glare`` lie over a field."""
PLACED = ("glare", "thumb", "tampered")
"""Defects that take some of a page's print away: no reader can give those fields."""
CUT_SQUARE = ("receipt", "机动车登记证书")
FIRST_SEED = {"val": 0, "test": 500_000}


@dataclass(frozen=True, slots=True)
class Sample:
    seed: int
    defect: str
    """One of `CONDITIONS`."""
    pixels: Pixels
    truth: Truth
    name: str = ""
    """Of a look-alike."""


def plans(split: str, limit: int | None = None) -> list[tuple[int, str, int, tuple[str, ...]]]:
    """What `sample` needs for each picture of ``val`` (tuning fonts) or ``test`` (held-out fonts, other people).

    The order is shuffled once for all: the first ``limit`` are a fair draw of the whole set.
    """
    order = [defect for defect, count in CONDITIONS.items() for _ in range(count)]
    order = [order[i] for i in np.random.default_rng(len(order)).permutation(len(order))]
    first, fonts = FIRST_SEED[split], HELD_OUT if split == "test" else TUNING
    return [(first + k, defect, order[:k].count(defect), fonts) for k, defect in enumerate(order[:limit])]


def sample(seed: int, defect: str, nth: int, fonts: tuple[str, ...], scale: float = 1.0) -> Sample:
    """One picture: the ``nth`` of its condition; ``scale`` below 1 for one to be looked at only."""
    party = fictitious_party(seed)
    family = fonts[nth % len(fonts)]
    rng = np.random.default_rng((seed, 2))
    if defect == "lookalike":
        names = ("id_card", *LOOKALIKES)
        name = names[nth % len(names)]
        if name == "id_card":
            drawn = draw(DocumentKind.ID_CARD, Page.MAIN, party[DRIVING.value], seed, family)
        else:
            drawn = draw_lookalike(name, party, seed, family)
        corner_01 = 0 if name in CUT_SQUARE else CARD_CORNER_01
        return Sample(seed, defect, *photographed(*drawn, seed, corner_01=corner_01, scale=scale), name)
    if defect == "two pages":
        kind = (DRIVING, VEHICLE)[nth % 2]
        both = [draw(kind, page, party[kind.value], seed, family) for page in (Page.MAIN, Page.SECOND)]
        return Sample(seed, defect, *photographed(*sleeve(*both, seed=seed), seed, size_wh=(1800, 2400), scale=scale))
    kind, page = ELECTRONIC[nth % 3] if defect == "screenshot" else PAGES[nth % len(PAGES)]
    return Sample(seed, defect, *_spoilt(*draw(kind, page, party[kind.value], seed, family), defect, seed, rng, scale))


def _spoilt(
    pixels: Pixels, truth: Truth, defect: str, seed: int, rng: np.random.Generator, scale: float
) -> tuple[Pixels, Truth]:
    if defect == "screenshot":
        return screenshot(pixels, truth, rng)
    square = defect in ("photocopy", "screen") or truth.pages[0].page is Page.POLICY
    corner_01 = 0 if square else CARD_CORNER_01
    if defect == "curl":
        pixels, truth = curled(pixels, truth, rng)
    if defect == "photocopy":
        pixels = photocopied(pixels, rng)
    if defect == "tampered":
        return _tampered(pixels, truth, seed, rng, corner_01, scale)
    if defect in ("thumb", "glare"):
        index = int(rng.integers(len(truth.pages[0].fields)))
        x0, y0, x1, y1 = truth.pages[0].fields[index].box_xyxy
        at = x0 + (x1 - x0) * float(rng.uniform(0.3, 0.7)), (y0 + y1) / 2
        shot, moved = photographed(pixels, truth, seed, (*USUAL, defect), at_xy=at, corner_01=corner_01, scale=scale)
        return shot, replace(moved, spoilt=moved.pages[0].fields[index].box_xyxy)
    known = {"none": (), "curl": (), "photocopy": ()}.get(defect, (defect,))
    shot, moved = photographed(pixels, truth, seed, (*USUAL, *known), corner_01=corner_01, scale=scale)
    return shot, _seen(moved, shot)


def _tampered(
    pixels: Pixels, truth: Truth, seed: int, rng: np.random.Generator, corner_01: float, scale: float
) -> tuple[Pixels, Truth]:
    usual = [defect for defect in USUAL if defect != "jpeg"]
    shot, moved = photographed(pixels, truth, seed, usual, corner_01=corner_01, scale=scale)
    page = moved.pages[0]
    wide = [
        field for field in page.fields if len(field.text) >= 6 and field.key not in ("issuing_authority", "address")
    ]
    field: FieldTruth = wide[int(rng.integers(len(wide)))]
    shot = edited(shot, field, rng, "uming" if rng.random() < 0.5 else "noto-sans")
    # What the field says now is not what the truth has: it is left out.
    page = replace(page, fields=tuple(f for f in page.fields if f.corners != field.corners))
    return jpeg(shot, int(rng.integers(80, 95))), replace(moved, pages=(page,), spoilt=field.box_xyxy)


def _seen(truth: Truth, shot: Pixels) -> Truth:
    """With the fields that lie outside the picture, even in part, apart."""
    height, width = shot.shape[:2]

    def inside(field: FieldTruth) -> bool:
        x0, y0, x1, y1 = field.box_xyxy
        return x0 >= 0 and y0 >= 0 and x1 <= width and y1 <= height

    def parted(page: PageTruth) -> PageTruth:
        shown = tuple(field for field in page.fields if inside(field))
        return replace(page, fields=shown, cut=tuple(field for field in page.fields if not inside(field)))

    return replace(truth, pages=tuple(map(parted, truth.pages)))
