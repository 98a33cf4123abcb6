"""The contact point from near and from far."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.facts_builder import (
    RIGHT_BOX,
    damage,
    detail,
    dossier,
    panorama,
    photo,
    requirement,
    vehicle,
)
from vision.checks.collision import contact_far, contact_near
from vision.types import Box, FramingKind, PartKind, PhotoFacts, QualityVerdict, View

CORNER: Box = (3500.0, 100.0, 3900.0, 500.0)
SMALL: Box = (1990.0, 1490.0, 2030.0, 1520.0)
LARGE: Box = (1500.0, 1100.0, 2300.0, 1900.0)
CLOSE, SCENE = FramingKind.CLOSEUP, FramingKind.SCENE
BUMPER = PartKind.BACK_BUMPER
SEVERAL = [damage(BUMPER, (x, 1200.0, x + 400.0, 1700.0), score=0.15) for x in (1000.0, 1600.0, 2200.0)]
"""Doubtful each, in three places of the middle."""
WEAK = [damage(BUMPER, (x, 1200.0, x + 200.0, 1400.0), score=0.09) for x in (1000.0, 1400.0, 1800.0, 2200.0)]
"""Too weak each to be looked at by itself."""


@pytest.mark.parametrize(
    ("one", "verdict", "reason"),
    [
        (photo("p", CLOSE, damages=[damage(BUMPER)]), "pass", "shown"),
        (photo("p", FramingKind.MEDIUM, damages=[damage(None)]), "pass", "shown"),
        (photo("p", CLOSE), "unsure", "damage_not_seen"),
        (photo("p", CLOSE, quality=QualityVerdict.BLUR), "fail", "photo_blurred"),
        (photo("p", CLOSE, quality=QualityVerdict.DARK), "fail", "photo_dark"),
        (photo("p", CLOSE, damages=[damage(BUMPER, score=0.05)]), "unsure", "damage_not_seen"),
        (photo("p", CLOSE, damages=[damage(BUMPER, score=0.15)]), "unsure", "damage_doubtful"),
        (photo("p", CLOSE, damages=[damage(BUMPER, score=0.15)] * 9), "unsure", "damage_doubtful"),  # one place
        (photo("p", CLOSE, damages=SEVERAL[:2]), "unsure", "damage_doubtful"),  # .28 that one of them is right
        (photo("p", CLOSE, damages=SEVERAL), "pass", "shown"),  # .39
        (photo("p", CLOSE, damages=[*SEVERAL[:2], damage(BUMPER, CORNER, score=0.15)]), "pass", "shown"),
        (photo("p", CLOSE, damages=[damage(BUMPER, CORNER, score=0.15), *WEAK]), "unsure", "damage_off_centre"),
        (photo("p", SCENE, score=0.4, damages=SEVERAL), "unsure", "framing_doubtful"),
        (photo("p", CLOSE, damages=[damage(BUMPER, CORNER)]), "fail", "damage_off_centre"),
        (photo("p", CLOSE, damages=[damage(BUMPER, score=0.4)]), "pass", "shown"),
        (photo("p", CLOSE, damages=[damage(BUMPER, CORNER, score=0.4)]), "unsure", "damage_off_centre"),
        (photo("p", CLOSE, damages=[damage(BUMPER, SMALL, score=0.4)]), "unsure", "damage_too_small"),
        (photo("p", CLOSE, damages=[damage(BUMPER, score=0.4, sharpness_01=0.1)]), "unsure", "damage_blurred"),
        (photo("p", CLOSE, damages=[damage(BUMPER, CORNER, score=0.15)]), "unsure", "damage_doubtful"),
        (photo("p", CLOSE, damages=[damage(BUMPER, CORNER), damage(BUMPER)]), "pass", "shown"),
        (photo("p", CLOSE, damages=[damage(BUMPER, SMALL)]), "fail", "damage_too_small"),
        (photo("p", CLOSE, damages=[damage(BUMPER, sharpness_01=0.1)]), "fail", "damage_blurred"),
        # a blurred background that is hardly damage says nothing of the picture
        (photo("p", CLOSE, damages=[damage(BUMPER, score=0.15, sharpness_01=0.0)]), "unsure", "damage_doubtful"),
        (
            photo("p", CLOSE, quality=QualityVerdict.BLUR, damages=[damage(BUMPER)]),
            "pass",
            "shown",
        ),  # sharp where asked
        (photo("p", CLOSE, quality=QualityVerdict.SMALL, damages=[damage(BUMPER)]), "pass", "shown"),
        (photo("p", SCENE, damages=[damage(BUMPER)]), "fail", "wrong_framing"),  # certain, but far away
        (photo("p", CLOSE, quality=QualityVerdict.BLUR, damages=[damage(BUMPER, score=0.4)]), "fail", "photo_blurred"),
        (photo("p", SCENE, damages=[damage(BUMPER, LARGE, score=0.4)]), "fail", "wrong_framing"),
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


def test_no_verdict_ever_says_that_there_is_no_damage() -> None:
    for one in (photo("p", CLOSE), photo("q", FramingKind.MEDIUM)):
        look = contact_near(one, requirement("contact_near"), dossier(one))
        assert (look.verdict.value, look.reason.value) == ("unsure", "damage_not_seen")


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
        # the nearer one's width and wheels are in the picture, its roof is not: one of a plate
        (((800.0, 0.0, 3000.0, 1700.0), (0.0, 150.0, 900.0, 1200.0)), QualityVerdict.OK, "fail", "wrong_framing"),
        # both reach the lower edge: neither stands behind the other, though their boxes share half of the narrower one
        (((0.0, 0.0, 2500.0, 3000.0), (1500.0, 300.0, 4000.0, 3000.0)), QualityVerdict.OK, "pass", "contact_shown"),
        (((0.0, 0.0, 2500.0, 3000.0), (1500.0, 300.0, 4000.0, 2800.0)), QualityVerdict.OK, "unsure", "damage_not_seen"),
        (((0.0, 0.0, 3600.0, 3000.0), (1000.0, 300.0, 4000.0, 3000.0)), QualityVerdict.OK, "unsure", "damage_not_seen"),
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
