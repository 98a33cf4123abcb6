"""The road on the photos of the scene: lane lines, traffic light, signs."""

from __future__ import annotations

from collections.abc import Callable

from vision.checks.dossier import Dossier, Look, finding_of, flag_param, passed, unsure
from vision.checks.reasons import Reason
from vision.checks.views import NEVER_A_SCENE
from vision.types import Box, Finding, LaneLine, LightState, PhotoFacts, Requirement, RoadObjectKind, Verdict


def lane_line(requirement: Requirement, dossier: Dossier) -> tuple[Finding, ...]:
    """A lane line on a photo with a vehicle; with ``told``, one that is surely solid or surely dashed.

    Never a failure: not every road has lines, and one that was not recognised may be there.
    """
    told = flag_param(requirement, "told")
    return _best(requirement, dossier, lambda photo: _lane(photo, told, dossier), Reason.LANE_NOT_LOOKED_AT)


def traffic_light(requirement: Requirement, dossier: Dossier) -> tuple[Finding, ...]:
    """A traffic light on a photo with a vehicle. Never a failure, as with `lane_line`."""
    return _best(requirement, dossier, lambda photo: _light(photo, dossier), Reason.TRAFFIC_LIGHT_NOT_LOOKED_AT)


def road_sign(requirement: Requirement, dossier: Dossier) -> tuple[Finding, ...]:
    """The sign or marking that rules the road, with or without a vehicle. Never a failure, as with `lane_line`."""
    return _best(requirement, dossier, lambda photo: _sign(photo, dossier), Reason.ROAD_SIGN_NOT_LOOKED_AT)


def _best(
    requirement: Requirement, dossier: Dossier, look_at: Callable[[PhotoFacts], Look | None], unseen: Reason
) -> tuple[Finding, ...]:
    """The photo that comes closest; ``unseen`` where nobody looked at any. Photos of no scene are left aside."""
    outside = [photo for photo in dossier.photos if photo.framing.kind not in NEVER_A_SCENE]
    if not outside:
        return (finding_of(requirement, Look(Verdict.FAIL, Reason.NO_PHOTO), None),)
    looks = [(look, photo) for photo in outside if (look := look_at(photo)) is not None]
    if not looks:
        return (finding_of(requirement, unsure(unseen), None),)
    look, photo = max(looks, key=lambda one: one[0].rank)  # the first of equals
    return (finding_of(requirement, look, photo if look.boxes else None),)


def _lane(photo: PhotoFacts, told: bool, dossier: Dossier) -> Look | None:
    if photo.lane is None:
        return None
    limits = dossier.limits
    seen = [line for line in photo.lane.lines if line.score >= limits["lane_score"]]
    kinds = [line for line in seen if line.kind is not None and line.kind_score >= limits["lane_kind_score"]]
    shown = kinds if told else seen
    names = ", ".join(sorted({line.kind.value for line in kinds if line.kind is not None}))
    if shown:
        boxes = tuple(_box(line) for line in shown)
        if _has_vehicle(photo, dossier):
            return passed(Reason.SHOWN, boxes, names or None)
        return Look(Verdict.UNSURE, Reason.LANE_WITHOUT_VEHICLE, boxes, names or None, rank=3)
    best = max(photo.lane.lines, key=lambda line: line.score, default=None)
    if seen:
        surest = max(line.kind_score for line in seen)
        boxes = tuple(_box(line) for line in seen)
        return Look(Verdict.UNSURE, Reason.LANE_KIND_DOUBTFUL, boxes, surest, limits["lane_kind_score"], 2)
    if best is not None and best.score >= limits["lane_doubt"]:
        return Look(Verdict.UNSURE, Reason.LANE_DOUBTFUL, (_box(best),), best.score, limits["lane_score"], 1)
    return Look(Verdict.UNSURE, Reason.LANE_NOT_SEEN)


def _light(photo: PhotoFacts, dossier: Dossier) -> Look | None:
    if photo.traffic_light is None:
        return None
    limits = dossier.limits
    best = max(photo.traffic_light, key=lambda light: light.score, default=None)
    if best is None or best.score < limits["light_doubt"]:
        return Look(Verdict.UNSURE, Reason.TRAFFIC_LIGHT_NOT_SEEN)
    boxes = (best.box_xyxy,)
    if best.score < limits["light_score"]:
        return Look(Verdict.UNSURE, Reason.TRAFFIC_LIGHT_DOUBTFUL, boxes, best.score, limits["light_score"], 1)
    state = best.state if best.state_score >= limits["light_state_score"] else LightState.UNKNOWN
    if _has_vehicle(photo, dossier):
        return passed(Reason.SHOWN, boxes, state.value)
    return Look(Verdict.UNSURE, Reason.TRAFFIC_LIGHT_WITHOUT_VEHICLE, boxes, state.value, rank=2)


def _sign(photo: PhotoFacts, dossier: Dossier) -> Look | None:
    if photo.roadside is None:
        return None
    limits = dossier.limits
    signs = [one for one in photo.roadside if one.kind is RoadObjectKind.TRAFFIC_SIGN]
    best = max(signs, key=lambda sign: sign.score, default=None)
    if best is not None and best.score >= limits["sign_score"]:
        return passed(Reason.SHOWN, (best.box_xyxy,), best.kind.value)
    lines = [line for line in (photo.lane.lines if photo.lane else ()) if line.score >= limits["lane_score"]]
    if lines:
        return passed(Reason.SHOWN, tuple(_box(line) for line in lines))
    if best is not None and best.score >= limits["sign_doubt"]:
        box = (best.box_xyxy,)
        return Look(Verdict.UNSURE, Reason.ROAD_SIGN_DOUBTFUL, box, best.score, limits["sign_score"], 1)
    return Look(Verdict.UNSURE, Reason.ROAD_SIGN_NOT_SEEN)


def _has_vehicle(photo: PhotoFacts, dossier: Dossier) -> bool:
    return any(vehicle.score >= dossier.limits["vehicle_score"] for vehicle in photo.vehicles)


def _box(line: LaneLine) -> Box:
    xs, ys = [x for x, _ in line.points], [y for _, y in line.points]
    return min(xs), min(ys), max(xs), max(ys)
