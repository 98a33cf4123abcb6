"""What is painted on a road: lane lines of five kinds and other paint, as functions of the ground's metres.

Measures after GB 5768.3 with room on both sides: lines 10-20 cm wide, dashes 2-6 m with gaps of 4-9 m, double lines
10-30 cm apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from datasets.lanes.camera import Floats

LABELS = ("none", "solid_white", "dashed_white", "solid_yellow", "dashed_yellow", "double_yellow", "other")
NONE, OTHER = 0, LABELS.index("other")
WHITE = (1, 2, 6)
"""Classes painted white; `other` is mostly white too."""
Classes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Stripe:
    """A line along the road at ``y_m``; ``dash_m`` 0 is solid. ``to_m``: where the junction begins."""

    kind: int
    y_m: float
    width_m: float
    dash_m: float = 0.0
    gap_m: float = 0.0
    phase_m: float = 0.0
    apart_m: float = 0.0
    """Between the two middles of a double line."""

    def covers(self, x: Floats, y: Floats) -> npt.NDArray[np.bool_]:
        off = np.abs(y - self.y_m)
        on = np.abs(off - self.apart_m / 2) < self.width_m / 2 if self.apart_m else off < self.width_m / 2
        if self.dash_m:
            on &= (x + self.phase_m) % (self.dash_m + self.gap_m) < self.dash_m
        return np.asarray(on, np.bool_)


@dataclass(frozen=True, slots=True)
class Layout:
    """All paint of one road, and where asphalt ends."""

    stripes: tuple[Stripe, ...]
    bend_per_m: float
    """Curvature: the road's middle is at y = bend x^2 / 2."""
    left_m: float
    right_m: float
    junction_m: tuple[float, float] | None
    """From where to where lines along the road stop."""
    zebra: bool
    stop_line: bool
    arrows: tuple[tuple[float, float], ...]
    bays: bool
    """A row of parking bays in place of lanes: other paint, no lane lines."""

    def straightened(self, x: Floats, y: Floats) -> Floats:
        return np.asarray(y - self.bend_per_m * x * x / 2, np.float32)


def _stripe(kind: str, y: float, random: np.random.Generator) -> Stripe:
    width = float(random.uniform(0.1, 0.2))
    dashed = kind.startswith("dashed")
    dash, gap = float(random.choice((2, 4, 4, 6, 6, 3))), float(random.uniform(1.0, 2.2))
    apart = width + float(random.uniform(0.1, 0.3)) if kind.startswith("double") else 0.0
    phase = float(random.uniform(0, 20))
    return Stripe(LABELS.index(kind), y, width, dash * dashed, dash * gap * dashed, phase, apart)


def layout(random: np.random.Generator) -> Layout:
    """A random road: none, some or all lines are there."""
    lane, lanes = float(random.uniform(3.0, 3.8)), int(random.integers(1, 4))
    half = lane * lanes
    centre = random.choice(
        ("double_yellow", "double_yellow", "solid_yellow", "dashed_yellow", "dashed_white", "dashed_yellow", "")
    )
    between = random.choice(("dashed_white", "dashed_white", "dashed_white", "solid_white", ""))
    edge = random.choice(("solid_white", "solid_white", "solid_yellow", ""))
    stripes = [_stripe(str(centre), 0.0, random)] if centre else []
    for side in (-1, 1):
        stripes += [_stripe(str(between), side * lane * i, random) for i in range(1, lanes) if between]
        if edge:
            stripes.append(_stripe(str(edge), side * (half - float(random.uniform(0.05, 0.4))), random))
    if random.random() < 0.15:
        stripes = []
    bays = random.random() < 0.1
    start = float(random.uniform(6, 35))
    junction = (start, start + float(random.uniform(8, 16))) if random.random() < 0.3 else None
    bend = float(random.normal(0, 0.004)) if random.random() < 0.4 else 0.0
    spots = [(float(random.uniform(3, 25)), lane * (int(random.integers(-lanes, lanes)) + 0.5)) for _ in range(2)]
    margin = float(random.uniform(0.0, 3.0))
    return Layout(
        () if bays else tuple(stripes),
        bend,
        half + margin,
        -half - margin,
        junction,
        bool(random.random() < 0.6),
        bool(random.random() < 0.7),
        tuple(spots) if random.random() < 0.35 else (),
        bays,
    )


def classes(road: Layout, x: Floats, y_world: Floats) -> Classes:
    """Class of the paint at each spot of the ground, 0 where there is none."""
    y = road.straightened(x, y_world)
    out = np.zeros(x.shape, np.uint8)
    for stripe in road.stripes:
        out[stripe.covers(x, y)] = stripe.kind
    inside = (y < road.left_m) & (y > road.right_m)
    if road.junction_m is not None:
        start, end = road.junction_m
        out[(x > start) & (x < end)] = NONE
        _crossing(out, road, x, y, start, inside)
    for ax, ay in road.arrows:
        out[_arrow(x - ax, y - ay)] = OTHER
    if road.bays:
        lines = (np.abs(x % 2.5 - 1.25) < 0.05) & (np.abs(y - 4) < 2.6) | (np.abs(np.abs(y - 4) - 2.6) < 0.05)
        out[lines] = OTHER
    return out


def _crossing(out: Classes, road: Layout, x: Floats, y: Floats, start: float, inside: npt.NDArray[np.bool_]) -> None:
    """Zebra and stop line before a junction, painted into ``out``."""
    if road.zebra:
        out[inside & (x > start - 4) & (x < start)] = NONE
        out[inside & (x > start - 4) & (x < start) & (y % 1.0 < 0.45)] = OTHER
    if road.stop_line:
        at = start - (5.5 if road.zebra else 1.0)
        out[inside & (x > at) & (x < at + 0.4) & (y < 0)] = OTHER


def _arrow(x: Floats, y: Floats) -> npt.NDArray[np.bool_]:
    """An arrow 6 m long that points along x, its foot at the origin."""
    shaft = (x > 0) & (x < 4) & (np.abs(y) < 0.12)
    head = (x >= 4) & (x < 6) & (np.abs(y) < 0.45 * (6 - x) / 2)
    return shaft | head
