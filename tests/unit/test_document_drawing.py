"""Drawn documents: values that hold together, truth that stays on its print."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets.documents.draw import LAYOUTS, draw, sleeve
from datasets.documents.fonts import HELD_OUT, TUNING, installed
from datasets.documents.people import fictitious_party
from datasets.documents.photographed import USUAL, photographed
from datasets.documents.truth import Truth
from vision import identifiers, plate_grammar
from vision.types import DocumentKind, Page, Pixels

DRIVING = (DocumentKind.DRIVING_LICENCE, Page.MAIN)
needs_fonts = pytest.mark.skipif("noto-serif" not in installed(), reason="Debian package fonts-noto-cjk is absent")


def small(seed: int = 1, font: str = "noto-serif") -> tuple[Pixels, Truth]:
    return draw(*DRIVING, fictitious_party(seed)["driving_licence"], seed, font, px_per_mm=6)


@settings(max_examples=60)
@given(st.integers(0, 10**6))
def test_a_party_is_valid_and_agrees_with_itself(seed: int) -> None:
    party = fictitious_party(seed)
    driver, car, policy = party["driving_licence"], party["vehicle_licence"], party["insurance_policy"]
    number = driver["licence_number"]
    assert identifiers.id_number_valid(number)
    assert identifiers.id_sex(number) == driver["sex"]
    assert str(identifiers.id_birth_date(number)) == driver["birth_date"]
    assert identifiers.vehicle_class_valid(driver["vehicle_class"])
    assert driver["birth_date"] < driver["first_issue_date"] <= driver["valid_from"]
    assert identifiers.vin_check_ok(car["vin"])
    assert plate_grammar.kinds_for(car["plate_number"])
    assert car["register_date"] <= car["issue_date"]
    assert policy["valid_from"] < "2026-05-01" < policy["valid_to"]
    for key in ("plate_number", "vin", "engine_number", "model", "use_character"):
        assert policy[key] == car[key]
    assert policy["insured"] == car["owner"] == driver["name"]
    assert party == fictitious_party(seed)


def test_the_plate_may_be_given() -> None:
    party = fictitious_party(7, plate="粤B12345")
    assert party["vehicle_licence"]["plate_number"] == "粤B12345"
    assert party["driving_licence"]["address"].startswith("广东省")


def test_held_out_fonts_are_not_those_of_tuning() -> None:
    assert not set(HELD_OUT) & set(TUNING)


@needs_fonts
@pytest.mark.parametrize(("kind", "page"), LAYOUTS)
def test_every_page_is_drawn_with_truth_on_the_paper(kind: DocumentKind, page: Page) -> None:
    party = fictitious_party(3)
    pixels, truth = draw(kind, page, party.get(kind.value, party["driving_licence"]), 3, "noto-serif", px_per_mm=4)
    (seen,) = truth.pages
    assert (seen.kind, seen.page) == (kind, page)
    assert len({field.key for field in seen.fields}) == len(seen.fields)
    if kind not in (DocumentKind.ID_CARD, DocumentKind.OTHER_DOCUMENT):
        assert len(seen.fields) >= 4
    for field in seen.fields:
        x0, y0, x1, y1 = (round(v) for v in field.box_xyxy)
        assert 0 <= x0 < x1 <= pixels.shape[1]
        assert 0 <= y0 < y1 <= pixels.shape[0]
        # There is ink where the truth says.
        assert int(np.ptp(pixels[y0:y1, x0:x1].min(axis=2))) > 60


@needs_fonts
def test_a_seed_gives_the_same_picture_and_another_seed_another() -> None:
    first, again, other = (photographed(*small(seed), seed, USUAL, size_wh=(640, 480)) for seed in (1, 1, 2))
    assert np.array_equal(first[0], again[0])
    assert first[1] == again[1]
    assert not np.array_equal(first[0], other[0])


@needs_fonts
def test_truth_moves_with_the_picture() -> None:
    flat, truth = small()
    pixels, moved = photographed(flat, truth, 5, ("tilt", "perspective"), size_wh=(1200, 900))
    assert moved.defects == ("perspective", "tilt")
    for before, after in zip(truth.pages[0].fields, moved.pages[0].fields, strict=True):
        assert (before.key, before.text) == (after.key, after.text)
        xs, ys = np.array(after.corners).T
        assert 0 <= xs.min() < xs.max() <= 1200
        assert 0 <= ys.min() < ys.max() <= 900
    assert pixels.shape == (900, 1200, 3)


@needs_fonts
def test_two_pages_in_a_sleeve_keep_their_truth() -> None:
    values = fictitious_party(1)["driving_licence"]
    pages = [
        draw(DocumentKind.DRIVING_LICENCE, page, values, 1, "noto-serif", px_per_mm=6)
        for page in (Page.MAIN, Page.SECOND)
    ]
    pixels, truth = sleeve(*pages)
    assert [page.page for page in truth.pages] == [Page.MAIN, Page.SECOND]
    main, second = truth.pages
    assert max(f.box_xyxy[3] for f in main.fields) < min(f.box_xyxy[1] for f in second.fields)
    assert pixels.shape[0] > sum(p.shape[0] for p, _ in pages)
