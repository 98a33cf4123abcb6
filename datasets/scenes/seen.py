"""What is truly on a rendered picture: known from the scene, not recognised. Pixels of the picture, no Blender here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Box: TypeAlias = tuple[float, float, float, float]
Polygon: TypeAlias = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class SeenPart:
    """``kind``: one of the 18 names of `vision.types.PartKind`; the box of what is visible of it."""

    kind: str
    box_xyxy: Box


@dataclass(frozen=True, slots=True)
class SeenDamage:
    """``kind``: a value of `vision.types.DamageKind`. ``part`` is null where it is on a fender, which has no class."""

    kind: str
    part: str | None
    box_xyxy: Box
    polygons: tuple[Polygon, ...] = ()


@dataclass(frozen=True, slots=True)
class SeenPlate:
    """``visible_01`` is the share of the plate that is neither hidden nor cut; ``tilt_deg`` the angle of sight."""

    end: str
    """front or rear"""
    text: str
    kind: str
    corners: Polygon
    visible_01: float
    tilt_deg: float


@dataclass(frozen=True, slots=True)
class SeenVehicle:
    """One vehicle. ``party`` is "" for one that only stands about; ``kind`` a value of `vision.types.VehicleKind`."""

    party: str
    kind: str
    model: str
    box_xyxy: Box
    """Of its visible part."""
    whole_xyxy: Box
    """Of all of it, hidden or not, and beyond the picture's edges where it is cut off."""
    view: str
    bearing_deg: float
    """Of the camera as the vehicle sees it: 0 ahead, 90 its own left."""
    elevation_deg: float
    """Of the camera over the vehicle's middle."""
    visible_01: float
    """Share of its surface turned to the camera that is in the picture with nothing before it."""
    cut: bool
    """It reaches beyond the picture's edge."""
    polygons: tuple[Polygon, ...] = ()
    parts: tuple[SeenPart, ...] = ()
    damages: tuple[SeenDamage, ...] = ()
    plates: tuple[SeenPlate, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """One picture. ``lines``: the lane lines that can be told on it, values of `plan.Line`, with the pixels they cover;
    ``signal``: what a visible traffic light shows, null where none is seen; ``contact_xy``: where the two touched,
    null outside the picture or behind a vehicle."""

    role: str
    size_wh: tuple[int, int]
    framing: str
    """scene, whole, medium or closeup"""
    vehicles: tuple[SeenVehicle, ...]
    lines: tuple[tuple[str, int], ...] = ()
    signal: str | None = None
    signal_xyxy: Box | None = None
    signs: tuple[tuple[str, Box], ...] = ()
    object_xyxy: Box | None = None
    contact_xy: tuple[float, float] | None = None
    contact_m: float = 0.0
    """Distance of the camera from the contact."""
    light: str = "day"
