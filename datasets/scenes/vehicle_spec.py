"""`spec_for`: the measures of one vehicle, drawn from its model's typical shape by a seed. Pure, no Blender."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from datasets.scenes.paints import paint_named
from datasets.scenes.plan import Model
from datasets.scenes.spec import Band, CarSpec, Curve, Doors, Glazing, Lamp, Profile, Style
from datasets.scenes.vehicle_shapes import HATCHBACK, SEDAN, SUV
from datasets.scenes.vehicle_shapes_heavy import BUS, CAB
from datasets.scenes.vehicle_shapes_tall import MPV, VAN

SHAPES = (
    (Model.SEDAN, SEDAN), (Model.HATCHBACK, HATCHBACK), (Model.SUV, SUV), (Model.MPV, MPV), (Model.VAN, VAN),
    (Model.LIGHT_TRUCK, CAB), (Model.BUS, BUS),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Scale:
    along: float
    across: float
    up: float


def spec_for(model: Model, seed: int, paint: str) -> CarSpec:
    """A vehicle of ``model``: size, nose, lamps, grille and wheels vary with ``seed``.

    Raises ValueError for a scooter, which has no lofted body, and KeyError for an unknown paint.
    """
    base = next((shape for known, shape in SHAPES if known is model), None)
    if base is None:
        raise ValueError(f"a {model} has no lofted body")
    rng = np.random.default_rng([seed, *model.value.encode()])
    colour = paint_named(paint)
    heavy = base.build in ("cab", "bus")
    scale = _Scale(*(float(v) for v in 1 + np.clip(rng.normal(0, 1, 3), -2, 2) * (0.018, 0.010, 0.012)))
    spec = _scaled(base, scale)
    if not heavy:
        spec = _restyled(spec, rng)
    style = _style(rng, heavy, base.style)
    return replace(spec, paint=colour.colour, metallic=colour.metallic, style=style, name=f"{model.value}_{seed}")


def half_width(spec: CarSpec) -> float:
    """Of the widest section, without mirrors, metres."""
    return max(value for _, value in spec.profile.half_width)


def _style(rng: np.random.Generator, heavy: bool, base: Style) -> Style:
    lamp = base.lamp if heavy else str(rng.choice(["twin", "bowl", "led"], p=[0.45, 0.25, 0.30]))
    return Style(
        grille=base.grille if heavy else str(rng.choice(["bars", "slats", "mesh", "closed"], p=[0.35, 0.2, 0.3, 0.15])),
        lamp=lamp,
        daylight=base.daylight if heavy else str(rng.choice(["under", "over", "none"], p=[0.4, 0.35, 0.25])),
        light_bar=bool(rng.random() < 0.3) and not heavy,
        spokes=base.spokes if heavy else int(rng.integers(5, 11)),
        spoke_twin=float(rng.choice([0.0, 0.12, 0.17, 0.22])),
        spoke_width=float(rng.uniform(0.75, 1.5)),
        dark_rim=bool(rng.random() < 0.25),
        badge=int(rng.integers(0, 4)),
        crease=float(rng.uniform(-0.01, 0.035)),
    )


def _restyled(spec: CarSpec, rng: np.random.Generator) -> CarSpec:
    """Lamps, grille, windows and nose of a car, moved within what its shape bears."""
    head, tail, grille = spec.head_lamp, spec.tail_lamp, spec.grille
    lift = float(rng.uniform(-0.02, 0.012))
    head = replace(
        head, z0=head.z0 + lift + rng.uniform(-0.015, 0.03), z1=head.z1 + lift,
        inner=head.inner + rng.uniform(-0.05, 0.07),
        depth=head.depth * rng.uniform(0.72, 1.05), rise=head.rise * rng.uniform(0.6, 1.15),
    )  # fmt: skip
    tail = replace(
        tail, z0=tail.z0 + rng.uniform(-0.03, 0.03), z1=tail.z1 + rng.uniform(-0.015, 0.015),
        inner=tail.inner + rng.uniform(-0.06, 0.12), depth=tail.depth * rng.uniform(0.75, 1.05),
    )  # fmt: skip
    grille = Band(
        grille.z0 + rng.uniform(-0.06, 0.04), grille.z1 - rng.uniform(0, 0.03), grille.half * rng.uniform(0.75, 1.05)
    )
    top = _raised(spec.profile.top, 0.75, 0.45, float(rng.normal(0, 0.012)))
    profile = replace(
        spec.profile, top=top, nose_bow=spec.profile.nose_bow * rng.uniform(0.8, 1.2),
        tail_bow=spec.profile.tail_bow * rng.uniform(0.8, 1.2),
        tumblehome=spec.profile.tumblehome * rng.uniform(0.9, 1.08),
    )  # fmt: skip
    return replace(
        spec, profile=profile, head_lamp=head, tail_lamp=tail, grille=grille,
        wheel_radius=spec.wheel_radius * float(rng.uniform(0.97, 1.04)),
        glazing=replace(spec.glazing, bright_frame=bool(rng.random() < 0.45)),
        clad=spec.clad and bool(rng.random() < 0.7), roof_rails=spec.roof_rails and bool(rng.random() < 0.7),
    )  # fmt: skip


def _raised(curve: Curve, station: float, spread: float, by: float) -> Curve:
    return tuple((d, z + by * float(np.exp(-(((d - station) / spread) ** 2)))) for d, z in curve)


def _scaled(spec: CarSpec, s: _Scale) -> CarSpec:
    a, c, u = s.along, s.across, s.up

    def heights(points: Curve) -> Curve:
        return tuple((d * a, z * u) for d, z in points)

    p, g, doors = spec.profile, spec.glazing, spec.doors
    profile = Profile(
        heights(p.top), heights(p.bottom), tuple((d * a, y * c) for d, y in p.half_width), heights(p.belt),
        heights(p.shoulder), p.tumblehome, p.nose_bow, p.tail_bow, p.bulge,
    )  # fmt: skip
    glazing = Glazing(
        _both(g.windscreen, a), _both(g.rear_window, a), _both(g.sides, a), g.slant * a / u,
        tuple((d * a, w) for d, w in g.pillars), g.frame, g.bright_frame,
    )  # fmt: skip
    return replace(
        spec, length=spec.length * a, overall=spec.overall * a, wheel_radius=spec.wheel_radius * u,
        axles=_both(spec.axles, a), profile=profile, glazing=glazing,
        doors=Doors(doors.front * a, doors.middle * a, doors.rear * a, doors.handle_z * u),
        bonnet=_both(spec.bonnet, a), head_lamp=_lamp(spec.head_lamp, s), tail_lamp=_lamp(spec.tail_lamp, s),
        grille=_band(spec.grille, s), intake=_band(spec.intake, s), bumper_z=spec.bumper_z * u,
        lid=_band(spec.lid, s), diffuser_z=spec.diffuser_z * u,
        front_plate=(spec.front_plate[0], spec.front_plate[1] * u),
        rear_plate=(spec.rear_plate[0], spec.rear_plate[1] * u), strip_z=spec.strip_z * u, seat_z=spec.seat_z * u,
    )  # fmt: skip


def _both(pair: tuple[float, float], factor: float) -> tuple[float, float]:
    return pair[0] * factor, pair[1] * factor


def _lamp(lamp: Lamp, s: _Scale) -> Lamp:
    return Lamp(lamp.z0 * s.up, lamp.z1 * s.up, lamp.inner * s.across, lamp.depth * s.along, lamp.rise)


def _band(band: Band, s: _Scale) -> Band:
    return Band(band.z0 * s.up, band.z1 * s.up, band.half * s.across)
