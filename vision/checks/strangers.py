"""Photos of another accident: what their time and their place both say is evidence of nothing here."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import timedelta

from vision.checks.parties import is_paper, papers_of, sightings_of
from vision.checks.settle import distance
from vision.identifiers import span_of
from vision.types import Case, PhotoFacts

MISREAD = 2
"""Signs in which two readings of one plate may differ."""


def strangers_among(photos: Sequence[PhotoFacts], case: Case, limits: Mapping[str, float]) -> tuple[PhotoFacts, ...]:
    """Photos of a scene taken long before or after the accident, and far from every photo taken in time or of vehicles
    whose plates are nobody's here.

    A wrong clock, a place that was measured badly or a bystander's plate alone makes none: one of them is a doubt, told
    elsewhere.
    """
    if case.happened_at is None:
        return ()
    scene = [photo for photo in photos if not is_paper(photo, limits)]
    late = [photo for photo in scene if _out_of_time(photo, case, limits)]
    near = [photo.gps for photo in scene if photo not in late and photo.gps is not None]
    # Where every photo is out of time it is the case's own time that is in doubt.
    known = _known_plates(photos, case, limits) if 0 < len(late) < len(scene) else ()
    return tuple(photo for photo in late if _far(photo, near, limits) or _of_others(photo, known, limits))


def _far(photo: PhotoFacts, near: Sequence[tuple[float, float]], limits: Mapping[str, float]) -> bool:
    return photo.gps is not None and bool(near) and min(metres(photo.gps, p) for p in near) > limits["place_spread_m"]


def _known_plates(photos: Sequence[PhotoFacts], case: Case, limits: Mapping[str, float]) -> tuple[str, ...]:
    """The plates of all parties as stated or printed on their papers; nothing while one may be missing.

    Readings that are nearly the same are of one vehicle.
    """
    told = {party.plate for party in case.parties if party.plate is not None}
    papers = papers_of(photos, limits)
    told |= {text for paper in papers for text in paper.readings("plate_number", limits["agreement_score"])}
    vehicles = [text for i, text in enumerate(sorted(told)) if not any(_alike(text, one) for one in sorted(told)[:i])]
    return tuple(sorted(told)) if len(vehicles) >= max(limits["parties"], len(case.parties)) else ()


def _of_others(photo: PhotoFacts, known: Sequence[str], limits: Mapping[str, float]) -> bool:
    """Whether plates were read on its main vehicles, all for sure other ones than those ``known``."""
    seen = [sighting for sighting in sightings_of((photo,), limits, ()) if sighting.plate.text is not None]
    strange = [not any(_alike(one.plate.text or "", text) for text in known) for one in seen]
    return bool(known) and any(one.sure for one in seen) and all(strange)


def _alike(one: str, other: str) -> bool:
    return distance(one, other) <= MISREAD


def _out_of_time(photo: PhotoFacts, case: Case, limits: Mapping[str, float]) -> bool:
    if photo.taken_at is None or case.happened_at is None:
        return False
    after = span_of(photo.taken_at)[0] - span_of(case.happened_at)[0]
    before = timedelta(minutes=limits["before_accident_min"])
    return after < -before or after > timedelta(hours=limits["after_accident_h"])


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance of two (latitude, longitude) in degrees: haversine on a sphere of 6371 km."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*one, *other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6_371_000 * math.asin(min(1.0, math.sqrt(half)))
