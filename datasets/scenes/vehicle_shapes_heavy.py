"""Typical shapes of the lorry's cab and of the bus, before a seed varies them. Shaped by eye."""

from __future__ import annotations

from datasets.scenes.spec import Band, CarSpec, Doors, Glazing, Lamp, Profile, Style

_WHITE = (0.74, 0.74, 0.72)
_WINDOW_M = 1.38

CAB = CarSpec(
    name="light_truck",
    length=1.80,
    overall=5.95,
    wheel_radius=0.39,
    axles=(0.66, 4.25),
    profile=Profile(
        top=(
            (0, 1.06), (0.015, 1.12), (0.04, 1.19), (0.08, 1.27), (0.26, 1.74), (0.35, 1.95), (0.45, 2.07),
            (0.65, 2.15), (1.0, 2.18), (1.4, 2.17), (1.66, 2.13), (1.74, 2.04), (1.78, 1.7), (1.80, 1.2),
        ),
        bottom=((0, 0.42), (0.1, 0.38), (0.4, 0.40), (1.2, 0.48), (1.8, 0.60)),
        half_width=((0, 0.90), (0.15, 0.935), (0.5, 0.95), (1.5, 0.95), (1.8, 0.93)),
        belt=((0, 1.22), (0.4, 1.27), (1.0, 1.29), (1.8, 1.30)),
        shoulder=((0, 0.95), (0.4, 1.02), (1.0, 1.05), (1.8, 1.06)),
        tumblehome=0.09,
        nose_bow=0.13,
        tail_bow=0.03,
    ),
    glazing=Glazing((0.075, 0.43), (1.745, 1.775), (0.36, 1.42), 0.03, (), 0.12, False),
    doors=Doors(0.30, 1.46, 1.46, 1.06),
    bonnet=(0.03, 0.20),
    head_lamp=Lamp(0.66, 0.83, 0.50, 0.24, 0.0),
    tail_lamp=Lamp(0.55, 0.66, 0.60, 0.02, 0.0),
    grille=Band(0.86, 1.04, 0.55),
    intake=Band(0.50, 0.58, 0.50),
    bumper_z=0.60,
    lid=Band(0.60, 0.62, 0.62),
    diffuser_z=0.40,
    sill=0.04,
    front_plate=(0.035, 0.62),
    rear_plate=(0.02, 0.62),
    paint=_WHITE,
    metallic=0.0,
    seat_z=1.35,
    style=Style(lamp="bowl", daylight="none", grille="slats", spokes=8),
    build="cab",
)  # fmt: skip

BUS = CarSpec(
    name="bus",
    length=9.60,
    wheel_radius=0.47,
    axles=(2.25, 7.05),
    profile=Profile(
        top=(
            (0, 0.95), (0.012, 1.10), (0.03, 1.30), (0.06, 1.60), (0.12, 2.05), (0.20, 2.45), (0.30, 2.72),
            (0.45, 2.88), (0.8, 2.98), (1.4, 3.02), (5, 3.04), (8.8, 3.02), (9.25, 2.97), (9.42, 2.85),
            (9.50, 2.6), (9.55, 2.0), (9.575, 1.5), (9.59, 1.2), (9.60, 0.95),
        ),
        bottom=((0, 0.40), (0.1, 0.34), (0.6, 0.31), (2, 0.30), (8.4, 0.30), (9.2, 0.36), (9.60, 0.46)),
        half_width=((0, 1.10), (0.2, 1.18), (0.6, 1.215), (1.5, 1.22), (8.6, 1.22), (9.3, 1.20), (9.60, 1.12)),
        belt=((0, 1.22), (0.6, 1.28), (2, 1.30), (9.60, 1.32)),
        shoulder=((0, 0.86), (0.6, 0.95), (2, 1.0), (9.60, 1.0)),
        tumblehome=0.035,
        nose_bow=0.24,
        tail_bow=0.12,
    ),
    glazing=Glazing(
        (0.022, 0.33), (9.47, 9.565), (0.62, 9.15), 0.0,
        tuple((1.55 + _WINDOW_M * k, 0.045) for k in range(6)), 0.22, False,
    ),
    doors=Doors(0.55, 1.45, 1.45, 1.0),
    bonnet=(0.01, 0.02),
    head_lamp=Lamp(0.62, 0.84, 0.66, 0.34, 0.10),
    tail_lamp=Lamp(0.78, 1.28, 0.86, 0.42, 0.0),
    grille=Band(0.86, 0.98, 0.40),
    intake=Band(0.44, 0.54, 0.60),
    bumper_z=0.66,
    lid=Band(0.70, 1.25, 0.80),
    diffuser_z=0.40,
    sill=0.04,
    front_plate=(0.035, 0.56),
    rear_plate=(0.035, 0.60),
    paint=_WHITE,
    metallic=0.0,
    seat_z=1.25,
    style=Style(lamp="twin", daylight="over", grille="closed", spokes=10),
    build="bus",
)  # fmt: skip
