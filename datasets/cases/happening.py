"""When and where a scene's accident was, who is in it and what their papers say. All made up, fixed by the scene."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from types import MappingProxyType

import numpy as np

from datasets.documents.people import Values, fictitious_party, vin
from datasets.scenes.phone import happened_at
from datasets.scenes.plan import Model, PlannedVehicle, Scene

FIRST_SEED = 500_000
"""Of people: nobody here is in the documents' own test sets."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What the papers of a model say: type, its group on a policy, seats, licence classes, length x width x height."""

    vehicle_type: str
    group: str
    seats: int
    classes: tuple[str, ...]
    dimensions: str
    use: str = "非营运"


KINDS: Mapping[Model, Kind] = MappingProxyType(
    {
        Model.SEDAN: Kind("小型轿车", "客车", 5, ("C1", "C2", "C1D", "B2"), "4750×1830×1460"),
        Model.HATCHBACK: Kind("小型轿车", "客车", 5, ("C1", "C2", "C1E"), "4250×1780×1520"),
        Model.SUV: Kind("小型越野客车", "客车", 5, ("C1", "C1", "A2"), "4650×1880×1700"),
        Model.MPV: Kind("小型普通客车", "客车", 7, ("C1", "C1D", "B1"), "4900×1870×1780"),
        Model.VAN: Kind("小型普通客车", "客车", 7, ("C1", "B2"), "4800×1750×1950"),
        Model.LIGHT_TRUCK: Kind("轻型厢式货车", "货车", 2, ("C1", "B2"), "5990×2050×2450", "货运"),
        Model.BUS: Kind("大型普通客车", "客车", 45, ("A1", "A1A2"), "10500×2500×3100", "营运"),
        Model.SCOOTER: Kind("普通二轮摩托车", "摩托车", 2, ("D", "E", "C1E", "C1D"), "1780×680×1120"),
    }
)
COLOURS = {
    "white": "白", "pearl": "白", "black": "黑", "dark_grey": "灰", "grey": "灰", "silver": "灰", "red": "红",
    "blue": "蓝", "light_blue": "蓝", "brown": "棕", "champagne": "黄", "green": "绿", "yellow": "黄",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Happening:
    """``exif``: whether photos keep what the phone noted; messengers take it out. ``behind``: whose vehicle is the rear
    one of two that drive the same way."""

    happened_at: datetime
    exif: bool
    people: Mapping[str, Values]
    behind: str


def parties(scene: Scene) -> tuple[PlannedVehicle, ...]:
    return tuple(sorted((v for v in scene.vehicles if v.party), key=lambda vehicle: vehicle.party))


@cache
def happening(scene: Scene) -> Happening:
    """The same for the same scene."""
    when = happened_at(scene.seed, scene.air.light)
    rng = np.random.default_rng((scene.seed, 31))
    people = {v.party: person(v, scene.seed, when.date()) for v in parties(scene)}
    return Happening(when, bool(rng.random() < 0.8), people, _behind(parties(scene)))


def person(vehicle: PlannedVehicle, seed: int, day: date) -> Values:
    """Papers that agree with each other and with the vehicle as it stands there."""
    number = FIRST_SEED + 10 * seed + ord(vehicle.party[0])
    values = fictitious_party(number, plate=vehicle.plate or None, on=day)
    rng, kind = np.random.default_rng(number), KINDS[vehicle.model]
    licence, policy = values["vehicle_licence"], values["insurance_policy"]
    curb = int(licence["curb_mass"])
    changed = {"vehicle_type": kind.vehicle_type, "seats": str(kind.seats), "dimensions": kind.dimensions,
               "use_character": kind.use, "body_colour": COLOURS[vehicle.paint],
               "total_mass": str(curb + 75 * kind.seats)}  # fmt: skip
    values["vehicle_licence"] = licence | changed
    values["insurance_policy"] = policy | {
        "vehicle_type": kind.group, "seats": str(kind.seats), "use_character": kind.use
    }  # fmt: skip
    values["driving_licence"]["vehicle_class"] = kind.classes[int(rng.integers(len(kind.classes)))]
    return values


def another_car(values: Values, kind: str, seed: int) -> dict[str, str]:
    """The document ``kind`` of another car of the same owner: its plate and VIN differ in more than a sign."""
    rng = np.random.default_rng((seed, 7))
    old = values[kind]["plate_number"]
    signs = "".join(str(rng.choice(list("23456789ABCDEFGHJK"))) for _ in range(3))
    plate = f"{old[:2]}{rng.integers(10, 99)}{signs}"
    body = values[kind]["vin"]
    other = vin(body[:3] + "".join(str(rng.choice(list("0123456789ABCDEFGH"))) for _ in range(5)) + "0" + body[9:11]
                + f"{rng.integers(100000, 999999)}")  # fmt: skip
    return values[kind] | {"plate_number": plate, "vin": other}


def expired(values: Values, kind: str, day: date, seed: int) -> dict[str, str]:
    """The driving licence or policy with a period that ended before ``day``."""
    rng = np.random.default_rng((seed, 8))
    last = day - timedelta(days=int(rng.integers(12, 200)))
    if kind == "insurance_policy":
        start = last - timedelta(days=364)
        return values[kind] | {"valid_from": f"{start}T00:00", "valid_to": f"{last}T24:00",
                               "signed_date": str(start - timedelta(days=3))}  # fmt: skip
    last = last.replace(day=min(last.day, 28))
    start = last.replace(year=last.year - 6)
    record = f"请于{last:%Y年%m月%d日}前九十日内申请换领新驾驶证。"
    first = min(values[kind]["first_issue_date"], str(start))
    return values[kind] | {"valid_from": str(start), "valid_to": str(last), "first_issue_date": first, "record": record}


def _behind(vehicles: tuple[PlannedVehicle, ...]) -> str:
    if len(vehicles) < 2:
        return vehicles[0].party if vehicles else ""
    angle = np.deg2rad(vehicles[0].heading_deg)
    along = [v.xy[0] * np.cos(angle) + v.xy[1] * np.sin(angle) for v in vehicles[:2]]
    return vehicles[int(along[1] < along[0])].party
