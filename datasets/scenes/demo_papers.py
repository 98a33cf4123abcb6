"""The documents of the demo case, drawn and photographed-looking."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from datasets.documents.draw import draw
from datasets.documents.photographed import photographed
from datasets.scenes.parties import PARTIES, WRONG_PLATE_A, DemoParty
from vision.types import DocumentKind, Page, Pixels

LOOK = ("perspective", "shadow")
CARD_WH, SHEET_WH = (1200, 900), (1350, 1800)
FONTS = {"A": "noto-sans", "B": "noto-serif"}
PAGES = (
    ("driving_licence", DocumentKind.DRIVING_LICENCE, Page.MAIN),
    ("vehicle_licence", DocumentKind.VEHICLE_LICENCE, Page.MAIN),
    ("vehicle_licence_2", DocumentKind.VEHICLE_LICENCE, Page.SECOND),
    ("policy", DocumentKind.INSURANCE_POLICY, Page.POLICY),
)


@dataclass(frozen=True, slots=True)
class Paper:
    """A photo of a page; ``stem`` of its file name, party and place in the order of taking."""

    stem: str
    party: DemoParty
    pixels: Pixels


def demo_papers() -> Iterator[Paper]:
    """All papers of both parties, in the order in which they were photographed."""
    for party in PARTIES:
        yield from _papers(party, party.values())


def wrong_licence() -> Iterator[Paper]:
    """A's vehicle licence, both pages, with another plate than the car's."""
    party = PARTIES[0]
    values = party.values()
    values["vehicle_licence"]["plate_number"] = WRONG_PLATE_A
    for paper in _papers(party, values):
        if "vehicle_licence" in paper.stem:
            yield paper


def _papers(party: DemoParty, values: dict[str, dict[str, str]]) -> Iterator[Paper]:
    for number, (stem, kind, page) in enumerate(PAGES):
        seed = party.seed + number
        flat, truth = draw(kind, page, values[kind.value], seed, FONTS[party.id])
        size_wh = SHEET_WH if page is Page.POLICY else CARD_WH
        pixels, _ = photographed(flat, truth, seed, LOOK, size_wh=size_wh, fill=0.92 if page is Page.POLICY else 0.86)
        yield Paper(f"{party.id.lower()}_{stem}", party, pixels)
