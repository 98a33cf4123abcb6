"""From the measure by which a flag was raised to the chance that it is right.

The measures (share burnt out, colour left, beat of a screen's grid) are brought to 0 to 1 by rule, .5 where the flag is
raised; how often each kind is right tells `python -m datasets.documents.flag_chances`, on 600 drawn pictures of tuning
fonts. Kinds that are not here (validity, kind of page, small or blurred print) keep their own score.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from vision.models.calibration import Platt
from vision.types import DocumentFlag, DocumentFlagKind

CHANCES: Mapping[DocumentFlagKind, Platt] = {
    DocumentFlagKind.CROPPED_EDGE: Platt(1.0, 0.953),
    DocumentFlagKind.GLARE_OVER_FIELD: Platt(0.1, 1.935),
    DocumentFlagKind.OCCLUDED_FIELD: Platt(1.0, 2.346),
    DocumentFlagKind.PHOTOCOPY: Platt(0.25, 2.906),
    DocumentFlagKind.SCREEN_RECAPTURE: Platt(1.0, 2.32),
    DocumentFlagKind.SCREENSHOT: Platt(0.1, 3.339),
}
"""Tampered papers were never flagged there, so nothing is known of that kind."""


def with_chance(flag: DocumentFlag) -> DocumentFlag:
    """The same flag, its score a chance."""
    curve = CHANCES.get(flag.kind)
    return flag if curve is None else replace(flag, score=float(curve(flag.score)))
