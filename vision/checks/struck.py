"""The fixed object that a single vehicle ran into."""

from __future__ import annotations

from vision.checks.dossier import Dossier, Look, finding_of, passed
from vision.checks.geometry import gap_01, main_vehicles, overlap
from vision.checks.parties import is_paper
from vision.checks.reasons import Reason
from vision.types import (
    Box,
    Finding,
    FramingKind,
    PhotoFacts,
    Requirement,
    RoadObject,
    RoadObjectKind,
    Vehicle,
    Verdict,
)

STRUCK = frozenset(RoadObjectKind) - {RoadObjectKind.TRAFFIC_SIGN}
"""What stands fast; a sign is struck at its post."""
LONG = (RoadObjectKind.GUARD_RAIL, RoadObjectKind.WALL)
"""Kinds that run along the road: harder to tell from kerbs, hoardings and vehicles."""
NO_OBJECT = (FramingKind.DOCUMENT, FramingKind.INTERIOR)


def object_hit(requirement: Requirement, dossier: Dossier) -> tuple[Finding, ...]:
    """A fixed object that touches the vehicle on some photo and stands where the vehicle does, not far behind it.

    Never a failure where there is a photo: an object of another kind, or one that was not recognised, may be there.
    """
    outside = [p for p in dossier.photos if p.framing.kind not in NO_OBJECT and not is_paper(p, dossier.limits)]
    if not outside:
        return (finding_of(requirement, Look(Verdict.FAIL, Reason.NO_PHOTO), None),)
    looks = [(_look(photo, dossier), photo) for photo in outside]
    look, photo = max(looks, key=lambda one: one[0].rank)  # the first of equals
    return (finding_of(requirement, look, photo if look.boxes else None),)


def _look(photo: PhotoFacts, dossier: Dossier) -> Look:
    limits = dossier.limits
    things = [o for o in photo.roadside or () if o.kind in STRUCK and o.score >= limits["object_doubt"]]
    looks = [_at(thing, photo, dossier) for thing in things]
    return max(looks, key=lambda look: look.rank, default=Look(Verdict.UNSURE, Reason.OBJECT_NOT_RECOGNISED))


def _at(thing: RoadObject, photo: PhotoFacts, dossier: Dossier) -> Look:
    limits, boxes = dossier.limits, (thing.box_xyxy,)
    x0, y0, x1, y1 = thing.box_xyxy
    side = max(x1 - x0, y1 - y0) / max(photo.size_wh)
    if side < limits["object_01"]:
        return Look(Verdict.UNSURE, Reason.OBJECT_TOO_SMALL, boxes, side, limits["object_01"], 1)
    vehicles = main_vehicles(photo, limits, limits["vehicle_score"])
    if not any(_touches(thing.box_xyxy, vehicle, photo, dossier) for vehicle in vehicles):
        return Look(Verdict.UNSURE, Reason.OBJECT_APART, boxes, thing.kind.value, rank=2)
    least = limits["rail_score"] if thing.kind in LONG else limits["object_score"]
    if thing.score < least:
        return Look(Verdict.UNSURE, Reason.OBJECT_DOUBTFUL, boxes, thing.score, least, 3)
    return passed(Reason.SHOWN, boxes, thing.kind.value)


def _touches(box: Box, vehicle: Vehicle, photo: PhotoFacts, dossier: Dossier) -> bool:
    """Beside or before the vehicle: what stands farther away ends higher on the picture. On damage wherever it ends."""
    limits, (_, top, _, bottom) = dossier.limits, vehicle.box_xyxy
    if gap_01(box, vehicle.box_xyxy) > limits["object_gap_01"]:
        return False
    if box[3] >= top + limits["object_foot_01"] * (bottom - top):
        return True
    return any(d.score >= limits["damage_score"] and overlap(d.box_xyxy, box) > 0 for d in photo.damages)
