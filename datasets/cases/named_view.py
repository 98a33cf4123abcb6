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


def named_view(vehicle: SeenVehicle) -> tuple[str, Say]:
    """One of the eight views; borderline where the end that it leaves out may be seen."""
    end = "front" if off_axis_deg(vehicle, "front") < 90 else "rear"
    side = "left" if off_axis_deg(vehicle, "left") < 90 else "right"
    shown = graded(off_axis_deg(vehicle, end), *END_DEG)
    if shown is not Say.MET:
        return side, Say.BORDERLINE if shown is Say.BORDERLINE else Say.MET
    return (f"{end}_{side}" if off_axis_deg(vehicle, side) <= SIDE_DEG else end), Say.MET
