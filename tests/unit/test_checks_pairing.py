"""Contact pairing of A and B: sides and heights."""

from __future__ import annotations

import pytest

from tests.unit.facts_builder import (
    LEFT_BOX,
    PLATE_A,
    PLATE_B,
    damage,
    detail,
    dossier,
    photo,
    requirement,
    vehicle,
)
from vision.checks.pairing import REGIONS, contact_pairing
from vision.types import Box, Case, FramingKind, PartKind, Party, PhotoFacts, View

MIDDLE: Box = (1700.0, 1200.0, 2200.0, 1700.0)
CLOSE = FramingKind.CLOSEUP
BUMPER = PartKind.BACK_BUMPER


def close(name: str, part: PartKind | None, view: View | None = None) -> PhotoFacts:
    shown = [vehicle(view, (100.0, 100.0, 3900.0, 2900.0))] if view else []
    return photo(name, CLOSE, vehicles=shown, damages=[damage(part, MIDDLE)])


REAR_FRONT = ("rear+front",)


@pytest.mark.parametrize(
    ("photos", "pairs", "verdict", "reason"),
    [
        ([], REAR_FRONT, "fail", "no_photo"),
        ([photo("d", FramingKind.DOCUMENT)], REAR_FRONT, "fail", "no_photo"),
        ([photo("p", CLOSE)], REAR_FRONT, "unsure", "damage_not_seen"),
        ([detail()], REAR_FRONT, "pass", "contact_plausible"),
        ([close("a", BUMPER), close("b", PartKind.FRONT_BUMPER)], REAR_FRONT, "pass", "contact_plausible"),
        ([close("a", BUMPER), close("b", PartKind.HOOD)], REAR_FRONT, "pass", "contact_plausible"),
        ([close("a", BUMPER)], REAR_FRONT, "unsure", "contact_one_sided"),
        ([close("a", BUMPER), close("b", BUMPER)], REAR_FRONT, "unsure", "contact_implausible"),
        ([close("a", PartKind.FRONT_LEFT_DOOR), close("b", BUMPER)], REAR_FRONT, "unsure", "contact_implausible"),
        ([close("a", BUMPER), close("b", PartKind.FRONT_GLASS)], REAR_FRONT, "unsure", "contact_heights_differ"),
        ([close("a", None, View.REAR), close("b", None, View.FRONT)], REAR_FRONT, "pass", "contact_plausible"),
        ([close("a", None), close("b", None)], REAR_FRONT, "unsure", "contact_implausible"),
        ([close("a", PartKind.WHEEL), close("b", PartKind.HOOD)], ("any+any",), "pass", "contact_plausible"),
        ([close("a", PartKind.BACK_LEFT_DOOR), close("b", PartKind.HOOD)], ("door+any",), "pass", "contact_plausible"),
        ([close("a", PartKind.LEFT_MIRROR), close("b", PartKind.HOOD)], ("side+any",), "pass", "contact_plausible"),
    ],
)
def test_pairing(photos: list[PhotoFacts], pairs: tuple[str, ...], verdict: str, reason: str) -> None:
    found = contact_pairing(requirement("contact_pairing", pairs=pairs), dossier(*photos))
    assert [(one.verdict.value, one.reason) for one in found] == [(verdict, reason)]


def test_rear_and_front_of_one_partys_vehicle_are_no_pair() -> None:
    """A chain collision: the same car is struck at both ends."""
    photos = [close("a1", BUMPER), close("a2", PartKind.FRONT_BUMPER)]
    parties = (Party("A", PLATE_A, ("a1", "a2")), Party("B", PLATE_B, ()))
    found = contact_pairing(
        requirement("contact_pairing", pairs=REAR_FRONT), dossier(*photos, case=Case(parties=parties))
    )
    assert found[0].reason == "contact_one_sided"


def test_two_damages_in_one_box_are_on_one_vehicle() -> None:
    both = [damage(BUMPER, (700, 1200, 900, 1400)), damage(PartKind.FRONT_BUMPER, (1500, 1200, 1700, 1400))]
    one = photo("p", CLOSE, vehicles=[vehicle(View.LEFT, LEFT_BOX)], damages=both)
    found = contact_pairing(requirement("contact_pairing", pairs=REAR_FRONT), dossier(one))
    assert found[0].reason == "contact_one_sided"


def test_every_part_but_the_wheel_has_its_sides() -> None:
    assert set(PartKind) - set(REGIONS) == {PartKind.WHEEL}
