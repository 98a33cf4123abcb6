"""Papers: whose they are, and how much of them was read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

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
)
from tests.unit.facts_builder import document as paper_of
from vision.checks.documents import document
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
    QualityVerdict,
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


@pytest.mark.parametrize("kind", ["driving_licence", "vehicle_licence", "insurance_policy"])
def test_papers_of_both(kind: str) -> None:
    asked = requirement("document", document=kind, fields=())
    assert outcomes(document(asked, dossier(*BOTH))) == [
        ("A", "pass", "document_read"),
        ("B", "pass", "document_read"),
    ]
    assert outcomes(document(asked, dossier(SCENE))) == [
        ("A", "fail", "document_missing"),
        ("B", "fail", "document_missing"),
    ]


def test_a_drivers_paper_is_tied_by_name_and_the_other_by_elimination() -> None:
    stranger = driving_licence(PLATE_B, name="王五")
    rest = [*papers(PLATE_A).values(), vehicle_licence(PLATE_B), policy(PLATE_B)]
    found = document(LICENCE, dossier(SCENE, *rest, stranger))
    assert [(one.party, one.evidence[0].photo) for one in found] == [
        ("A", f"driving_{PLATE_A}.jpg"),
        ("B", f"driving_{PLATE_B}.jpg"),
    ]


def test_two_drivers_whom_nothing_ties_are_nobodys() -> None:
    strangers = [driving_licence(PLATE_A, name="王五"), driving_licence(PLATE_B, name="赵六")]
    rest = [vehicle_licence(PLATE_A), vehicle_licence(PLATE_B)]
    assert outcomes(document(LICENCE, dossier(SCENE, *rest, *strangers))) == [
        (None, "unsure", "document_party_unknown"),
        (None, "unsure", "document_party_unknown"),
    ]


def test_one_driver_whom_nothing_ties_leaves_one_paper_missing_of_nobody_known() -> None:
    rest = [vehicle_licence(PLATE_A), vehicle_licence(PLATE_B)]
    assert outcomes(document(LICENCE, dossier(SCENE, *rest, driving_licence(PLATE_A, name="王五")))) == [
        (None, "unsure", "document_party_unknown"),
        (None, "fail", "document_missing"),
    ]


def test_who_owns_both_vehicles_drives_nobody_knows_which() -> None:
    rest = [vehicle_licence(PLATE_A, owner="王五"), vehicle_licence(PLATE_B, owner="王五")]
    assert outcomes(document(LICENCE, dossier(SCENE, *rest, driving_licence(PLATE_A, name="王五")))) == [
        (None, "unsure", "document_party_unknown"),
        (None, "fail", "document_missing"),
    ]


def test_a_licence_may_be_the_wrong_one_of_a_or_the_right_one_of_b() -> None:
    """Only A's plate was seen; a licence of another plate comes in."""
    asked = requirement("document", document="vehicle_licence", fields=())
    only_a = panorama("only_a", View.FRONT, View.FRONT, (PLATE_A, None))
    assert outcomes(document(asked, dossier(only_a, vehicle_licence(PLATE_B)))) == [
        (None, "unsure", "document_party_unknown"),
        (None, "fail", "document_missing"),
    ]
    known = document(asked, dossier(only_a, vehicle_licence(PLATE_A), vehicle_licence(PLATE_B)))
    assert outcomes(known) == [("A", "pass", "document_read"), ("B", "pass", "document_read")]


def test_the_case_ties_papers_by_photo() -> None:
    parties = (Party("A", None, (f"driving_{PLATE_B}.jpg",)), Party("B", None, (f"driving_{PLATE_A}.jpg",)))
    found = document(LICENCE, dossier(*BOTH, case=Case(happened_at=WHEN, parties=parties)))
    assert [one.evidence[0].photo for one in found] == [f"driving_{PLATE_B}.jpg", f"driving_{PLATE_A}.jpg"]


def test_a_policy_without_a_readable_plate_is_tied_by_vin() -> None:
    asked = requirement("document", document="insurance_policy", fields=("vin",))
    found = document(
        asked, dossier(SCENE, *papers(PLATE_A).values(), policy(PLATE_A, plate_number=None, policy_number="9"))
    )
    assert of_a(found) == ("unsure", "document_several")  # two policies for one vehicle
    lone = (vehicle_licence(PLATE_A), vehicle_licence(PLATE_B), policy(PLATE_A, plate_number=None))
    assert of_a(document(asked, dossier(SCENE, *lone))) == ("pass", "document_read")


POOR = (
    lambda one: replace(one, quality=replace(one.quality, verdict=QualityVerdict.BLUR)),
    lambda one: changed(one, lambda d: replace(d, flags=(DocumentFlag(DocumentFlagKind.GLARE_OVER_FIELD, 0.9),))),
)


@pytest.mark.parametrize("key", ["licence_number", "name"])
def test_what_was_not_read_on_a_good_picture_is_an_officers_to_read(key: str) -> None:
    unread = driving_licence(PLATE_A, **{key: None})
    gone = changed(unread, lambda d: replace(d, fields={k: f for k, f in d.fields.items() if k != key}))
    rest = [one for one in BOTH if one.photo != unread.photo]
    assert of_a(document(LICENCE, dossier(*rest, unread))) == ("unsure", "field_not_read")
    assert of_a(document(LICENCE, dossier(*rest, gone))) == ("unsure", "field_not_seen")
    for spoil in POOR:
        assert of_a(document(LICENCE, dossier(*rest, spoil(unread)))) == ("fail", "field_not_read")
        assert of_a(document(LICENCE, dossier(*rest, spoil(gone)))) == ("fail", "field_not_seen")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"licence_number": "340104199001011231"}, "id_check_wrong"),
        ({"birth_date": "1991-01-01"}, "id_birth_differs"),
        ({"first_issue_date": "1980-01-01"}, "dates_disordered"),
        ({"valid_from": "2030-06-01"}, "dates_disordered"),
        ({"valid_to": "长期"}, "document_read"),
    ],
)
def test_a_paper_that_contradicts_itself_is_a_doubt(changes: dict[str, str], reason: str) -> None:
    rest = [one for one in BOTH if one.photo != f"driving_{PLATE_A}.jpg"]
    verdict = "pass" if reason == "document_read" else "unsure"
    assert of_a(document(LICENCE, dossier(*rest, driving_licence(PLATE_A, **changes)))) == (verdict, reason)


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        (lambda d: replace(d, score=0.4), ("unsure", "document_doubtful")),
        (lambda d: replace(d, score=0.1), ("fail", "document_missing")),
        (lambda d: replace(d, pages=(Page.SECOND,)), ("fail", "document_page_missing")),
        (lambda d: replace(d, pages=(Page.ELECTRONIC,)), ("pass", "document_read")),
        (lambda d: replace(d, pages=(Page.MAIN, Page.SECOND)), ("pass", "document_read")),
        (
            lambda d: replace(d, fields={k: replace(f, score=0.6) for k, f in d.fields.items()}),
            ("unsure", "field_doubtful"),
        ),
    ],
)
def test_how_well_a_paper_was_seen(change: Callable[[Document], Document], outcome: tuple[str, str]) -> None:
    """B's papers are whole, so that A's is A's by elimination."""
    rest = [one for one in BOTH if one.photo != f"driving_{PLATE_A}.jpg"]
    assert of_a(document(LICENCE, dossier(*rest, changed(driving_licence(PLATE_A), change)))) == outcome


def test_two_licences_of_one_party_are_an_officers_to_choose_from() -> None:
    second = replace(driving_licence(PLATE_A, licence_number="11010519491231002X"), photo="two")
    assert of_a(document(LICENCE, dossier(*BOTH, replace(second, sha256="2")))) == ("unsure", "document_several")


def test_a_picture_of_some_paper_is_a_doubt_only_where_it_explains_all_that_is_missing() -> None:
    some = photo("some", FramingKind.DOCUMENT)
    rest = [one for one in BOTH if one.photo != f"driving_{PLATE_A}.jpg"]
    assert of_a(document(LICENCE, dossier(*rest, some))) == ("unsure", "document_not_recognised")
    fewer = [one for one in rest if one.photo != f"policy_{PLATE_B}.jpg"]
    assert of_a(document(LICENCE, dossier(*fewer, some))) == ("fail", "document_missing")


def test_a_spoilt_picture_of_some_paper_is_to_be_taken_again() -> None:
    rest = [one for one in BOTH if one.photo != f"driving_{PLATE_A}.jpg"]
    blurred = photo("blurred", FramingKind.DOCUMENT, quality=QualityVerdict.BLUR)
    assert of_a(document(LICENCE, dossier(*rest, blurred))) == ("fail", "document_spoilt")
    sharp = photo("sharp", FramingKind.DOCUMENT)
    assert of_a(document(LICENCE, dossier(*rest, blurred, sharp))) == ("unsure", "document_not_recognised")


def _second_page(name: str, **texts: str | None) -> PhotoFacts:
    return photo(name, FramingKind.DOCUMENT, document=paper_of(DocumentKind.VEHICLE_LICENCE, texts, Page.SECOND))


@pytest.mark.parametrize(
    ("second", "given_away"),
    [
        ({"plate_number": None}, True),
        ({"inspection_valid_to": "2031-01-31"}, False),
        ({"plate_number": "京B55555"}, False),
    ],
)
def test_only_a_page_on_which_nothing_was_read_goes_by_elimination(
    second: dict[str, str | None], given_away: bool
) -> None:
    """A date read on a page of nobody's must not vouch for the party that lacks the paper."""
    blank = vehicle_licence(PLATE_B, plate_number=None, vin=None, owner=None)
    known = [vehicle_licence(PLATE_A), panorama("p", View.FRONT, View.FRONT)]
    case = dossier(*known, blank, _second_page("second.jpg", **second))
    held = {one.photo for file in case.parties.files for paper in file.papers for one, _ in paper.pages}
    assert ("second.jpg" in held) is given_away
