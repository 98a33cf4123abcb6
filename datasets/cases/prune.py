"""Takes out of a planned case what would heal its faults: a missing view is missing only if no other photo shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from datasets.cases import truth_views
from datasets.cases.asked import Asked, demand
from datasets.cases.nouns import Fault, Picture, PlannedCase, PlannedFault, PlannedPicture
from datasets.cases.plan_case import CONTACT, FRONT, REAR
from datasets.cases.truth_views import Say

TruthOf = Callable[[PlannedPicture], Picture]
FACE: Mapping[Fault, tuple[str, ...]] = dict.fromkeys(FRONT, ("front",)) | dict.fromkeys(REAR, ("rear",))
SMALL = "small"


def pruned(planned: PlannedCase, headings_deg: Mapping[str, float], truth_of: TruthOf) -> PlannedCase:
    """The case without photos that show what a fault takes away. A plate is first made too small to be read, and the
    photo taken out where that is not enough."""
    rows = demand(planned.standard).rows
    pictures = planned.pictures
    for fault in planned.faults:
        kept = (_without(one, fault, rows, headings_deg, truth_of) for one in pictures)
        pictures = tuple(one for one in kept if one is not None)
    return replace(planned, pictures=pictures)


def _without(
    one: PlannedPicture, fault: PlannedFault, rows: tuple[Asked, ...], headings_deg: Mapping[str, float], truth: TruthOf
) -> PlannedPicture | None:
    if one.old or not _heals(truth(one), fault, rows, headings_deg):
        return one
    if fault.kind in FACE or fault.kind in CONTACT:
        return one if fault.kind is Fault.GLARE_FRONT and one.change == "glare" else None
    smaller = replace(one, change=one.change or SMALL)
    return None if _heals(truth(smaller), fault, rows, headings_deg) else smaller


def _heals(picture: Picture, fault: PlannedFault, rows: tuple[Asked, ...], headings_deg: Mapping[str, float]) -> bool:
    if fault.kind in FACE:
        views = [row for row in rows if row.check == "scene_view" and row.texts("faces") == FACE[fault.kind]]
        return any(truth_views.view(picture, row, headings_deg) is not Say.LACKING for row in views)
    if fault.kind in CONTACT:
        return truth_views.contact_near(picture) is not Say.LACKING
    if fault.kind is Fault.PLATE_NOT_READABLE:
        own = [v for v in picture.seen.vehicles if v.party == fault.party]
        return any(truth_views.plate(plate, picture) is not Say.LACKING for v in own for plate in v.plates)
    return False
