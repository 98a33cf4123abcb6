"""The collision: its contact point seen from near and from far, and the object that a single vehicle hit."""

from __future__ import annotations

from collections.abc import Iterator

from vision.checks.dossier import Dossier, Look, conclude, failed, finding_of, passed, unsure
from vision.checks.geometry import FACES, centre, gap_01, main_vehicles
from vision.checks.parties import is_paper
from vision.checks.quality import usable
from vision.checks.reasons import Reason
from vision.types import Damage, Finding, FramingKind, PhotoFacts, Requirement, Vehicle

_NEAR = (FramingKind.CLOSEUP, FramingKind.MEDIUM)
NEVER_A_CONTACT = (FramingKind.DOCUMENT, FramingKind.INTERIOR, FramingKind.OTHER)


def contact_near(photo: PhotoFacts, requirement: Requirement, dossier: Dossier) -> Look:
    """Close picture of the contact point: damage in the central part, sharp, large enough. Never says "no damage"."""
    seen = damages_of(photo, dossier, dossier.limits["damage_doubt"])
    best = max(seen, key=lambda damage: _merit(damage, photo, dossier), default=None)
    good = passed(Reason.SHOWN, (best.box_xyxy,), name_of(best)) if best else passed(Reason.SHOWN)
    return conclude(_near_steps(photo, dossier, best), good)


def _near_steps(photo: PhotoFacts, dossier: Dossier, best: Damage | None) -> Iterator[Look | None]:
    limits, kind = dossier.limits, photo.framing.kind
    seen = best is not None and best.score >= limits["damage_score"]
    sure = photo.framing.score >= limits["framing_score"] and not seen
    strange = kind in NEVER_A_CONTACT and sure
    yield failed(Reason.NO_PHOTO, kind.value) if strange or is_paper(photo, limits) else None
    large = best is not None and seen and _side_px(best) >= limits["near_damage_01"] * max(photo.size_wh)
    wrong = failed(Reason.WRONG_FRAMING, kind.value) if sure else unsure(Reason.FRAMING_DOUBTFUL, kind.value)
    yield None if kind in _NEAR or (large and kind not in NEVER_A_CONTACT) else wrong
    # the damage's own sharpness counts before the picture's
    yield usable(photo) if best is None or best.sharpness_01 is None else None
    if best is None:
        yield unsure(Reason.DAMAGE_NOT_SEEN)
        return
    box = (best.box_xyxy,)
    if best.sharpness_01 is not None and best.sharpness_01 < limits["damage_sharpness_01"]:
        yield failed(Reason.DAMAGE_BLURRED, best.sharpness_01, limits["damage_sharpness_01"], box)
    if best.score < limits["damage_score"]:
        yield unsure(Reason.DAMAGE_DOUBTFUL, best.score, limits["damage_score"], box)
        return
    if not _central(best, photo, limits["central_01"]):
        yield failed(Reason.DAMAGE_OFF_CENTRE, _off_centre_01(best, photo), limits["central_01"], box)
    if _side_px(best) < limits["damage_px"]:
        yield failed(Reason.DAMAGE_TOO_SMALL, _side_px(best), limits["damage_px"], box)


def contact_far(photo: PhotoFacts, requirement: Requirement, dossier: Dossier) -> Look:
    """The contact point in its surroundings: both vehicles, touching, from a side on which that can be seen."""
    shown = main_vehicles(photo, dossier.limits, dossier.limits["vehicle_doubt"])[:2]
    boxes = tuple(vehicle.box_xyxy for vehicle in shown)
    return conclude(_far_steps(photo, dossier, shown), passed(Reason.SHOWN, boxes))


def _far_steps(photo: PhotoFacts, dossier: Dossier, shown: tuple[Vehicle, ...]) -> Iterator[Look | None]:
    limits, count = dossier.limits, int(dossier.limits["parties"])
    strange = photo.framing.kind in NEVER_A_CONTACT or is_paper(photo, limits)
    yield failed(Reason.NO_PHOTO, photo.framing.kind.value) if strange else None
    yield failed(Reason.TOO_FEW_VEHICLES, len(shown), count) if len(shown) < count else None
    if any(vehicle.score < limits["vehicle_score"] for vehicle in shown):
        yield unsure(Reason.VEHICLE_DOUBTFUL, min(v.score for v in shown), limits["vehicle_score"])
    yield usable(photo)
    if damages_of(photo, dossier, limits["damage_score"]):
        return
    gap = gap_01(shown[0].box_xyxy, shown[1].box_xyxy) if len(shown) > 1 else 0.0
    if gap > limits["touch_01"]:
        yield unsure(Reason.VEHICLES_APART, gap, limits["touch_01"])
    views = [v.view for v in shown if v.view is not None and v.view_score >= limits["view_score"]]
    if not any({"left", "right"} & set(FACES[view]) for view in views):
        yield unsure(Reason.CONTACT_HIDDEN)


def object_hit(requirement: Requirement, dossier: Dossier) -> tuple[Finding, ...]:
    """The object that a single vehicle ran into. No model knows objects: a doubt wherever there is a picture."""
    look = unsure(Reason.OBJECT_NOT_RECOGNISED) if any_outside(dossier) else failed(Reason.NO_PHOTO)
    return (finding_of(requirement, look, None),)


def any_outside(dossier: Dossier) -> bool:
    """Whether there is any picture that may show vehicles or what they hit."""
    return any(
        photo.framing.kind not in NEVER_A_CONTACT and not is_paper(photo, dossier.limits) for photo in dossier.photos
    )


def damages_of(photo: PhotoFacts, dossier: Dossier, least: float) -> tuple[Damage, ...]:
    if is_paper(photo, dossier.limits):
        return ()
    return tuple(damage for damage in photo.damages if damage.score >= least)


def _merit(damage: Damage, photo: PhotoFacts, dossier: Dossier) -> tuple[bool, bool, bool, float]:
    limits = dossier.limits
    sharp = damage.sharpness_01 is None or damage.sharpness_01 >= limits["damage_sharpness_01"]
    return damage.score >= limits["damage_score"], sharp, _central(damage, photo, limits["central_01"]), damage.score


def _off_centre_01(damage: Damage, photo: PhotoFacts) -> float:
    """Distance of the damage's centre from the picture's, 0 in the middle, 1 at an edge; the larger of both axes."""
    x, y = centre(damage.box_xyxy)
    width, height = photo.size_wh
    return max(abs(2 * x / width - 1), abs(2 * y / height - 1))


def _central(damage: Damage, photo: PhotoFacts, limit: float) -> bool:
    return _off_centre_01(damage, photo) <= limit


def _side_px(damage: Damage) -> float:
    return max(damage.box_xyxy[2] - damage.box_xyxy[0], damage.box_xyxy[3] - damage.box_xyxy[1])


def name_of(damage: Damage) -> str:
    return damage.part.value if damage.part is not None else damage.kind.value
