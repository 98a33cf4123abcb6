"""The picture that is wrapped round a car's half: layers, and the 3D position of each of its pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from datasets.scenes.body import BodyGrid
from datasets.scenes.spec import CarSpec, Colour

Map: TypeAlias = npt.NDArray[np.float32]
Mask: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Maps:
    """Each pixel's place on the car, metres, shape (height, width): see `BodyGrid`; ``aft`` counts from the tail."""

    along: Map
    aft: Map
    y: Map
    z: Map
    station: Map
    section: Map
    bottom: Map
    belt: Map
    belt_half: Map
    roof_half: Map


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """Layers, shape (height, width): colour (linear RGB), the surface's parameters, glass, opacity and height.

    Unlike the nouns of `vision`, a canvas is painted on in place: it is tens of megabytes and has one owner.
    """

    colour: Map
    rough: Map
    metal: Map
    coat: Map
    glow: Map
    glass: Map
    opaque: Map
    height: Map

    def put(self, where: Mask, colour: Colour, rough: float, metal: float = 0.0, coat: float = 0.0) -> None:
        """Covers the masked pixels with an opaque material that does not glow."""
        self.colour[where] = colour
        self.rough[where], self.metal[where], self.coat[where] = rough, metal, coat
        self.glass[where], self.glow[where] = 0, 0

    def put_glass(self, where: Mask, tint: Colour) -> None:
        """Clear glass that lets ``tint`` of the light through."""
        self.put(where, tint, 0.02, 0, 1)
        self.glass[where] = 1

    def seam(self, where: Mask) -> None:
        """A gap between two panels."""
        self.height[where] = 0
        self.put(where, (0.004, 0.004, 0.004), 0.8)


def make_maps(grid: BodyGrid, length: float, size_wh: tuple[int, int]) -> Maps:
    """Each grid quantity, spread over the picture. The picture's x runs along the car, its y round the section."""
    s = grid.sections
    station = _spread(grid.station, size_wh)

    def at(values: npt.NDArray[np.float64]) -> Map:
        return np.interp(station, s.station, values).astype(np.float32)

    along = _spread(grid.along, size_wh)
    y, z, section = _spread(grid.y, size_wh), _spread(grid.z, size_wh), _spread(grid.section, size_wh)
    aft = (length - along).astype(np.float32)
    return Maps(along, aft, y, z, station, section, at(s.bottom), at(s.belt), at(s.belt_half), at(s.roof_half))


def blank_canvas(spec: CarSpec, size_wh: tuple[int, int]) -> Canvas:
    shape = size_wh[::-1]
    colour = np.empty((*shape, 3), np.float32)
    colour[:] = spec.paint

    def layer(value: float) -> Map:
        return np.full(shape, value, np.float32)

    glow = np.zeros((*shape, 3), np.float32)
    return Canvas(colour, layer(0.32), layer(spec.metallic), layer(1), glow, layer(0), layer(1), layer(1))


def grown(mask: Mask, size_wh: tuple[int, int], metres: float) -> Mask:
    """The mask dilated by roughly ``metres`` along the car."""
    radius = max(1, round(metres / 5.2 * size_wh[0]))
    element = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    return np.asarray(cv2.dilate(mask.astype(np.uint8), element)) > 0


def _spread(values: npt.NDArray[np.float64], size_wh: tuple[int, int]) -> Map:
    rows, columns = values.shape
    x, y = np.meshgrid(
        np.linspace(0, rows - 1, size_wh[0], dtype=np.float32),
        np.linspace(0, columns - 1, size_wh[1], dtype=np.float32),
    )
    return np.asarray(cv2.remap(np.ascontiguousarray(values.T, np.float32), x, y, cv2.INTER_LINEAR), np.float32)
