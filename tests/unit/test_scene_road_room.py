"""What stands beside the road keeps out of vehicles, of what was hit and of lines of sight."""

from __future__ import annotations

import pytest

from datasets.scenes.plan import AccidentType, Air, Model, PlannedVehicle, Road, Scene, Shot
from datasets.scenes.surroundings_room import is_free

SCENE = Scene(
    name="s",
    seed=1,
    accident_type=AccidentType.SINGLE_VEHICLE,
    vehicles=(PlannedVehicle("A", Model.SEDAN, 1, "white", "苏E3P7V9", "blue", (0.0, -8.0), 0.0),),
    road=Road("street"),
    air=Air(),
    shots=(Shot("side", (-10.0, -12.0, 1.6), (0.0, -12.0, 0.7)),),
    contact=(2.3, -8.0, 0.5),
    object_hit="bollard",
    object_xy=(3.0, -8.0),
)


@pytest.mark.parametrize(
    ("x", "y", "free"),
    [
        (0.0, -8.0, False),  # in the car
        (2.9, -8.2, False),  # in the bollard
        (-5.0, -12.1, False),  # in a line of sight
        (-5.0, -13.0, True),
        (20.0, -8.0, True),
    ],
)
def test_where_a_post_may_stand(x: float, y: float, free: bool) -> None:
    assert is_free(SCENE, x, y, 0.25) is free
