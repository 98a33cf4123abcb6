"""Photos of cars that stand alone and struck nothing: what beside them would pass for a struck object."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from datasets.evaluation.bootstrap import share
from datasets.evaluation.detection import finds
from datasets.evaluation.groups import groups
from datasets.splits import SplitRow, rows
from datasets.training.samples import rgb
from vision.checks.reasons import Reason
from vision.checks.struck import object_hit
from vision.geometry import shrunk
from vision.models.card import card_of
from vision.models.roadside import roadside_detector
from vision.models.session import open_model
from vision.models.yolo import Detector, Found
from vision.road import IN_THE_WAY, beside_road
from vision.score import dossier_of
from vision.standard import load
from vision.types import (
    Case,
    Framing,
    FramingKind,
    PhotoFacts,
    Quality,
    QualityVerdict,
    Vehicle,
    VehicleKind,
    Verdict,
)

FOLDERS = ("cars", "cars_views")
STANDARD, REQUIREMENT = "single-vehicle", "object_hit"


def beside_lone_cars(data: Path, split: str) -> dict[str, Any]:
    """Share of photos on which the check takes something beside the car for what it struck."""
    photos = [row for folder in FOLDERS for row in rows(folder, split)]
    net = roadside_detector(open_model(card_of("roadside")))
    found = finds("vehicle", photos, data)
    return share([_passes(row, told, data, net) for row, told in zip(photos, found, strict=True)], groups(photos))


def _passes(row: SplitRow, told: Sequence[Found], data: Path, net: Detector) -> bool:
    pixels = rgb(row.path(data))
    _, things = beside_road(pixels, shrunk(pixels, 640), [f.box_xyxy for f in told if f.score >= IN_THE_WAY], net)
    facts = PhotoFacts(
        photo=row.file,
        sha256=row.sha256,
        size_wh=(pixels.shape[1], pixels.shape[0]),
        phash=row.sha256[:16],
        framing=Framing(FramingKind.WHOLE, 1.0),
        quality=Quality(QualityVerdict.OK, 1.0, 0.0, 0.0, 0.0),
        vehicles=tuple(Vehicle(VehicleKind(f.label), f.box_xyxy, f.score) for f in told),
        roadside=things,
    )
    standard = load(STANDARD)
    asked = next(one for one in standard.requirements if one.check == REQUIREMENT)
    (look,) = object_hit(asked, dossier_of([facts], Case(), standard))
    return look.verdict is Verdict.PASS and look.reason == Reason.SHOWN.value
