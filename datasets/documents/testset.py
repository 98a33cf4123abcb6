"""The drawn test set of documents, from seeds: fonts and people that the reader was never tuned on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from datasets.documents.draw import draw
from datasets.documents.fonts import HELD_OUT, TUNING
from datasets.documents.people import fictitious_party
from datasets.documents.photographed import USUAL, photographed
from datasets.documents.truth import Truth
from vision.types import DocumentKind, Page, Pixels

MAIN_PAGES = (
    (DocumentKind.DRIVING_LICENCE, Page.MAIN),
    (DocumentKind.VEHICLE_LICENCE, Page.MAIN),
    (DocumentKind.INSURANCE_POLICY, Page.POLICY),
)
MORE_PAGES = (
    (DocumentKind.DRIVING_LICENCE, Page.SECOND),
    (DocumentKind.VEHICLE_LICENCE, Page.SECOND),
    (DocumentKind.INSURANCE_POLICY, Page.CARD),
    (DocumentKind.DRIVING_LICENCE, Page.ELECTRONIC),
    (DocumentKind.VEHICLE_LICENCE, Page.ELECTRONIC),
    (DocumentKind.ID_CARD, Page.MAIN),
    (DocumentKind.OTHER_DOCUMENT, Page.MAIN),
)
DEFECTS: tuple[tuple[str, ...], ...] = ((), (), ("tilt",), ("glare",), ("blur",), ("motion",), ("dark",))
"""Besides the usual ones; a third of the pictures have none."""
FIRST_SEED = {"val": 0, "test": 70_000}
MAIN_COUNT, MORE_COUNT = 14, 7
"""Pictures of each page."""


@dataclass(frozen=True, slots=True)
class Sample:
    seed: int
    defect: str
    """``none`` or the one defect beyond the usual."""
    pixels: Pixels
    truth: Truth


def samples(split: str) -> Iterator[Sample]:
    """Pictures of ``val`` (tuning fonts) or ``test`` (held-out fonts, other people); drawn when asked for."""
    fonts = HELD_OUT if split == "test" else TUNING
    for row, (kind, page) in enumerate(MAIN_PAGES + MORE_PAGES):
        for index in range(MAIN_COUNT if (kind, page) in MAIN_PAGES else MORE_COUNT):
            seed = FIRST_SEED[split] + 1000 * row + index
            defects = DEFECTS[index % len(DEFECTS)]
            party = fictitious_party(seed)
            values = party.get(kind.value, party["driving_licence"])
            drawn = draw(kind, page, values, seed, fonts[(index + index // len(DEFECTS)) % len(fonts)])
            pixels, truth = photographed(*drawn, seed, USUAL + defects)
            yield Sample(seed, "+".join(defects) or "none", pixels, truth)
