"""Facts of made-up photos, small and complete: a rear-end case of two parties with all items, and its pieces."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from vision.checks.dossier import Dossier
from vision.identifiers import id_check_character, vin_check_character
from vision.score import dossier_of
from vision.standard import load
from vision.types import (
    Box,
    Case,
    Corners,
    Damage,
    DamageKind,
    Document,
    DocumentKind,
    Field,
    Framing,
    FramingKind,
    Page,
    Part,
    PartKind,
    PhotoFacts,
    Plate,
    PlateKind,
    Quality,
    QualityVerdict,
    Requirement,
    Text,
    Unreadable,
    UnreadableReason,
    Vehicle,
    VehicleKind,
    View,
)

SIZE = (4000, 3000)
WHEN = datetime(2026, 5, 1, 0, 3, 11, tzinfo=UTC)
PLATE_A, PLATE_B = "皖A12345", "苏E6K789"
NAMES = {PLATE_A: "张三", PLATE_B: "李四"}
LEFT_BOX: Box = (500.0, 900.0, 2000.0, 2100.0)
RIGHT_BOX: Box = (1900.0, 950.0, 3300.0, 2050.0)


def sha(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def photo(
    name: str,
    kind: FramingKind = FramingKind.SCENE,
    *,
    score: float = 0.97,
    quality: QualityVerdict = QualityVerdict.OK,
    vehicles: Iterable[Vehicle] = (),
    damages: Iterable[Damage] = (),
    plates: Iterable[Plate] = (),
    document: Document | None = None,
    taken_at: datetime | None = WHEN,
    gps: tuple[float, float] | None = None,
) -> PhotoFacts:
    """A photo whose hashes follow from its name: other names, other pictures."""
    return PhotoFacts(
        photo=name,
        sha256=sha(name),
        size_wh=SIZE,
        phash=sha(name)[:16],
        framing=Framing(kind, score),
        quality=Quality(quality, 0.8, 1.0 if quality is QualityVerdict.DARK else 0.0, 0.0, 0.0),
        taken_at=taken_at,
        gps=gps,
        vehicles=tuple(vehicles),
        damages=tuple(damages),
        plates=tuple(plates),
        document=document,
        models={"vehicle": "sha256:0"},
    )


def vehicle(view: View | None, box: Box = LEFT_BOX, score: float = 0.95, view_score: float = 0.95) -> Vehicle:
    return Vehicle(VehicleKind.CAR, box, score, view, view_score if view else 0.0, (Part(PartKind.WHEEL, box, 0.9),))


def plate(text: str | None, box: Box = LEFT_BOX, score: float = 0.97, height_px: float = 60.0) -> Plate:
    """A plate in the middle of ``box``."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    half = height_px / 2
    corners: Corners = (
        (x - 3 * half, y - half),
        (x + 3 * half, y - half),
        (x + 3 * half, y + half),
        (x - 3 * half, y + half),
    )
    return Plate(text, PlateKind.BLUE, corners, score, (score,) * len(text or ""), 0.8)


def damage(
    part: PartKind | None, box: Box = (1700.0, 1200.0, 2200.0, 1700.0), score: float = 0.9, sharpness_01: float = 0.8
) -> Damage:
    return Damage(DamageKind.DENT, box, (), score, part, sharpness_01)


def panorama(
    name: str, left: View, right: View, texts: tuple[str | None, str | None] = (PLATE_A, PLATE_B)
) -> PhotoFacts:
    boxes = (LEFT_BOX, RIGHT_BOX)
    plates = [plate(text, box) for text, box in zip(texts, boxes, strict=True) if text]
    return photo(name, vehicles=[vehicle(left, LEFT_BOX), vehicle(right, RIGHT_BOX)], plates=plates)


def detail(name: str = "detail.jpg", quality: QualityVerdict = QualityVerdict.OK) -> PhotoFacts:
    """Close-up on which the rear of one vehicle and the front of the other are damaged."""
    left, right = (300.0, 200.0, 2000.0, 2800.0), (2010.0, 200.0, 3800.0, 2800.0)
    damages = [
        damage(PartKind.BACK_BUMPER, (1500.0, 1300.0, 1950.0, 1700.0)),
        damage(PartKind.FRONT_BUMPER, (2100.0, 1300.0, 2500.0, 1700.0)),
    ]
    shown = [vehicle(View.REAR, left), vehicle(View.FRONT, right)]
    return photo(name, FramingKind.CLOSEUP, quality=quality, vehicles=shown, damages=damages)


def read(texts: Mapping[str, str | None], page: Page = Page.MAIN, score: float = 0.98) -> dict[str, Field]:
    return {key: Field(text, text or "", score, (10.0, 10.0, 90.0, 30.0), page) for key, text in texts.items()}


def document(
    kind: DocumentKind,
    texts: Mapping[str, str | None],
    page: Page = Page.MAIN,
    score: float = 0.98,
    field_score: float = 0.98,
) -> Document:
    return Document(kind, (page,), score, (200.0, 200.0, 3800.0, 2800.0), fields=read(texts, page, field_score))


def id_number(first_17: str) -> str:
    return first_17 + id_check_character(first_17)


def vin_of(text: str) -> str:
    """A VIN with the right check character, different for each plate."""
    stem = f"LSV{int(sha(text)[:8], 16):010d}0000"
    return stem[:8] + (vin_check_character(stem) or "") + stem[9:]


def driving_licence(text: str, **changes: str | None) -> PhotoFacts:
    number = id_number(f"3401041990010{1 + len(NAMES[text]) % 9}{int(sha(text)[:4], 16) % 1000:03d}")
    fields = {
        "licence_number": number,
        "name": NAMES[text],
        "birth_date": f"{number[6:10]}-{number[10:12]}-{number[12:14]}",
        "first_issue_date": "2012-06-01",
        "vehicle_class": "C1",
        "valid_from": "2018-06-01",
        "valid_to": "2028-06-01",
    } | changes
    paper = document(DocumentKind.DRIVING_LICENCE, fields)
    return photo(f"driving_{text}.jpg", FramingKind.DOCUMENT, document=paper)


def vehicle_licence(text: str, **changes: str | None) -> PhotoFacts:
    fields = {
        "plate_number": text,
        "owner": NAMES[text],
        "vin": vin_of(text),
        "register_date": "2020-03-01",
        "issue_date": "2020-03-02",
        "inspection_valid_to": "2026-12-31",
    } | changes
    paper = document(DocumentKind.VEHICLE_LICENCE, fields)
    return photo(f"vehicle_{text}.jpg", FramingKind.DOCUMENT, document=paper)


def policy(text: str, **changes: str | None) -> PhotoFacts:
    fields = {
        "policy_number": f"PDZA{sha(text)[:12]}",
        "plate_number": text,
        "insured": NAMES[text],
        "vin": vin_of(text),
        "valid_from": "2026-01-01T00:00",
        "valid_to": "2026-12-31T24:00",
    } | changes
    paper = document(DocumentKind.INSURANCE_POLICY, fields, Page.POLICY)
    return photo(f"policy_{text}.jpg", FramingKind.DOCUMENT, document=paper)


def scene() -> dict[str, PhotoFacts]:
    """B drove into the back of A: four photos."""
    return {
        "front": panorama("front.jpg", View.FRONT, View.FRONT),
        "rear": panorama("rear.jpg", View.REAR, View.REAR),
        "side": panorama("side.jpg", View.LEFT, View.LEFT, (None, None)),
        "detail": detail(),
    }


def papers(text: str) -> dict[str, PhotoFacts]:
    return {
        f"driving_{text}": driving_licence(text),
        f"vehicle_{text}": vehicle_licence(text),
        f"policy_{text}": policy(text),
    }


def full_case() -> dict[str, PhotoFacts]:
    return scene() | papers(PLATE_A) | papers(PLATE_B)


def unreadable(name: str = "broken.jpg") -> Unreadable:
    return Unreadable(name, UnreadableReason.NOT_AN_IMAGE, sha(name), 12)


def renamed(one: PhotoFacts, name: str) -> PhotoFacts:
    """The same bytes under another name."""
    return replace(one, photo=name)


def requirement(check: str, **params: float | str | bool | tuple[str, ...]) -> Requirement:
    return Requirement(check, check, Text("", ""), 1.0, params=params)


def dossier(*photos: PhotoFacts, case: Case | None = None, limits: Mapping[str, float] | None = None) -> Dossier:
    """A case under four-photos, with other ``limits`` where given."""
    standard = load("four-photos")
    standard = replace(standard, limits={**standard.limits, **(limits or {})})
    return dossier_of(photos, case or Case(happened_at=WHEN), standard)
