"""The checks: plain functions over facts, named in a standard by their own names. Nothing here reads a pixel."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from vision.checks.agreement import (
    capture_places,
    capture_times,
    name_agreement,
    plate_agreement,
    plate_not_at_scene,
    standard_serves,
    vin_agreement,
)
from vision.checks.collision import contact_far, contact_near
from vision.checks.documents import document, document_valid
from vision.checks.dossier import Dossier, Look
from vision.checks.pairing import contact_pairing
from vision.checks.papers import document_look, stray_papers, vin_check
from vision.checks.plates import more_plates_than_parties, nearest_plate, plate_readable
from vision.checks.quality import photo_truncated, wrong_kind_of_photo
from vision.checks.reuse import originals_readable, same_photo_twice
from vision.checks.road import lane_line, road_sign, traffic_light
from vision.checks.struck import object_hit
from vision.checks.views import scene_view
from vision.checks.whose import vehicle_colours
from vision.types import Finding, PhotoFacts, Requirement

PhotoCheck: TypeAlias = Callable[[PhotoFacts, Requirement, Dossier], Look]
SetCheck: TypeAlias = Callable[[Requirement, Dossier], tuple[Finding, ...]]
StandingCheck: TypeAlias = Callable[[Dossier], tuple[Finding, ...]]

PHOTO_CHECKS: tuple[PhotoCheck, ...] = (scene_view, contact_near, contact_far, nearest_plate)
"""Judge one photo; `vision.score` puts photos to requirements."""
SET_CHECKS: tuple[SetCheck, ...] = (
    contact_pairing,
    object_hit,
    lane_line,
    traffic_light,
    road_sign,
    plate_readable,
    document,
    document_valid,
    plate_agreement,
    vin_agreement,
    name_agreement,
)
"""Judge the whole set; one finding, or one a party."""
CHECKS: tuple[PhotoCheck | SetCheck, ...] = (*PHOTO_CHECKS, *SET_CHECKS)
"""All that a standard may ask for, by function name."""
STANDING_CHECKS: tuple[StandingCheck, ...] = (
    originals_readable,
    standard_serves,
    plate_not_at_scene,
    more_plates_than_parties,
    capture_times,
    capture_places,
    document_look,
    stray_papers,
    vin_check,
    vehicle_colours,
    same_photo_twice,
    wrong_kind_of_photo,
    photo_truncated,
)
"""Look at every case whatever the standard; carry no weight."""
OFFICER_LOOKS: tuple[StandingCheck, ...] = (
    originals_readable,
    standard_serves,
    document_look,
    stray_papers,
)
"""Standing checks whose doubt an officer has to see before a set is complete."""

COMMON_PARAMS: dict[str, type] = {"group": str, "cured_by": tuple}
PARAMS: dict[str, dict[str, type]] = {
    "scene_view": {"faces": tuple, "vehicles": float, "straight": bool, "corner": bool, "heading": str},
    "nearest_plate": {"faces": tuple},
    "contact_pairing": {"pairs": tuple},
    "lane_line": {"told": bool},
    "document": {"document": str, "fields": tuple},
    "document_valid": {"document": str},
}
"""Parameters of each check beside the common ones: a requirement of the same ``group`` needs a photo of its own;
a retake of one of ``cured_by`` would mend this one too."""
NEEDED_PARAMS: dict[str, tuple[str, ...]] = {
    "nearest_plate": ("faces",),
    "document": ("document", "fields"),
    "document_valid": ("document",),
}
_FACES = ("front", "rear", "left", "right")
_REGIONS = (*_FACES, "side", "door", "any")
CHOICES: dict[str, tuple[str, ...]] = {
    "faces": _FACES,
    "heading": ("any", "same", "crossing"),
    "pairs": tuple(f"{one}+{other}" for one in _REGIONS for other in _REGIONS),
    "document": ("driving_licence", "vehicle_licence", "insurance_policy"),
}
"""Words that a parameter may hold."""
