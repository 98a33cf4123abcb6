"""Plans cases: which scene, which of its pictures, which papers, what is wrong. The same seed gives the same case.

Nothing is kept of a plan: it is drawn anew from the scenes. ``cases.csv`` beside this file shows it to people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import numpy as np

from datasets.cases.happening import happening, parties
from datasets.cases.nouns import Fault, PlannedCase, PlannedFault, PlannedPaper, PlannedPicture
from datasets.scenes.plan import AccidentType, Scene

COUNT = 300
FIRST_SEED = 40_000
PAPERS = ("driving_licence", "vehicle_licence", "insurance_policy")
FRONT = (Fault.NO_FRONT, Fault.CUT_OFF_FRONT, Fault.DARK_FRONT, Fault.GLARE_FRONT)
REAR = (Fault.NO_REAR, Fault.TWO_FRONTS, Fault.CUT_OFF_REAR, Fault.BLURRED_REAR)
CONTACT = (Fault.NO_CONTACT, Fault.BLURRED_CONTACT)
PAPER = (Fault.PAPER_MISSING, Fault.PAPER_BLURRED, Fault.PAPER_OF_ANOTHER_CAR, Fault.PAPER_EXPIRED)
GROUPS = (FRONT, REAR, CONTACT, (Fault.PLATE_NOT_READABLE,), PAPER, PAPER, (Fault.OLD_PHOTO,))
"""Two faults of a case are of different groups; papers are there twice for there are so many of them."""
CHANGES: Mapping[Fault, tuple[str, str]] = {
    Fault.CUT_OFF_FRONT: ("front_panorama", "cut_off"),
    Fault.CUT_OFF_REAR: ("rear_panorama", "cut_off"),
    Fault.BLURRED_REAR: ("rear_panorama", "blurred"),
    Fault.DARK_FRONT: ("front_panorama", "dark"),
    Fault.GLARE_FRONT: ("front_panorama", "glare"),
    Fault.BLURRED_CONTACT: ("contact_near", "blurred"),
}
"""Which picture gets which change."""
DROPPED: Mapping[Fault, tuple[str, ...]] = {
    Fault.NO_FRONT: ("front_panorama",),
    Fault.NO_REAR: ("rear_panorama",),
    Fault.TWO_FRONTS: ("rear_panorama",),
    Fault.NO_CONTACT: ("contact_near", "damage_a", "damage_b"),
    Fault.BLURRED_CONTACT: ("damage_a", "damage_b"),
}
ALWAYS = ("front_panorama", "rear_panorama", "side", "contact_near", "plate_a", "plate_b", "signal", "sign", "object")
SPOILT_ROLES = ("too_close", "cut_off", "tilted", "wrong_vehicle")


def plans(scenes: Sequence[Scene], count: int = COUNT, first: int = 0) -> tuple[PlannedCase, ...]:
    """Cases by their numbers from ``first``, in turn over the scenes: the first need the first scenes' pictures."""
    return tuple(plan(first + place, scenes[place % len(scenes)], scenes) for place in range(count))


def plan(number: int, scene: Scene, scenes: Sequence[Scene]) -> PlannedCase:
    """One case of ``scene``; an old photo comes from another one of ``scenes``."""
    seed = FIRST_SEED + number
    rng = np.random.default_rng(seed)
    standard = _standard(scene, rng)
    faults = _faults(scene, standard, rng)
    told = str(rng.choice(["all", "plates", "type"], p=[0.6, 0.25, 0.15]))
    if not all(vehicle.plate for vehicle in parties(scene)):
        told = "all"
    pictures = _with_faults(_pictures(scene, rng), faults, scene)
    if any(fault.kind is Fault.OLD_PHOTO for fault in faults):
        pictures += _old(scene, scenes, rng)
    papers = () if standard == "self-handling-12123" else _papers(scene, faults, rng)
    return PlannedCase(f"case-{number:03d}", seed, scene.name, standard, told, faults, pictures, papers)


def _standard(scene: Scene, rng: np.random.Generator) -> str:
    own = scene.accident_type.value.replace("_", "-")
    if scene.accident_type is AccidentType.SINGLE_VEHICLE:
        return own
    if scene.accident_type is AccidentType.INTERSECTION and not scene.road.signal:
        own = "four-photos"  # the standard of junctions asks for the light
    return str(rng.choice([own, "four-photos", "self-handling-12123"], p=[0.68, 0.22, 0.10]))


def _faults(scene: Scene, standard: str, rng: np.random.Generator) -> tuple[PlannedFault, ...]:
    count = int(rng.choice([0, 1, 2], p=[0.45, 0.40, 0.15]))
    groups = [g for g in GROUPS if g is not PAPER or standard != "self-handling-12123"]
    chosen: list[PlannedFault] = []
    for place in rng.permutation(len(groups))[:count]:
        kind = groups[place][int(rng.integers(len(groups[place])))]
        party = str(rng.choice([vehicle.party for vehicle in parties(scene)]))
        if kind is Fault.PLATE_NOT_READABLE:
            chosen.append(PlannedFault(kind, party))
        elif kind in PAPER:
            kinds = {Fault.PAPER_EXPIRED: (PAPERS[0], PAPERS[2]), Fault.PAPER_OF_ANOTHER_CAR: PAPERS[1:]}
            fault = PlannedFault(kind, party, str(rng.choice(kinds.get(kind, PAPERS))))
            if all((fault.party, fault.paper) != (other.party, other.paper) for other in chosen):
                chosen.append(fault)
        else:
            chosen.append(PlannedFault(kind))
    return tuple(chosen)


def _pictures(scene: Scene, rng: np.random.Generator) -> list[PlannedPicture]:
    """What a careful party uploads, and now and then a spoilt shot beside it."""
    there = {shot.role for shot in scene.shots}
    roles = [
        "front_panorama",
        "rear_panorama",
        "side",
        "contact_near",
        "plate_a",
        "plate_b",
        "signal",
        "sign",
        "object",
    ]
    for role, chance in (("other_side", 0.4), ("contact_far", 0.6), ("damage_a", 0.5), ("damage_b", 0.5),
                         ("landmark", 0.25), *((role, 0.08) for role in SPOILT_ROLES)):  # fmt: skip
        if rng.random() < chance:
            roles.append(role)
    return [PlannedPicture(scene.name, role) for role in roles if role in there]


def _with_faults(
    pictures: list[PlannedPicture], faults: tuple[PlannedFault, ...], scene: Scene
) -> tuple[PlannedPicture, ...]:
    changes = {role: change for fault in faults if fault.kind in CHANGES for role, change in [CHANGES[fault.kind]]}
    dropped = {role for fault in faults for role in DROPPED.get(fault.kind, ())}
    if any(fault.kind in (*FRONT, *REAR) for fault in faults):
        dropped |= set(SPOILT_ROLES)
    kept = [one for one in pictures if one.role not in dropped]
    out = [PlannedPicture(one.scene, one.role, changes.get(one.role, "")) for one in kept]
    if any(fault.kind is Fault.TWO_FRONTS for fault in faults):
        out.append(PlannedPicture(scene.name, "front_panorama", "zoomed"))
    return tuple(out)


def _old(scene: Scene, scenes: Sequence[Scene], rng: np.random.Generator) -> tuple[PlannedPicture, ...]:
    """A panorama of a scene that was photographed days earlier; none where there is no such scene."""
    latest = happening(scene).happened_at - timedelta(days=3)
    others = [one for one in scenes if happening(one).happened_at < latest]
    if not others:
        return ()
    other = others[int(rng.integers(min(len(others), 6)))]
    role = next((s.role for s in other.shots if s.role in ("side", "rear_panorama", "front_panorama")), "")
    return (PlannedPicture(other.name, role, "", True),) if role else ()


def _papers(scene: Scene, faults: tuple[PlannedFault, ...], rng: np.random.Generator) -> tuple[PlannedPaper, ...]:
    changes = {(f.party, f.paper): f.kind for f in faults if f.paper}
    words = {Fault.PAPER_BLURRED: "blurred", Fault.PAPER_OF_ANOTHER_CAR: "another_car", Fault.PAPER_EXPIRED: "expired"}
    out = []
    for vehicle in parties(scene):
        for kind in PAPERS:
            pages = _pages(kind, rng)
            fault = changes.get((vehicle.party, kind))
            if fault is not Fault.PAPER_MISSING:
                change = words.get(fault, "") if fault is not None else ""
                out += [PlannedPaper(vehicle.party, kind, page, change) for page in pages]
    return tuple(out)


def _pages(kind: str, rng: np.random.Generator) -> tuple[str, ...]:
    if kind == "insurance_policy":
        return ("policy",) if rng.random() < 0.6 else ("card",)
    if rng.random() < 0.15:
        return ("electronic",)
    second = 0.35 if kind == "driving_licence" else 0.75
    return ("main", "second") if rng.random() < second else ("main",)
