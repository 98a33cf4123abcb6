"""A traffic light's state is told where colour and place agree, and left open elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from vision.traffic_lights import state_of
from vision.types import Box, LightState, Pixels

RED, AMBER, GREEN = (255, 30, 30), (255, 190, 30), (30, 255, 140)
UPRIGHT, LYING = (24, 72), (72, 24)


def light(size_wh: tuple[int, int], lit: int | None, colour: tuple[int, int, int]) -> tuple[Pixels, Box]:
    """A dark housing of three lamps on grey, of which one is lit: 0 the top or left one."""
    pixels = np.full((200, 200, 3), 150, np.uint8)
    w, h = size_wh
    pixels[50 : 50 + h, 50 : 50 + w] = 20
    if lit is not None:
        long = max(w, h)
        middle, side = 50 + round((lit + 0.5) * long / 3), slice(50 + 6, 50 + 18)
        along = slice(middle - 6, middle + 6)
        rows, columns = (along, side) if h > w else (side, along)
        pixels[rows, columns] = colour
    return pixels, (50.0, 50.0, 50.0 + w, 50.0 + h)


@pytest.mark.parametrize("size_wh", [UPRIGHT, LYING])
@pytest.mark.parametrize(
    ("lit", "colour", "state"),
    [
        (0, RED, LightState.RED),
        (1, AMBER, LightState.YELLOW),
        (2, GREEN, LightState.GREEN),
        (0, AMBER, LightState.UNKNOWN),  # a red lamp that burnt out, most likely
        (2, AMBER, LightState.UNKNOWN),
        (2, RED, LightState.UNKNOWN),
        (0, GREEN, LightState.UNKNOWN),
        (None, RED, LightState.UNKNOWN),
    ],
)
def test_colour_and_place_must_agree(
    size_wh: tuple[int, int], lit: int | None, colour: tuple[int, int, int], state: LightState
) -> None:
    told, score = state_of(*light(size_wh, lit, colour))
    assert told is state
    assert (score > 0.9) is (state is not LightState.UNKNOWN)


@pytest.mark.parametrize("off", [-4, 0, 4])
def test_a_box_that_is_a_little_off_is_no_doubt(off: int) -> None:
    pixels, (x0, y0, x1, y1) = light(UPRIGHT, 1, AMBER)
    assert state_of(pixels, (x0, y0 + off, x1, y1 + off))[0] is LightState.YELLOW
