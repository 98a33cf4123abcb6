"""Lane lines and traffic lights: seen, in doubt, not seen, not looked for; never a failure on absence alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit import facts_builder
from tests.unit.facts_builder import photo, requirement, vehicle
from vision.checks.dossier import Dossier
from vision.checks.road import lane_line, road_sign, traffic_light
from vision.types import (
    Box,
    FramingKind,
    Lane,
    LaneLine,
    LightState,
    LineColour,
    LineKind,
    PhotoFacts,
    RoadObject,
    RoadObjectKind,
    TrafficLight,
    Verdict,
    View,
)

LIMITS = {"lane_score": 0.6, "lane_doubt": 0.3, "lane_kind_score": 0.9, "light_score": 0.8, "light_doubt": 0.5,
          "sign_score": 0.6, "sign_doubt": 0.3}  # fmt: skip
"""The checks' logic, whatever limits ship."""
TOLD, ANY = requirement("lane_line", told=True), requirement("lane_line")
LIGHT = requirement("traffic_light")


def dossier(*photos: PhotoFacts) -> Dossier:
    one = facts_builder.dossier(*photos)
    return replace(one, limits={**one.limits, **LIMITS})


def line(score: float = 0.9, kind: LineKind | None = LineKind.DASHED_WHITE, kind_score: float = 0.97) -> LaneLine:
    return LaneLine(LineColour.WHITE, ((100, 2900), (1500, 1500)), score, kind, kind_score if kind else 0.0)


def seen(*lines: LaneLine, name: str = "p", car: bool = True) -> PhotoFacts:
    return replace(photo(name, vehicles=[vehicle(View.FRONT)] if car else []), lane=Lane(lines))


def lit(*lights: TrafficLight, name: str = "p", car: bool = True) -> PhotoFacts:
    return replace(photo(name, vehicles=[vehicle(View.FRONT)] if car else []), traffic_light=lights)


@pytest.mark.parametrize(
    ("one", "told", "any_line"),
    [
        (seen(line()), "shown", "shown"),
        (seen(line(kind=None)), "lane_kind_doubtful", "shown"),
        (seen(line(kind_score=0.6)), "lane_kind_doubtful", "shown"),
        (seen(line(score=0.4)), "lane_doubtful", "lane_doubtful"),
        (seen(line(score=0.1)), "lane_not_seen", "lane_not_seen"),
        (seen(), "lane_not_seen", "lane_not_seen"),
        (seen(line(), car=False), "lane_without_vehicle", "lane_without_vehicle"),
        (photo("old"), "lane_not_looked_at", "lane_not_looked_at"),
    ],
)
def test_lane_line(one: PhotoFacts, told: str, any_line: str) -> None:
    assert lane_line(TOLD, dossier(one))[0].reason == told
    assert lane_line(ANY, dossier(one))[0].reason == any_line


def test_the_kinds_that_are_told_are_named_with_where_they_are() -> None:
    (found,) = lane_line(TOLD, dossier(seen(line(), line(kind=LineKind.SOLID_WHITE), line(kind=None))))
    assert found.measured == "dashed_white, solid_white"
    assert found.evidence[0].boxes == ((100, 1500, 1500, 2900),) * 2


def test_the_photo_that_comes_closest_is_told() -> None:
    both = dossier(seen(name="none"), seen(line(), name="some"))
    (found,) = lane_line(TOLD, both)
    assert (found.verdict, found.evidence[0].photo) == (Verdict.PASS, "some")


@pytest.mark.parametrize(
    ("one", "reason", "measured"),
    [
        (lit(TrafficLight((10, 10, 30, 60), 0.95, LightState.RED, 0.9)), "shown", "red"),
        (lit(TrafficLight((10, 10, 30, 60), 0.95, LightState.RED, 0.3)), "shown", "unknown"),
        (lit(TrafficLight((10, 10, 30, 60), 0.6)), "traffic_light_doubtful", 0.6),
        (lit(TrafficLight((10, 10, 30, 60), 0.2)), "traffic_light_not_seen", None),
        (lit(TrafficLight((10, 10, 30, 60), 0.95), car=False), "traffic_light_without_vehicle", "unknown"),
        (lit(), "traffic_light_not_seen", None),
        (photo("old"), "traffic_light_not_looked_at", None),
    ],
)
def test_traffic_light(one: PhotoFacts, reason: str, measured: float | str | None) -> None:
    (found,) = traffic_light(LIGHT, dossier(one))
    assert (found.reason, found.measured) == (reason, measured)
    assert found.verdict is (Verdict.PASS if reason == "shown" else Verdict.UNSURE)


def test_without_a_photo_of_the_scene_the_road_is_asked_for() -> None:
    for none in ((), (photo("d", FramingKind.DOCUMENT),), (photo("c", FramingKind.CLOSEUP),)):
        for check in (lane_line, traffic_light, road_sign):
            assert check(ANY, dossier(*none))[0].reason == "no_photo"


def beside(*things: RoadObject, name: str = "p", car: bool = True) -> PhotoFacts:
    return replace(photo(name, vehicles=[vehicle(View.FRONT)] if car else []), roadside=things, lane=Lane())


def thing(score: float, kind: RoadObjectKind = RoadObjectKind.TRAFFIC_SIGN, box: Box = (10, 10, 90, 90)) -> RoadObject:
    return RoadObject(kind, box, score)


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (beside(thing(0.9)), "shown"),
        (beside(thing(0.9), car=False), "shown"),
        (beside(thing(0.4)), "road_sign_doubtful"),
        (beside(thing(0.1)), "road_sign_not_seen"),
        (beside(thing(0.9, RoadObjectKind.POLE)), "road_sign_not_seen"),
        (replace(beside(thing(0.4)), lane=Lane((line(0.95),))), "shown"),
        (replace(beside(thing(0.4)), lane=Lane((line(0.4),))), "road_sign_doubtful"),
        (photo("old"), "road_sign_not_looked_at"),
    ],
)
def test_road_sign(one: PhotoFacts, reason: str) -> None:
    (found,) = road_sign(requirement("road_sign"), dossier(one))
    assert found.reason == reason
    assert found.verdict is (Verdict.PASS if reason == "shown" else Verdict.UNSURE)
