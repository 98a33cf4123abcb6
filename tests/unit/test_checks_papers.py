"""Papers: valid when the accident happened, pages on several photos, warnings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from tests.unit.facts_builder import (
    PLATE_A,
    PLATE_B,
    WHEN,
    dossier,
    driving_licence,
    panorama,
    papers,
    photo,
    policy,
    requirement,
    vehicle_licence,
    vin_of,
)
from tests.unit.facts_builder import (
    document as paper,
)
from vision.checks.documents import document_valid
from vision.checks.papers import document_look, vin_check
from vision.types import (
    Case,
    Document,
    DocumentFlag,
    DocumentFlagKind,
    DocumentKind,
    Finding,
    FramingKind,
    Page,
    Party,
    PhotoFacts,
    View,
)

LICENCE = requirement("document", document="driving_licence", fields=("licence_number", "name"))
SCENE = panorama("scene", View.FRONT, View.FRONT)
BOTH = (SCENE, *papers(PLATE_A).values(), *papers(PLATE_B).values())


def outcomes(found: tuple[Finding, ...]) -> list[tuple[str | None, str, str]]:
    return [(one.party, one.verdict.value, one.reason) for one in found]


def of_a(found: tuple[Finding, ...]) -> tuple[str, str]:
    return next((one.verdict.value, one.reason) for one in found if one.party == "A")


def changed(one: PhotoFacts, change: Callable[[Document], Document]) -> PhotoFacts:
    assert one.document is not None
    return replace(one, document=change(one.document))


def test_main_and_second_page_on_two_photos_are_one_paper() -> None:
    asked = requirement("document_valid", document="vehicle_licence")
    main = vehicle_licence(PLATE_A)
    main = changed(main, lambda d: replace(d, fields={k: f for k, f in d.fields.items() if "inspection" not in k}))
    texts = {"plate_number": PLATE_A, "inspection_valid_to": "2026-05-31"}
    kind = DocumentKind.VEHICLE_LICENCE
    second = photo("second", FramingKind.DOCUMENT, document=paper(kind, texts, Page.SECOND))
    unread = photo("unread", FramingKind.DOCUMENT, document=paper(kind, {**texts, "plate_number": None}, Page.SECOND))
    case = Case(happened_at=WHEN, parties=(Party("A", PLATE_A, ("unread", main.photo)),))
    one = {"parties": 1.0}
    assert outcomes(document_valid(asked, dossier(main, case=case, limits=one))) == [
        ("A", "unsure", "paper_period_unknown")
    ]
    assert outcomes(document_valid(asked, dossier(main, second, case=case, limits=one))) == [
        ("A", "pass", "paper_valid")
    ]
    assert outcomes(document_valid(asked, dossier(main, unread, case=case, limits=one))) == [
        ("A", "pass", "paper_valid")
    ]


@pytest.mark.parametrize(
    ("changes", "when", "outcome"),
    [
        ({}, WHEN, ("pass", "paper_valid")),
        ({"valid_to": "2026-05-01"}, WHEN, ("pass", "paper_valid")),
        ({"valid_to": "2026-04-30"}, WHEN, ("fail", "paper_expired")),
        ({"valid_from": "2026-05-02"}, WHEN, ("fail", "paper_not_yet_valid")),
        ({"valid_to": "长期"}, WHEN, ("pass", "paper_valid")),
        ({"valid_to": None}, WHEN, ("unsure", "paper_period_unknown")),
        ({}, None, ("unsure", "accident_time_unknown")),
    ],
)
def test_valid_at_the_accidents_time(changes: dict[str, str | None], when: object, outcome: tuple[str, str]) -> None:
    asked = requirement("document_valid", document="driving_licence")
    rest = [replace(one, taken_at=None) for one in BOTH if one.photo != f"driving_{PLATE_A}.jpg"]
    case = Case(happened_at=WHEN if when is not None else None)
    assert of_a(document_valid(asked, dossier(*rest, driving_licence(PLATE_A, **changes), case=case))) == outcome


def test_a_period_that_was_hardly_read_is_unknown() -> None:
    faint = changed(
        driving_licence(PLATE_A, valid_to="2001-01-01"),
        lambda d: replace(d, fields={**d.fields, "valid_to": replace(d.fields["valid_to"], score=0.5)}),
    )
    rest = [one for one in BOTH if one.photo != faint.photo]
    asked = requirement("document_valid", document="driving_licence")
    assert of_a(document_valid(asked, dossier(*rest, faint))) == ("unsure", "paper_period_unknown")


def test_a_day_alone_is_the_whole_day() -> None:
    asked = requirement("document_valid", document="insurance_policy")
    bought = policy(PLATE_A, valid_from="2026-05-01T12:00")
    rest = [one for one in BOTH if one.photo != bought.photo]
    found = document_valid(asked, dossier(*rest, bought, case=Case(on=date(2026, 5, 1))))
    assert of_a(found) == ("unsure", "paper_period_unknown")


def test_a_wrong_vin_digit_is_a_warning_only() -> None:
    wrong = vin_of(PLATE_A)[:8] + ("1" if vin_of(PLATE_A)[8] != "1" else "2") + vin_of(PLATE_A)[9:]
    warned = vin_check(dossier(SCENE, vehicle_licence(PLATE_A, vin=wrong)))
    assert [(one.verdict.value, one.reason, one.disagreement) for one in warned] == [
        ("unsure", "vin_check_wrong", False)
    ]
    assert vin_check(dossier(*BOTH)) == ()


@pytest.mark.parametrize(
    ("flag", "score", "reasons"),
    [
        (DocumentFlagKind.PHOTOCOPY, 0.9, ["document_photocopy"]),
        (DocumentFlagKind.SCREEN_RECAPTURE, 0.9, ["document_screen"]),
        (DocumentFlagKind.TAMPERED_SUSPECT, 0.9, ["document_tampered_suspect"]),
        (DocumentFlagKind.PHOTOCOPY, 0.3, []),
        (DocumentFlagKind.SCREENSHOT, 0.9, []),  # an electronic licence is one
        (DocumentFlagKind.EXPIRED, 0.9, []),  # worked out again from the accident's time
    ],
)
def test_looks_are_told_outside_the_score(flag: DocumentFlagKind, score: float, reasons: list[str]) -> None:
    one = changed(driving_licence(PLATE_A), lambda d: replace(d, flags=(DocumentFlag(flag, score),)))
    assert [found.reason for found in document_look(dossier(one))] == reasons
