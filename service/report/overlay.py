"""Shapes to draw over a photo: what the models saw, each in its layer, and the boxes that a finding rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from service.report.pictures import Turn, corners_of
from service.words import Lang, field_word, word
from vision.standard import shared_limits
from vision.types import (
    Box,
    Damage,
    Document,
    DocumentFlag,
    DocumentFlagKind,
    Field,
    LaneLine,
    PhotoFacts,
    Plate,
    Point,
    RepeatedField,
    RoadObject,
    TrafficLight,
    Validation,
    Vehicle,
)

DRAWN_FROM = shared_limits()[1]["damage_score"]
"""The lowest score from which anything counts by itself. Facts go down to .05; what is weaker, and counts at most where
there are several, is left out of the picture only."""
SURE_FROM = 0.9
TONES = ("bad", "warn", "plain", "fair", "good")
"""Of a document field: unread, doubtful, not proved, right in form, proved. An officer looks at the first first."""
OVER_PRINT = (DocumentFlagKind.GLARE_OVER_FIELD, DocumentFlagKind.OCCLUDED_FIELD, DocumentFlagKind.TAMPERED_SUSPECT)
LAYERS = ("vehicle", "part", "road", "damage", "plate", "document")


@dataclass(frozen=True, slots=True)
class Shape:
    """A closed polygon in pixels of the turned photo; ``label`` empty where words would only clutter."""

    layer: str
    tone: str
    points: tuple[Point, ...]
    label: str
    title: str

    @property
    def svg_points(self) -> str:
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in self.points)

    @property
    def label_xy(self) -> Point:
        return min(x for x, _ in self.points), min(y for _, y in self.points)


def shapes(facts: PhotoFacts, turn: Turn, lang: Lang) -> tuple[Shape, ...]:
    """Everything seen on a photo, weakest layers first so that plates and damage lie on top."""
    found = [
        *(shape for vehicle in facts.vehicles if vehicle.score >= DRAWN_FROM for shape in _vehicle(vehicle, lang)),
        *(_lane_line(line, lang) for line in (facts.lane.lines if facts.lane else ()) if line.score >= DRAWN_FROM),
        *(_light(light, lang) for light in facts.traffic_light or () if light.score >= DRAWN_FROM),
        *(_road_object(one, lang) for one in facts.roadside or () if one.score >= DRAWN_FROM),
        *(shape for document in documents_of(facts) for shape in _document(document, lang)),
        *(_damage(damage, lang) for damage in facts.damages if damage.score >= DRAWN_FROM),
        *(_plate(plate, lang) for plate in facts.plates if plate.score >= DRAWN_FROM),
    ]
    return tuple(Shape(s.layer, s.tone, turn.points(s.points), s.label, s.title) for s in found)


def marks(boxes: Iterable[Box], tone: str) -> tuple[Shape, ...]:
    """The boxes (of the turned photo) that a finding rests on."""
    return tuple(Shape("mark", tone, corners_of(box), "", "") for box in boxes)


def documents_of(facts: PhotoFacts) -> tuple[Document, ...]:
    return (*((facts.document,) if facts.document else ()), *facts.more_documents)


def flags_over(field: Field | RepeatedField, flags: Iterable[DocumentFlag]) -> tuple[DocumentFlag, ...]:
    """Flags of something that lies over a field's print or was done to it."""
    places = ((flag, flag.box_xyxy) for flag in flags if flag.kind in OVER_PRINT)
    return tuple(flag for flag, box in places if box is not None and _overlap(field.box_xyxy, box))


def _overlap(a: Box, b: Box) -> bool:
    return min(a[2], b[2]) > max(a[0], b[0]) and min(a[3], b[3]) > max(a[1], b[1])


def tone_of(field: Field | RepeatedField, flags: Iterable[DocumentFlag] = ()) -> str:
    """How far a field can be trusted, worst first in `TONES`: what proved it, and else how sure the reader was.

    What lies under one of the document's ``flags`` and is not proved by another reading is doubtful.
    """
    if field.text is None:
        return "bad"
    if field.validated in (Validation.CHECKSUM, Validation.AGREES_WITH):
        return "good"
    if field.score < SURE_FROM or flags_over(field, flags):
        return "warn"
    return "fair" if field.validated is Validation.GRAMMAR else "plain"


def percent(score: float) -> str:
    """A score below 1 is never told as 100 %: who reads that looks no further."""
    return f"{score if score >= 1 else min(score, 0.99):.0%}"


def _vehicle(vehicle: Vehicle, lang: Lang) -> tuple[Shape, ...]:
    view = f" · {word(vehicle.view, lang)}" if vehicle.view else ""
    title = f"{word(vehicle.kind, lang)}{view} {percent(vehicle.score)}"
    if vehicle.view:
        title += f" / {percent(vehicle.view_score)}"
    label = f"{word(vehicle.kind, lang)}{view}"
    parts = (
        Shape("part", "", corners_of(p.box_xyxy), word(p.kind, lang), f"{word(p.kind, lang)} {percent(p.score)}")
        for p in vehicle.parts
        if p.score >= DRAWN_FROM
    )
    return Shape("vehicle", "", corners_of(vehicle.box_xyxy), label, title), *parts


def _lane_line(line: LaneLine, lang: Lang) -> Shape:
    """Along the line and back again: a shape without area."""
    kind = word(line.kind, lang) if line.kind else ("车道线" if lang is Lang.ZH else "lane line")
    title = f"{kind} {percent(line.score)}" + (f" / {percent(line.kind_score)}" if line.kind else "")
    return Shape("road", line.colour.value, (*line.points, *reversed(line.points)), kind if line.kind else "", title)


def _light(light: TrafficLight, lang: Lang) -> Shape:
    label = f"{'信号灯' if lang is Lang.ZH else 'traffic light'} · {word(light.state, lang)}"
    return Shape("road", "light", corners_of(light.box_xyxy), label, f"{label} {percent(light.score)}")


def _road_object(one: RoadObject, lang: Lang) -> Shape:
    label = word(one.kind, lang)
    return Shape("road", "object", corners_of(one.box_xyxy), label, f"{label} {percent(one.score)}")


def _damage(damage: Damage, lang: Lang) -> Shape:
    kind = word(damage.kind, lang)
    part = f" · {word(damage.part, lang)}" if damage.part else ""
    points = damage.polygon if len(damage.polygon) >= 3 else corners_of(damage.box_xyxy)
    return Shape("damage", "", points, kind, f"{kind}{part} {percent(damage.score)}")


def _plate(plate: Plate, lang: Lang) -> Shape:
    text = plate.text or ("号牌看不清" if lang is Lang.ZH else "plate not read")
    return Shape("plate", "" if plate.text else "bad", plate.corners, text, f"{text} {percent(plate.score)}")


def _document(document: Document, lang: Lang) -> tuple[Shape, ...]:
    title = f"{word(document.kind, lang)} {percent(document.score)}"
    fields = (_field(key, field, document.flags, lang) for key, field in document.fields.items())
    return Shape("document", "", corners_of(document.box_xyxy), word(document.kind, lang), title), *fields


def _field(key: str, field: Field, flags: tuple[DocumentFlag, ...], lang: Lang) -> Shape:
    title = f"{field_word(key, lang)}: {field.text or '—'}"
    return Shape("document", tone_of(field, flags), corners_of(field.box_xyxy), "", title)
