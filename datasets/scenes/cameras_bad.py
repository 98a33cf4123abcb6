"""Photos as people really take them: too close, cut off, tilted, of the wrong vehicle."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from datasets.scenes.cameras_frame import aimed, framed
from datasets.scenes.cameras_place import Place, away, standing_fault
from datasets.scenes.cameras_seen import clearance, sights
from datasets.scenes.footprints import solid
from datasets.scenes.plan import Shot

KINDS = ("too_close", "cut_off", "tilted", "wrong_vehicle")


def bad_shots(place: Place, good: tuple[Shot, ...], rng: np.random.Generator) -> tuple[Shot, ...]:
    """None to three of `KINDS`, about two a scene, each a worse twin of one of the ``good`` panoramas."""
    count = int(rng.choice(4, p=[0.12, 0.20, 0.38, 0.30]))
    kinds = [KINDS[i] for i in rng.permutation(len(KINDS))[:count]]
    panoramas = [shot for shot in good if shot.role.endswith("panorama")]
    found = []
    for kind in kinds:
        model = panoramas[int(rng.integers(len(panoramas)))]
        shot = _of_kind(kind, place, model, rng)
        if shot is not None:
            found.append(shot)
    return tuple(found)


def _of_kind(kind: str, place: Place, model: Shot, rng: np.random.Generator) -> Shot | None:
    match kind:
        case "too_close":
            return too_close(place, model, rng)
        case "cut_off":
            return cut_off(place, model, rng)
        case "tilted":
            return tilted(model, rng)
        case _:
            return wrong_vehicle(place, rng)


def tilted(model: Shot, rng: np.random.Generator) -> Shot:
    """The phone held askew by 15-40 degrees, or turned by 90."""
    roll = 90.0 if rng.random() < 0.35 else float(rng.uniform(15, 40))
    return replace(model, role="tilted", roll_deg=round(float(rng.choice([-1, 1])) * roll, 1))


def cut_off(place: Place, model: Shot, rng: np.random.Generator) -> Shot | None:
    """The same place, aimed aside so that at least one vehicle loses 15-60 % of what could be seen of it."""
    points, before = place.points(), sights(model, place.parties)
    for _ in range(25):
        off = (float(rng.choice([-1, 1]) * rng.uniform(0.15, 0.45)), float(rng.uniform(-0.1, 0.1)))
        shot = replace(aimed(model, points, off), role="cut_off")
        after = sights(shot, place.parties)
        lost = max(1 - new.whole_01 / max(old.whole_01, 1e-6) for old, new in zip(before, after, strict=True))
        if 0.15 <= lost <= 0.6:
            return shot
    return None


def too_close(place: Place, model: Shot, rng: np.random.Generator) -> Shot | None:
    """From the same side, but an arm's length or two before the vehicles: neither is whole."""
    middle = place.middle()
    for _ in range(25):
        near = float(rng.uniform(0.6, 1.7))
        eyes = [(middle[0] + (model.eye[0] - middle[0]) * share, middle[1] + (model.eye[1] - middle[1]) * share)
                for share in np.linspace(0.05, 0.95, 40)]  # fmt: skip
        eye = next((xy for xy in eyes if clearance(xy, place.parties) >= near), None)
        if eye is None:
            continue
        target = (middle[0] + float(rng.normal(0, 0.3)), middle[1] + float(rng.normal(0, 0.3)), 0.75)
        shot = replace(model, role="too_close", eye=(*eye, float(rng.uniform(1.35, 1.6))), target=target)
        seen = sights(shot, place.parties)
        if standing_fault(place, shot, place.vehicles) < 50 and all(s.whole_01 < 0.8 for s in seen):
            return shot
    return None


def wrong_vehicle(place: Place, rng: np.random.Generator) -> Shot | None:
    """A vehicle that has nothing to do with the accident; none where nobody else stands there."""
    others = [vehicle for vehicle in place.vehicles if not vehicle.party]
    if not others:
        return None
    vehicle = others[int(rng.integers(len(others)))]
    points = np.concatenate(solid(vehicle))
    for _ in range(25):
        start = Shot("wrong_vehicle", away((0.0, 0.0), 0, 0, float(rng.uniform(1.45, 1.7))), (0.0, 0.0, 0.0), 26.0)
        try:
            shot = framed(start, points, vehicle.xy, float(rng.uniform(0, 360)), float(rng.uniform(0.04, 0.12)))
        except ValueError:
            continue
        if standing_fault(place, shot, place.vehicles) < 0.5 and sights(shot, [vehicle])[0].whole_01 > 0.9:
            return shot
    return None
