"""Parts to vehicles, damages to parts."""

from __future__ import annotations

import pytest

from vision.linking import gap, part_under, with_parts
from vision.types import Box, Part, PartKind, Vehicle, VehicleKind

HOOD = Part(PartKind.HOOD, (0, 0, 100, 50), 0.9)
BUMPER = Part(PartKind.FRONT_BUMPER, (0, 60, 100, 100), 0.9)


@pytest.mark.parametrize(
    ("box", "kind"),
    [
        ((10, 10, 30, 30), PartKind.HOOD),
        ((10, 70, 30, 90), PartKind.FRONT_BUMPER),
        ((10, 45, 30, 90), PartKind.FRONT_BUMPER),
        ((104, 70, 130, 90), PartKind.FRONT_BUMPER),
        ((140, 70, 160, 90), None),
    ],
)
def test_a_damage_sits_on_the_part_under_it_or_a_near_one(box: Box, kind: PartKind | None) -> None:
    assert part_under(box, (HOOD, BUMPER), 0.25) is kind


def test_a_part_nobody_is_sure_of_carries_no_damage() -> None:
    assert part_under((10, 10, 30, 30), (Part(PartKind.HOOD, (0, 0, 100, 50), 0.1),), 0.25) is None


def test_parts_go_to_the_smallest_vehicle_that_holds_them() -> None:
    large = Vehicle(VehicleKind.BUS, (0, 0, 300, 300), 0.9)
    small = Vehicle(VehicleKind.CAR, (0, 0, 110, 110), 0.9)
    outside = Part(PartKind.WHEEL, (400, 400, 420, 420), 0.9)
    first, second = with_parts((large, small), (HOOD, outside))
    assert first.parts == ()
    assert second.parts == (HOOD,)


@pytest.mark.parametrize(("b", "apart"), [((5, 5, 8, 8), 0.0), ((13, 14, 20, 20), 5.0), ((10, 0, 12, 3), 0.0)])
def test_gap_between_boxes(b: Box, apart: float) -> None:
    assert gap((0, 0, 10, 10), b) == pytest.approx(apart)
