"""From which side a vehicle is seen, by where the camera stands beside it."""

from __future__ import annotations

import math

from vision.types import View

_RING = (
    View.FRONT, View.FRONT_LEFT, View.LEFT, View.REAR_LEFT, View.REAR, View.REAR_RIGHT, View.RIGHT, View.FRONT_RIGHT,
)  # fmt: skip
_CORNERS = {
    (View.FRONT, View.LEFT): View.FRONT_LEFT, (View.FRONT, View.RIGHT): View.FRONT_RIGHT,
    (View.REAR, View.LEFT): View.REAR_LEFT, (View.REAR, View.RIGHT): View.REAR_RIGHT,
}  # fmt: skip
SECOND_FACE_01 = 0.15
"""A face that takes less of a vehicle's apparent width than this is not named: it is seen at a grazing angle."""


def view_from_bearing(bearing_deg: float) -> View:
    """The nearest of eight sides; ``bearing_deg`` runs from straight ahead (0) over the vehicle's own left (90)."""
    return _RING[round(bearing_deg / 45) % 8]


def view_from(x: float, y: float, length: float, width: float) -> View:
    """The faces that are turned to a camera at (``x`` ahead, ``y`` left) of the vehicle's middle, metres.

    A person names the faces that are seen, and a car is no square: of one 4.6 m long, seen from 3 m beside it, the
    front comes into sight at 63 degrees from straight ahead, not at 67. From above, where no face is turned to the
    camera, the bearing decides.
    """
    end = View.FRONT if x > length / 2 else View.REAR if x < -length / 2 else None
    side = View.LEFT if y > width / 2 else View.RIGHT if y < -width / 2 else None
    if end is None or side is None:
        return end or side or view_from_bearing(math.degrees(math.atan2(y, x)))
    near_x, near_y = math.copysign(length / 2, x), math.copysign(width / 2, y)
    of_end = _angle((x, y), (near_x, near_y), (near_x, -near_y))
    of_side = _angle((x, y), (near_x, near_y), (-near_x, near_y))
    if min(of_end, of_side) < SECOND_FACE_01 * (of_end + of_side):
        return end if of_end > of_side else side
    return _CORNERS[end, side]


def _angle(eye: tuple[float, float], one: tuple[float, float], other: tuple[float, float]) -> float:
    """Between the directions from ``eye`` to two points, radians 0..pi."""
    turn = math.atan2(one[1] - eye[1], one[0] - eye[0]) - math.atan2(other[1] - eye[1], other[0] - eye[0])
    return abs((turn + math.pi) % (2 * math.pi) - math.pi)
