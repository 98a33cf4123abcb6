"""What the template shows: plain frozen values in the page's language, made photo by photo to hold few pixels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from service.report.overlay import TONES, Shape, documents_of, flags_over, marks, percent, shapes, tone_of
from service.report.pictures import Picture, Turn, crop, whole
from service.words import Lang, field_word, word
from vision.types import (
    Box,
    Document,
    DocumentFlag,
    Evidence,
    Field,
    Finding,
    PhotoFacts,
    Pixels,
    Plate,
    RepeatedField,
    Verdict,
)

CROP_PX = 560
FIELD_PX = 420
THUMB_PX = 420
FIELD_MARGIN = 0.08
MOST_PROOFS = 6
"""Pictures beside one finding; further photos are named with a link."""
LARGE_SHARE = 0.5
"""Boxes over this share of a photo are shown on the whole photo: a crop would be the same picture again."""


@dataclass(frozen=True, slots=True)
class Proof:
    photo: str
    anchor: str
    picture: Picture | None
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class FieldView:
    label: str
    text: str | None
    raw: str
    tone: str
    validated: str
    score: str
    page: str
    picture: Picture | None
    over: tuple[str, ...]
    """What lies over its print, in words."""


@dataclass(frozen=True, slots=True)
class DocumentView:
    kind: str
    pages: str
    flags: tuple[str, ...]
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class PhotoView:
    anchor: str
    facts: PhotoFacts
    picture: Picture | None
    shapes: tuple[Shape, ...]
    layers: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]
    documents: tuple[DocumentView, ...]


def longest_px(photos: int) -> int:
    """The longer side of an embedded photo: a sheet of many photos must still open at once."""
    return 1280 if photos <= 16 else 960 if photos <= 40 else 640


def photo_view(
    facts: PhotoFacts,
    anchor: str,
    pixels: Pixels | None,
    findings: Mapping[int, tuple[Evidence, ...]],
    verdicts: Mapping[int, Verdict],
    side_px: int,
    lang: Lang,
) -> tuple[PhotoView, dict[int, tuple[Proof, ...]]]:
    """A photo's part of the sheet, and the proofs on it by the number of the finding that they belong to.

    ``pixels`` null: the original is gone; words stay, pictures are left out.
    """
    turn = Turn(facts.rotation, facts.size_wh)
    turned = None if pixels is None else turn.pixels(pixels)
    drawn = shapes(facts, turn, lang)
    view = PhotoView(
        anchor=anchor,
        facts=facts,
        picture=None if turned is None else whole(turned, side_px),
        shapes=drawn,
        layers=tuple(dict.fromkeys(shape.layer for shape in drawn)),
        lines=_lines(facts, lang),
        documents=tuple(_document(document, turn, turned, lang) for document in documents_of(facts)),
    )
    proofs = {
        number: tuple(_proof(facts.photo, anchor, turn, turned, one, verdicts[number]) for one in evidence)
        for number, evidence in findings.items()
    }
    return view, proofs


def _proof(photo: str, anchor: str, turn: Turn, turned: Pixels | None, evidence: Evidence, verdict: Verdict) -> Proof:
    boxes = tuple(turn.box(box) for box in evidence.boxes)
    if turned is None:
        return Proof(photo, anchor, None, ())
    near = boxes and _share(boxes, turn.turned_wh) <= LARGE_SHARE
    picture = crop(turned, boxes, CROP_PX) if near else whole(turned, THUMB_PX)
    return Proof(photo, anchor, picture, marks(boxes, verdict.value))


def _share(boxes: tuple[Box, ...], size_wh: tuple[int, int]) -> float:
    width = max(box[2] for box in boxes) - min(box[0] for box in boxes)
    height = max(box[3] for box in boxes) - min(box[1] for box in boxes)
    return max(width / size_wh[0], height / size_wh[1]) ** 2


def _document(document: Document, turn: Turn, turned: Pixels | None, lang: Lang) -> DocumentView:
    picture = _field_cutter(turn, turned)
    fields = [_field(key, field, document.flags, picture, lang) for key, field in document.fields.items()]
    fields += [_field(repeat.key, repeat, document.flags, picture, lang) for repeat in document.repeats]
    return DocumentView(
        kind=word(document.kind, lang),
        pages="、".join(word(page, lang) for page in document.pages),
        flags=tuple(f"{word(flag.kind, lang)} {percent(flag.score)}" for flag in document.flags),
        fields=tuple(sorted(fields, key=lambda field: TONES.index(field.tone))),
    )


def _field_cutter(turn: Turn, turned: Pixels | None) -> Callable[[Box], Picture | None]:
    def cut(box: Box) -> Picture | None:
        return None if turned is None else crop(turned, (turn.box(box),), FIELD_PX, FIELD_MARGIN, 16.0)

    return cut


def _field(
    key: str,
    field: Field | RepeatedField,
    flags: tuple[DocumentFlag, ...],
    cut: Callable[[Box], Picture | None],
    lang: Lang,
) -> FieldView:
    return FieldView(
        label=field_word(key, lang),
        text=field.text,
        raw=field.raw,
        tone=tone_of(field, flags),
        validated=word(field.validated, lang),
        score=percent(field.score),
        page=word(field.page, lang),
        picture=cut(field.box_xyxy),
        over=tuple(dict.fromkeys(word(flag.kind, lang) for flag in flags_over(field, flags))),
    )


def _lines(facts: PhotoFacts, lang: Lang) -> tuple[tuple[str, str], ...]:
    """What is known of a photo in words: (label, value)."""
    zh = lang is Lang.ZH
    rows = [
        ("取景" if zh else "framing", f"{word(facts.framing.kind, lang)} {percent(facts.framing.score)}"),
        ("质量" if zh else "quality", word(facts.quality.verdict, lang)),
        ("号牌" if zh else "plates", " · ".join(_plate(plate, zh) for plate in facts.plates if plate.score >= 0.3)),
        ("拍摄时间" if zh else "taken at", facts.taken_at.isoformat(" ", "seconds") if facts.taken_at else ""),
        ("地点" if zh else "place", "{:.5f}, {:.5f}".format(*facts.gps) if facts.gps else ""),
        ("设备" if zh else "device", facts.device or ""),
        ("警告" if zh else "warnings", " · ".join(word(warning, lang) for warning in facts.warnings)),
        ("尺寸" if zh else "size", "{} × {}".format(*facts.size_wh)),
    ]
    return tuple((label, value) for label, value in rows if value)


def _plate(plate: Plate, zh: bool) -> str:
    return f"{plate.text or ('看不清' if zh else 'not read')} {percent(plate.score)}"


def findings_on(findings: tuple[Finding, ...], photo: str) -> dict[int, tuple[Evidence, ...]]:
    """The evidence on one photo by number of the finding."""
    found = {n: tuple(e for e in finding.evidence if e.photo == photo) for n, finding in enumerate(findings)}
    return {number: evidence for number, evidence in found.items() if evidence}
