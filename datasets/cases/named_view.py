"""The view that a person names for a rendered vehicle, by where the camera stands around it.

The renderer takes a car for a box with sharp corners. Its ends are rounded: lamps, bumper and plate come into sight
well before the face behind them, and whoever looks at such a picture calls it a corner.
"""

from __future__ import annotations

from datasets.cases.truth_views import Say, graded, off_axis_deg
from datasets.scenes.seen import SeenVehicle

END_DEG = (65.0, 80.0)
"""So far off its axis an end is surely seen, perhaps: as `truth_views.side` has it."""
SIDE_DEG = 75.0
"""A side is more than twice as long as an end and is seen further round."""

ALONE_DEG = 75.0
"""From here on an end takes less than a tenth of the width of a car with sharp corners, however far the camera."""
CORNER_DEG = 20.0
"""From here on a side takes a fourth of it and more, from 4 m and farther."""


def named_view(vehicle: SeenVehicle) -> tuple[str, Say]:
    """One of the eight views; borderline where the end that it leaves out may be seen."""
    end, side = _nearer_faces(vehicle)
    shown = graded(off_axis_deg(vehicle, end), *END_DEG)
    if shown is not Say.MET:
        return side, Say.BORDERLINE if shown is Say.BORDERLINE else Say.MET
    return (f"{end}_{side}" if off_axis_deg(vehicle, side) <= SIDE_DEG else end), Say.MET


def corner_view(vehicle: SeenVehicle) -> str:
    """The corner that looks towards the camera, however little is seen of one of its faces."""
    return "_".join(_nearer_faces(vehicle))


def _nearer_faces(vehicle: SeenVehicle) -> tuple[str, str]:
    end = "front" if off_axis_deg(vehicle, "front") < 90 else "rear"
    return end, "left" if off_axis_deg(vehicle, "left") < 90 else "right"


def labelled_view(vehicle: SeenVehicle) -> str | None:
    """The view as people label it on real photos, null where they are of two minds.

    Looked at: of 80 photos labelled a side (train and val of cars/), the end that is seen takes up to a seventh of the
    vehicle's width, of the 20 widest boxes labelled a corner a fifth or more. Of 35 labelled an end a side takes up to
    a sixth, of the 28 narrowest corners a sixth or more. ``vehicle.view`` names faces that take .15 of the width of a
    box with sharp corners; of the rendered, rounded cars an end takes up to .1 more, a side as much less.
    """
    off_end = min(off_axis_deg(vehicle, "front"), off_axis_deg(vehicle, "rear"))
    if vehicle.view in ("front", "rear"):
        return vehicle.view
    least = ALONE_DEG if vehicle.view in ("left", "right") else CORNER_DEG
    return vehicle.view if off_end >= least else None
