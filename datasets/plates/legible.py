"""Whether a person could read a drawn plate in its picture: an objective rule, set before any result was seen.

The smallest bitmap fonts that are read give the limits: 5 x 7 points for letters and digits, 8 x 8 for the simplest
Chinese ones (a province is one of 31, so 5 x 8 resolved elements are asked for). A picture resolves no more than its
pixels and its blur let it: an element is half the finest period of which the blur leaves a tenth of the contrast,
which of a Gaussian is .62 of its width at half height, joined with a pixel by root of squares. Ink must also stand
out from its ground by more than noise and coding leave.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from datasets.plates.layout import Layout
from datasets.plates.place import Quad, cut, rectangle
from vision.types import Pixels

LATIN: Final = (4.0, 7.0)
HANZI: Final = (5.0, 8.0)
"""Least width and height of a character, in resolved elements. Narrow ones (1) count by their cell."""
ELEMENT: Final = 0.62
"""Half the finest period seen, in widths of the blur: contrast exp(-2 (pi sigma / period)^2) = .1."""
CONTRAST: Final = 20.0
"""Least span of grey levels on the plate, 5th to 95th percentile, after averaging 3 x 3 px."""


def character_sizes(quad: Quad, plan: Layout) -> tuple[tuple[str, float, float], ...]:
    """Each character with its mean width and height in pixels of the picture."""
    turn = cv2.getPerspectiveTransform(rectangle(*plan.size_mm), quad.astype(np.float32))
    found = []
    for cell in plan.cells:
        x, y, w, h = cell.box
        flat = np.array([[[x, y], [x + w, y], [x + w, y + h], [x, y + h]]], np.float32)
        a, b, c, d = cv2.perspectiveTransform(flat, turn)[0]
        # Height across the reading direction: a leaning character is no taller for it.
        along = (b - a + c - d) / 2
        down = (d - a + c - b) / 2
        width = float(np.hypot(*along))
        found.append((cell.char, width, abs(float(along[0] * down[1] - along[1] * down[0])) / max(width, 1e-6)))
    return tuple(found)


def legible(picture: Pixels, quad: Quad, plan: Layout, blur: float) -> bool:
    """Whether every character of the plate at ``quad`` is large and clear enough; ``blur`` as `wear.shot` tells it."""
    element = float(np.hypot(1.0, ELEMENT * blur))
    for char, width, height in character_sizes(quad, plan):
        least = LATIN if char.isascii() else HANZI
        if width < least[0] * element or height < least[1] * element:
            return False
    grey = cut(picture, quad, (160, 64)).astype(np.float32).mean(2)
    low, high = np.percentile(cv2.blur(grey, (3, 3)), (5, 95))
    return bool(high - low >= CONTRAST)
