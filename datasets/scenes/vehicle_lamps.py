"""Where a car's lamps are on its skin. Pure numpy."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from datasets.scenes.spec import Lamp

Array: TypeAlias = npt.NDArray[np.floating]
Mask: TypeAlias = npt.NDArray[np.bool_]


def head_lamp_mask(lamp: Lamp, along: Array, y: Array, z: Array) -> Mask:
    """Which points of the left half belong to the head lamp; arrays of one shape, metres from the nose, up."""
    bottom, top = lamp.z0 + lamp.rise * along, lamp.z1 + lamp.rise * along * 0.9
    inner = lamp.inner + 0.5 * np.abs(z - (bottom + top) / 2 - 0.015)
    outer = lamp.depth - 0.5 * np.abs(z - (0.7 * top + 0.3 * bottom))
    return np.asarray((along < outer) & (z > bottom) & (z < top) & (y > inner))


def tail_lamp_mask(lamp: Lamp, aft: Array, y: Array, z: Array) -> Mask:
    """Which points of the left half belong to the tail lamp; ``aft`` counts from the tail."""
    top = lamp.z1 + lamp.rise * aft
    inner = lamp.inner - 0.3 * (z - lamp.z0)
    high = lamp.z1 - lamp.z0
    slant = min(0.6, 0.5 * lamp.depth / high)
    reach = lamp.depth - slant * np.abs(z - lamp.z0 - 0.6 * high)
    return np.asarray((aft < reach) & (z > lamp.z0) & (z < top) & (y > inner))
