"""Whose vehicle it is, by plate and paint; what is taken away for it, and what is only hinted at."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.facts_builder import (
    LEFT_BOX,
    PLATE_A,
    PLATE_B,
    RIGHT_BOX,
    WHEN,
    damage,
    dossier,
    photo,
    plate,
    requirement,
    vehicle,
    vehicle_licence,
)
from vision.checks.paint import ALIKE, unlike
from vision.checks.pairing import contact_pairing, contacts_of
from vision.checks.views import scene_view
from vision.checks.whose import may_be, vehicle_colours
from vision.score import judge
from vision.standard import load
from vision.types import Box, Case, FramingKind, PartKind, Party, PhotoFacts, Vehicle, VehicleColour, VehicleKind, View

RED, WHITE, BLUE, SILVER = VehicleColour.RED, VehicleColour.WHITE, VehicleColour.BLUE, VehicleColour.SILVER
ALL: Box = (100.0, 100.0, 3900.0, 2900.0)
DIFFERS = "colour_not_as_on_papers"


def of(colour: VehicleColour | None, box: Box = LEFT_BOX, score: float = 0.97, view: View = View.FRONT) -> Vehicle:
    return replace(vehicle(view, box), colour=colour, colour_score=score)


def of_a(colour: VehicleColour | None = RED, name: str = "a") -> PhotoFacts:
    return photo(name, vehicles=[of(colour)], plates=[plate(PLATE_A)])


def of_b(colour: VehicleColour | None = WHITE, name: str = "b") -> PhotoFacts:
    return photo(name, vehicles=[of(colour)], plates=[plate(PLATE_B)])


PAPERS = (vehicle_licence(PLATE_A), vehicle_licence(PLATE_B))


@given(st.sampled_from(VehicleColour), st.sampled_from(VehicleColour))
def test_unlike_is_mutual_and_never_said_of_like_colours(one: VehicleColour, other: VehicleColour) -> None:
    assert unlike(one, other) == unlike(other, one)
    like = one is other or VehicleColour.OTHER in (one, other) or any({one, other} <= group for group in ALIKE)
    assert unlike(one, other) is not like


@pytest.mark.parametrize(
    ("seen", "owners"),
    [
        (of(RED), {"A"}),
        (of(WHITE), {"B"}),
        (of(SILVER), {"B"}),  # white under a grey sky
        (of(BLUE), set()),
        (of(BLUE, score=0.85), {"A", "B"}),
        (of(None), {"A", "B"}),
        (of(VehicleColour.OTHER), {"A", "B"}),
        (replace(of(BLUE), kind=VehicleKind.MOTORCYCLE), {"A", "B"}),
    ],
)
def test_whose_a_vehicle_may_be_by_its_paint(seen: Vehicle, owners: set[str]) -> None:
    one = photo("p", vehicles=[seen])
    known = dossier(of_a(), of_b(), one, *PAPERS)
    named = {file.id: file.plate for file in known.parties.files}
    assert {named[party] for party in may_be(seen, one, known)} == {{"A": PLATE_A, "B": PLATE_B}[x] for x in owners}


def test_a_vehicle_behind_a_nearer_one_has_no_sure_paint() -> None:
    behind, near = of(BLUE, (500.0, 900.0, 2000.0, 2000.0)), of(RED, (900.0, 950.0, 3000.0, 2100.0))
    one = photo("p", vehicles=[behind, near])
    assert len(may_be(behind, one, dossier(of_a(), of_b(), one, *PAPERS))) == 2


def test_the_plate_counts_before_the_paint() -> None:
    one = photo("p", vehicles=[of(BLUE)], plates=[plate(PLATE_A)])
    known = dossier(of_a(), of_b(), one, *PAPERS)
    assert len(may_be(one.vehicles[0], one, known)) == 1
    assert vehicle_colours(known) == ()


def test_a_photo_of_no_partys_vehicle_is_a_hint_outside_the_score() -> None:
    strange = photo("s", vehicles=[of(BLUE)])
    (found,) = vehicle_colours(dossier(of_a(), of_b(), strange, *PAPERS))
    assert (found.verdict.value, found.reason, found.disagreement) == ("unsure", "vehicle_of_another_colour", False)
    assert (found.measured, found.limit) == ("blue", "red, white")
    assert [(e.photo, e.boxes) for e in found.evidence] == [("s", (LEFT_BOX,))]


def test_a_larger_car_that_passes_beside_a_partys_is_no_hint() -> None:
    both = photo("s", vehicles=[of(BLUE, (2000.0, 500.0, 3900.0, 2900.0)), of(RED, LEFT_BOX)])
    assert vehicle_colours(dossier(of_a(), of_b(), both, *PAPERS)) == ()


def test_hints_change_neither_score_nor_decision() -> None:
    photos = [of_a(), of_b(), photo("s", vehicles=[of(BLUE)]), *PAPERS]
    plain = [replace(one, vehicles=tuple(replace(v, colour=None) for v in one.vehicles)) for one in photos]
    standard, case = load("four-photos"), Case(happened_at=WHEN)
    hinted, bare = judge(photos, case, standard), judge(plain, case, standard)
    assert any(one.requirement == "vehicle_colours" for one in hinted.findings)
    assert (hinted.score, hinted.decision) == (bare.score, bare.decision)


def test_the_smallest_of_nested_boxes_bears_the_plate_and_a_shared_plate_is_nobodys() -> None:
    outer, inner = of(WHITE, (100.0, 100.0, 3900.0, 2090.0)), of(RED, LEFT_BOX)
    one = photo("p", vehicles=[outer, inner], plates=[plate(PLATE_A)])
    known = dossier(one, *PAPERS).painted
    assert [(p.vehicle, p.colour) for p in known] == [(inner, RED)]
    shared = Case(happened_at=WHEN, parties=(Party("A", PLATE_A, ()), Party("B", PLATE_A, ())))
    assert dossier(one, case=shared).painted == ()


def test_an_unsure_plate_bears_witness_to_nothing() -> None:
    one = photo("p", vehicles=[of(RED)], plates=[plate(PLATE_A, score=0.5)])
    assert dossier(one, *PAPERS).painted == ()


def test_the_paint_of_the_damaged_car_counts_before_the_plate_on_the_photo() -> None:
    """A's plate is on the picture, but the damage is on the white car: B's."""
    struck, other = of(WHITE, (2000.0, 100.0, 3900.0, 2900.0)), of(RED, (50.0, 100.0, 1950.0, 2900.0))
    marks = [damage(PartKind.FRONT_BUMPER, (2600.0, 1200.0, 3000.0, 1600.0))]
    one = photo(
        "p",
        FramingKind.CLOSEUP,
        vehicles=[struck, other],
        plates=[plate(PLATE_A, (50.0, 100.0, 1950.0, 2900.0))],
        damages=marks,
    )
    (found,) = contacts_of(dossier(one, of_b(), *PAPERS))
    parties = {file.id: file.plate for file in dossier(one, of_b(), *PAPERS).parties.files}
    assert parties[found.party or ""] == PLATE_B


@pytest.mark.parametrize(
    "others",
    [
        (of_a(),),  # of the other party nothing is known
        (of_a(), of_b(None)),
        (of_a(), of_b(VehicleColour.BLACK)),  # blue in the shade
    ],
)
def test_nothing_is_hinted_while_it_may_be_a_partys(others: tuple[PhotoFacts, ...]) -> None:
    assert vehicle_colours(dossier(*others, photo("s", vehicles=[of(BLUE)]), *PAPERS)) == ()


@pytest.mark.parametrize(
    ("printed", "reasons"),
    [("白", [DIFFERS]), ("红色", []), ("白/红", []), ("褐", []), ("紫", []), ("蓝、绿", [DIFFERS])],
)  # fmt: skip
def test_the_licence_names_another_colour(printed: str, reasons: list[str]) -> None:
    found = vehicle_colours(dossier(of_a(), vehicle_licence(PLATE_A, body_colour=printed)))
    assert [one.reason for one in found] == reasons


def test_a_bystanders_car_is_not_taken_for_a_partys() -> None:
    front = requirement("scene_view", faces=("front",), vehicles=2)
    bystanders, white = of(BLUE, (3200.0, 300.0, 4000.0, 2900.0)), of(WHITE, (1950.0, 950.0, 3100.0, 2050.0))
    three = photo("p", vehicles=[bystanders, of(RED, LEFT_BOX), white])
    assert scene_view(three, front, dossier(three)).reason.value == "vehicle_cut_off"
    assert scene_view(three, front, dossier(of_a(), of_b(), three, *PAPERS)).reason.value == "shown"


def test_one_misread_paint_puts_no_passer_by_in_a_partys_place() -> None:
    """A's red car is told blue; the third, of which nothing is told, is no reason to leave A's aside."""
    front = requirement("scene_view", faces=("front",), vehicles=2)
    misread, white = of(BLUE, LEFT_BOX), of(WHITE, (1950.0, 950.0, 3300.0, 2050.0))
    third = of(None, (3400.0, 1000.0, 4000.0, 1500.0))
    one = photo("p", vehicles=[misread, white, third])
    look = scene_view(one, front, dossier(of_a(), of_b(), one, *PAPERS))
    assert (look.reason.value, set(look.boxes)) == ("shown", {LEFT_BOX, white.box_xyxy})


def test_where_too_few_would_be_left_nothing_is_taken_away() -> None:
    front = requirement("scene_view", faces=("front",), vehicles=2)
    two = photo("p", vehicles=[of(BLUE, LEFT_BOX), of(RED, RIGHT_BOX)])
    assert scene_view(two, front, dossier(of_a(), of_b(), two, *PAPERS)).reason.value == "shown"


@pytest.mark.parametrize(("colour", "reason"), [(RED, "contact_one_sided"), (WHITE, "contact_plausible")])
def test_close_ups_of_one_paint_are_of_one_vehicle_and_no_pair(colour: VehicleColour, reason: str) -> None:
    rear = photo("r", FramingKind.CLOSEUP, vehicles=[of(RED, ALL)], damages=[damage(PartKind.BACK_BUMPER)])
    other = photo("o", FramingKind.CLOSEUP, vehicles=[of(colour, ALL)], damages=[damage(PartKind.FRONT_BUMPER)])
    (found,) = contact_pairing(
        requirement("contact_pairing", pairs=("rear+front",)), dossier(of_a(), of_b(), rear, other, *PAPERS)
    )
    assert found.reason == reason
