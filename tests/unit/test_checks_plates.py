"""Plates at the scene: read where, whose."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit import judging
from tests.unit.facts_builder import (
    LEFT_BOX,
    PLATE_A,
    PLATE_B,
    RIGHT_BOX,
    dossier,
    panorama,
    papers,
    photo,
    plate,
    policy,
    requirement,
    vehicle,
    vehicle_licence,
)
from tests.unit.judging import FULL, run
from vision.checks.plates import more_plates_than_parties, plate_readable
from vision.checks.settle import distance
from vision.standard import load
from vision.types import Box, Case, FramingKind, Party, PhotoFacts, Plate, PlateKind, View

ASKED = requirement("plate_readable")
BYSTANDER: Box = (3400.0, 1000.0, 3900.0, 1500.0)
BOTH = panorama("both", View.FRONT, View.FRONT)


def close(name: str, read: Plate) -> PhotoFacts:
    return photo(name, FramingKind.CLOSEUP, plates=[read])


def from_the_side(read: Plate, width_px: float) -> Plate:
    (x, top), (_, bottom) = read.corners[0], read.corners[3]
    return replace(read, corners=((x, top), (x + width_px, top), (x + width_px, bottom), (x, bottom)))


def test_a_plate_that_can_be_seen_better_speaks_for_those_seen_from_the_side() -> None:
    narrow, wide = close("narrow", from_the_side(plate(None, height_px=90), 30.0)), close("wide", plate(None))
    found = plate_readable(ASKED, dossier(narrow, wide, case=Case(parties=(Party("A", PLATE_A),))))
    assert [(one.reason, one.evidence[0].photo) for one in found if one.party == "A"] == [("plate_doubtful", "wide")]


def reasons(*photos: PhotoFacts, case: Case | None = None) -> list[tuple[str | None, str]]:
    return [(one.party, one.reason) for one in plate_readable(ASKED, dossier(*photos, case=case))]


@pytest.mark.parametrize(
    ("photos", "expected"),
    [
        ([], ["plate_not_seen", "plate_not_seen"]),
        ([BOTH], ["plate_proved", "plate_proved"]),
        ([close("a", plate(PLATE_A)), close("b", plate(PLATE_B))], ["plate_proved", "plate_proved"]),
        ([close("a", plate(PLATE_A))], ["plate_proved", "plate_not_seen"]),
        ([close("a", plate(PLATE_A)), close("b", plate(None))], ["plate_proved", "plate_doubtful"]),
        ([close("a", plate(PLATE_A)), close("b", plate(PLATE_B, score=0.6))], ["plate_proved", "plate_doubtful"]),
        ([close("a", plate(PLATE_A)), close("b", plate(PLATE_A, score=0.6))], ["plate_proved", "plate_not_seen"]),
        ([close("a", plate(PLATE_A)), close("b", plate(PLATE_B, height_px=8))], ["plate_proved", "plate_too_small"]),
        ([close("a", plate(PLATE_A)), close("b", plate(PLATE_B, score=0.1))], ["plate_proved", "plate_not_seen"]),
        # a second reading one character off, never beside the first, may be the same plate misread
        ([close("a", plate(PLATE_A)), close("b", plate("皖A12346"))], ["plate_proved", "plate_not_seen"]),
        # side by side on one photo they are two
        ([panorama("p", View.FRONT, View.FRONT, (PLATE_A, "皖A12346"))], ["plate_proved", "plate_proved"]),
        # three cars of equal standing: nobody knows which two
        ([BOTH, close("c", plate("京B55555"))], ["plate_party_unknown", "plate_party_unknown"]),
        # two of them are on more photos than the third
        (
            [BOTH, panorama("again", View.REAR, View.REAR), close("c", plate("京B55555"))],
            ["plate_proved", "plate_proved"],
        ),
        # or on papers
        (
            [BOTH, close("c", plate("京B55555")), *papers(PLATE_A).values(), *papers(PLATE_B).values()],
            ["plate_proved"] * 2,
        ),
        ([photo("doc", FramingKind.DOCUMENT, plates=[plate(PLATE_A)])], ["plate_not_seen", "plate_not_seen"]),
    ],
)
def test_without_parties(photos: list[PhotoFacts], expected: list[str]) -> None:
    found = reasons(*photos)
    assert [party for party, _ in found] == ["A", "B"]
    assert [reason for _, reason in found] == expected


def test_a_bystanders_plate_is_nobodys() -> None:
    shown = [vehicle(View.FRONT), vehicle(View.FRONT, RIGHT_BOX), vehicle(View.FRONT, BYSTANDER)]
    one = photo("p", vehicles=shown, plates=[plate(PLATE_A), plate("京B55555", BYSTANDER)])
    assert [reason for _, reason in reasons(one)] == ["plate_proved", "plate_not_seen"]


def test_a_plate_that_a_paper_names_counts_wherever_it_is() -> None:
    shown = [vehicle(View.FRONT), vehicle(View.FRONT, RIGHT_BOX), vehicle(View.FRONT, BYSTANDER)]
    one = photo("p", vehicles=shown, plates=[plate(PLATE_A), plate(PLATE_B, BYSTANDER)])
    assert [reason for _, reason in reasons(one, vehicle_licence(PLATE_B))] == ["plate_proved", "plate_proved"]


OTHER = {"plate_number": "京B55555"}


@pytest.mark.parametrize(
    ("of_b", "reason"),
    [
        ([vehicle_licence(PLATE_B, **OTHER), policy(PLATE_B, **OTHER)], "plate_not_on_papers"),
        ([vehicle_licence(PLATE_B, **OTHER), policy(PLATE_B)], "plate_proved"),  # a paper of another car
        ([vehicle_licence(PLATE_B, **OTHER)], "plate_proved"),
        ([], "plate_proved"),
    ],
)
def test_a_plate_that_papers_of_its_party_agree_against_may_be_a_bystanders(
    of_b: list[PhotoFacts], reason: str
) -> None:
    assert [told for _, told in reasons(BOTH, *papers(PLATE_A).values(), *of_b)] == ["plate_proved", reason]


@pytest.mark.parametrize(
    ("read", "reason"),
    [
        (replace(plate(None), sharpness_01=0.1), "plate_blurred"),
        (replace(plate(PLATE_A, score=0.5), sharpness_01=0.1), "plate_blurred"),
        (replace(plate(PLATE_A), sharpness_01=0.1), "plate_proved"),  # the score already knows of the blur
        (replace(plate(None), sharpness_01=None), "plate_doubtful"),
        # the reader says that it is no plate of any kind: a shop sign, a badge
        (replace(plate(None), kind=PlateKind.OTHER), "plate_not_seen"),
        (plate(PLATE_A, height_px=11), "plate_too_small"),
        (replace(plate(None, height_px=20), kind=PlateKind.MOTORCYCLE), "plate_too_small"),
        (replace(plate(None, height_px=26), kind=PlateKind.MOTORCYCLE), "plate_doubtful"),
        (replace(plate(PLATE_A, height_px=20), kind=PlateKind.MOTORCYCLE), "plate_proved"),
        (plate(PLATE_A, height_px=16), "plate_proved"),
        (from_the_side(plate(None), 30.0), "plate_too_small"),
        (from_the_side(plate(None), 40.0), "plate_doubtful"),
        (from_the_side(plate(PLATE_A, score=0.5), 30.0), "plate_doubtful"),
        # read, and likely right by its score: but of so few pixels across no reader can vouch for it
        (from_the_side(plate(PLATE_A), 40.0), "plate_doubtful"),
        (from_the_side(plate(PLATE_A), 50.0), "plate_proved"),
        (from_the_side(replace(plate(PLATE_A), kind=PlateKind.MOTORCYCLE), 40.0), "plate_proved"),
    ],
)
def test_how_well_a_plate_was_seen(read: Plate, reason: str) -> None:
    found = reasons(close("a", read), case=Case(parties=(Party("A", PLATE_A),)))
    assert found[0] == ("A", reason)


def test_the_best_photo_proves_it() -> None:
    blurred, sharp = close("blurred", plate(PLATE_A, score=0.85)), close("sharp", plate(PLATE_A, score=0.99))
    found = plate_readable(ASKED, dossier(blurred, sharp, panorama("p", View.REAR, View.REAR, (None, PLATE_B))))
    assert [(one.evidence[0].photo, one.measured) for one in found] == [("sharp", PLATE_A), ("p", PLATE_B)]
    assert all(one.evidence[0].boxes for one in found)


NAMED = (Party("red", PLATE_A), Party("blue", PLATE_B))


@pytest.mark.parametrize(
    ("parties", "photos", "expected"),
    [
        (NAMED, [BOTH], ["plate_proved", "plate_proved"]),
        (NAMED, [], ["plate_not_seen", "plate_not_seen"]),
        # the case says one thing, the scene another, one character apart: an officer decides who misread
        (NAMED, [panorama("p", View.FRONT, View.FRONT, ("皖A12346", PLATE_B))], ["plate_only_other", "plate_proved"]),
        # a reading in doubt contradicts nobody
        (NAMED[:1], [close("c", plate("皖A12346", score=0.5))], ["plate_doubtful", "plate_doubtful"]),
        # both plates are there, but which party has which is nobody's to guess
        ((Party("red"), Party("blue")), [BOTH], ["plate_party_unknown", "plate_party_unknown"]),
        ((Party("red", PLATE_A), Party("blue")), [BOTH], ["plate_proved", "plate_proved"]),
        (
            (Party("red", None, ("r",)), Party("blue", None, ("b",))),
            [close("r", plate(PLATE_B)), close("b", plate(PLATE_A))],
            ["plate_proved", "plate_proved"],
        ),
        # the party that the case does not name is A
        ((Party("red", PLATE_A),), [BOTH], ["plate_proved", "plate_proved"]),
    ],
)
def test_with_parties(parties: tuple[Party, ...], photos: list[PhotoFacts], expected: list[str]) -> None:
    found = reasons(*photos, case=Case(parties=parties))
    ids = [*(party.id for party in parties), "A"][: len(expected)]
    assert found == list(zip(ids, expected, strict=True))


def test_open_plates_are_told() -> None:
    found = more_plates_than_parties(dossier(BOTH, close("c", plate("京B55555"))))
    assert {one.measured for one in found} == {PLATE_A, PLATE_B, "京B55555"}
    assert more_plates_than_parties(dossier(BOTH)) == ()


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [
        ("", "", 0),
        ("a", "", 1),
        ("abc", "abc", 0),
        ("abc", "abd", 1),
        ("abc", "ab", 1),
        ("苏A1", "鄂A1", 1),
        ("ab", "ba", 2),
    ],
)
def test_distance(one: str, other: str, steps: int) -> None:
    assert distance(one, other) == steps


@given(st.text("ab1", max_size=6), st.text("ab1", max_size=6))
def test_distance_is_symmetric_and_at_most_the_longer(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one) <= max(len(one), len(other))
    assert (distance(one, other) == 0) == (one == other)


def test_boxes_are_as_they_were_given() -> None:
    found = plate_readable(ASKED, dossier(BOTH))
    x0, y0, x1, y1 = found[0].evidence[0].boxes[0]
    assert LEFT_BOX[0] < x0 < x1 < LEFT_BOX[2]
    assert LEFT_BOX[1] < y0 < y1 < LEFT_BOX[3]


def test_a_doubt_about_the_second_vehicle_is_no_missing_photo_of_the_rear_one() -> None:
    """README: what was not found and may be there is a doubt, never a reason to send somebody back."""
    dim = {
        key: replace(FULL[key], vehicles=(FULL[key].vehicles[0], replace(FULL[key].vehicles[1], score=0.6)))
        for key in ("front", "rear", "side")
    }
    unproved = {key: replace(one, plates=one.plates[:1]) for key, one in dim.items()}
    rear_end = load("rear-end")
    assert judging.reasons(run({**FULL, **dim}.values(), rear_end), "rear_vehicle_plate") == ["plate_proved"]
    assert judging.reasons(run({**FULL, **unproved}.values(), rear_end), "rear_vehicle_plate") == ["vehicle_doubtful"]
    one = {key: replace(FULL[key], vehicles=FULL[key].vehicles[:1]) for key in ("front", "rear", "side")}
    one |= {f"vehicle_{PLATE_B}": vehicle_licence(PLATE_B, vehicle_type="普通二轮摩托车")}
    assert judging.reasons(run({**FULL, **one}.values(), rear_end), "rear_vehicle_plate") == ["plate_proved"]
    unread = {key: replace(found, plates=found.plates[:1]) for key, found in one.items()}
    assert judging.reasons(run({**FULL, **one, **unread}.values(), rear_end), "rear_vehicle_plate") == [
        "two_wheeler_not_seen"
    ]
