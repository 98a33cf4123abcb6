"""Is it the same vehicle on two pictures of one scene: what appearance and paint tell of it.

Pairs of pictures of one accident: the parties' vehicles stand in one place and light, which is the question that the
checks ask. On real photos only pictures of different claims could be put against each other.
"""

from __future__ import annotations

from base64 import b64decode
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any

import numpy as np

from datasets.evaluation.auc import Floats, area_under_curve
from vision.checks.paint import colour_of, unlike
from vision.standard import shared_limits
from vision.types import PhotoFacts, Vehicle, VehicleColour

Seen = tuple[str, str, PhotoFacts, Vehicle]
"""The scene, the party, the picture, and the vehicle as it was found there."""
Look = tuple[str, Floats | None, VehicleColour | None]
"""The picture, the appearance vector, and the colour where it is sure enough for the checks."""
Pair = tuple[bool, Look, Look]
"""Whether both are of one vehicle, and the two."""


def one_vehicle(seen: Iterable[Seen]) -> dict[str, Any]:
    """Over all pairs of pictures: how often two looks of one vehicle are nearer than looks of the two parties', and
    how often their paints are told apart."""
    by_scene: dict[str, dict[str, list[Look]]] = defaultdict(lambda: defaultdict(list))
    for scene, party, photo, vehicle in seen:
        by_scene[scene][party].append(_look(photo, vehicle))
    pairs: list[Pair] = []
    for parties in by_scene.values():
        told = [(party, look) for party, looks in parties.items() for look in looks]
        for (party, one), (another, other) in combinations(told, 2):
            if one[0] != other[0]:
                pairs.append((party == another, one, other))
    near, far = _near(pairs, True), _near(pairs, False)
    auc = round(area_under_curve(near, far), 4) if len(near) and len(far) else None
    return {
        "appearance_auc": auc,
        "paint_of_one_vehicle": _told(pairs, True),
        "paint_of_two": _told(pairs, False),
    }


def _look(photo: PhotoFacts, vehicle: Vehicle) -> Look:
    packed = vehicle.appearance
    vector = None if packed is None else np.frombuffer(b64decode(packed), np.int8).astype(np.float64)
    return photo.sha256, vector, colour_of(vehicle, photo, shared_limits()[1])


def _near(pairs: list[Pair], same: bool) -> Floats:
    return np.array([
        float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))
        for one, (_, a, _), (_, b, _) in pairs
        if one is same and a is not None and b is not None
    ])  # fmt: skip


def _told(pairs: list[Pair], same: bool) -> Mapping[str, int]:
    count: Counter[str] = Counter()
    for one, (_, _, a), (_, _, b) in pairs:
        if one is same:
            count["unknown" if a is None or b is None else "unlike" if unlike(a, b) else "alike"] += 1
    return dict(sorted(count.items()))
