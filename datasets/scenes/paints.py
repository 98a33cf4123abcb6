"""Paints that drive in China, by name and share: four in five are white, black, grey or silver."""

from __future__ import annotations

from dataclasses import dataclass

from datasets.scenes.spec import Colour


@dataclass(frozen=True, slots=True)
class Paint:
    name: str
    colour: Colour
    """Linear RGB, 0..1."""
    metallic: float
    share: float


PAINTS = (
    Paint("white", (0.74, 0.74, 0.72), 0.0, 0.36),
    Paint("pearl", (0.66, 0.65, 0.62), 0.10, 0.08),
    Paint("black", (0.006, 0.006, 0.007), 0.15, 0.16),
    Paint("dark_grey", (0.05, 0.052, 0.056), 0.45, 0.09),
    Paint("grey", (0.16, 0.165, 0.17), 0.45, 0.07),
    Paint("silver", (0.42, 0.43, 0.44), 0.60, 0.08),
    Paint("red", (0.30, 0.008, 0.010), 0.20, 0.05),
    Paint("blue", (0.012, 0.045, 0.17), 0.35, 0.05),
    Paint("light_blue", (0.20, 0.36, 0.46), 0.25, 0.015),
    Paint("brown", (0.06, 0.030, 0.018), 0.40, 0.02),
    Paint("champagne", (0.42, 0.34, 0.23), 0.50, 0.015),
    Paint("green", (0.018, 0.065, 0.040), 0.30, 0.01),
    Paint("yellow", (0.62, 0.36, 0.010), 0.05, 0.01),
)


def paint_named(name: str) -> Paint:
    """Raises KeyError for a name that is not there."""
    for paint in PAINTS:
        if paint.name == name:
            return paint
    raise KeyError(name)
