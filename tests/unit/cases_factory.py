"""Cases whose truth is written by hand, for tests of what judges and measures them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from datasets.cases.nouns import DrawnCase, Paper, Picture
from datasets.scenes.seen import Box, Seen, SeenDamage, SeenPlate, SeenVehicle

WHEN = datetime(2026, 6, 1, 10, 0, tzinfo=timezone(timedelta(hours=8)))
PLATES = {"A": "苏A12345", "B": "苏B67890"}
VALUES = {
    "driving_licence": {"name": "甲", "valid_from": "2020-01-01", "valid_to": "2030-01-01"},
    "vehicle_licence": {"plate_number": "", "owner": "甲", "vin": "V", "inspection_valid_to": "2027-01-31"},
    "insurance_policy": {
        "plate_number": "",
        "insured": "甲",
        "vin": "V",
        "valid_from": "2026-01-01T00:00",
        "valid_to": "2026-12-31T24:00",
    },
}


def seen_plate(party: str, high_px: float = 24.0, end: str = "rear") -> SeenPlate:
    wide = high_px * 440 / 140
    corners = ((300.0, 300.0), (300 + wide, 300.0), (300 + wide, 300 + high_px), (300.0, 300 + high_px))
    return SeenPlate(end, PLATES[party], "blue", corners, 1.0, 10.0)


def vehicle(party: str, bearing_deg: float, box: Box = (300, 300, 700, 600), **changes: object) -> SeenVehicle:
    made = SeenVehicle(party, "car", "sedan", box, box, "front", bearing_deg, 5.0, 0.9, False)
    return replace(made, **changes)  # type: ignore[arg-type]


def panorama(role: str, bearing_deg: float, **changes: object) -> Picture:
    """Both vehicles whole, one beside the other, with plates that can be read."""
    vehicles = (
        vehicle("A", bearing_deg, (200, 300, 600, 600), plates=(seen_plate("A"),)),
        vehicle("B", bearing_deg, (650, 300, 1050, 600), plates=(seen_plate("B"),)),
    )
    lines = (("dashed_white", 5000),)
    seen = Seen(role, (1280, 960), "scene", vehicles, lines, contact_xy=(640.0, 480.0), contact_m=6.0)
    return Picture(f"{role}.jpg", replace(seen, **changes), "", WHEN, None)  # type: ignore[arg-type]


def closeup() -> Picture:
    damage = SeenDamage("dent", None, (500, 400, 800, 600))
    vehicles = (
        vehicle("A", 180, (0, 0, 700, 960), cut=True, whole_xyxy=(-600, 0, 700, 1200), damages=(damage,)),
        vehicle("B", 0, (600, 0, 1280, 960), cut=True, whole_xyxy=(600, 0, 1900, 1200)),
    )
    seen = Seen("contact_near", (1280, 960), "closeup", vehicles, contact_xy=(650.0, 500.0), contact_m=1.2)
    return Picture("contact_near.jpg", seen, "", WHEN, None)


def papers() -> tuple[Paper, ...]:
    out = []
    for party, plate in PLATES.items():
        for kind, values in VALUES.items():
            own = {
                key: plate if key == "plate_number" else text + party * (text in "甲V") for key, text in values.items()
            }
            out.append(Paper(f"{party}_{kind}.jpg", party, kind, "main", True, own))
    return tuple(out)


def complete_case(accident_type: str = "rear_end") -> DrawnCase:
    pictures = (panorama("front_panorama", 10), panorama("rear_panorama", 170), panorama("side", 90), closeup())
    return DrawnCase(accident_type, WHEN, PLATES, {"A": 0.0, "B": 2.0}, pictures, papers(), "B")


def without(case: DrawnCase, *names: str) -> DrawnCase:
    """The case without the files whose names begin so."""
    return replace(
        case,
        pictures=tuple(one for one in case.pictures if not one.name.startswith(names)),
        papers=tuple(one for one in case.papers if not one.name.startswith(names)),
    )


def with_picture(case: DrawnCase, role: str, **changes: object) -> DrawnCase:
    """The case with fields of one picture changed."""
    pictures = (replace(p, **changes) if p.seen.role == role else p for p in case.pictures)  # type: ignore[arg-type]
    return replace(case, pictures=tuple(pictures))


def with_paper(case: DrawnCase, name: str, **values: str) -> DrawnCase:
    """The case with values of one page changed."""
    pages = (replace(p, values={**p.values, **values}) if p.name == name else p for p in case.papers)
    return replace(case, papers=tuple(pages))
