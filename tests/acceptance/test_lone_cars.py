"""What stands beside a car that struck nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from datasets.roadside import lone_cars
from datasets.splits import SplitRow, rows, shared_folder
from vision.types import Box, Pixels, RoadObject, RoadObjectKind


@pytest.mark.shared
@pytest.mark.parametrize(("score", "passing"), [(0.9, 1.0), (0.3, 0.0)])
def test_a_pole_that_touches_a_lone_car_passes_if_it_is_sure(
    monkeypatch: pytest.MonkeyPatch, score: float, passing: float
) -> None:
    def two(folder: str, split: str) -> Sequence[SplitRow]:
        return rows(folder, split)[:1]

    def pole(full: Pixels, small: Pixels, bodies: Sequence[Box], net: object) -> tuple[tuple[()], tuple[RoadObject]]:
        x0, y0, x1, y1 = max(bodies, key=lambda box: (box[2] - box[0]) * (box[3] - box[1]))
        return (), (RoadObject(RoadObjectKind.POLE, (x0, y0, (x0 + x1) / 2, y1), score),)

    monkeypatch.setattr(lone_cars, "rows", two)
    monkeypatch.setattr(lone_cars, "beside_road", pole)
    told = lone_cars.beside_lone_cars(shared_folder() / "data", "val")
    assert (told["value"], told["n"]) == (passing, 2)
