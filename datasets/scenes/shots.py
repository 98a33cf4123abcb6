"""Where the demo's photos are taken from; a plain table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shot:
    """A camera at ``eye`` looking at ``target`` (metres; the contact is near x = 0, cars drive towards +x).

    ``lens_mm`` is for a sensor 36 mm wide. ``gap`` is the distance between the two cars: small as they stopped, large
    after they were moved apart for the close-ups.
    """

    name: str
    eye: tuple[float, float, float]
    target: tuple[float, float, float]
    lens_mm: float
    gap: float = 0.25
    roll_deg: float = 0.0
    scale: float = 1.0
    """Of `SIZE_WH`."""


SIZE_WH = (1280, 960)

SHOTS = (
    Shot("front_panorama", (8.3, 1.2, 1.7), (2.3, -2.05, 0.72), 38, roll_deg=0.6),
    Shot("rear_panorama", (-8.3, 1.2, 1.72), (-2.3, -2.05, 0.80), 38, roll_deg=-0.5),
    Shot("side", (-0.1, 6.1, 1.5), (0, -1.75, 0.85), 25, roll_deg=0.4),
    Shot("contact_far", (0.5, 1.7, 1.45), (0.05, -1.5, 0.62), 30, scale=0.8),
    Shot("contact_near", (-0.05, -0.05, 1.15), (0.03, -1.3, 0.62), 31, roll_deg=1.0, scale=0.8),
    Shot("a_rear", (-1.5, -0.5, 1.45), (2.6, -1.65, 0.70), 29, gap=4.5, scale=0.8),
    Shot("b_front", (1.5, -0.7, 1.45), (-2.6, -1.75, 0.74), 29, gap=4.5, scale=0.8, roll_deg=-0.8),
    Shot("a_rear_near", (1.15, -0.6, 1.05), (2.3, -1.15, 0.64), 33, gap=4.5, scale=0.8),
    Shot("b_front_near", (-1.1, -0.75, 1.05), (-2.27, -1.25, 0.66), 33, gap=4.5, scale=0.8),
)
"""All photos of the scene. Cars stand in the lane beside the double yellow line, y -1.75 at its middle."""
