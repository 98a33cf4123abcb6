"""Is a picture sharp, well lit and free of glare: of a whole photo, or of the region that matters."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from vision.errors import ModelError
from vision.models.card import Card, card_of
from vision.models.session import Session, open_model
from vision.quality_features import LIGHT_KINDS, Floats, at_working_size, blur_features, light_features
from vision.types import Pixels, Quality, QualityVerdict

SMALLEST_SIDE = 16
"""Pixels below which nothing can be said of a picture."""
REGION_SIDE = 320
"""Longer side at which a region is judged: what matters is whether it can be made out, not the last pixel's edge."""


@dataclass(frozen=True, slots=True, eq=False)
class QualityModel:
    session: Session
    limits: Mapping[str, float]
    """Score of blur, dark, overexposed and glare from which on the verdict says so; chosen on validation photos."""

    def scores(self, blur: Floats, light: Floats) -> tuple[float, float, float, float]:
        """Chances of blur, dark, overexposed, glare."""
        blurred, faults = self.session.run(blur[None], light[None])
        dark, over, glare = (float(v) for v in faults[0])
        return float(blurred[0, 0]), dark, over, glare


def load_model(card: Card) -> QualityModel:
    """Open the role's model. Raises `ModelError` where it is missing or is not what its card tells."""
    # A network of a few thousand numbers: on the plain CPU provider wherever the other models run.
    session = open_model(card, "cpu")
    try:
        limits = json.loads(session.metadata["limits"])
    except (KeyError, ValueError) as error:
        raise ModelError("quality.onnx: no limits inside") from error
    if session.labels != ("blur", *LIGHT_KINDS) or set(limits) != set(session.labels):
        raise ModelError(f"quality.onnx: limits of {sorted(limits)}, labels {session.labels}")
    return QualityModel(session, limits)


@functools.cache
def _model() -> QualityModel:
    return load_model(card_of("quality"))


def measure(pixels: Pixels) -> Quality:
    """Quality of a photo or a crop, at a longer side of 640 pixels whatever its resolution.

    Args:
        pixels: RGB uint8, shape (height, width, 3).

    Returns:
        ``sharpness_01`` (1 sharp), ``dark_01``, ``over_01``, ``glare_01`` (0 none), and the first verdict that holds
        of small (less than 16 pixels), dark, overexposed, blur, glare, ok.

    Raises:
        ModelError: the fitted numbers are missing or wrong.
    """
    model = _model()
    if min(pixels.shape[:2]) < SMALLEST_SIDE:
        return Quality(QualityVerdict.SMALL, 0.0, 0.0, 0.0, 0.0)
    working = at_working_size(pixels)
    blur, dark, over, glare = model.scores(blur_features(working), light_features(working))
    found = {"dark": dark, "overexposed": over, "blur": blur, "glare": glare}
    verdict = next((QualityVerdict(kind) for kind, score in found.items() if score >= model.limits[kind]), None)
    return Quality(verdict or QualityVerdict.OK, *(round(v, 4) for v in (1.0 - blur, dark, over, glare)))


def sharpness(pixels: Pixels, side: int = REGION_SIDE) -> float:
    """Sharpness 0..1 of a region (plate, damage, document).

    Args:
        pixels: the region out of the full-resolution photo, RGB uint8.
        side: longer side in pixels at which it is judged; smaller regions are taken as they are.

    Returns:
        0 also for regions of less than 16 pixels, where nothing can be said. Raises `ModelError` like `measure`.
    """
    if min(pixels.shape[:2]) < SMALLEST_SIDE:
        return 0.0
    blur, *_ = _model().scores(blur_features(at_working_size(pixels, side)), _NO_LIGHT)
    return round(1.0 - blur, 4)


_NO_LIGHT = np.zeros(24, np.float32)
"""Light features where only blur is asked for."""
