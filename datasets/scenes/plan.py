"""The plan of a scene: all that is needed to build and photograph it, as plain data. No Blender here.

World: metres, x along the main road, y to its left, z up, the ground at 0. Traffic keeps right: what drives towards
+x is at y < 0. Headings are degrees counter-clockwise from +x. A vehicle's own left is 90 degrees from its heading.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from datasets.scenes.spec import Colour

Point: TypeAlias = tuple[float, float, float]


class AccidentType(StrEnum):
    REAR_END = "rear_end"
    LANE_CHANGE = "lane_change"
    INTERSECTION = "intersection"
    WRONG_WAY = "wrong_way"
    REVERSING = "reversing"
    DOORING = "dooring"
    SINGLE_VEHICLE = "single_vehicle"


class Model(StrEnum):
    SEDAN = "sedan"
    HATCHBACK = "hatchback"
    SUV = "suv"
    MPV = "mpv"
    VAN = "van"
    LIGHT_TRUCK = "light_truck"
    BUS = "bus"
    SCOOTER = "scooter"


class Face(StrEnum):
    FRONT = "front"
    REAR = "rear"
    LEFT = "left"
    RIGHT = "right"


class Line(StrEnum):
    NONE = "none"
    SOLID_WHITE = "solid_white"
    DASHED_WHITE = "dashed_white"
    SOLID_YELLOW = "solid_yellow"
    DASHED_YELLOW = "dashed_yellow"
    DOUBLE_YELLOW = "double_yellow"


@dataclass(frozen=True, slots=True)
class Blow:
    """Where and how hard a vehicle was struck. The same blow on the other vehicle has its own row."""

    face: Face
    at: float
    """Along the face, -1..1: on front and rear from the right edge (-1) to the left one (+1), on a side from the tail
    (-1) to the nose (+1)."""
    z: float
    """Height of its middle, metres."""
    width: float
    height: float
    """Of the struck area, metres."""
    depth: float
    """Of the dent, metres; 0 leaves scratches and paint alone."""
    transfer: Colour
    """The other vehicle's paint, linear RGB, left on the skin."""
    broken_lamp: bool = False
    cracked_glass: bool = False
    hanging_bumper: bool = False
    seed: int = 0


@dataclass(frozen=True, slots=True)
class PlannedVehicle:
    """A vehicle as it stands. ``party`` is "A", "B" or, for one that only stands about, ""."""

    party: str
    model: Model
    seed: int
    """Of its shape and dirt: two sedans with different seeds differ."""
    paint: str
    """A name in `datasets.scenes.paints.PAINTS`."""
    plate: str
    plate_kind: str
    """A value of `vision.types.PlateKind`."""
    xy: tuple[float, float]
    """The middle between its bumpers."""
    heading_deg: float
    dirt_01: float = 0.2
    lamps: tuple[str, ...] = ()
    """Lit ones: head, brake, indicator_left, indicator_right."""
    open_door: str = ""
    """front_left, front_right, rear_left, rear_right, or none."""
    blows: tuple[Blow, ...] = ()


@dataclass(frozen=True, slots=True)
class Road:
    """``kind``: street, junction (a crossing road along y at x = ``crossing_x``) or car_park."""

    kind: str
    lanes: int = 2
    """In each direction."""
    lane_m: float = 3.5
    centre: Line = Line.DOUBLE_YELLOW
    between: Line = Line.DASHED_WHITE
    edge: Line = Line.SOLID_WHITE
    surface: str = "worn"
    """new, worn or patched."""
    wet: bool = False
    arrows: bool = False
    crossing_x: float = 14.0
    zebra: bool = False
    median: bool = False
    """A green strip with kerbs in place of the centre line."""
    signal: str = ""
    """What the traffic light at the junction shows along x: red, yellow, green; "" where there is none."""
    signs: tuple[str, ...] = ()
    """Beside the road: no_entry, one_way, speed_limit, no_parking, pedestrians."""


@dataclass(frozen=True, slots=True)
class Air:
    """``light``: day, overcast, dusk or night. The sun's azimuth is degrees counter-clockwise from +x."""

    light: str = "day"
    sun_azimuth_deg: float = 60.0
    sun_elevation_deg: float = 45.0
    rain: bool = False
    fog: bool = False


@dataclass(frozen=True, slots=True)
class Shot:
    """A camera at ``eye`` that looks at ``target``. ``lens_mm`` is for a sensor 36 mm wide (a phone has about 26).

    ``role`` tells what the photo is for: front_panorama, rear_panorama, side, other_side, contact_far, contact_near,
    damage_a, damage_b, plate_a, plate_b, signal, sign, object, landmark; or what went wrong with it: too_close,
    cut_off, tilted, wrong_vehicle. ``apart_m``: how far B was driven back along its heading before this photo.
    """

    role: str
    eye: Point
    target: Point
    lens_mm: float = 26.0
    roll_deg: float = 0.0
    size_wh: tuple[int, int] = (1280, 960)
    apart_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Scene:
    """``object_hit``: what a single vehicle ran into (bollard, guardrail, tree, lamp_post, wall), with its place."""

    name: str
    seed: int
    accident_type: AccidentType
    vehicles: tuple[PlannedVehicle, ...]
    road: Road
    air: Air
    shots: tuple[Shot, ...]
    contact: Point
    """Middle of where the two touched (or the vehicle and the object)."""
    object_hit: str = ""
    object_xy: tuple[float, float] = (0.0, 0.0)
