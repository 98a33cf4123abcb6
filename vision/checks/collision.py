"""The collision: seen from near and far, and whether what was struck on A fits what was struck on B."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vision.checks.dossier import Dossier, Look, conclude, failed, finding_of, passed, texts_param, unsure
from vision.checks.geometry import FACES, centre, gap_01, inside, main_vehicles
from vision.checks.quality import usable
from vision.checks.reasons import Reason
from vision.types import Damage, Evidence, Finding, FramingKind, PartKind, PhotoFacts, Requirement, Vehicle, Verdict

_NEAR = (FramingKind.CLOSEUP, FramingKind.MEDIUM)
_NEVER = (FramingKind.DOCUMENT, FramingKind.INTERIOR, FramingKind.OTHER)

REGIONS: Mapping[PartKind, tuple[str, ...]] = {
    PartKind.FRONT_BUMPER: ("front",),
    PartKind.FRONT_GLASS: ("front",),
    PartKind.FRONT_LEFT_LIGHT: ("front", "left"),
    PartKind.FRONT_RIGHT_LIGHT: ("front", "right"),
    PartKind.HOOD: ("front",),
    PartKind.BACK_BUMPER: ("rear",),
    PartKind.BACK_GLASS: ("rear",),
    PartKind.BACK_LEFT_LIGHT: ("rear", "left"),
    PartKind.BACK_RIGHT_LIGHT: ("rear", "right"),
    PartKind.TAILGATE: ("rear",),
    PartKind.TRUNK: ("rear",),
    PartKind.FRONT_LEFT_DOOR: ("left", "door"),
    PartKind.BACK_LEFT_DOOR: ("left", "door"),
    PartKind.FRONT_RIGHT_DOOR: ("right", "door"),
    PartKind.BACK_RIGHT_DOOR: ("right", "door"),
    PartKind.LEFT_MIRROR: ("left",),
    PartKind.RIGHT_MIRROR: ("right",),
}
"""Sides of the vehicle that a part belongs to; a wheel may be on any."""
_LOW = (PartKind.FRONT_BUMPER, PartKind.BACK_BUMPER, PartKind.WHEEL)
_HIGH = (PartKind.FRONT_GLASS, PartKind.BACK_GLASS, PartKind.LEFT_MIRROR, PartKind.RIGHT_MIRROR)


@dataclass(frozen=True, slots=True)
class Contact:
    """Damage seen on some vehicle: which sides, how high (0 low, 1 middle, 2 high, null unknown), whose."""

    photo: PhotoFacts
    damage: Damage
    regions: frozenset[str]
    height: int | None
    party: str | None
    vehicle: Vehicle | None


def contact_near(photo: PhotoFacts, requirement: Requirement, dossier: Dossier) -> Look:
    """Close picture of the contact point: damage in the central part, sharp, large enough. Never says "no damage"."""
    seen = _seen(photo, dossier, dossier.limits["damage_doubt"])
    best = max(seen, key=lambda damage: _merit(damage, photo, dossier), default=None)
    good = passed(Reason.SHOWN, (best.box_xyxy,), _name(best)) if best else passed(Reason.SHOWN)
    return conclude(_near_steps(photo, dossier, best), good)


def _near_steps(photo: PhotoFacts, dossier: Dossier, best: Damage | None) -> Iterator[Look | None]:
    limits, kind = dossier.limits, photo.framing.kind
    yield failed(Reason.NO_PHOTO, kind.value) if kind in _NEVER or photo.document is not None else None
    sure = photo.framing.score >= limits["framing_score"]
    wrong = failed(Reason.WRONG_FRAMING, kind.value) if sure else unsure(Reason.FRAMING_DOUBTFUL, kind.value)
    yield None if kind in _NEAR else wrong
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
    side = max(best.box_xyxy[2] - best.box_xyxy[0], best.box_xyxy[3] - best.box_xyxy[1])
    if side < limits["damage_px"]:
        yield failed(Reason.DAMAGE_TOO_SMALL, side, limits["damage_px"], box)


def contact_far(photo: PhotoFacts, requirement: Requirement, dossier: Dossier) -> Look:
    """The contact point in its surroundings: both vehicles, touching, from a side on which that can be seen."""
    shown = main_vehicles(photo, dossier.limits, dossier.limits["vehicle_doubt"])[:2]
    boxes = tuple(vehicle.box_xyxy for vehicle in shown)
    return conclude(_far_steps(photo, dossier, shown), passed(Reason.SHOWN, boxes))


def _far_steps(photo: PhotoFacts, dossier: Dossier, shown: tuple[Vehicle, ...]) -> Iterator[Look | None]:
    limits, count = dossier.limits, int(dossier.limits["parties"])
    strange = photo.framing.kind in _NEVER or photo.document is not None
    yield failed(Reason.NO_PHOTO, photo.framing.kind.value) if strange else None
    yield failed(Reason.TOO_FEW_VEHICLES, len(shown), count) if len(shown) < count else None
    if any(vehicle.score < limits["vehicle_score"] for vehicle in shown):
        yield unsure(Reason.VEHICLE_DOUBTFUL, min(v.score for v in shown), limits["vehicle_score"])
    yield usable(photo)
    if _seen(photo, dossier, limits["damage_score"]):
        return
    gap = gap_01(shown[0].box_xyxy, shown[1].box_xyxy) if len(shown) > 1 else 0.0
    if gap > limits["touch_01"]:
        yield unsure(Reason.VEHICLES_APART, gap, limits["touch_01"])
    views = [v.view for v in shown if v.view is not None and v.view_score >= limits["view_score"]]
    if not any({"left", "right"} & set(FACES[view]) for view in views):
        yield unsure(Reason.CONTACT_HIDDEN)


def object_hit(requirement: Requirement, dossier: Dossier) -> tuple[Finding, ...]:
    """The object that a single vehicle ran into. No model knows objects: a doubt wherever there is a picture."""
    pictures = [photo for photo in dossier.photos if photo.framing.kind not in _NEVER and photo.document is None]
    look = unsure(Reason.OBJECT_NOT_RECOGNISED) if pictures else failed(Reason.NO_PHOTO)
    return (finding_of(requirement, look, None),)


def contact_pairing(requirement: Requirement, dossier: Dossier) -> tuple[Finding, ...]:
    """Whether damage on one vehicle fits damage on the other: ``pairs`` of sides, heights at most one step apart."""
    contacts = contacts_of(dossier)
    if not any(photo.framing.kind not in _NEVER and photo.document is None for photo in dossier.photos):
        return (finding_of(requirement, failed(Reason.NO_PHOTO), None),)
    if not contacts:
        return (finding_of(requirement, unsure(Reason.DAMAGE_NOT_SEEN), None),)
    pairs = texts_param(requirement, "pairs") or ("any+any",)
    couples = [(a, b) for a in contacts for b in contacts if a is not b and not _one_vehicle(a, b)]
    fitting = [(a, b) for a, b in couples if any(_fits(a, b, pair) for pair in pairs)]
    level = [(a, b) for a, b in fitting if a.height is None or b.height is None or abs(a.height - b.height) <= 1]
    if level:
        best = max(level, key=lambda couple: min(couple[0].damage.score, couple[1].damage.score))
        return (_pairing(requirement, Verdict.PASS, Reason.CONTACT_PLAUSIBLE, best, pairs),)
    if fitting:
        return (_pairing(requirement, Verdict.UNSURE, Reason.CONTACT_HEIGHTS_DIFFER, fitting[0], pairs),)
    reason = Reason.CONTACT_IMPLAUSIBLE if couples else Reason.CONTACT_ONE_SIDED
    return (_pairing(requirement, Verdict.UNSURE, reason, tuple(contacts), pairs),)


def contacts_of(dossier: Dossier) -> tuple[Contact, ...]:
    """Damage of enough score, with the sides it is on: of its part, else of the view that shows it."""
    return tuple(
        _contact(photo, damage, dossier)
        for photo in dossier.photos
        for damage in _seen(photo, dossier, dossier.limits["damage_score"])
    )


def _contact(photo: PhotoFacts, damage: Damage, dossier: Dossier) -> Contact:
    limits = dossier.limits
    around = [v for v in photo.vehicles if inside(centre(damage.box_xyxy), v.box_xyxy)]
    vehicle = min(around, key=lambda v: (v.box_xyxy[2] - v.box_xyxy[0], v.box_xyxy), default=None)
    regions = REGIONS.get(damage.part, ()) if damage.part is not None else ()
    if not regions and vehicle is not None and vehicle.view is not None and vehicle.view_score >= limits["view_score"]:
        regions = FACES[vehicle.view]
    height = None if damage.part is None else 0 if damage.part in _LOW else 2 if damage.part in _HIGH else 1
    return Contact(photo, damage, frozenset(regions), height, dossier.parties.name_of(photo), vehicle)


def _one_vehicle(one: Contact, other: Contact) -> bool:
    """Whether both are known to be on one vehicle: in one photo and box, or of one party."""
    if one.photo is other.photo:
        return one.vehicle is other.vehicle
    return one.party is not None and one.party == other.party


def _fits(one: Contact, other: Contact, pair: str) -> bool:
    first, second = pair.split("+")
    return _on(one, first) and _on(other, second)


def _on(contact: Contact, region: str) -> bool:
    if region == "any":
        return True
    if region == "side":
        return bool({"left", "right"} & contact.regions)
    return region in contact.regions


def _pairing(
    requirement: Requirement, verdict: Verdict, reason: Reason, seen: tuple[Contact, ...], pairs: tuple[str, ...]
) -> Finding:
    boxes: dict[str, tuple[tuple[float, float, float, float], ...]] = {}
    for contact in seen:
        boxes[contact.photo.photo] = (*boxes.get(contact.photo.photo, ()), contact.damage.box_xyxy)
    evidence = tuple(Evidence(photo, found) for photo, found in boxes.items())
    measured = " / ".join(sorted({_name(contact.damage) for contact in seen}))
    return Finding(requirement.id, verdict, reason.value, None, evidence, measured, ", ".join(pairs))


def _seen(photo: PhotoFacts, dossier: Dossier, least: float) -> tuple[Damage, ...]:
    if photo.framing.kind in _NEVER or photo.document is not None:
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


def _name(damage: Damage) -> str:
    return damage.part.value if damage.part is not None else damage.kind.value
