"""Views of the scene: enough vehicles, whole, from the side that was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

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
from vision.checks.geometry import FACES, TWO_WHEELED, area, gap_01, main_vehicles, margin_01, overlap
from vision.checks.known_view import known_view, view_chance
from vision.checks.quality import usable
from vision.checks.reasons import Reason
from vision.checks.two_wheelers import lacks_one, of_the_parties, overlooked
from vision.types import FramingKind, PhotoFacts, Requirement, Vehicle, View

NEVER_A_SCENE = (FramingKind.CLOSEUP, FramingKind.INTERIOR, FramingKind.DOCUMENT)


def scene_view(photo: PhotoFacts, requirement: Requirement, dossier: Dossier) -> Look:
    """``vehicles`` whole vehicles, of which one shows one of ``faces`` (any, where none is named)."""
    count = int(number_param(requirement, "vehicles", 2))
    seen = main_vehicles(photo, dossier.limits, dossier.limits["vehicle_score"])
    if len(seen) < count:  # those in doubt may fill up, and the step below says so
        seen = main_vehicles(photo, dossier.limits, dossier.limits["vehicle_doubt"])
    shown = of_the_parties(seen, count, dossier)
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
    yield usable(photo)


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
    faces = texts_param(requirement, "faces")
    if not faces:
        return None
    known = [view for v in shown if (view := known_view(v, photo, dossier.limits)) is not None]
    fitting = [view for view in known if set(faces) & set(FACES[view])] or _together(shown, photo, faces, dossier)
    boxes = tuple(vehicle.box_xyxy for vehicle in shown)
    if not fitting:
        cars = [vehicle for vehicle in shown if vehicle.kind not in TWO_WHEELED]
        if cars and all(_surely_other(vehicle, photo, faces, dossier) for vehicle in cars):
            return failed(Reason.WRONG_SIDE, _views(shown), "/".join(faces), boxes)
        return unsure(Reason.VIEW_DOUBTFUL, _views(shown), "/".join(faces), boxes)
    if flag_param(requirement, "straight") and not any(view.value in faces for view in fitting):
        return failed(Reason.NOT_STRAIGHT_ON, _views(shown), "/".join(faces), boxes)
    if flag_param(requirement, "corner") and all(view.value in faces for view in fitting):
        return unsure(Reason.NOT_AT_CORNER, _views(shown), "/".join(faces), boxes)
    if _side_on(known) and text_param(requirement, "heading", "any") != "crossing":
        # a picture from beside the two shows one's front corner and the other's rear corner of the same side
        same = text_param(requirement, "heading", "any") == "same"
        return (failed if same else unsure)(Reason.SIDE_ON, _views(shown), "/".join(faces), boxes)
    return None


def _together(shown: tuple[Vehicle, ...], photo: PhotoFacts, faces: tuple[str, ...], dossier: Dossier) -> list[View]:
    """Views that fit, none certain by itself, if it is certain enough that one of them is right: the chance that all
    are wrong is the product of theirs."""
    fit = [(v.view, v) for v in shown if v.view is not None and set(faces) & set(FACES[v.view])]
    all_wrong = prod(1 - view_chance(vehicle, photo, dossier.limits) for _, vehicle in fit)
    return [view for view, _ in fit] if 1 - all_wrong >= dossier.limits["view_score"] else []


def _surely_other(vehicle: Vehicle, photo: PhotoFacts, faces: tuple[str, ...], dossier: Dossier) -> bool:
    """Whether a vehicle certainly shows none of ``faces``: views are often taken for their neighbours in the ring."""
    view = known_view(vehicle, photo, dossier.limits)
    if view is None:
        return False
    ring = tuple(View)
    place = ring.index(view)
    beside = {face for step in (-1, 1) for face in FACES[ring[(place + step) % len(ring)]]}
    return vehicle.view_score >= dossier.limits["view_sure"] or not beside & set(faces)


def _side_on(views: list[View]) -> bool:
    seen = set(views)
    return {View.FRONT_LEFT, View.REAR_LEFT} <= seen or {View.FRONT_RIGHT, View.REAR_RIGHT} <= seen


def _views(shown: tuple[Vehicle, ...]) -> str:
    return ", ".join(vehicle.view.value if vehicle.view else "?" for vehicle in shown)
