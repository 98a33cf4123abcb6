"""Two-wheelers among the parties' vehicles, as plates and papers tell, that no photo was seen to show.

The detector finds three of four on real photos, and nearly every car: one that is missing may have been overlooked.
"""

from __future__ import annotations

from vision.checks.dossier import Dossier
from vision.checks.geometry import TWO_WHEELED
from vision.checks.parties import PartyFile
from vision.types import DocumentKind, PlateKind

_WORD = "摩托"
"""In the type of vehicle: 普通二轮摩托车, 轻便摩托车, on a policy 摩托车."""
_PAPERS = (DocumentKind.VEHICLE_LICENCE, DocumentKind.INSURANCE_POLICY)


def overlooked(dossier: Dossier) -> int:
    """How many parties surely came on one, where none was recognised on any photo: these are hard to recognise."""
    least = dossier.limits["vehicle_score"]
    seen = (vehicle for photo in dossier.photos for vehicle in photo.vehicles if vehicle.score >= least)
    if any(vehicle.kind in TWO_WHEELED for vehicle in seen):
        return 0
    return sum(_on_two_wheels(file, dossier) for file in dossier.parties.files)


def _on_two_wheels(file: PartyFile, dossier: Dossier) -> bool:
    least = dossier.limits["field_score"]
    types = [t for paper in file.papers if paper.kind in _PAPERS for t in paper.readings("vehicle_type", least)]
    plates = [s.plate.kind for s in dossier.parties.sightings if s.sure and s.plate.text == file.plate]
    return any(_WORD in text for text in types) or PlateKind.MOTORCYCLE in plates
