"""Two-wheelers among the parties' vehicles, as plates and papers tell.

The detector finds three of four on real photos and nearly every car: one that is missing may have been overlooked, and
a car in its place is a bystander or the two-wheeler itself, taken for a car.
"""

from __future__ import annotations

from collections.abc import Sequence

from vision.checks.dossier import Dossier
from vision.checks.geometry import TWO_WHEELED
from vision.checks.parties import PartyFile
from vision.types import DocumentKind, PlateKind, Vehicle

_WORD = "摩托"
"""In the type of vehicle: 普通二轮摩托车, 轻便摩托车, on a policy 摩托车."""
_PAPERS = (DocumentKind.VEHICLE_LICENCE, DocumentKind.INSURANCE_POLICY)


def two_wheelers(dossier: Dossier) -> int:
    """How many parties surely came on one."""
    return sum(_on_two_wheels(file, dossier) for file in dossier.parties.files)


def overlooked(dossier: Dossier) -> int:
    """The same, where none was recognised on any photo: these are hard to recognise."""
    least = dossier.limits["vehicle_score"]
    seen = (vehicle for photo in dossier.photos for vehicle in photo.vehicles if vehicle.score >= least)
    return 0 if any(vehicle.kind in TWO_WHEELED for vehicle in seen) else two_wheelers(dossier)


def of_the_parties(seen: Sequence[Vehicle], count: int, dossier: Dossier) -> tuple[Vehicle, ...]:
    """``count`` of the vehicles on a photo, largest first: as many two-wheelers as parties came on, then others."""
    light = [vehicle for vehicle in seen if vehicle.kind in TWO_WHEELED][: two_wheelers(dossier)]
    rest = [vehicle for vehicle in seen if all(vehicle is not one for one in light)]
    chosen = [*light, *rest][:count]
    return tuple(vehicle for vehicle in seen if any(vehicle is one for one in chosen))


def lacks_one(shown: Sequence[Vehicle], dossier: Dossier) -> bool:
    """Whether a two-wheeler must be among so many vehicles of the parties, and none was taken for one."""
    needed = two_wheelers(dossier) - (len(dossier.parties.files) - len(shown))
    return sum(vehicle.kind in TWO_WHEELED for vehicle in shown) < needed


def _on_two_wheels(file: PartyFile, dossier: Dossier) -> bool:
    least = dossier.limits["field_score"]
    types = [t for paper in file.papers if paper.kind in _PAPERS for t in paper.readings("vehicle_type", least)]
    plates = [s.plate.kind for s in dossier.parties.sightings if s.sure and s.plate.text == file.plate]
    return any(_WORD in text for text in types) or PlateKind.MOTORCYCLE in plates
