"""The collision: its contact point seen from near and from far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import prod

from vision.checks.dossier import Dossier, Look, conclude, failed, passed, unsure
from vision.checks.geometry import gap_01, iou, main_vehicles
from vision.checks.known_view import shown_chance, views_with
from vision.checks.parties import is_paper
from vision.checks.quality import usable
from vision.checks.reasons import Reason
from vision.checks.touching import all_cut_off, holds_a_whole_car, off_centre_01, touching_place
from vision.types import Box, Damage, FramingKind, PhotoFacts, Requirement, Vehicle, Verdict

_NEAR = (FramingKind.CLOSEUP, FramingKind.MEDIUM)
ONE_PLACE = 0.5
"""Overlap (IoU) from which two finds are one damage."""
NEVER_A_CONTACT = (FramingKind.DOCUMENT, FramingKind.INTERIOR, FramingKind.OTHER)


def contact_near(photo: PhotoFacts, requirement: Requirement, dossier: Dossier) -> Look:
    """Close picture of the contact point: damage in the central part, sharp, large enough, or the place where two
    vehicles still touch. Never says "no damage"."""
    seen = damages_of(photo, dossier, dossier.limits["damage_doubt"])
    best = max(seen, key=lambda damage: _merit(damage, photo, dossier), default=None)
    good = passed(Reason.SHOWN, (best.box_xyxy,), name_of(best)) if best else passed(Reason.SHOWN)
    by_damage = conclude(_near_steps(photo, dossier, best), good)
    place = touching_place(photo, dossier)
    if by_damage.verdict is Verdict.PASS or place is None:
        return by_damage
    by_place = conclude((usable(photo, dossier.limits),), passed(Reason.CONTACT_SHOWN, (place,)))
    return by_place if by_place.verdict is Verdict.PASS else by_damage


def _near_steps(photo: PhotoFacts, dossier: Dossier, best: Damage | None) -> Iterator[Look | None]:
    limits, kind = dossier.limits, photo.framing.kind
    certain = best is not None and best.score >= limits["damage_sure"]
    # A likely damage on a panorama may be a reflection: only a certain, large one makes a far picture a near one.
    large = best is not None and certain and _side_px(best) >= limits["near_damage_01"] * max(photo.size_wh)
    sure = photo.framing.score >= limits["framing_score"] and not large
    never = _never_a_contact(photo, dossier)
    strange = never and sure and not certain
    yield failed(Reason.NO_PHOTO, kind.value) if strange or is_paper(photo, limits) else None
    afar = (sure or holds_a_whole_car(photo, dossier)) and not large
    wrong = failed(Reason.WRONG_FRAMING, kind.value) if afar else unsure(Reason.FRAMING_DOUBTFUL, kind.value)
    near = kind in _NEAR or (not never and (large or all_cut_off(photo, dossier)))
    yield None if near else wrong
    # the sharpness of what surely is damage counts before the picture's
    yield usable(photo, limits) if best is None or not certain or best.sharpness_01 is None else None
    if best is None:
        yield unsure(Reason.DAMAGE_NOT_SEEN)
        return
    box = (best.box_xyxy,)
    # Near by nothing but boxes that are cut off, as of a plate: a lit lamp there is often taken for a broken one.
    least = limits["damage_score"] if kind in _NEAR else limits["damage_sure"]
    several = kind in _NEAR and any_right((one.score, one.box_xyxy) for one in photo.damages) >= limits["damage_any"]
    if best.score < least and not several:
        yield unsure(Reason.DAMAGE_DOUBTFUL, best.score, least, box)
        return
    # A likely damage is enough to pass, but not to send somebody back for how it was taken.
    fault = failed if certain else unsure
    if _side_px(best) < limits["damage_px"]:
        yield fault(Reason.DAMAGE_TOO_SMALL, _side_px(best), limits["damage_px"], box)
    if best.sharpness_01 is not None and best.sharpness_01 < limits["damage_sharpness_01"]:
        yield fault(Reason.DAMAGE_BLURRED, best.sharpness_01, limits["damage_sharpness_01"], box)
    off_centre = off_centre_01(best.box_xyxy, photo)
    if off_centre > limits["central_01"]:
        yield fault(Reason.DAMAGE_OFF_CENTRE, off_centre, limits["central_01"], box)


def _never_a_contact(photo: PhotoFacts, dossier: Dossier) -> bool:
    """Of something else, as the framing net says and no vehicle that was surely found contradicts."""
    something_else = photo.framing.kind is FramingKind.OTHER
    contradicted = something_else and main_vehicles(photo, dossier.limits, dossier.limits["vehicle_score"])
    return photo.framing.kind in NEVER_A_CONTACT and not contradicted


def contact_far(photo: PhotoFacts, requirement: Requirement, dossier: Dossier) -> Look:
    """The contact point in its surroundings: both vehicles, touching, from a side on which that can be seen."""
    shown = main_vehicles(photo, dossier.limits, dossier.limits["vehicle_doubt"])[:2]
    boxes = tuple(vehicle.box_xyxy for vehicle in shown)
    return conclude(_far_steps(photo, dossier, shown), passed(Reason.SHOWN, boxes))


def _far_steps(photo: PhotoFacts, dossier: Dossier, shown: tuple[Vehicle, ...]) -> Iterator[Look | None]:
    limits, count = dossier.limits, int(dossier.limits["parties"])
    strange = photo.framing.kind in NEVER_A_CONTACT or is_paper(photo, limits)
    yield failed(Reason.NO_PHOTO, photo.framing.kind.value) if strange else None
    if photo.framing.kind is FramingKind.CLOSEUP:
        sure = photo.framing.score >= limits["framing_score"]
        yield (failed if sure else unsure)(Reason.WRONG_FRAMING if sure else Reason.FRAMING_DOUBTFUL, "closeup")
    yield failed(Reason.TOO_FEW_VEHICLES, len(shown), count) if len(shown) < count else None
    if any(vehicle.score < limits["vehicle_score"] for vehicle in shown):
        yield unsure(Reason.VEHICLE_DOUBTFUL, min(v.score for v in shown), limits["vehicle_score"])
    yield usable(photo, limits)
    if damages_of(photo, dossier, limits["damage_score"]):
        return
    gap = gap_01(shown[0].box_xyxy, shown[1].box_xyxy) if len(shown) > 1 else 0.0
    if gap > limits["touch_01"]:
        yield unsure(Reason.VEHICLES_APART, gap, limits["touch_01"])
    if shown_chance(shown, views_with(("left", "right")), photo, limits) < limits["view_score"]:
        yield unsure(Reason.CONTACT_HIDDEN)


def any_outside(dossier: Dossier) -> bool:
    """Whether there is any picture that may show vehicles or what they hit."""
    return any(
        photo.framing.kind not in NEVER_A_CONTACT and not is_paper(photo, dossier.limits) for photo in dossier.photos
    )


def any_right(finds: Iterable[tuple[float, Box]]) -> float:
    """Chance that one of several finds (chance, box) at least is right: what half a dozen doubtful ones on one photo
    say together. Of those in one place the likeliest counts alone.

    As if the others were independent, which they are not; limits on it are chosen on photos, so that does not matter.
    """
    places: list[tuple[float, Box]] = []
    for chance, box in sorted(finds, reverse=True):
        if all(iou(box, other) < ONE_PLACE for _, other in places):
            places.append((chance, box))
    return 1.0 - prod(1.0 - chance for chance, _ in places)


def damages_of(photo: PhotoFacts, dossier: Dossier, least: float) -> tuple[Damage, ...]:
    if is_paper(photo, dossier.limits):
        return ()
    return tuple(damage for damage in photo.damages if damage.score >= least)


def _merit(damage: Damage, photo: PhotoFacts, dossier: Dossier) -> tuple[bool, bool, bool, float]:
    limits = dossier.limits
    sharp = damage.sharpness_01 is None or damage.sharpness_01 >= limits["damage_sharpness_01"]
    return (
        damage.score >= limits["damage_score"],
        sharp,
        off_centre_01(damage.box_xyxy, photo) <= limits["central_01"],
        damage.score,
    )


def _side_px(damage: Damage) -> float:
    return max(damage.box_xyxy[2] - damage.box_xyxy[0], damage.box_xyxy[3] - damage.box_xyxy[1])


def name_of(damage: Damage) -> str:
    return damage.part.value if damage.part is not None else damage.kind.value
