"""Lamps that burn have a bright middle and a dim rim."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from datasets.scenes.body import build_body
from datasets.scenes.plan import Model
from datasets.scenes.vehicle_lit import light_lamps
from datasets.scenes.vehicle_paint import paint_clean
from datasets.scenes.vehicle_spec import spec_for
from datasets.scenes.vehicle_tail import brake_mask, indicator_mask
from tests.unit.scene_builder import vehicle

SPEC = spec_for(Model.SEDAN, 3, "white")
SIZE = (1024, 512)


@pytest.mark.parametrize(("lamps", "mask"), [(("brake",), brake_mask), (("indicator_left",), indicator_mask)])
def test_a_lit_lamp_is_no_flat_shape(lamps: tuple[str, ...], mask: object) -> None:
    canvas, maps = paint_clean(SPEC, build_body(SPEC, 120), SIZE)
    light_lamps(canvas, maps, SPEC, replace(vehicle("A", 0.0), lamps=lamps), 1)
    inside = (brake_mask if mask is brake_mask else indicator_mask)(maps, SPEC)
    glow = canvas.glow.max(axis=-1)
    assert np.quantile(glow[inside], 0.98) > 2.5 * np.quantile(glow[inside], 0.2) > 0
    assert canvas.glow.max() <= 1


def test_only_the_side_that_turns_blinks() -> None:
    canvas, maps = paint_clean(SPEC, build_body(SPEC, 120), SIZE)
    light_lamps(canvas, maps, SPEC, replace(vehicle("A", 0.0), lamps=("indicator_right",)), 1)
    assert not canvas.glow.any()
