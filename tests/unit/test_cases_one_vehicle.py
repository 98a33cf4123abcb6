"""How looks of one vehicle and of two are counted over a scene's pictures."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace

import numpy as np

from datasets.cases.one_vehicle import Seen, one_vehicle
from tests.unit.facts_builder import photo, vehicle
from vision.types import VehicleColour, View

RED, WHITE = VehicleColour.RED, VehicleColour.WHITE


def seen(scene: str, party: str, name: str, colour: VehicleColour | None, vector: tuple[int, int]) -> Seen:
    packed = b64encode(np.array(vector, np.int8).tobytes()).decode("ascii")
    found = replace(vehicle(View.FRONT), colour=colour, colour_score=0.95, appearance=packed)
    return scene, party, photo(name, vehicles=[found]), found


def test_pairs_are_of_one_scene_and_of_two_pictures() -> None:
    told = one_vehicle(
        [
            seen("one", "A", "a", RED, (100, 0)),
            seen("one", "A", "b", RED, (90, 20)),
            seen("one", "B", "a", WHITE, (0, 100)),  # on one picture with A: no pair
            seen("one", "B", "c", None, (20, 90)),
            seen("two", "A", "d", WHITE, (0, 100)),
        ]
    )
    assert told["appearance_auc"] == 1.0
    assert told["paint_of_one_vehicle"] == {"alike": 1, "unknown": 1}
    assert told["paint_of_two"] == {"unknown": 2, "unlike": 1}


def test_a_vehicle_without_a_vector_has_its_paint_alone() -> None:
    looks = [seen("one", "A", "a", RED, (100, 0)), seen("one", "A", "b", WHITE, (100, 0))]
    bare = [(scene, party, where, replace(found, appearance=None)) for scene, party, where, found in looks]
    told = one_vehicle(bare)
    assert told["appearance_auc"] is None
    assert told["paint_of_one_vehicle"] == {"unlike": 1}
