"""One accident whose every part is personal, and a gather that reads it from any picture. All of it is invented."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from tests.service_parts import gather
from vision.types import (
    Document,
    DocumentKind,
    Field,
    Framing,
    FramingKind,
    Page,
    Photo,
    PhotoFacts,
    Plate,
    PlateKind,
    RepeatedField,
    TextLine,
    Unreadable,
    Validation,
)

PLATE, SEEN_PLATE = "皖A12345", "苏E99B2F"
NAME, OWNER = "王小明", "欧阳建国"
ID_NUMBER = "11010519491231002X"
VIN, POLICY = "LSVAU2180N2183294", "PDZA202634010000123456"
ADDRESS, PLACE = "合肥市蜀山区长江西路100号", "长江西路与潜山路口"
GPS = (31.839064, 117.224912)
NOTE = "当事人电话13900001111"
SECRETS = (
    *(PLATE, SEEN_PLATE, NAME, OWNER, ID_NUMBER, VIN, POLICY, ADDRESS, PLACE, NOTE),
    *("皖A·12345", "苏E·99B2F", "31.8390", "117.2249", "A12345", "E99B2F", "1949-12-31", "小明", "建国", "长江"),
)
"""Whole, and parts of them that a mask hides; none that a hash in hexadecimal could hold."""
BODY = {
    "external_id": "A-1",
    "accident_type": "rear_end",
    "happened_at": "2026-05-01T08:03:00+08:00",
    "place": PLACE,
    "parties": [{"id": "A", "plate": PLATE}, {"id": "B"}],
}
_BOX = (1.0, 1.0, 60.0, 40.0)


def personal_gather(
    photos: Iterable[Photo | Unreadable], *, on: date | None = None
) -> Iterator[PhotoFacts | Unreadable]:
    """The first photo of a case is of the vehicles, the others are of papers."""
    for one in gather(photos, on=on):
        yield one if isinstance(one, Unreadable) else _personal(one)


def _personal(facts: PhotoFacts) -> PhotoFacts:
    if "paper" not in facts.photo:
        corners = ((1.0, 1.0), (60.0, 1.0), (60.0, 20.0), (1.0, 20.0))
        plate = Plate(SEEN_PLATE, PlateKind.BLUE, corners, 0.99, (0.99,) * 7, 0.9)
        line = TextLine(f"{NAME} {SEEN_PLATE}", 0.9, corners)
        scene = Framing(FramingKind.SCENE, 0.99)
        return replace(facts, framing=scene, gps=GPS, plates=(plate,), text_lines=(line,))
    texts = {"name": NAME, "licence_number": ID_NUMBER, "address": ADDRESS, "birth_date": "1949-12-31"}
    vehicle = {"plate_number": PLATE, "owner": OWNER, "vin": VIN}
    policy = {"policy_number": POLICY, "insured": OWNER, "plate_number": SEEN_PLATE, "vin": VIN[::-1]}
    first = _document(DocumentKind.DRIVING_LICENCE, texts)
    more = (_document(DocumentKind.VEHICLE_LICENCE, vehicle), _document(DocumentKind.INSURANCE_POLICY, policy))
    framing = Framing(FramingKind.DOCUMENT, 0.99)
    return replace(facts, framing=framing, document=first, more_documents=more)


def _document(kind: DocumentKind, texts: dict[str, str]) -> Document:
    fields = {key: Field(text, text, 0.99, _BOX, Page.MAIN, Validation.GRAMMAR) for key, text in texts.items()}
    repeats = tuple(RepeatedField(key, text, text, 0.99, _BOX, Page.SECOND) for key, text in texts.items())
    return Document(kind, (Page.MAIN,), 0.99, _BOX, (), fields, repeats)


def leaks(text: str) -> list[str]:
    """The secrets that stand in ``text``, written plainly or as JSON escapes."""
    told = text + text.encode("ascii", "backslashreplace").decode()
    return [one for one in SECRETS if one in told or _escaped(one) in told]


def _escaped(text: str) -> str:
    return "".join(one if one.isascii() else f"\\u{ord(one):04x}" for one in text)
