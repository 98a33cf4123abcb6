"""Parties by their links: each sent its own photos; whose plate and whose papers are whose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tests.unit.facts_builder import PLATE_A, PLATE_B, WHEN, panorama, papers, photo, plate, scene, sha, vehicle
from tests.unit.judging import FOUR, FULL, of, reasons, run
from vision.standard import load
from vision.types import (
    Assessment,
    Case,
    Decision,
    DocumentFlag,
    DocumentFlagKind,
    Party,
    PhotoFacts,
    View,
)

SCENE = tuple(one.photo for one in scene().values())
PAPERS_A = tuple(one.photo for one in papers(PLATE_A).values())
PAPERS_B = tuple(one.photo for one in papers(PLATE_B).values())


def sent(facts: Iterable[PhotoFacts], by_a: tuple[str, ...], by_b: tuple[str, ...], *plates: str | None) -> Assessment:
    """Judged with what A and B sent and the plates that were stated of them."""
    stated = (*plates, None, None)
    return run(facts, FOUR, Case(None, WHEN, (Party("A", stated[0], by_a), Party("B", stated[1], by_b))))


def unread(one: PhotoFacts, name: str, *keys: str) -> PhotoFacts:
    """Another picture of the same paper on which glare hides ``keys``."""
    assert one.document is not None
    fields = {k: replace(f, text=None, raw="") if k in keys else f for k, f in one.document.fields.items()}
    paper = replace(one.document, fields=fields, flags=(DocumentFlag(DocumentFlagKind.GLARE_OVER_FIELD, 0.9),))
    return replace(one, photo=name, sha256=sha(name), phash=sha(name)[:16], document=paper)


def test_who_sent_the_scene_does_not_own_the_plates_on_it() -> None:
    told = sent(FULL.values(), SCENE + PAPERS_A, PAPERS_B)
    assert told.decision is Decision.COMPLETE, told.findings
    assert {one.party: one.measured for one in of(told, "plates")} == {"A": PLATE_A, "B": PLATE_B}


def test_a_plate_on_the_other_partys_papers_is_the_other_partys() -> None:
    one_read = {
        "front": panorama("front.jpg", View.FRONT, View.FRONT, (None, PLATE_B)),
        "rear": panorama("rear.jpg", View.REAR, View.REAR, (None, PLATE_B)),
    }
    told = sent((FULL | one_read).values(), SCENE + PAPERS_A, PAPERS_B)
    assert {one.party: one.reason for one in of(told, "plates")} == {"A": "plate_not_seen", "B": "plate_proved"}
    assert not any(one.disagreement for one in told.findings)
    (only,) = told.next
    assert (only.requirement, only.party) == ("plates", "A")
    assert PLATE_A in only.text.zh


def test_papers_of_both_from_one_phone_go_by_what_is_printed() -> None:
    told = sent(FULL.values(), SCENE + PAPERS_A + PAPERS_B, (), PLATE_A, PLATE_B)
    assert told.decision is Decision.COMPLETE, told.findings


def test_where_nothing_printed_tells_one_phone_is_a_doubt_and_no_retake() -> None:
    told = sent(FULL.values(), SCENE + PAPERS_A + PAPERS_B, ())
    assert told.decision is Decision.REVIEW
    assert set(reasons(told, "vehicle_licence")) == {"document_party_unknown"}


def test_a_bystanders_plate_does_not_hide_the_second_partys() -> None:
    bystander = photo("by.jpg", vehicles=[vehicle(View.REAR)], plates=[plate("沪C99999")])
    told = run([*FULL.values(), bystander], FOUR, Case("rear_end", WHEN, (Party("A", PLATE_A),)))
    assert told.decision is Decision.COMPLETE, told.findings
    assert reasons(told, "more_plates_than_parties") == ["more_plates_than_parties"]


def test_of_a_stated_plate_a_picture_is_asked_for_where_only_a_strangers_was_read() -> None:
    unread = {key: replace(FULL[key], plates=FULL[key].plates[1:]) for key in ("front", "rear")}
    bystander = photo("by.jpg", vehicles=[vehicle(View.REAR)], plates=[plate("沪C99999")])
    both = (Party("A", PLATE_A), Party("B", PLATE_B))
    told = run([*(FULL | unread).values(), bystander], FOUR, Case("rear_end", WHEN, both))
    assert told.decision is Decision.REVIEW
    assert [(one.requirement, one.party) for one in told.next] == [("plates", "A")]


def test_a_paper_taken_again_counts_beside_the_one_that_could_not_be_read() -> None:
    hidden = (
        ("driving_", ("licence_number",)),
        ("policy_", ("policy_number", "vin")),
        ("vehicle_", ("plate_number", "vin")),
    )
    for kind, keys in hidden:
        first = unread(FULL[kind + PLATE_A], "first.jpg", *keys)
        alone = run({**FULL, kind + PLATE_A: first}.values())
        assert alone.decision is Decision.RETAKE, kind
        assert run([*FULL.values(), first]).decision is Decision.COMPLETE, kind
        by_link = sent([*FULL.values(), first], (*SCENE, *PAPERS_A, "first.jpg"), PAPERS_B)
        assert by_link.decision is Decision.COMPLETE, kind


def test_a_name_misread_on_the_picture_before_is_no_disagreement() -> None:
    first = unread(FULL["vehicle_" + PLATE_A], "first.jpg", "plate_number", "vin")
    assert first.document is not None
    owner = replace(first.document.fields["owner"], text="张二")
    first = replace(first, document=replace(first.document, fields={**first.document.fields, "owner": owner}))
    told = sent([*FULL.values(), first], (*SCENE, *PAPERS_A, "first.jpg"), PAPERS_B)
    assert told.decision is Decision.COMPLETE, told.findings


def test_two_different_papers_of_one_party_are_still_an_officers_question() -> None:
    other = replace(FULL["driving_" + PLATE_A], photo="other.jpg", sha256=sha("other"), phash=sha("other")[:16])
    assert other.document is not None
    number = replace(other.document.fields["licence_number"], text="11010519491231002X")
    other = replace(other, document=replace(other.document, fields={**other.document.fields, "licence_number": number}))
    told = run([*FULL.values(), other])
    assert told.decision is Decision.REVIEW
    assert "document_several" in reasons(told, "driving_licence")


def test_whoever_names_the_only_party_of_a_dooring_case_is_not_asked_for_a_bicycles_papers() -> None:
    alone = [
        replace(one, plates=tuple(read for read in one.plates if read.text != PLATE_B))
        for key, one in FULL.items()
        if PLATE_B not in key
    ]
    for stated in (PLATE_A, None):
        told = run(alone, load("dooring"), Case("dooring", WHEN, (Party("A", stated),)))
        assert {one.party for one in told.findings} <= {None, "A"}
    unnamed = run(alone, load("dooring"), Case("dooring", WHEN))
    assert "document_missing" in reasons(unnamed, "vehicle_licence")


def test_a_second_plate_at_the_scene_is_no_bicycles() -> None:
    """Naming one party must not make a case of two cars complete without the other's papers."""
    alone = [one for key, one in FULL.items() if PLATE_B not in key]
    told = run(alone, load("dooring"), Case("dooring", WHEN, (Party("A", PLATE_A),)))
    assert told.decision is Decision.RETAKE
    assert [(one.party, one.reason) for one in of(told, "vehicle_licence")] == [
        ("A", "document_read"),
        ("B", "document_missing"),
    ]
