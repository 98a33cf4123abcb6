"""From a network's scores to chances: curves that `datasets.calibrate` fitted on validation photos and stored inside.

In a file's metadata: ``calibration``, scale and shift of one curve, for detectors and the plate reader;
``temperatures``, one a head, for classifiers. A file without them tells its scores as they are.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vision.errors import ModelError

Floats = npt.NDArray[np.floating]
INSIDE = 1e-6
"""Chances are kept so far from 0 and 1 that a logit exists."""


def logit(chance: npt.ArrayLike) -> Floats:
    """Natural logarithm of the odds."""
    inside = np.clip(np.asarray(chance, np.float64), INSIDE, 1 - INSIDE)
    return np.asarray(np.log(inside / (1 - inside)))


@dataclass(frozen=True, slots=True)
class Platt:
    """Chance = logistic of ``scale * logit(score) + shift`` (Platt 1999); rises with the score."""

    scale: float = 1.0
    shift: float = 0.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.scale) and math.isfinite(self.shift) and self.scale > 0):
            raise ValueError(f"no calibration: scale {self.scale}, shift {self.shift}")

    def __call__(self, scores: npt.ArrayLike) -> Floats:
        if self == AS_IT_IS:
            return np.asarray(scores, np.float64)
        return np.asarray(1 / (1 + np.exp(-(self.scale * logit(scores) + self.shift))))


AS_IT_IS = Platt()
"""The curve that changes nothing."""


def platt_of(metadata: Mapping[str, str]) -> Platt:
    """The curve in a file's metadata; the one that changes nothing where there is none. Raises `ModelError`."""
    try:
        scale, shift = (float(v) for v in json.loads(metadata.get("calibration", "[1.0, 0.0]")))
        return Platt(scale, shift)
    except (ValueError, TypeError) as error:
        raise ModelError(f"calibration in the metadata is wrong: {error}") from error


def temperatures_of(metadata: Mapping[str, str], heads: int) -> tuple[float, ...]:
    """One temperature a head; 1 where the file holds none. Raises `ModelError`."""
    try:
        told = tuple(float(v) for v in json.loads(metadata.get("temperatures", json.dumps([1.0] * heads))))
    except (ValueError, TypeError) as error:
        raise ModelError(f"temperatures in the metadata are wrong: {error}") from error
    if len(told) != heads or not all(math.isfinite(t) and t > 0 for t in told):
        raise ModelError(f"temperatures in the metadata are wrong: {told}")
    return told


def tempered(chances: npt.ArrayLike, temperature: float) -> Floats:
    """Chances (..., classes) at another temperature of their softmax: p^(1/T), made to add up to one again."""
    given = np.asarray(chances, np.float64)
    if temperature == 1.0:
        return given
    powers = np.log(np.clip(given, 1e-12, 1)) / temperature
    powers = np.exp(powers - powers.max(-1, keepdims=True))
    return np.asarray(powers / powers.sum(-1, keepdims=True))
