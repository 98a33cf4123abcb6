"""Views of the scene: enough vehicles, whole, from the side that was asked for."""

from __future__ import annotations

from collections.abc import Iterator

from vision.checks.dossier import (
    Dossier,
    Look,
    conclude,
    failed,
    flag_param,
    number_param,
    passed,
    text_param,
    texts_param,
    unsure,
)
from vision.checks.geometry import area, gap_01, main_vehicles, margin_01, overlap
from vision.checks.known_view import chance_among, known_view, never_shown, shown_chance, views_with
from vision.checks.quality import usable
from vision.checks.reasons import Reason
from vision.checks.two_wheelers import lacks_one, of_the_parties, overlooked
from vision.checks.whose import not_a_bystander
from vision.types import FramingKind, PhotoFacts, Requirement, Vehicle, View

SAME_WAY = ("rear_end", "lane_change")
"""Accidents of vehicles that drove the same way."""
OPPOSITE = {"front": "rear", "rear": "front", "left": "right", "right": "left"}
_ENDS = (View.FRONT, View.REAR)
"""Straight ahead or behind; who also sees another vehicle from its side or corner stands straight before one only."""
NEVER_A_SCENE = (FramingKind.CLOSEUP, FramingKind.INTERIOR, FramingKind.DOCUMENT)


def scene_view(photo: PhotoFacts, requirement: Requirement, dossier: Dossier) -> Look:
    """``vehicles`` whole vehicles, of which one shows one of ``faces`` (any, where none is named)."""
    count = int(number_param(requirement, "vehicles", 2))
    seen = main_vehicles(photo, dossier.limits, dossier.limits["vehicle_score"])
    if len(seen) < count:  # those in doubt may fill up, and the step below says so
        seen = main_vehicles(photo, dossier.limits, dossier.limits["vehicle_doubt"])
    shown = of_the_parties(not_a_bystander(seen, count, photo, dossier), count, dossier)
    boxes = tuple(vehicle.box_xyxy for vehicle in shown)
    return conclude(_steps(photo, requirement, dossier, shown, count), passed(Reason.SHOWN, boxes, _views(shown)))


def _steps(
    photo: PhotoFacts, requirement: Requirement, dossier: Dossier, shown: tuple[Vehicle, ...], count: int
) -> Iterator[Look | None]:
    limits = dossier.limits
    yield _framing(photo, dossier)
    yield _enough(photo, dossier, shown, count)
    for vehicle in shown:
        yield _whole(vehicle, photo, dossier)
    if len(shown) > 1:
        gap = gap_01(shown[0].box_xyxy, shown[1].box_xyxy)
        yield unsure(Reason.VEHICLES_APART, gap, limits["apart_01"]) if gap > limits["apart_01"] else None
    yield _fill(photo, dossier, shown)
    yield _faces(photo, requirement, dossier, shown)
    yield usable(photo, dossier.limits)


def _framing(photo: PhotoFacts, dossier: Dossier) -> Look | None:
    """Only what can't be a scene counts against it: scene, whole and medium are told by the boxes below."""
    if photo.framing.kind not in NEVER_A_SCENE:
        return None
    measured, limit = photo.framing.kind.value, dossier.limits["framing_score"]
    sure = photo.framing.score >= limit
    return failed(Reason.WRONG_FRAMING, measured) if sure else unsure(Reason.FRAMING_DOUBTFUL, measured)


def _enough(photo: PhotoFacts, dossier: Dossier, shown: tuple[Vehicle, ...], count: int) -> Look | None:
    if len(shown) < count:
        boxes = tuple(v.box_xyxy for v in shown)
        if shown and len(shown) + overlooked(dossier) >= count:
            return unsure(Reason.TWO_WHEELER_NOT_SEEN, len(shown), count, boxes)
        return failed(Reason.TOO_FEW_VEHICLES, len(shown), count, boxes)
    if lacks_one(shown, dossier):
        return unsure(Reason.TWO_WHEELER_NOT_SEEN, len(shown), count, tuple(v.box_xyxy for v in shown))
    doubtful = tuple(v.box_xyxy for v in shown if v.score < dossier.limits["vehicle_score"])
    if doubtful:
        weakest = min(vehicle.score for vehicle in shown)
        return unsure(Reason.VEHICLE_DOUBTFUL, weakest, dossier.limits["vehicle_score"], doubtful)
    return None


def _whole(vehicle: Vehicle, photo: PhotoFacts, dossier: Dossier) -> Look | None:
    margin, box = margin_01(vehicle.box_xyxy, photo.size_wh), (vehicle.box_xyxy,)
    if margin < dossier.limits["border_01"]:
        return failed(Reason.VEHICLE_CUT_OFF, margin, dossier.limits["border_01"], box)
    if margin < dossier.limits["border_doubt_01"]:
        return unsure(Reason.VEHICLE_AT_BORDER, margin, dossier.limits["border_doubt_01"], box)
    return None


def _fill(photo: PhotoFacts, dossier: Dossier, shown: tuple[Vehicle, ...]) -> Look | None:
    covered = sum(area(vehicle.box_xyxy) for vehicle in shown)
    if len(shown) > 1:
        covered -= overlap(shown[0].box_xyxy, shown[1].box_xyxy)
    share = covered / (photo.size_wh[0] * photo.size_wh[1])
    limit = dossier.limits["fill_01"]
    return unsure(Reason.VEHICLES_FILL_PICTURE, share, limit) if share > limit else None


def _faces(photo: PhotoFacts, requirement: Requirement, dossier: Dossier, shown: tuple[Vehicle, ...]) -> Look | None:
    faces, limits = texts_param(requirement, "faces"), dossier.limits
    if not faces:
        return None
    told, asked, boxes = _views(shown), "/".join(faces), tuple(vehicle.box_xyxy for vehicle in shown)
    if never_shown(shown, views_with(faces), limits):
        return failed(Reason.WRONG_SIDE, told, asked, boxes)
    if flag_param(requirement, "straight") and never_shown(shown, _straight_on(faces), limits):
        return failed(Reason.NOT_STRAIGHT_ON, told, asked, boxes)
    if _heading(requirement, dossier) == "same" and _other_end_of_one(photo, faces, dossier, shown):
        return failed(Reason.SIDE_ON if _side_on(photo, shown, dossier) else Reason.WRONG_SIDE, told, asked, boxes)
    if shown_chance(shown, views_with(faces), photo, limits) < limits["view_score"]:
        return unsure(Reason.VIEW_DOUBTFUL, told, asked, boxes)
    return _from_where(photo, requirement, dossier, shown)


def _from_where(
    photo: PhotoFacts, requirement: Requirement, dossier: Dossier, shown: tuple[Vehicle, ...]
) -> Look | None:
    """Of a picture that shows the side: straight on or from a corner as is asked for, and not from beside the two."""
    faces, limits = texts_param(requirement, "faces"), dossier.limits
    told, asked, boxes = _views(shown), "/".join(faces), tuple(vehicle.box_xyxy for vehicle in shown)
    straight = _straight_on(faces)
    if flag_param(requirement, "straight") and chance_among(shown, straight, views_with(faces)) < limits["view_score"]:
        return unsure(Reason.NOT_STRAIGHT_ON, told, asked, boxes)
    if flag_param(requirement, "corner") and all(v.view in _ENDS for v in shown if v.view is not None):
        return unsure(Reason.NOT_AT_CORNER, told, asked, boxes)
    if _side_on(photo, shown, dossier) and _heading(requirement, dossier) != "crossing":
        return unsure(Reason.SIDE_ON, told, asked, boxes)
    return None


def _heading(requirement: Requirement, dossier: Dossier) -> str:
    """How the vehicles stand to each other: as the standard says, else as in every accident of that type."""
    told = text_param(requirement, "heading", "any")
    return "same" if told == "any" and dossier.case.accident_type in SAME_WAY else told


def _other_end_of_one(photo: PhotoFacts, faces: tuple[str, ...], dossier: Dossier, shown: tuple[Vehicle, ...]) -> bool:
    """Whether one that stands free surely turns its other end to the camera: of two that drove the same way, then, the
    picture was taken from the other end or from beside them."""
    others, limits = views_with([OPPOSITE[face] for face in faces]), dossier.limits
    surely = (shown_chance([vehicle], others, photo, limits) > 1 - limits["view_doubt"] for vehicle in shown)
    return len(shown) > 1 and any(surely)


def _straight_on(faces: tuple[str, ...]) -> tuple[View, ...]:
    return tuple(view for view in View if view.value in faces)


def _side_on(photo: PhotoFacts, shown: tuple[Vehicle, ...], dossier: Dossier) -> bool:
    """From beside two: one's front corner and the other's rear corner of the same side."""
    seen = {known_view(vehicle, photo, dossier.limits) for vehicle in shown}
    return {View.FRONT_LEFT, View.REAR_LEFT} <= seen or {View.FRONT_RIGHT, View.REAR_RIGHT} <= seen


def _views(shown: tuple[Vehicle, ...]) -> str:
    return ", ".join(vehicle.view.value if vehicle.view else "?" for vehicle in shown)
