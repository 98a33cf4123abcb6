"""The measures of a car, in metres: the only thing that differs between a sedan and an SUV.

Stations (``d``) run from the nose to the tail along the car's axis, ``y`` from the middle plane to the left, ``z`` up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Curve: TypeAlias = tuple[tuple[float, float], ...]
"""(station, value) pairs with growing stations; joined by monotone cubics."""
Colour: TypeAlias = tuple[float, float, float]
"""Linear RGB, 0..1."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The curves that the half-sections are lofted along."""

    top: Curve
    bottom: Curve
    half_width: Curve
    belt: Curve
    shoulder: Curve
    tumblehome: float
    """Inward lean of the side windows, metres per metre of height."""
    nose_bow: float
    tail_bow: float
    """How far the corners sweep back (nose) and forward (tail) in plan."""
    bulge: float = 0.03


@dataclass(frozen=True, slots=True)
class Lamp:
    z0: float
    z1: float
    inner: float
    """Distance of the inner edge from the middle plane."""
    depth: float
    """How far the lamp reaches round the corner, measured along the car."""
    rise: float
    """Growth of height per metre round the corner."""


@dataclass(frozen=True, slots=True)
class Band:
    """A region round the middle plane: lower and upper edge, half width at the upper edge."""

    z0: float
    z1: float
    half: float


@dataclass(frozen=True, slots=True)
class Glazing:
    windscreen: tuple[float, float]
    rear_window: tuple[float, float]
    sides: tuple[float, float]
    slant: float
    """Lean of the rear edge of the side windows."""
    pillars: tuple[tuple[float, float], ...]
    """(station, half width) of the pillars between side windows."""
    frame: float
    bright_frame: bool


@dataclass(frozen=True, slots=True)
class Doors:
    front: float
    middle: float
    rear: float
    handle_z: float


@dataclass(frozen=True, slots=True)
class Style:
    """What designers choose: names of patterns, not measures."""

    grille: str = "bars"
    """bars, slats, mesh or closed"""
    lamp: str = "twin"
    """twin (two projectors), bowl (one reflector) or led (a row of small ones)"""
    daylight: str = "under"
    """under, over or none: where the daytime running light lies in the lamp"""
    light_bar: bool = False
    """A red strip that joins the tail lamps."""
    spokes: int = 5
    spoke_twin: float = 0.19
    spoke_width: float = 1.0
    dark_rim: bool = False
    badge: int = 0
    crease: float = 0.01
    """Tilt of the crease along the doors, metres per metre."""


@dataclass(frozen=True, slots=True)
class CarSpec:
    name: str
    length: float
    wheel_radius: float
    axles: tuple[float, float]
    profile: Profile
    glazing: Glazing
    doors: Doors
    bonnet: tuple[float, float]
    """Stations of the bonnet's front edge and of the windscreen's foot."""
    head_lamp: Lamp
    tail_lamp: Lamp
    grille: Band
    intake: Band
    bumper_z: float
    """Height of the seam between the rear bumper and the boot lid."""
    lid: Band
    diffuser_z: float
    sill: float
    front_plate: tuple[float, float]
    rear_plate: tuple[float, float]
    """(how far it stands off the nose or tail, height of its middle)."""
    paint: Colour
    metallic: float
    clad: bool = False
    """Black plastic round the wheel arches."""
    roof_rails: bool = False
    strip_z: float = 0.9
    seat_z: float = 0.85
    style: Style = Style()
    build: str = "car"
    """car, hatch (has a tailgate), cab (of a lorry, with a cargo bed behind it) or bus"""
    overall: float = 0.0
    """Length of the whole vehicle where the lofted body is only its front; 0: the body is all of it."""

    @property
    def front(self) -> float:
        """x of the nose in car coordinates, whose origin is the middle between the bumpers."""
        return (self.overall or self.length) / 2
