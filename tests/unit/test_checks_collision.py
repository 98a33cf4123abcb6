"""The contact point from near and far, and the pairing of A and B."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.facts_builder import (
    LEFT_BOX,
    PLATE_A,
    PLATE_B,
    RIGHT_BOX,
    damage,
    detail,
    dossier,
    panorama,
    photo,
    requirement,
    vehicle,
)
from vision.checks.collision import contact_far, contact_near, object_hit
from vision.checks.pairing import REGIONS, contact_pairing
from vision.types import Box, Case, FramingKind, PartKind, Party, PhotoFacts, QualityVerdict, View

MIDDLE: Box = (1700.0, 1200.0, 2200.0, 1700.0)
CORNER: Box = (3500.0, 100.0, 3900.0, 500.0)
SMALL: Box = (1990.0, 1490.0, 2030.0, 1520.0)
LARGE: Box = (1500.0, 1100.0, 2300.0, 1900.0)
CLOSE, SCENE = FramingKind.CLOSEUP, FramingKind.SCENE
BUMPER = PartKind.BACK_BUMPER


@pytest.mark.parametrize(
    ("one", "verdict", "reason"),
    [
        (photo("p", CLOSE, damages=[damage(BUMPER)]), "pass", "shown"),
        (photo("p", FramingKind.MEDIUM, damages=[damage(None)]), "pass", "shown"),
        (photo("p", CLOSE), "unsure", "damage_not_seen"),
        (photo("p", CLOSE, quality=QualityVerdict.BLUR), "fail", "photo_blurred"),
        (photo("p", CLOSE, quality=QualityVerdict.DARK), "fail", "photo_dark"),
        (photo("p", CLOSE, damages=[damage(BUMPER, score=0.1)]), "unsure", "damage_not_seen"),
        (photo("p", CLOSE, damages=[damage(BUMPER, score=0.3)]), "unsure", "damage_doubtful"),
        (photo("p", CLOSE, damages=[damage(BUMPER, CORNER)]), "fail", "damage_off_centre"),
        (photo("p", CLOSE, damages=[damage(BUMPER, CORNER, score=0.3)]), "unsure", "damage_doubtful"),
        (photo("p", CLOSE, damages=[damage(BUMPER, CORNER), damage(BUMPER)]), "pass", "shown"),
        (photo("p", CLOSE, damages=[damage(BUMPER, SMALL)]), "fail", "damage_too_small"),
        (photo("p", CLOSE, damages=[damage(BUMPER, sharpness_01=0.1)]), "fail", "damage_blurred"),
        # a blurred background that is hardly damage says nothing of the picture
        (photo("p", CLOSE, damages=[damage(BUMPER, score=0.3, sharpness_01=0.0)]), "unsure", "damage_doubtful"),
        (
            photo("p", CLOSE, quality=QualityVerdict.BLUR, damages=[damage(BUMPER)]),
            "pass",
            "shown",
        ),  # sharp where asked
        (photo("p", CLOSE, quality=QualityVerdict.SMALL, damages=[damage(BUMPER)]), "pass", "shown"),
        (photo("p", SCENE, damages=[damage(BUMPER)]), "unsure", "framing_doubtful"),
        (photo("p", SCENE, damages=[damage(BUMPER, LARGE)]), "pass", "shown"),  # large on the picture is near
        (photo("p", SCENE), "fail", "wrong_framing"),
        (photo("p", SCENE, score=0.4), "unsure", "framing_doubtful"),
        (photo("p", FramingKind.DOCUMENT, damages=[damage(BUMPER)]), "fail", "no_photo"),
        (photo("p", FramingKind.OTHER), "fail", "no_photo"),
    ],
)
def test_near(one: PhotoFacts, verdict: str, reason: str) -> None:
    look = contact_near(one, requirement("contact_near"), dossier(one))
    assert (look.verdict.value, look.reason.value) == (verdict, reason)


def test_the_photos_quality_counts_where_the_damage_has_none_of_its_own() -> None:
    unknown = replace(damage(BUMPER), sharpness_01=None)
    one = photo("p", CLOSE, quality=QualityVerdict.BLUR, damages=[unknown])
    assert contact_near(one, requirement("contact_near"), dossier(one)).reason.value == "photo_blurred"


@pytest.mark.parametrize(
    ("one", "verdict", "reason"),
    [
        (panorama("p", View.LEFT, View.LEFT), "pass", "shown"),
        (panorama("p", View.FRONT_LEFT, View.FRONT), "pass", "shown"),
        (panorama("p", View.FRONT, View.FRONT), "unsure", "contact_hidden"),
        (photo("p", vehicles=[vehicle(View.LEFT)]), "fail", "too_few_vehicles"),
        (
            photo("p", vehicles=[vehicle(View.LEFT), vehicle(View.LEFT, (2400.0, 950.0, 3800.0, 2050.0))]),
            "unsure",
            "vehicles_apart",
        ),
        (
            photo("p", vehicles=[vehicle(View.REAR), vehicle(View.REAR, RIGHT_BOX)], damages=[damage(BUMPER)]),
            "pass",
            "shown",
        ),
        (photo("p", FramingKind.DOCUMENT), "fail", "no_photo"),
        (detail(), "fail", "wrong_framing"),
    ],
)
def test_far(one: PhotoFacts, verdict: str, reason: str) -> None:
    look = contact_far(one, requirement("contact_far"), dossier(one))
    assert (look.verdict.value, look.reason.value) == (verdict, reason)


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


def test_no_verdict_ever_says_that_there_is_no_damage() -> None:
    for one in (photo("p", CLOSE), photo("q", FramingKind.MEDIUM)):
        look = contact_near(one, requirement("contact_near"), dossier(one))
        assert (look.verdict.value, look.reason.value) == ("unsure", "damage_not_seen")


def test_object_hit_is_a_doubt_wherever_there_is_a_picture() -> None:
    asked = requirement("object_hit")
    assert object_hit(asked, dossier(photo("p", CLOSE)))[0].reason == "object_not_recognised"
    assert object_hit(asked, dossier())[0].reason == "no_photo"


OK = QualityVerdict.OK
BESIDE = ((0.0, 500.0, 1960.0, 2500.0), (2000.0, 450.0, 4000.0, 2450.0))


@pytest.mark.parametrize(
    ("boxes", "quality", "verdict", "reason"),
    [
        (BESIDE, QualityVerdict.OK, "pass", "contact_shown"),
        (BESIDE, QualityVerdict.BLUR, "fail", "photo_blurred"),
        (((0.0, 500.0, 2100.0, 2500.0), BESIDE[1]), QualityVerdict.OK, "pass", "contact_shown"),
        # whole vehicles: a panorama, however sharp
        (((100.0, 500.0, 1960.0, 2500.0), (2000.0, 450.0, 3900.0, 2450.0)), QualityVerdict.OK, "fail", "wrong_framing"),
        # one behind the other
        (((0.0, 0.0, 4000.0, 3000.0), (1000.0, 0.0, 3000.0, 1500.0)), QualityVerdict.OK, "unsure", "damage_not_seen"),
        # a gap that nothing bridges
        (
            ((0.0, 500.0, 1500.0, 2500.0), (2500.0, 450.0, 4000.0, 2450.0)),
            QualityVerdict.OK,
            "unsure",
            "damage_not_seen",
        ),
        # touching at the very edge of the picture
        (
            ((0.0, 500.0, 3700.0, 2500.0), (3720.0, 450.0, 4000.0, 2450.0)),
            QualityVerdict.OK,
            "unsure",
            "damage_not_seen",
        ),
    ],
)
def test_the_place_where_two_vehicles_touch(
    boxes: tuple[Box, Box], quality: QualityVerdict, verdict: str, reason: str
) -> None:
    """The framing net says scene: what fits into the picture says otherwise."""
    one = photo("p", quality=quality, vehicles=[vehicle(View.RIGHT, box) for box in boxes])
    look = contact_near(one, requirement("contact_near"), dossier(one))
    assert (look.verdict.value, look.reason.value) == (verdict, reason)
