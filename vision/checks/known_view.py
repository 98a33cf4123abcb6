"""Which side of a vehicle a photo shows, where that is certain enough to count."""

from __future__ import annotations

from collections.abc import Mapping

from vision.checks.geometry import TWO_WHEELED, area, main_vehicles, overlap
from vision.types import PhotoFacts, Vehicle, View


def known_view(vehicle: Vehicle, photo: PhotoFacts, limits: Mapping[str, float]) -> View | None:
    """None where nothing counts: the net has learnt cars alone, and of cars that stand free."""
    if vehicle.view is None or vehicle.view_score < limits["view_score"] or vehicle.kind in TWO_WHEELED:
        return None
    return None if hidden_01(vehicle, photo, limits) > limits["hidden_view_01"] else vehicle.view


def view_chance(vehicle: Vehicle, photo: PhotoFacts, limits: Mapping[str, float]) -> float:
    """Chance that its view is as told: its score, less where a nearer vehicle hides it, 0 where nothing is known."""
    if vehicle.view is None or vehicle.kind in TWO_WHEELED:
        return 0.0
    hidden = hidden_01(vehicle, photo, limits) > limits["hidden_view_01"]
    return min(vehicle.view_score, limits["hidden_view_chance"]) if hidden else vehicle.view_score


def hidden_01(vehicle: Vehicle, photo: PhotoFacts, limits: Mapping[str, float]) -> float:
    """Share of its box that the box of one nearer vehicle covers: one whose lower edge lies lower in the picture."""
    nearer = (
        other.box_xyxy
        for other in main_vehicles(photo, limits, limits["vehicle_score"])
        if other.box_xyxy[3] > vehicle.box_xyxy[3]
    )
    return max((overlap(box, vehicle.box_xyxy) for box in nearer), default=0.0) / max(area(vehicle.box_xyxy), 1.0)
