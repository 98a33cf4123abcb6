"""The clean half of a vehicle, painted: the one entry to the painters of panels, nose, tail and arches."""

from __future__ import annotations

import numpy as np

from datasets.scenes.body import BodyGrid
from datasets.scenes.canvas import Canvas, Maps, blank_canvas, make_maps
from datasets.scenes.paint_panels import SEAM, WINDOW_TINT, paint_arches, paint_panels
from datasets.scenes.spec import CarSpec
from datasets.scenes.vehicle_nose import paint_nose
from datasets.scenes.vehicle_tail import paint_tail

_ROUTE_SIGN = (0.010, 0.009, 0.008)


def paint_clean(spec: CarSpec, grid: BodyGrid, size_wh: tuple[int, int]) -> tuple[Canvas, Maps]:
    """The canvas of either half and the place of each of its pixels."""
    maps = make_maps(grid, spec.length, size_wh)
    canvas = blank_canvas(spec, size_wh)
    paint_panels(canvas, maps, spec)
    paint_nose(canvas, maps, spec)
    paint_tail(canvas, maps, spec)
    if spec.build == "bus":
        _bus(canvas, maps, spec)
    elif spec.build != "cab":
        _small_things(canvas, maps, spec)
    paint_arches(canvas, maps, spec)
    return canvas, maps


def _small_things(canvas: Canvas, maps: Maps, spec: CarSpec) -> None:
    """Fuel flap, side marker, radar sensors on the tail."""
    flap = np.maximum(np.abs(maps.along - spec.axles[1] - 0.06), np.abs(maps.z - spec.doors.handle_z + 0.01))
    flank = (maps.section > 5) & (maps.section < 10)
    canvas.seam(flank & (np.abs(flap - 0.082) < SEAM * 0.7))
    marker = (np.abs(maps.along - spec.doors.front + 0.20) < 0.035) & (
        np.abs(maps.z - spec.doors.handle_z + 0.06) < 0.012
    )
    canvas.put(flank & marker, (0.55, 0.22, 0.03), 0.15, 0, 1)
    for y in (0.22, 0.60):
        sensor = np.hypot(maps.y - y, maps.z - (spec.diffuser_z + spec.bumper_z) / 2) < 0.011
        canvas.height[sensor & (maps.aft < 0.5)] -= 0.4


def paint_bus_doors(canvas: Canvas, maps: Maps, spec: CarSpec) -> None:
    """Two folding doors of glass, on the right half only."""
    for start, leaves in ((spec.doors.front, 2), (spec.axles[0] + 1.55, 2)):
        width = 0.52 * leaves
        inside = (maps.along > start) & (maps.along < start + width) & (maps.z > 0.40) & (maps.z < 2.26)
        inside &= (maps.section > 3) & (maps.section < 13.8)
        canvas.put(inside, (0.012, 0.012, 0.013), 0.4)
        across = (maps.along - start) % 0.52
        pane = inside & (across > 0.06) & (across < 0.46) & (maps.z > 0.52) & (maps.z < 2.18)
        canvas.put_glass(pane & (np.abs(maps.z - 1.02) > 0.03), WINDOW_TINT)


def _bus(canvas: Canvas, maps: Maps, spec: CarSpec) -> None:
    """A stripe, luggage flaps, the route sign over both screens."""
    flank = (maps.section > 3) & (maps.section < 10) & (maps.along > 0.5) & (maps.aft > 0.3)
    stripe = flank & (np.abs(maps.z - 0.80 - 0.10 * np.sin(maps.along * 0.7)) < 0.11)
    tints = ((0.02, 0.14, 0.32), (0.03, 0.22, 0.08), (0.32, 0.02, 0.02), (0.45, 0.20, 0.01))
    canvas.put(stripe, tints[spec.style.badge], 0.3, 0, 1)
    flaps = (maps.along % 1.38 < SEAM * 2) | (np.abs(maps.z - 1.0) < SEAM)
    canvas.seam(flank & flaps & (maps.z < 1.003) & (maps.z > 0.42))
    end = spec.glazing.windscreen[1]
    sign = (maps.station > end - 0.02) & (maps.station < end + 0.10) & (maps.y < 0.8) & (maps.section > 12)
    canvas.put(sign, _ROUTE_SIGN, 0.15, 0, 1)
    lit = sign & (maps.y < 0.55) & ((maps.y * 100) % 5 < 3) & ((maps.station * 100) % 4 < 2.2)
    canvas.put(lit, (0.9, 0.30, 0.02), 0.4)
    canvas.glow[lit] = (0.22, 0.07, 0.004)
