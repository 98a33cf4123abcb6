"""Typical shapes of the MPV and the van, before a seed varies them. Shaped by eye; no real model measured."""

from __future__ import annotations

from datasets.scenes.spec import Band, CarSpec, Doors, Glazing, Lamp, Profile
from datasets.scenes.vehicle_shapes import WHITE, low_line, wide_line

MPV = CarSpec(
    name="mpv",
    length=4.95,
    wheel_radius=0.345,
    axles=(0.93, 3.93),
    profile=Profile(
        top=(
            (0, 0.78), (0.03, 0.83), (0.10, 0.885), (0.4, 0.99), (0.8, 1.085), (0.98, 1.13), (1.10, 1.18),
            (1.5, 1.43), (1.85, 1.61), (2.2, 1.72), (2.7, 1.765), (3.4, 1.77), (4.2, 1.745), (4.56, 1.70),
            (4.65, 1.645), (4.80, 1.33), (4.87, 1.12), (4.91, 1.0), (4.935, 0.93), (4.95, 0.88),
        ),
        bottom=low_line(4.95, 0.19),
        half_width=wide_line(4.95, 0.935, 0.10, 0.07),
        belt=((0, 0.94), (1.1, 1.00), (2.2, 1.03), (3.2, 1.06), (4.2, 1.09), (4.95, 1.11)),
        shoulder=((0, 0.72), (0.6, 0.83), (1.5, 0.88), (3, 0.91), (4.4, 0.95), (4.95, 0.90)),
        tumblehome=0.27,
        nose_bow=0.26,
        tail_bow=0.13,
    ),
    glazing=Glazing((1.08, 2.02), (4.625, 4.81), (1.42, 4.62), 0.28, ((2.38, 0.045), (3.45, 0.035)), 0.09, True),
    doors=Doors(1.30, 2.38, 3.45, 0.93),
    bonnet=(0.15, 1.24),
    head_lamp=Lamp(0.68, 0.82, 0.47, 0.52, 0.16),
    tail_lamp=Lamp(0.92, 1.16, 0.62, 0.30, 0.0),
    grille=Band(0.46, 0.74, 0.44),
    intake=Band(0.28, 0.39, 0.55),
    bumper_z=0.64,
    lid=Band(0.64, 1.10, 0.72),
    diffuser_z=0.40,
    sill=0.06,
    front_plate=(0.035, 0.43),
    rear_plate=(0.035, 0.84),
    paint=WHITE,
    metallic=0.05,
    strip_z=0.96,
    seat_z=0.95,
    build="hatch",
)  # fmt: skip

VAN = CarSpec(
    name="van",
    length=4.85,
    wheel_radius=0.325,
    axles=(0.78, 3.52),
    profile=Profile(
        top=(
            (0, 0.84), (0.03, 0.90), (0.08, 0.95), (0.25, 1.04), (0.42, 1.10), (0.5, 1.145), (0.80, 1.46),
            (1.08, 1.74), (1.28, 1.87), (1.6, 1.94), (2.5, 1.965), (3.8, 1.965), (4.5, 1.93), (4.62, 1.88),
            (4.73, 1.58), (4.78, 1.25), (4.805, 1.05), (4.825, 0.95), (4.84, 0.90), (4.85, 0.86),
        ),
        bottom=low_line(4.85, 0.20),
        half_width=wide_line(4.85, 0.86, 0.08, 0.06),
        belt=((0, 1.00), (0.6, 1.06), (1.5, 1.09), (3.2, 1.10), (4.85, 1.12)),
        shoulder=((0, 0.74), (0.6, 0.84), (1.5, 0.88), (3, 0.89), (4.85, 0.88)),
        tumblehome=0.14,
        nose_bow=0.22,
        tail_bow=0.08,
    ),
    glazing=Glazing((0.485, 1.26), (4.60, 4.775), (0.88, 4.55), 0.12, ((1.86, 0.05), (3.10, 0.05)), 0.10, False),
    doors=Doors(0.70, 1.80, 3.10, 0.92),
    bonnet=(0.12, 0.64),
    head_lamp=Lamp(0.68, 0.87, 0.44, 0.42, 0.14),
    tail_lamp=Lamp(0.82, 1.20, 0.66, 0.20, 0.0),
    grille=Band(0.60, 0.76, 0.40),
    intake=Band(0.30, 0.42, 0.50),
    bumper_z=0.60,
    lid=Band(0.60, 1.12, 0.70),
    diffuser_z=0.36,
    sill=0.05,
    front_plate=(0.035, 0.47),
    rear_plate=(0.035, 0.74),
    paint=WHITE,
    metallic=0.05,
    strip_z=0.95,
    seat_z=0.98,
    build="hatch",
)  # fmt: skip
