"""Photos of another accident: what their time and their place both say is evidence of nothing here."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import timedelta

from vision.checks.parties import is_paper
from vision.identifiers import span_of
from vision.types import Case, PhotoFacts


def strangers_among(photos: Sequence[PhotoFacts], case: Case, limits: Mapping[str, float]) -> tuple[PhotoFacts, ...]:
    """Photos of a scene taken long before or after the accident, and far from every photo taken in time.

    A wrong clock or a place that was measured badly alone makes none: one of the two is a doubt, told elsewhere.
    """
    if case.happened_at is None:
        return ()
    scene = [photo for photo in photos if not is_paper(photo, limits)]
    late = [photo for photo in scene if _out_of_time(photo, case, limits)]
    near = [photo.gps for photo in scene if photo not in late and photo.gps is not None]
    return tuple(
        photo
        for photo in late
        if photo.gps is not None and near and min(metres(photo.gps, p) for p in near) > limits["place_spread_m"]
    )


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
