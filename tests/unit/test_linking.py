"""Parts to vehicles."""

from __future__ import annotations

from vision.linking import with_parts
from vision.types import Part, PartKind, Vehicle, VehicleKind

HOOD = Part(PartKind.HOOD, (0, 0, 100, 50), 0.9)


def test_parts_go_to_the_smallest_vehicle_that_holds_them() -> None:
    large = Vehicle(VehicleKind.BUS, (0, 0, 300, 300), 0.9)
    small = Vehicle(VehicleKind.CAR, (0, 0, 110, 110), 0.9)
    outside = Part(PartKind.WHEEL, (400, 400, 420, 420), 0.9)
    first, second = with_parts((large, small), (HOOD, outside))
    assert first.parts == ()
    assert second.parts == (HOOD,)
