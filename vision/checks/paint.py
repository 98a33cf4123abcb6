"""The paint of the parties' vehicles, as far as it can tell two vehicles apart.

Only colours that are told with a high score, of a vehicle that stands free, and that no light turns into each other,
tell two vehicles apart; like colours prove nothing. `Vehicle.appearance` has no say: both vehicles stand in one place
and light, where it hardly knows them (`one_vehicle` in `kuaizheng evaluate cases` tells of both).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vision.checks.geometry import TWO_WHEELED, area, centre, inside, main_vehicles, plate_box
from vision.checks.known_view import hidden_01
from vision.checks.parties import Parties
from vision.types import PhotoFacts, Vehicle, VehicleColour

_C = VehicleColour
ALIKE: tuple[frozenset[VehicleColour], ...] = (
    frozenset({_C.WHITE, _C.SILVER, _C.GREY}),
    frozenset({_C.WHITE, _C.SILVER, _C.YELLOW}),
    frozenset({_C.SILVER, _C.GREY, _C.BROWN}),
    frozenset({_C.GREY, _C.BLACK}),
    frozenset({_C.SILVER, _C.GREY, _C.BLUE}),
    frozenset({_C.GREY, _C.GREEN}),
    frozenset({_C.BLACK, _C.BLUE}),
    frozenset({_C.BLACK, _C.GREEN}),
    frozenset({_C.BLACK, _C.BROWN}),
    frozenset({_C.BLUE, _C.GREEN}),
    frozenset({_C.BLACK, _C.RED}),
    frozenset({_C.BROWN, _C.RED}),
    frozenset({_C.BROWN, _C.YELLOW}),
)
"""Colours that shade, lamps or a reader's taste turn into each other."""


@dataclass(frozen=True, slots=True)
class Painted:
    """A vehicle with the plate of a party on it, and its colour where that is sure."""

    party: str
    photo: PhotoFacts
    vehicle: Vehicle
    colour: VehicleColour | None


def unlike(one: VehicleColour, other: VehicleColour) -> bool:
    """Whether they are surely two paints; `VehicleColour.OTHER` may be any."""
    same = one is other or any({one, other} <= group for group in ALIKE)
    return not same and VehicleColour.OTHER not in (one, other)


def colour_of(vehicle: Vehicle, photo: PhotoFacts, limits: Mapping[str, float]) -> VehicleColour | None:
    """Null where it is not sure enough to be held against another: two-wheelers are half rider, and what stands
    behind a nearer vehicle shows that one's paint."""
    if vehicle.colour is None or vehicle.colour_score < limits["colour_score"] or vehicle.kind in TWO_WHEELED:
        return None
    return None if hidden_01(vehicle, photo, limits) > limits["hidden_view_01"] else vehicle.colour


def painted(parties: Parties, limits: Mapping[str, float]) -> tuple[Painted, ...]:
    """Vehicles that bear a party's plate. One that two parties claim is nobody's."""
    claimed = [file.plate for file in parties.files if file.plate is not None]
    owners = {file.plate: file.id for file in parties.files if claimed.count(file.plate or "") == 1}
    found = []
    for seen in parties.sightings:
        if not seen.sure or seen.plate.text not in owners:
            continue
        place = centre(plate_box(seen.plate))
        holding = [v for v in main_vehicles(seen.photo, limits, limits["vehicle_score"]) if inside(place, v.box_xyxy)]
        if holding:
            bearer = min(holding, key=lambda v: (area(v.box_xyxy), v.box_xyxy))
            colour = colour_of(bearer, seen.photo, limits)
            found.append(Painted(owners[seen.plate.text], seen.photo, bearer, colour))
    return tuple(found)
