"""Single roles on the rendered pictures of cases: what the shipped models find on them.

`datasets.cases.compare` asks a detector that never saw a rendering for the vehicles: that one measures the pictures.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from datasets.cases.fact_store import FactsOf
from datasets.cases.intervals import share
from datasets.cases.make import TrueCase
from datasets.cases.named_view import labelled_view
from datasets.cases.nouns import Picture
from datasets.cases.one_vehicle import Seen, one_vehicle
from datasets.cases.truth_views import Say, contact_near, parties_on, plate, usable
from datasets.evaluation import bar
from datasets.evaluation.confusion import confusion
from datasets.evaluation.views import steps
from datasets.scenes.seen import SeenVehicle
from vision.geometry import area, iou
from vision.standard import shared_limits
from vision.types import PhotoFacts, Vehicle

REAL_DETECTOR = Path(__file__).parents[1] / "measured" / "cases_real_detector.json"
PANORAMAS = ("front_panorama", "rear_panorama", "side", "other_side", "landmark")
FOUND_IOU = 0.5
VIEWED_VISIBLE, VIEWED_SHARE = 0.5, 0.02
"""A view is asked of cars of which so much is visible and that take so much of the picture."""
Pair = tuple[str, Picture, PhotoFacts]
"""The scene's name, a picture of it, and what was seen there."""


def single_roles(cases: Sequence[tuple[Path, TrueCase]], facts_of: FactsOf) -> dict[str, Any]:
    """Over distinct pictures without a planned fault."""
    pairs = list(_pairs(cases, facts_of))
    vehicles = [
        (scene, vehicle, facts)
        for scene, picture, facts in pairs
        if picture.seen.role in PANORAMAS
        for vehicle in whole_vehicles(picture)
    ]
    found = [best_match(vehicle, facts) is not None for _, vehicle, facts in vehicles]
    views = [(scene, *told) for scene, picture, facts in pairs for told in _views(picture, facts)]
    told, seen_in = [(view, answer) for _, view, answer in views], [scene for scene, _, _ in views]
    near = [(scene, facts) for scene, picture, facts in pairs if contact_near(picture) is Say.MET]
    read = [(scene, ok) for scene, picture, facts in pairs for ok in _plates(picture, facts)]
    sure = [(scene, not ok) for scene, picture, facts in pairs for ok in _sure(picture, facts)]
    hit = [(scene, any(d.score >= limit("damage_score") for d in facts.damages)) for scene, facts in near]
    roles: dict[str, Any] = {
        "pictures": len(pairs),
        "vehicles_found_in_panoramas": share(found, [scene for scene, _, _ in vehicles]),
        "view_right": share([steps(*one) == 0 for one in told], seen_in),
        "view_right_or_neighbour": share([steps(*one) <= 1 for one in told], seen_in),
        "view_confusion": confusion(told),
        "plates_read": _of_scenes(read),
        "plates_wrong_at_high_score": _of_scenes(sure),
        "contact_found_on_near_photos": _of_scenes(hit),
        "one_vehicle": one_vehicle(_parties_vehicles(pairs)),
        "missed": sorted({facts.photo for (_, _, facts), ok in zip(vehicles, found, strict=True) if not ok}),
    }
    real = json.loads(REAL_DETECTOR.read_text("utf-8"))
    of_these = real["vehicles_found_in_panoramas"]["n"] == len(found)
    roles["by_a_detector_of_real_photos"] = real if of_these else None  # null: it was asked about other cases
    return roles | {"bars": _bars(roles)}


def _of_scenes(told: Sequence[tuple[str, bool]]) -> dict[str, Any]:
    """Of scene and outcome: pictures of one scene go wrong together."""
    return share([ok for _, ok in told], [scene for scene, _ in told])


def limit(name: str) -> float:
    """The product's own limit: what it counts as found."""
    return shared_limits()[1][name]


def _bars(roles: dict[str, Any]) -> list[dict[str, Any]]:
    real = roles["by_a_detector_of_real_photos"]
    asked = [("view on rendered cars", roles["view_right"], 0.90)]
    if real is not None:
        name = "vehicles found in rendered panoramas by a detector of real photos, IoU .5"
        asked.insert(0, (name, real["vehicles_found_in_panoramas"], 0.95))
    return [
        bar(name, one["value"], least, ci95=(one["from"], one["to"]), n=one["n"])
        for name, one, least in asked
        if one["n"]
    ]


def _pairs(cases: Sequence[tuple[Path, TrueCase]], facts_of: FactsOf) -> Iterable[Pair]:
    known: set[str] = set()
    for folder, true in cases:
        for picture in true.case.pictures:
            facts = facts_of(folder / picture.name, true.case.happened_at.date())
            if facts.sha256 not in known and usable(picture) is Say.MET:
                known.add(facts.sha256)
                yield true.plan.scene, picture, facts


def _parties_vehicles(pairs: Iterable[Pair]) -> Iterable[Seen]:
    for scene, picture, facts in pairs:
        for vehicle in parties_on(picture):
            match = best_match(vehicle, facts)
            if match is not None:
                yield scene, vehicle.party, facts, match


def whole_vehicles(picture: Picture) -> Iterable[SeenVehicle]:
    """Vehicles of the parties that are well in the picture."""
    return (v for v in parties_on(picture) if not v.cut and v.visible_01 >= VIEWED_VISIBLE)


def best_match(vehicle: SeenVehicle, facts: PhotoFacts) -> Vehicle | None:
    """The found vehicle that fits it best."""
    least = limit("vehicle_doubt")  # as `kuaizheng evaluate vehicle` counts on real photos
    fitting = [v for v in facts.vehicles if v.score >= least and iou(v.box_xyxy, vehicle.box_xyxy) >= FOUND_IOU]
    return max(fitting, key=lambda v: iou(v.box_xyxy, vehicle.box_xyxy), default=None)


def _views(picture: Picture, facts: PhotoFacts) -> Iterable[tuple[str, str]]:
    """For each whole car that was found: its view as people label it, and what was told ("none" for no view).

    Cars cut by the picture's edge are left out as they are on real photos, of which `kuaizheng evaluate view` asks
    those with a whole vehicle; and those where people are of two minds.
    """
    width, height = picture.seen.size_wh
    for vehicle in picture.seen.vehicles:
        large = area(vehicle.box_xyxy) >= VIEWED_SHARE * width * height
        asked = large and not vehicle.cut and vehicle.visible_01 >= VIEWED_VISIBLE and vehicle.kind != "motorcycle"
        match, view = best_match(vehicle, facts) if asked else None, labelled_view(vehicle)
        if match is not None and view is not None:
            yield view, match.view.value if match.view else "none"


def _plates(picture: Picture, facts: PhotoFacts) -> Iterable[bool]:
    """For each plate that a person can read: whether the product read it."""
    texts = {p.text for p in facts.plates if p.score >= limit("plate_score")}
    for vehicle in picture.seen.vehicles:
        yield from (one.text in texts for one in vehicle.plates if plate(one, picture) is Say.MET)


def _sure(picture: Picture, facts: PhotoFacts) -> Iterable[bool]:
    """For each plate that the product read for sure: whether such a plate is there."""
    there = {one.text for vehicle in picture.seen.vehicles for one in vehicle.plates}
    return (p.text in there for p in facts.plates if p.text and p.score >= limit("plate_score"))
