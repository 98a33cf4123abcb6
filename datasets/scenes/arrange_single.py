"""A single vehicle and what it ran into."""

from __future__ import annotations

import math

import numpy as np

from datasets.scenes.arrange_stand import Meeting, Stand, direction
from datasets.scenes.footprints import Floats, footprint, thick
from datasets.scenes.plan import Face, Model, Road
from datasets.scenes.road_lines import half_width


def meet_object(model: Model, seed: int, road: Road, rng: np.random.Generator) -> Meeting:
    """Into a post, a tree or, across its way, a wall with the nose; along a guardrail with the flank."""
    kind = str(rng.choice(["bollard", "guardrail", "tree", "lamp_post", "wall"]))
    if kind == "guardrail":
        return _along_the_rail(model, seed, road, rng)
    y = -half_width(road) - (1.7 if kind == "wall" else rng.uniform(0.45, 0.9))
    heading = round(-rng.uniform(60, 88) if kind == "wall" else -rng.uniform(12, 38), 2)
    half = footprint(model, seed).width / 2
    ux, uy = direction(heading)
    aside = rng.uniform(-0.75, 0.75) * half
    a = Stand(model, seed, (-12 * ux - aside * uy, y - 12 * uy + aside * ux), heading)
    fixed = object_outline(kind, (0.0, y), heading)
    speed = rng.uniform(8, 38)
    return Meeting(a, None, fixed, (ux, uy), Face.FRONT, None, speed, object_hit=kind, object_xy=(0.0, y))


def _along_the_rail(model: Model, seed: int, road: Road, rng: np.random.Generator) -> Meeting:
    y, heading = -half_width(road) - 0.3, round(rng.normal(0, 0.8), 2)
    a = Stand(model, seed, (rng.uniform(-1, 1), y + 6), heading)
    fixed = object_outline("guardrail", (0.0, y), heading)
    speed = rng.uniform(10, 40)
    return Meeting(a, None, fixed, direction(heading - 90), Face.RIGHT, None, speed, sliding=True,
                   object_hit="guardrail", object_xy=(0.0, y))  # fmt: skip


def object_outline(kind: str, xy: tuple[float, float], heading_deg: float) -> Floats:
    """Outline on the ground, metres, of what a vehicle with that heading ran into: a guardrail runs 18 m both ways
    along its way, a wall 4.5 m both ways across it, with ``xy`` in the middle of the struck face."""
    if kind in ("guardrail", "wall"):
        reach, thickness = (18.0, 0.14) if kind == "guardrail" else (4.5, 0.26)
        along = direction(heading_deg if kind == "guardrail" else heading_deg + 90)
        ux, uy = direction(heading_deg)
        x, y = (xy[0], xy[1]) if kind == "guardrail" else (xy[0] + ux * 0.13, xy[1] + uy * 0.13)
        ends = [(x + sign * reach * along[0], y + sign * reach * along[1]) for sign in (-1, 1)]
        return thick(np.array(ends), thickness)
    radius = {"bollard": 0.06, "lamp_post": 0.13, "tree": 0.16}[kind]
    angles = np.arange(12) * math.pi / 6
    return np.array(xy) + radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)
