"""What is drawn by chance: models, paints, plates, lamps, road and weather."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np

from datasets.plates.texts import random_text
from datasets.scenes.paints import PAINTS
from datasets.scenes.plan import AccidentType, Air, Line, Model, Road
from vision.types import PlateKind

T = TypeVar("T")

LIGHTS: tuple[tuple[str, float], ...] = (("day", 0.45), ("overcast", 0.30), ("dusk", 0.10), ("night", 0.15))
MODELS: tuple[tuple[Model, float], ...] = (
    (Model.SEDAN, 0.36), (Model.SUV, 0.29), (Model.HATCHBACK, 0.12), (Model.MPV, 0.13),
    (Model.VAN, 0.06), (Model.LIGHT_TRUCK, 0.025), (Model.BUS, 0.015),
)  # fmt: skip
PROVINCES: tuple[tuple[str, float], ...] = (
    ("苏", 0.24), ("沪", 0.14), ("浙", 0.14), ("皖", 0.10), ("粤", 0.10), ("京", 0.07),
)  # fmt: skip
"""The rest is spread over all others."""
LARGE = (Model.LIGHT_TRUCK, Model.BUS)


def models_of(kind: AccidentType, rng: np.random.Generator) -> tuple[Model, Model]:
    """A's and B's; B's counts for nothing in a single_vehicle."""
    a, b = _drawn(MODELS, rng), _drawn(MODELS, rng)
    riding = {AccidentType.DOORING: 0.6, AccidentType.INTERSECTION: 0.12, AccidentType.LANE_CHANGE: 0.06}
    if rng.random() < riding.get(kind, 0.0):
        b = Model.SCOOTER
    if kind in (AccidentType.DOORING, AccidentType.REVERSING, AccidentType.SINGLE_VEHICLE):
        a = Model.SUV if a in LARGE else a
        b = Model.SEDAN if b in LARGE else b
    return a, (Model.SEDAN if Model.BUS in (a, b) and b in LARGE else b)


def paint_of(model: Model, rng: np.random.Generator) -> str:
    if model is Model.BUS:
        return str(rng.choice(["white", "blue", "green", "yellow"]))
    names, shares = zip(*((paint.name, paint.share) for paint in PAINTS), strict=True)
    return str(rng.choice(names, p=np.array(shares) / sum(shares)))


def plate_of(model: Model, rng: np.random.Generator) -> tuple[str, str]:
    """Text and kind (a value of `PlateKind`), valid under `vision.plate_grammar`."""
    if model is Model.SCOOTER:
        kind = PlateKind.MOTORCYCLE
    elif model in LARGE:
        kind = PlateKind.YELLOW_SINGLE
    else:
        kind = PlateKind.GREEN_SMALL if rng.random() < 0.24 else PlateKind.BLUE
    text = random_text(kind, rng)
    draw, share = rng.random(), 0.0
    for province, part in PROVINCES:
        share += part
        if draw < share:
            return province + ("A" if text[1] == "O" else text[1]) + text[2:], kind.value
    return text, kind.value


def lamps_of(kind: AccidentType, party: str, to_left: bool, light: str, rng: np.random.Generator) -> tuple[str, ...]:
    """Head lamps in the dark, hazards often, brake lamps of who was run into, an indicator of who changed lanes."""
    lit = []
    if light in ("night", "dusk") and rng.random() < 0.85:
        lit.append("head")
    if party == "A" and kind in (AccidentType.REAR_END, AccidentType.REVERSING) and rng.random() < 0.6:
        lit.append("brake")
    if party and rng.random() < 0.4:
        lit += ["indicator_left", "indicator_right"]
    elif party == "A" and kind is AccidentType.LANE_CHANGE and rng.random() < 0.6:
        lit.append("indicator_left" if to_left else "indicator_right")
    return tuple(lit)


def air_of(light: str | None, rng: np.random.Generator) -> Air:
    """Rain and fog come with a covered sky or at night."""
    chosen = _drawn(LIGHTS, rng)
    light = light or chosen
    grey = light in ("overcast", "night")
    rain = bool(rng.random() < (0.27 if grey else 0.0))
    fog = bool(not rain and rng.random() < (0.12 if grey else 0.0))
    low, high = {"day": (22, 62), "overcast": (30, 60), "dusk": (1, 6), "night": (-20, -12)}[light]
    return Air(light, round(rng.uniform(0, 360), 1), round(rng.uniform(low, high), 1), rain, fog)


def road_of(kind: AccidentType, wet: bool, rng: np.random.Generator) -> Road:
    """A road on which such an accident happens."""
    surface = str(rng.choice(["new", "worn", "patched"], p=[0.25, 0.5, 0.25]))
    lane_m = float(rng.choice([3.25, 3.5, 3.75]))
    arrows, zebra = bool(rng.random() < 0.3), bool(rng.random() < 0.6)
    between = Line(rng.choice([Line.DASHED_WHITE, Line.SOLID_WHITE], p=[0.65, 0.35]))
    centre = Line(rng.choice([Line.DOUBLE_YELLOW, Line.SOLID_YELLOW, Line.DASHED_YELLOW], p=[0.6, 0.25, 0.15]))
    median = bool(rng.random() < 0.25)
    limits = ("speed_limit",) if rng.random() < 0.35 else ()
    street = Road("street", lane_m=lane_m, surface=surface, wet=wet, between=between, centre=centre, signs=limits)
    match kind:
        case AccidentType.INTERSECTION:
            signal = str(rng.choice(["red", "green", "yellow", ""], p=[0.4, 0.35, 0.1, 0.15]))
            return replace(street, kind="junction", centre=Line.DOUBLE_YELLOW, arrows=True, zebra=zebra,
                           crossing_x=0.0, signal=signal, signs=("pedestrians",) if zebra else ())  # fmt: skip
        case AccidentType.WRONG_WAY:
            signs = (("one_way", "no_entry", "speed_limit")[int(rng.integers(3))],)
            return replace(street, lanes=int(rng.integers(1, 3)), centre=Line.DOUBLE_YELLOW, arrows=True, signs=signs)
        case AccidentType.REVERSING if rng.random() < 0.65:
            return replace(street, kind="car_park", lanes=1, centre=Line.NONE, edge=Line.NONE, between=Line.NONE,
                           signs=())  # fmt: skip
        case AccidentType.DOORING:
            return replace(street, signs=("no_parking",) if rng.random() < 0.4 else limits)
        case AccidentType.LANE_CHANGE:
            return replace(street, arrows=arrows, median=median)
        case _:
            lanes = int(rng.integers(1, 3))
            return replace(street, lanes=lanes, arrows=arrows, median=median and lanes > 1)


def _drawn(table: tuple[tuple[T, float], ...], rng: np.random.Generator) -> T:
    shares = np.array([share for _, share in table])
    return table[int(rng.choice(len(table), p=shares / shares.sum()))][0]
