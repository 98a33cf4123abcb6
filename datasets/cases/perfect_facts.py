"""Facts that overlook and misread nothing: what is judged wrong from them is the fault of the rules."""

from __future__ import annotations

import hashlib

from datasets.cases.named_view import corner_view, named_view
from datasets.cases.nouns import Paper, Picture
from datasets.cases.truth_views import Say, lane_line, longer, plate, traffic_light, usable
from datasets.scenes.seen import SeenVehicle
from vision.types import (
    Corners,
    Damage,
    DamageKind,
    Document,
    DocumentFlag,
    DocumentFlagKind,
    DocumentKind,
    Field,
    Framing,
    FramingKind,
    Lane,
    LaneLine,
    LightState,
    LineColour,
    LineKind,
    Page,
    PartKind,
    PhotoFacts,
    Plate,
    PlateKind,
    Quality,
    QualityVerdict,
    RoadObject,
    RoadObjectKind,
    TrafficLight,
    Vehicle,
    VehicleKind,
    View,
)

SURE, DOUBT = 0.97, 0.6
SMALLEST_DAMAGE_PX = 20.0
LEGIBLE_SIGN_PX = 20.0
VERDICTS = {"": QualityVerdict.OK, "blurred": QualityVerdict.BLUR, "dark": QualityVerdict.DARK,
            "glare": QualityVerdict.GLARE}  # fmt: skip
FULL = (0.0, 0.0, 1.0, 1.0)


def of_picture(picture: Picture) -> PhotoFacts:
    """All that is truly on a photo of the scene."""
    vehicles = picture.seen.vehicles
    sharp = 0.8 if usable(picture) is not Say.LACKING or picture.old else 0.05
    return PhotoFacts(
        photo=picture.name,
        sha256=_hash(picture.name),
        size_wh=picture.seen.size_wh,
        phash=_hash(picture.name)[:16],
        framing=Framing(FramingKind(picture.seen.framing), SURE),
        quality=Quality(VERDICTS[picture.fault], sharp, SURE if picture.fault == "dark" else 0.0, 0.0, 0.0),
        taken_at=picture.taken_at,
        gps=picture.place,
        vehicles=tuple(map(_vehicle, vehicles)),
        damages=tuple(found for vehicle in vehicles for found in _damages(vehicle, sharp)),
        plates=tuple(found for vehicle in vehicles for found in _plates(vehicle, picture)),
        lane=_lane(picture),
        traffic_light=_lights(picture),
        roadside=_roadside(picture),
    )


def of_paper(paper: Paper) -> PhotoFacts:
    """All that is printed on a page; of a page nobody can read, only what it is."""
    score = SURE if paper.readable else 0.1
    page = Page(paper.page)
    fields = {
        key: Field(text if paper.readable else None, text if paper.readable else "", score, FULL, page)
        for key, text in paper.values.items()
        if text
    }
    flags = () if paper.readable else (DocumentFlag(DocumentFlagKind.BLURRED, SURE),)
    quality = QualityVerdict.OK if paper.readable else QualityVerdict.BLUR
    return PhotoFacts(
        photo=paper.name,
        sha256=_hash(paper.name),
        size_wh=(1200, 900),
        phash=_hash(paper.name)[:16],
        framing=Framing(FramingKind.DOCUMENT, SURE),
        quality=Quality(quality, 0.8, 0.0, 0.0, 0.0),
        document=Document(DocumentKind(paper.kind), (page,), SURE, FULL, flags, fields),
    )


def _vehicle(vehicle: SeenVehicle) -> Vehicle:
    view, say = named_view(vehicle)
    chances = {view: SURE} if say is Say.MET else {view: DOUBT, corner_view(vehicle): SURE - DOUBT}
    each = tuple(chances.get(one.value, 0.0) for one in View)
    return Vehicle(VehicleKind(vehicle.kind), vehicle.box_xyxy, SURE, View(view), chances[view], view_chances=each)


def _damages(vehicle: SeenVehicle, sharp: float) -> tuple[Damage, ...]:
    return tuple(
        Damage(DamageKind(d.kind), d.box_xyxy, (), SURE, PartKind(d.part) if d.part else None, sharp)
        for d in vehicle.damages
        if longer(d.box_xyxy) >= SMALLEST_DAMAGE_PX
    )


def _plates(vehicle: SeenVehicle, picture: Picture) -> tuple[Plate, ...]:
    found = []
    for one in vehicle.plates:
        (tl, tr, br, bl) = one.corners
        corners: Corners = (tl, tr, br, bl)
        kind, say = PlateKind(one.kind), plate(one, picture)
        if say is Say.LACKING and not picture.old:
            found.append(Plate(None, kind, corners, DOUBT, (), 0.05))
        else:
            found.append(Plate(one.text, kind, corners, DOUBT if say is Say.BORDERLINE else SURE, (), 0.8))
    return tuple(found)


def _lane(picture: Picture) -> Lane | None:
    if picture.seen.framing == "closeup":
        return None
    score = {Say.MET: SURE, Say.BORDERLINE: DOUBT}.get(lane_line(picture), 0.1)
    kinds = [LineKind(kind) for kind, _ in picture.seen.lines if kind != "none"]
    points = ((0.0, 0.0), (1.0, 1.0))
    lines = tuple(
        LaneLine(LineColour("yellow" if "yellow" in kind else "white"), points, SURE, kind, score) for kind in kinds
    )
    return Lane(lines, SURE * score if lines else 0.0)


def _lights(picture: Picture) -> tuple[TrafficLight, ...]:
    box, state = picture.seen.signal_xyxy, picture.seen.signal
    if box is None or state is None:
        return ()
    score = {Say.MET: SURE, Say.BORDERLINE: DOUBT}.get(traffic_light(picture), 0.1)
    return (TrafficLight(box, SURE, LightState(state), score),)


def _roadside(picture: Picture) -> tuple[RoadObject, ...] | None:
    """Signs and what was struck; of what kind that is plays no part."""
    seen = picture.seen
    if seen.framing == "closeup":
        return None
    signs = tuple(
        RoadObject(RoadObjectKind.TRAFFIC_SIGN, box, SURE if longer(box) >= LEGIBLE_SIGN_PX else DOUBT)
        for _, box in seen.signs
    )
    struck = () if seen.object_xyxy is None else (RoadObject(RoadObjectKind.GUARD_RAIL, seen.object_xyxy, SURE),)
    return signs + struck


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
