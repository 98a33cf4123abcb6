"""Typical shapes of the models with a lofted body, before a seed varies them. Shaped by eye; no real model measured."""

from __future__ import annotations

from datasets.scenes.spec import Band, CarSpec, Curve, Doors, Glazing, Lamp, Profile

WHITE = (0.74, 0.74, 0.72)


def low_line(length: float, clearance: float) -> Curve:
    """A car's lower edge with so much ground clearance, metres."""
    c = clearance
    return (
        (0, c + 0.10), (0.08, c + 0.055), (0.3, c + 0.02), (0.8, c), (length - 0.8, c),
        (length - 0.4, c + 0.04), (length - 0.12, c + 0.10), (length, c + 0.18),
    )  # fmt: skip


def wide_line(length: float, half: float, nose: float, tail: float) -> Curve:
    """Half widths that narrow by ``nose`` and ``tail`` towards the ends, metres."""
    return (
        (0, half - nose), (0.25, half - 0.038 * nose / 0.1), (0.6, half - 0.01), (1.3, half - 0.002),
        (length - 1.5, half), (length - 0.7, half - 0.01), (length - 0.28, half - 0.035 * tail / 0.1),
        (length, half - tail),
    )  # fmt: skip


SEDAN = CarSpec(
    name="sedan",
    length=4.75,
    wheel_radius=0.335,
    axles=(0.93, 3.67),
    profile=Profile(
        top=(
            (0, 0.69), (0.03, 0.735), (0.10, 0.79), (0.4, 0.865), (0.9, 0.935), (1.2, 0.975), (1.34, 1.005),
            (1.72, 1.22), (2.02, 1.375), (2.3, 1.445), (2.65, 1.475), (3.0, 1.465), (3.35, 1.41), (3.72, 1.255),
            (3.98, 1.13), (4.12, 1.105), (4.5, 1.10), (4.65, 1.085), (4.71, 1.03), (4.75, 0.94),
        ),
        bottom=low_line(4.75, 0.17),
        half_width=wide_line(4.75, 0.92, 0.10, 0.10),
        belt=((0, 0.88), (1.2, 0.925), (2.2, 0.94), (3.2, 0.97), (4.0, 1.03), (4.75, 1.06)),
        shoulder=((0, 0.64), (0.6, 0.77), (1.5, 0.81), (3, 0.84), (4.1, 0.90), (4.75, 0.88)),
        tumblehome=0.40,
        nose_bow=0.27,
        tail_bow=0.19,
    ),
    glazing=Glazing((1.31, 2.14), (3.24, 3.98), (1.60, 3.92), 0.95, ((2.47, 0.045), (3.40, 0.02)), 0.085, True),
    doors=Doors(1.44, 2.47, 3.56, 0.82),
    bonnet=(0.17, 1.48),
    head_lamp=Lamp(0.60, 0.735, 0.47, 0.52, 0.15),
    tail_lamp=Lamp(0.83, 0.985, 0.44, 0.40, 0.05),
    grille=Band(0.44, 0.66, 0.42),
    intake=Band(0.27, 0.38, 0.52),
    bumper_z=0.68,
    lid=Band(0.68, 1.05, 0.62),
    diffuser_z=0.36,
    sill=0.05,
    front_plate=(0.035, 0.41),
    rear_plate=(0.035, 0.80),
    paint=WHITE,
    metallic=0.05,
    strip_z=0.925,
)  # fmt: skip

HATCHBACK = CarSpec(
    name="hatchback",
    length=4.25,
    wheel_radius=0.32,
    axles=(0.85, 3.47),
    profile=Profile(
        top=(
            (0, 0.69), (0.03, 0.735), (0.10, 0.785), (0.35, 0.87), (0.8, 0.955), (1.0, 0.99), (1.13, 1.03),
            (1.5, 1.27), (1.8, 1.42), (2.1, 1.48), (2.5, 1.50), (3.0, 1.485), (3.5, 1.44), (3.76, 1.395),
            (3.84, 1.34), (4.03, 1.08), (4.12, 0.98), (4.18, 0.93), (4.23, 0.88), (4.25, 0.82),
        ),
        bottom=low_line(4.25, 0.17),
        half_width=wide_line(4.25, 0.885, 0.09, 0.08),
        belt=((0, 0.86), (1.1, 0.93), (2.2, 0.95), (3.2, 0.99), (3.9, 1.03), (4.25, 1.04)),
        shoulder=((0, 0.64), (0.6, 0.77), (1.5, 0.81), (3, 0.84), (3.8, 0.89), (4.25, 0.80)),
        tumblehome=0.38,
        nose_bow=0.26,
        tail_bow=0.17,
    ),
    glazing=Glazing((1.10, 1.92), (3.825, 4.04), (1.40, 3.74), 0.5, ((2.30, 0.045), (3.18, 0.03)), 0.085, False),
    doors=Doors(1.26, 2.30, 3.28, 0.83),
    bonnet=(0.15, 1.26),
    head_lamp=Lamp(0.59, 0.735, 0.45, 0.50, 0.17),
    tail_lamp=Lamp(0.80, 0.99, 0.46, 0.38, 0.08),
    grille=Band(0.47, 0.63, 0.42),
    intake=Band(0.26, 0.38, 0.50),
    bumper_z=0.60,
    lid=Band(0.60, 1.02, 0.66),
    diffuser_z=0.36,
    sill=0.05,
    front_plate=(0.035, 0.40),
    rear_plate=(0.035, 0.74),
    paint=WHITE,
    metallic=0.05,
    strip_z=0.90,
    build="hatch",
)  # fmt: skip

SUV = CarSpec(
    name="suv",
    length=4.60,
    wheel_radius=0.370,
    axles=(0.90, 3.60),
    profile=Profile(
        top=(
            (0, 0.88), (0.03, 0.94), (0.09, 0.99), (0.4, 1.06), (0.9, 1.105), (1.1, 1.13), (1.2, 1.16),
            (1.52, 1.42), (1.80, 1.60), (2.08, 1.69), (2.5, 1.72), (3.1, 1.705), (3.7, 1.655), (4.05, 1.61),
            (4.14, 1.56), (4.36, 1.30), (4.45, 1.16), (4.53, 1.08), (4.58, 1.0), (4.60, 0.94),
        ),
        bottom=low_line(4.60, 0.215),
        half_width=wide_line(4.60, 0.942, 0.09, 0.09),
        belt=((0, 1.02), (1.1, 1.08), (2.2, 1.10), (3.2, 1.13), (4.0, 1.19), (4.6, 1.22)),
        shoulder=((0, 0.78), (0.6, 0.89), (1.5, 0.94), (3, 0.97), (4.1, 1.03), (4.6, 0.98)),
        tumblehome=0.34,
        nose_bow=0.25,
        tail_bow=0.16,
    ),
    glazing=Glazing((1.18, 1.96), (4.115, 4.375), (1.46, 4.02), 0.55, ((2.36, 0.045), (3.30, 0.04)), 0.09, False),
    doors=Doors(1.36, 2.36, 3.36, 0.98),
    bonnet=(0.15, 1.34),
    head_lamp=Lamp(0.74, 0.875, 0.48, 0.46, 0.12),
    tail_lamp=Lamp(0.90, 1.08, 0.50, 0.40, 0.03),
    grille=Band(0.54, 0.80, 0.45),
    intake=Band(0.31, 0.43, 0.58),
    bumper_z=0.68,
    lid=Band(0.68, 1.12, 0.68),
    diffuser_z=0.46,
    sill=0.14,
    front_plate=(0.035, 0.50),
    rear_plate=(0.035, 0.84),
    paint=WHITE,
    metallic=0.05,
    clad=True,
    roof_rails=True,
    strip_z=0.985,
    seat_z=0.98,
    build="hatch",
)  # fmt: skip
