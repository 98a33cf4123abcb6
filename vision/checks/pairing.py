"""Contact pairing: whether what was struck on one vehicle fits what was struck on the other, by side and height."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vision.checks.collision import any_outside, damages_of, name_of
from vision.checks.dossier import Dossier, failed, finding_of, texts_param, unsure
from vision.checks.geometry import FACES, area, centre, inside
from vision.checks.known_view import known_view
from vision.checks.reasons import Reason
from vision.checks.whose import may_be
from vision.types import Box, Damage, Evidence, Finding, PartKind, PhotoFacts, Requirement, Vehicle, Verdict

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


def contact_pairing(requirement: Requirement, dossier: Dossier) -> tuple[Finding, ...]:
    """Whether damage on one vehicle fits damage on the other: ``pairs`` of sides, heights at most one step apart."""
    contacts = contacts_of(dossier)
    if not contacts and not any_outside(dossier):
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
    """Certain damage, with the sides it is on: of its part, else of the view that shows it.

    A likely one may be a reflection, and would then tell an officer of damage that is not there.
    """
    return tuple(
        _contact(photo, damage, dossier)
        for photo in dossier.photos
        for damage in damages_of(photo, dossier, dossier.limits["damage_sure"])
    )


def _contact(photo: PhotoFacts, damage: Damage, dossier: Dossier) -> Contact:
    limits = dossier.limits
    around = [v for v in photo.vehicles if inside(centre(damage.box_xyxy), v.box_xyxy)]
    vehicle = min(around, key=lambda v: (area(v.box_xyxy), v.box_xyxy), default=None)
    regions = REGIONS.get(damage.part, ()) if damage.part is not None else ()
    view = None if vehicle is None else known_view(vehicle, photo, limits)
    if not regions and view is not None:
        regions = FACES[view]
    height = None if damage.part is None else 0 if damage.part in _LOW else 2 if damage.part in _HIGH else 1
    return Contact(photo, damage, frozenset(regions), height, _party(photo, vehicle, dossier), vehicle)


def _party(photo: PhotoFacts, vehicle: Vehicle | None, dossier: Dossier) -> str | None:
    """The only party whose vehicle it may be, by plate and paint; else the one whose photo it is."""
    owners = frozenset() if vehicle is None else may_be(vehicle, photo, dossier)
    known = len(owners) == 1 and len(dossier.parties.files) > 1
    return next(iter(owners)) if known else dossier.parties.name_of(photo)


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
    boxes: dict[str, tuple[Box, ...]] = {}
    for contact in seen:
        boxes[contact.photo.photo] = (*boxes.get(contact.photo.photo, ()), contact.damage.box_xyxy)
    evidence = tuple(Evidence(photo, found) for photo, found in boxes.items())
    measured = " / ".join(sorted({name_of(contact.damage) for contact in seen}))
    return Finding(requirement.id, verdict, reason.value, None, evidence, measured, ", ".join(pairs))
