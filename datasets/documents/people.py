"""Fictitious parties: values of all three documents that agree with each other, by field key (canonical form)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TypeAlias

import numpy as np

from datasets.documents.places import (
    ESTATES,
    GIVEN,
    INSURERS,
    MAKES,
    PLACES,
    ROADS,
    SURNAMES,
    USES,
    VEHICLE_TYPES,
    Place,
)

Values: TypeAlias = dict[str, dict[str, str]]
"""Document kind -> field key -> canonical text."""
DEFAULT_DAY = date(2026, 5, 1)

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
VIN_SIGNS = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"
VIN_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True))
PLATE_SIGNS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def id_number(region_code: str, birth: date, order: int) -> str:
    """ID number with its check digit (GB 11643); ``order`` of three digits, odd for men."""
    body = f"{region_code}{birth:%Y%m%d}{order:03d}"
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, ID_WEIGHTS, strict=True)) % 11]


def vin(body: str) -> str:
    """VIN with its check digit (GB 16735) at place 9; ``body`` is 17 signs, the ninth is replaced."""
    total = sum((int(c) if c.isdigit() else VIN_VALUES[c]) * w for c, w in zip(body, VIN_WEIGHTS, strict=True))
    return body[:8] + "0123456789X"[total % 11] + body[9:]


def fictitious_party(seed: int, *, plate: str | None = None, on: date = DEFAULT_DAY) -> Values:
    """Values of a driving licence, vehicle licence and policy of one party, valid on the day ``on``.

    The same seed gives the same party. ``plate`` (without the dot) fixes plate and province.
    """
    rng = np.random.default_rng(seed)
    places = [p for p in PLACES if plate is None or p.plate_province == plate[0]] or list(PLACES)
    place = places[int(rng.integers(len(places)))]
    number = plate or place.plate_province + "A" + _signs(rng, PLATE_SIGNS, 5)
    name = _pick(rng, SURNAMES) + "".join(_pick(rng, GIVEN) for _ in range(int(rng.integers(1, 3))))
    address = _address(rng, place)
    vehicle = _vehicle(rng, place, number, name, address, on)
    return {
        "driving_licence": _driver(rng, place, name, address, on),
        "vehicle_licence": vehicle,
        "insurance_policy": _policy(rng, vehicle, on),
    }


def _driver(rng: np.random.Generator, place: Place, name: str, address: str, on: date) -> dict[str, str]:
    birth = on - timedelta(days=int(rng.integers(22 * 365, 62 * 365)))
    order = int(rng.integers(10, 999))
    first = birth + timedelta(days=int(rng.integers(19 * 366, (on - birth).days - 100)))
    years = int(rng.choice([6, 10]))
    valid_from = on - timedelta(days=int(rng.integers(60, years * 365 - 200)))
    valid_to = _years_later(valid_from, years).isoformat() if rng.random() > 0.15 else "长期"
    return {
        "licence_number": id_number(place.region_code, birth, order),
        "name": name,
        "sex": "男" if order % 2 else "女",
        "nationality": "中国",
        "address": address,
        "birth_date": birth.isoformat(),
        "first_issue_date": min(first, valid_from).isoformat(),
        "vehicle_class": _pick(rng, ("C1", "C1", "C2", "B2", "A2", "C1D", "C1E", "A1A2", "B1B2")),
        "valid_from": valid_from.isoformat(),
        "valid_to": valid_to,
        "issuing_authority": f"{place.province}{place.city}公安局交通警察支队",
        "file_number": place.region_code[:4] + "0" + _signs(rng, "0123456789", 7),
        "record": f"请于{valid_to[:4]}年{valid_to[5:7]}月{valid_to[8:]}日前九十日内申请换领新驾驶证。"
        if valid_to != "长期"
        else "准驾车型长期有效。",
        "status": "正常",
        "points": str(int(rng.integers(0, 9))),
        "generated_at": f"{on.isoformat()}T08:{int(rng.integers(10, 59))}:{int(rng.integers(10, 59))}",
        "current_time": f"{on.isoformat()}T09:{int(rng.integers(10, 59))}:{int(rng.integers(10, 59))}",
        "barcode_number": _signs(rng, "0123456789", 13),
    }


def _vehicle(rng: np.random.Generator, place: Place, plate: str, name: str, address: str, on: date) -> dict[str, str]:
    make, code, maker = MAKES[int(rng.integers(len(MAKES)))]
    kind, _, seats = VEHICLE_TYPES[int(rng.integers(len(VEHICLE_TYPES)))]
    registered = on - timedelta(days=int(rng.integers(200, 4000)))
    issued = registered + timedelta(days=int(rng.choice([0, 0, int(rng.integers(1, 150))])))
    curb = int(rng.integers(1050, 2100))
    inspected = date(on.year + int(rng.integers(1, 3)), int(rng.integers(1, 13)), 28)
    values = {
        "plate_number": plate,
        "vehicle_type": kind,
        "owner": name,
        "address": address,
        "use_character": _pick(rng, USES),
        "model": make + code + _signs(rng, "123456789", 4) + _signs(rng, "ABCDEFGHJK", 2),
        "vin": vin(maker + _signs(rng, VIN_SIGNS, 5) + "0" + _signs(rng, VIN_SIGNS, 2) + _signs(rng, "0123456789", 6)),
        "engine_number": _signs(rng, "ABCDEFGHJKLMN", int(rng.integers(0, 3))) + _signs(rng, "0123456789", 7),
        "register_date": registered.isoformat(),
        "issue_date": issued.isoformat(),
        "issuing_authority": f"{place.province}{place.city}公安局交通警察支队",
        "file_number": place.region_code[:4] + "0" + _signs(rng, "0123456789", 7),
        "seats": str(seats),
        "total_mass": str(curb + seats * 75),
        "curb_mass": str(curb),
        "dimensions": "×".join(str(int(rng.integers(*span))) for span in ((4200, 5100), (1700, 1960), (1420, 1800))),
        "remarks": _pick(rng, ("", "", "增发")),
        "inspection_valid_to": _month_end(inspected).isoformat(),
        "status": "正常",
        "scrap_date": _years_later(registered, 15).isoformat(),
        "body_colour": _pick(rng, ("白", "黑", "灰", "蓝", "红")),
        "energy_type": "电" if len(plate) == 8 else _pick(rng, ("汽油", "汽油", "混合动力")),
        "generated_at": f"{on.isoformat()}T08:{int(rng.integers(10, 59))}:{int(rng.integers(10, 59))}",
    }
    return {key: text for key, text in values.items() if text}


def _policy(rng: np.random.Generator, vehicle: dict[str, str], on: date) -> dict[str, str]:
    start = on - timedelta(days=int(rng.integers(10, 350)))
    last = _years_later(start, 1) - timedelta(days=1)
    insurer, phone = INSURERS[int(rng.integers(len(INSURERS)))]
    copied = ("plate_number", "use_character", "engine_number", "vin", "model", "seats")
    premium = _pick(rng, ("665.00", "760.00", "855.00", "950.00", "1100.00", "807.50"))
    return {
        "policy_number": _pick(rng, ("PDZA", "1", "605", "AEDZ")) + f"{start.year}" + _signs(rng, "0123456789", 14),
        "insured": vehicle["owner"],
        **{key: vehicle[key] for key in copied},
        "vehicle_type": next(group for kind, group, _ in VEHICLE_TYPES if kind == vehicle["vehicle_type"]),
        "death_limit": "180000",
        "medical_limit": "18000",
        "property_limit": "2000",
        "premium_total": premium,
        "valid_from": f"{start.isoformat()}T00:00",
        "valid_to": f"{last.isoformat()}T24:00",
        "insurer": insurer,
        "signed_date": (start - timedelta(days=int(rng.integers(0, 20)))).isoformat(),
        "service_phone": phone,
    }


def _address(rng: np.random.Generator, place: Place) -> str:
    road, number = _pick(rng, ROADS), int(rng.integers(1, 400))
    home = f"{_pick(rng, ESTATES)}{int(rng.integers(1, 30))}栋{int(rng.integers(1, 33))}0{int(rng.integers(1, 9))}"
    tail = _pick(rng, (home, f"{int(rng.integers(1, 9))}单元{int(rng.integers(101, 2999))}室", ""))
    return f"{place.province}{place.city}{place.district}{road}路{number}号{tail}"


def _years_later(day: date, years: int) -> date:
    """The same day ``years`` later; 29 February becomes 28 February."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return date(day.year + years, day.month, last)


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _pick(rng: np.random.Generator, pool: tuple[str, ...] | list[str] | str) -> str:
    return pool[int(rng.integers(len(pool)))]


def _signs(rng: np.random.Generator, pool: str, count: int) -> str:
    return "".join(_pick(rng, pool) for _ in range(count))
