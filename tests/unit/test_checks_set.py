"""What is said of the set: copies, files that cannot be read, photos of something else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.facts_builder import PLATE_A, SIZE, document, dossier, driving_licence, photo, plate, sha, vehicle
from vision.checks.quality import photo_truncated, wrong_kind_of_photo
from vision.checks.reuse import copies_of, originals_readable, same_photo_twice
from vision.score import judge
from vision.standard import load
from vision.types import Case, DocumentKind, FramingKind, PhotoFacts, Unreadable, UnreadableReason, View

LIMITS = load("four-photos").limits


def hashed(name: str, bits: int) -> PhotoFacts:
    return replace(photo(name), phash=f"{bits:016x}")


@pytest.mark.parametrize(
    ("hashes", "groups"),
    [
        ([], 0),
        ([0], 1),
        ([0, 0], 1),
        ([0, 0b111111], 1),
        ([0, 0b1111111], 2),
        ([0, 0b111111, 0b111111111111], 1),  # a chain of copies
        ([0, 2**64 - 1], 2),
    ],
)
def test_copies(hashes: list[int], groups: int) -> None:
    assert len(copies_of([hashed(str(n), bits) for n, bits in enumerate(hashes)], LIMITS)) == groups


@given(st.lists(st.integers(0, 2**64 - 1), max_size=8))
def test_every_photo_is_in_one_group(hashes: list[int]) -> None:
    photos = [hashed(str(n), bits) for n, bits in enumerate(hashes)]
    grouped = [one.photo for group in copies_of(photos, LIMITS) for one in group]
    assert sorted(grouped) == sorted(one.photo for one in photos)


def test_the_same_photo_twice_is_told_once() -> None:
    found = same_photo_twice(dossier(hashed("a", 0), hashed("b", 1), hashed("c", 2**64 - 1)))
    assert [(one.measured, {e.photo for e in one.evidence}) for one in found] == [(2, {"a", "b"})]


@pytest.mark.parametrize("reason", list(UnreadableReason))
def test_every_unreadable_file_is_told(reason: UnreadableReason) -> None:
    one = Unreadable("x.bin", reason, sha("x"), 0)
    found = judge([one], Case(), load("four-photos"))
    assert found.unreadable == (one,)
    told = [f for f in found.findings if f.requirement == "originals_readable"]
    assert [(f.reason, f.measured, f.evidence[0].photo) for f in told] == [
        ("original_unreadable", reason.value, "x.bin")
    ]


def test_originals_that_can_be_read_are_not_told() -> None:
    assert originals_readable(dossier(photo("p"))) == ()


@pytest.mark.parametrize(
    ("one", "strange"),
    [
        (photo("p", FramingKind.OTHER), True),
        (photo("p", FramingKind.INTERIOR), True),
        (photo("p", FramingKind.OTHER, score=0.4), False),
        (photo("p", FramingKind.OTHER, vehicles=[vehicle(View.FRONT)]), False),
        (photo("p", FramingKind.OTHER, plates=[plate(PLATE_A)]), False),
        (photo("p", FramingKind.SCENE), False),
        (driving_licence(PLATE_A), False),
        (photo("p", FramingKind.DOCUMENT, document=document(DocumentKind.ID_CARD, {})), True),
        (photo("p", FramingKind.DOCUMENT, document=document(DocumentKind.OTHER_DOCUMENT, {}, score=0.3)), False),
    ],
)
def test_wrong_kind_of_photo(one: PhotoFacts, strange: bool) -> None:
    assert bool(wrong_kind_of_photo(dossier(one))) is strange


def test_a_truncated_photo_is_flagged_and_still_counts() -> None:
    one = replace(photo("p"), warnings=("truncated",))
    assert [found.evidence[0].photo for found in photo_truncated(dossier(one, photo("q")))] == ["p"]
    assert one.size_wh == SIZE
