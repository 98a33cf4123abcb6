"""Facts, assessments and photos made by hand, for tests of what comes after the models. All people are invented."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import numpy as np

from vision.types import (
    Assessment,
    Box,
    Damage,
    DamageKind,
    Decision,
    Document,
    DocumentFlag,
    DocumentFlagKind,
    DocumentKind,
    Evidence,
    Field,
    Finding,
    Framing,
    FramingKind,
    Instruction,
    Page,
    Part,
    PartKind,
    PhotoFacts,
    Pixels,
    Plate,
    PlateKind,
    Quality,
    QualityVerdict,
    RepeatedField,
    Requirement,
    ScoreLine,
    Text,
    Unreadable,
    UnreadableReason,
    Validation,
    Vehicle,
    VehicleKind,
    Verdict,
    View,
)

SIZE_WH = (400, 300)
WHEN = datetime(2026, 5, 1, 8, 3, 11, tzinfo=timezone(timedelta(hours=8)))
PLATE_BOX: Box = (100.0, 200.0, 144.0, 214.0)
DENT = ((150.0, 150.0), (200.0, 160.0), (180.0, 200.0))
NASTY = "<script>alert(1)</script>&'\"{{ 7*7 }}.jpg"
MODELS = {"vehicle": "sha256:" + "0" * 64, "plate": "sha256:" + "1" * 64}


def pixels(size_wh: tuple[int, int] = SIZE_WH) -> Pixels:
    """A gradient: each place has its own colour."""
    width, height = size_wh
    y, x = np.mgrid[0:height, 0:width]
    return np.stack([x * 255 // width, y * 255 // height, np.full_like(x, 90)], axis=-1).astype(np.uint8)


def field(text: str | None, box: Box = (20, 20, 120, 40), **more: object) -> Field:
    values = {"raw": text or "?", "score": 0.95, "page": Page.MAIN, "validated": Validation.NONE} | more
    return Field(text=text, box_xyxy=box, **values)  # type: ignore[arg-type]


def licence() -> Document:
    return Document(
        kind=DocumentKind.VEHICLE_LICENCE,
        pages=(Page.MAIN, Page.SECOND),
        score=0.93,
        box_xyxy=(10, 10, 390, 290),
        flags=(DocumentFlag(DocumentFlagKind.GLARE_OVER_FIELD, 0.7, (20, 20, 60, 40)),),
        fields={
            "plate_number": field("皖A12345", raw="皖A·12345", validated=Validation.AGREES_WITH),
            "vin": field("LSVAA4182E2184847", (20, 50, 200, 70), validated=Validation.CHECKSUM),
            "owner": field("<b>王小明</b>", (20, 80, 100, 100)),
            "model": field("大众牌", (20, 110, 100, 130), score=0.6),
            "engine_number": field(None, (20, 140, 100, 160), raw="B1?2", score=0.2),
            "issue_date": field("2020-01-02", (20, 170, 100, 190), validated=Validation.GRAMMAR),
        },
        repeats=(
            RepeatedField(
                *("plate_number", "皖A12345", "皖A12345", 0.9), (220, 20, 320, 40), Page.SECOND, Validation.AGREES_WITH
            ),
        ),
    )


def scene(name: str = "front.jpg", **more: object) -> PhotoFacts:
    """Two vehicles, a dent, a plate."""
    x0, y0, x1, y1 = PLATE_BOX
    parts = (Part(PartKind.HOOD, (90, 120, 180, 160), 0.8), Part(PartKind.WHEEL, (80, 210, 110, 240), 0.1))
    values = {
        "sha256": "ab" * 32,
        "size_wh": SIZE_WH,
        "phash": "00ff00ff00ff00ff",
        "framing": Framing(FramingKind.SCENE, 0.97),
        "quality": Quality(QualityVerdict.OK, 0.81, 0.02, 0.0, 0.02),
        "warnings": ("truncated",),
        "taken_at": WHEN,
        "gps": (31.123456, 117.2),
        "device": "Phone <1>",
        "vehicles": (
            Vehicle(VehicleKind.CAR, (60, 80, 220, 250), 0.96, View.FRONT_LEFT, 0.9, parts),
            Vehicle(VehicleKind.TRUCK, (200, 60, 380, 240), 0.9),
        ),
        "damages": (
            Damage(
                DamageKind.DENT, (150, 150, 200, 200), ((150, 150), (200, 160), (180, 200)), 0.7, PartKind.HOOD, 0.6
            ),
        ),
        "plates": (
            Plate("皖A12345", PlateKind.BLUE, ((x0, y0), (x1, y0), (x1, y1), (x0, y1)), 0.95, (0.99,) * 7, 0.8),
        ),
        "models": MODELS,
    } | more
    return PhotoFacts(photo=name, **values)  # type: ignore[arg-type]


def paper(name: str = NASTY) -> PhotoFacts:
    """A vehicle licence that lies on its side."""
    quality = Quality(QualityVerdict.GLARE, 0.7, 0.0, 0.1, 0.3)
    framing = Framing(FramingKind.DOCUMENT, 0.99)
    return PhotoFacts(name, "cd" * 32, SIZE_WH, "0" * 16, framing, quality, rotation=90, document=licence())


BROKEN = Unreadable("坏.jpg", UnreadableReason.NOT_AN_IMAGE, "e3" * 32, 1234)
FACTS = (scene(), paper(), BROKEN)
REQUIREMENTS = (
    Requirement("front", "panorama", Text("前方全景", "Front panorama"), 40, scene=True),
    Requirement("rear", "panorama", Text("后方全景", "Rear panorama"), 40, scene=True),
    Requirement("papers", "documents", Text("两证一卡", "Licences and policy"), 20, required=False),
)
ASSESSMENT = Assessment(
    standard="four-photos",
    standard_version="1.0",
    score=50.0,
    decision=Decision.RETAKE,
    may_clear_road=False,
    findings=(
        Finding("front", Verdict.PASS, "shown", None, (Evidence("front.jpg", ((60, 80, 220, 250),)),)),
        Finding("rear", Verdict.FAIL, "no_photo", None, (), 0.0, 2.0),
        Finding("papers", Verdict.UNSURE, "field_not_read", "A", (Evidence(NASTY, ((20, 140, 100, 160),)),), "B1?2"),
        Finding(
            *("agreement", Verdict.FAIL, "plate_differs", "A"),
            (Evidence("front.jpg", (PLATE_BOX,)), Evidence(NASTY)),
            *("皖A12345", "皖A12346"),
            disagreement=True,
        ),
    ),
    breakdown=(ScoreLine("front", 40, 40), ScoreLine("rear", 40, 0), ScoreLine("papers", 20, 10)),
    next=(Instruction("rear", Text("请到车辆后方拍一张全景", "Take a panorama from behind"), 40.0),),
    unreadable=(BROKEN,),
    models=MODELS,
)
