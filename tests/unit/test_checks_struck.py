"""The object that was hit: beside the vehicle, in doubt, away from it, not recognised; never a failure on absence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit import facts_builder
from tests.unit.facts_builder import damage, photo, requirement, vehicle
from vision.checks.dossier import Dossier
from vision.checks.struck import object_hit
from vision.types import Box, FramingKind, PhotoFacts, RoadObject, RoadObjectKind, Verdict, View

ASKED = requirement("object_hit")
LIMITS = {
    "object_score": 0.6,
    "rail_score": 0.8,
    "object_doubt": 0.25,
    "object_01": 0.06,
    "object_gap_01": 0.08,
    "object_foot_01": 0.55,
}
CAR: Box = (1000, 1000, 3000, 2400)
BESIDE: Box = (2950, 400, 3150, 2300)
BEHIND: Box = (2950, 400, 3150, 1300)
AWAY: Box = (3600, 400, 3800, 2300)
SMALL: Box = (2950, 2200, 3000, 2350)


def dossier(*photos: PhotoFacts) -> Dossier:
    one = facts_builder.dossier(*photos)
    return replace(one, limits={**one.limits, **LIMITS})


def seen(
    box: Box,
    score: float = 0.9,
    kind: RoadObjectKind = RoadObjectKind.POLE,
    marks: tuple[Box, ...] = (),
    name: str = "p",
) -> PhotoFacts:
    one = photo(
        name, vehicles=[replace(vehicle(View.FRONT), box_xyxy=CAR)], damages=[damage(None, mark) for mark in marks]
    )
    return replace(one, roadside=(RoadObject(kind, box, score),))


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (seen(BESIDE), "shown"),
        (seen(BESIDE, 0.4), "object_doubtful"),
        (seen(BESIDE, 0.7), "shown"),
        (seen(BESIDE, 0.7, RoadObjectKind.GUARD_RAIL), "object_doubtful"),
        (seen(BESIDE, 0.9, RoadObjectKind.GUARD_RAIL), "shown"),
        (seen(BESIDE, 0.1), "object_not_recognised"),
        (seen(BESIDE, kind=RoadObjectKind.TRAFFIC_SIGN), "object_not_recognised"),
        (seen(BEHIND), "object_apart"),
        (seen(BEHIND, marks=((2800, 1100, 3000, 1400),)), "shown"),
        (seen(AWAY), "object_apart"),
        (seen(SMALL), "object_too_small"),
        (photo("near", FramingKind.CLOSEUP), "object_not_recognised"),
    ],
)
def test_object_hit(one: PhotoFacts, reason: str) -> None:
    (found,) = object_hit(ASKED, dossier(one))
    assert found.reason == reason
    assert found.verdict is (Verdict.PASS if reason == "shown" else Verdict.UNSURE)


def test_the_photo_that_comes_closest_is_told() -> None:
    (found,) = object_hit(ASKED, dossier(seen(AWAY, name="far"), seen(BESIDE, name="near")))
    assert (found.evidence[0].photo, found.evidence[0].boxes, found.measured) == ("near", (BESIDE,), "pole")


def test_without_a_photo_of_the_scene_it_is_asked_for() -> None:
    for none in ((), (photo("d", FramingKind.DOCUMENT),)):
        assert object_hit(ASKED, dossier(*none))[0].reason == "no_photo"
