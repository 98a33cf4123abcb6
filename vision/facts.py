"""Gathering: what is on the pictures. Consults no rule; needs models; costly, so its answer is what gets stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from vision import quality, turning
from vision.documents.read import read_paper
from vision.geometry import area, bounds, crop, grow, shrunk
from vision.identifiers import CHINA, day_of
from vision.linking import with_parts
from vision.models.bundle import Models
from vision.models.photo import Look
from vision.models.plates import find_plates
from vision.models.squares import squares
from vision.models.yolo import Found
from vision.quality_features import WORKING_SIDE
from vision.road import NO_ROAD, road_of
from vision.two_sizes import TwoSizes
from vision.types import (
    Box,
    Damage,
    DamageKind,
    Document,
    Framing,
    FramingKind,
    Lane,
    Part,
    PartKind,
    Photo,
    PhotoFacts,
    Pixels,
    Plate,
    RoadObject,
    TextLine,
    TrafficLight,
    Unreadable,
    Vehicle,
    VehicleKind,
)
from vision.upright import PAPER, look_upright, right_way_up

NO_PAPER = 0.1
"""Score of the framing `document`: from PAPER on nobody looks for vehicles, below NO_PAPER nobody reads text, in
between both look. Text is the costliest reader."""
WORTH_MEASURING = 0.15
"""Sharpness of a region costs some 6 ms: below this score of a plate or damage nobody asks for it."""
LOOKED_AT, MOST_LOOKED_AT = 0.347, 3
"""Vehicles from this score on, the largest ones, are searched for plates by themselves."""


NO_PAPER_SHOWS, SURELY_SEEN = 2, 0.9
"""Vehicles that were found with this score on a photo: as many, and it is no document, whatever its framing is told as,
unless one was read on it. A grey street in fog may look like a page to a net that sees it at 224 px."""


@dataclass(frozen=True, slots=True)
class Seen:
    framing: Framing
    vehicles: tuple[Vehicle, ...] = ()
    damages: tuple[Damage, ...] = ()
    plates: tuple[Plate, ...] = ()
    documents: tuple[Document, ...] = ()
    lines: tuple[TextLine, ...] | None = None
    lane: Lane | None = None
    lights: tuple[TrafficLight, ...] | None = None
    roadside: tuple[RoadObject, ...] | None = None


def gather(
    photos: Iterable[Photo | Unreadable], models: Models, *, text: bool = False, on: date | None = None
) -> Iterator[PhotoFacts | Unreadable]:
    """Facts of each photo, in the order given; one photo is held at a time.

    ``text``: keep the raw text lines and read text on every photo. ``on``: the day that papers are judged by, else
    the photo's own date, else today's. Raises `ModelError`; an unreadable upload passes through as it is.
    """
    for photo in photos:
        yield photo if isinstance(photo, Unreadable) else facts_of(photo, models, text, on)


def facts_of(photo: Photo, models: Models, text: bool, on: date | None) -> PhotoFacts:
    """Facts of one photo."""
    small = shrunk(photo.pixels, WORKING_SIDE)
    rotation, look = look_upright(small, models.photo)
    day = on or day_of(photo.taken_at or datetime.now(CHINA))

    def seen_at(turn: int) -> Seen:
        sizes = TwoSizes(turning.turned(photo.pixels, turn), turning.turned(small, turn), turn != 0)
        return _look(sizes, look, models, text, day)

    rotation, seen = right_way_up(seen_at, rotation, look)
    seen = _back(seen, photo.size_wh, rotation)
    return PhotoFacts(
        photo=photo.name,
        sha256=photo.sha256,
        size_wh=photo.size_wh,
        phash=photo.phash,
        framing=seen.framing,
        quality=quality.measure(small),
        warnings=photo.warnings,
        taken_at=photo.taken_at,
        gps=photo.gps,
        device=photo.device,
        rotation=rotation,
        vehicles=seen.vehicles,
        damages=seen.damages,
        plates=seen.plates,
        document=seen.documents[0] if seen.documents else None,
        more_documents=seen.documents[1:],
        lane=seen.lane,
        traffic_light=seen.lights,
        roadside=seen.roadside,
        text_lines=seen.lines if text else None,
        models=models.hashes,
    )


def _look(sizes: TwoSizes, look: Look, models: Models, text: bool, day: date | None) -> Seen:
    documents: tuple[Document, ...] = ()
    lines: tuple[TextLine, ...] | None = None
    if text or look.document_01 >= NO_PAPER:
        lines, documents = read_paper(sizes.full, models.text, day)
    if look.document_01 >= PAPER:
        return Seen(look.framing, documents=documents, lines=lines)
    vehicles, damages = _bodies(sizes, models)
    framing = _framing(look, vehicles, documents)
    seen = Seen(framing, vehicles, damages, _plates(sizes, vehicles, models), documents, lines)
    if framing.kind in NO_ROAD:
        return seen
    road = road_of(sizes.full, sizes.small, vehicles, models.lane, models.roadside)
    return replace(seen, lane=road.lane, lights=road.lights, roadside=road.roadside)


def _framing(look: Look, vehicles: Sequence[Vehicle], documents: Sequence[Document]) -> Framing:
    """As the net of framings tells it; of a photo with vehicles and no paper, what else it may be."""
    shown = sum(vehicle.score >= SURELY_SEEN for vehicle in vehicles)
    street = look.framing.kind is FramingKind.DOCUMENT and shown >= NO_PAPER_SHOWS and not documents
    return look.but_a_document if street else look.framing


def _plates(photo: TwoSizes, vehicles: tuple[Vehicle, ...], models: Models) -> tuple[Plate, ...]:
    """Plates on the whole photo and on each of its larger vehicles, with the sharpness of their region."""
    near = sorted((v for v in vehicles if v.score >= LOOKED_AT), key=lambda v: -area(v.box_xyxy))[:MOST_LOOKED_AT]
    boxes = [v.box_xyxy for v in near]
    found = find_plates(models.plate_detector, models.plate_reader, photo.full, boxes, photo.shrunk)
    return tuple(replace(p, sharpness_01=_sharpness(photo.full, bounds(p.corners), p.score)) for p in found)


def _bodies(photo: TwoSizes, models: Models) -> tuple[tuple[Vehicle, ...], tuple[Damage, ...]]:
    """Vehicles with views and parts, and damages with the part they are on."""
    found = photo.found(models.vehicle)
    parts, sight = photo.looked(models.parts)
    boxes = [f.box_xyxy for f in found]
    views = models.view.classify(photo.full, boxes)
    cuts = squares(photo.full, boxes)
    colours = models.colour.tell(cuts)
    vectors = models.appearance.look(cuts, sight, boxes)
    vehicles = tuple(
        Vehicle(
            VehicleKind(f.label),
            f.box_xyxy,
            f.score,
            told.view,
            told.score,
            colour=colour,
            colour_score=chance,
            appearance=vector,
            view_chances=told.chances,
        )
        for f, told, (colour, chance), vector in zip(found, views, colours, vectors, strict=True)
    )
    marks = photo.found(models.damage)
    under = models.damage_part.tell(photo.full, [m.box_xyxy for m in marks], photo.small)
    damages = tuple(_damage(photo.full, mark, *part) for mark, part in zip(marks, under, strict=True))
    return with_parts(vehicles, [Part(PartKind(p.label), p.box_xyxy, p.score) for p in parts]), damages


def _damage(pixels: Pixels, mark: Found, part: PartKind | None, part_score: float) -> Damage:
    sharpness = _sharpness(pixels, mark.box_xyxy, mark.score)
    return Damage(DamageKind(mark.label), mark.box_xyxy, mark.polygon, mark.score, part, sharpness, part_score)


def _sharpness(pixels: Pixels, box: Box, score: float) -> float | None:
    """Sharpness of a box with a little around it; null where it is too small to tell, or hardly a find at all.

    A long thin scratch is too small too, once its length has been brought to the size at which sharpness is judged.
    """
    if score < WORTH_MEASURING:
        return None
    region, _ = crop(pixels, grow(box, 0.1, (pixels.shape[1], pixels.shape[0])))
    seen = shrunk(region, quality.REGION_SIDE)
    return None if min(seen.shape[:2]) < quality.SMALLEST_SIDE else quality.sharpness(seen)


def _back(seen: Seen, size_wh: tuple[int, int], rotation: int) -> Seen:
    """The same in pixels of the photo as it stands."""
    if rotation == 0:
        return seen
    to = turning.to_photo(size_wh, rotation)
    return Seen(
        seen.framing,
        tuple(turning.vehicle(v, to) for v in seen.vehicles),
        tuple(turning.damage(d, to) for d in seen.damages),
        tuple(turning.plate(p, to) for p in seen.plates),
        tuple(turning.document(d, to) for d in seen.documents),
        None if seen.lines is None else tuple(turning.line(t, to) for t in seen.lines),
        None if seen.lane is None else turning.lane(seen.lane, to),
        None if seen.lights is None else tuple(turning.light(t, to) for t in seen.lights),
        None if seen.roadside is None else tuple(turning.road_object(o, to) for o in seen.roadside),
    )
