"""From which side a vehicle is seen, by the bearing of the camera."""

from __future__ import annotations

from vision.types import View

_RING = (
    View.FRONT, View.FRONT_LEFT, View.LEFT, View.REAR_LEFT, View.REAR, View.REAR_RIGHT, View.RIGHT, View.FRONT_RIGHT,
)  # fmt: skip


def view_from_bearing(bearing_deg: float) -> View:
    """The nearest of eight sides; ``bearing_deg`` runs from straight ahead (0) over the vehicle's own left (90)."""
    return _RING[round(bearing_deg / 45) % 8]
