"""From the pixels of a traffic light to what it shows.

The state rests on colour and place together: red is the top or left lamp, green the bottom or right one. Where the two
do not agree, or hardly anything is lit, it is unknown.
"""

from __future__ import annotations

import cv2
import numpy as np

from vision.geometry import crop, grow
from vision.types import Box, LightState, Pixels

LIT_VALUE, LIT_SATURATION = 140, 90
"""Of 255 in HSV: a lit lamp is bright and coloured; its overexposed middle is not counted."""
LEAST_LIT = 0.02
"""Share of the box that must be lit."""
HUES = {LightState.RED: ((0, 11), (168, 180)), LightState.YELLOW: ((14, 34),), LightState.GREEN: ((58, 105),)}
"""In OpenCV's half degrees."""
PLACES = {LightState.RED: 1 / 6, LightState.YELLOW: 1 / 2, LightState.GREEN: 5 / 6}
"""Along the longer side, from the top or the left."""
OFF_PLACE = {LightState.RED: 0.3, LightState.YELLOW: 0.14, LightState.GREEN: 0.3}
"""How far from it at most. Yellow has lamps on both sides, and a burnt-out red one looks yellow: half the way to it."""


def state_of(pixels: Pixels, box_xyxy: Box) -> tuple[LightState, float]:
    """What the light in a box shows, and how sure: the lit colour's share, where it sits at that colour's place."""
    part, _ = crop(pixels, grow(box_xyxy, 0.1, (pixels.shape[1], pixels.shape[0])))
    hsv = cv2.cvtColor(np.ascontiguousarray(part), cv2.COLOR_RGB2HSV)
    lit = (hsv[..., 2] >= LIT_VALUE) & (hsv[..., 1] >= LIT_SATURATION)
    masks = {
        state: lit & np.any([(hsv[..., 0] >= a) & (hsv[..., 0] <= b) for a, b in spans], axis=0)
        for state, spans in HUES.items()
    }
    state = max(masks, key=lambda one: int(masks[one].sum()))
    if masks[state].mean() < LEAST_LIT:
        return LightState.UNKNOWN, 0.0
    upright = part.shape[0] >= part.shape[1]
    spots = np.nonzero(masks[state])[0 if upright else 1]
    place = float((spots.mean() + 0.5) / part.shape[0 if upright else 1])
    if abs(place - PLACES[state]) > OFF_PLACE[state]:
        return LightState.UNKNOWN, 0.0
    return state, float(masks[state].sum() / max(int(lit.sum()), 1))
