"""How a blow moves the skin: dents with folds and creases, buckled bonnets. Car coordinates, metres, pure numpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from datasets.scenes.body import Floats
from datasets.scenes.plan import Blow, Face
from datasets.scenes.spec import CarSpec
from datasets.scenes.vehicle_spec import half_width

SIDES = (Face.LEFT, Face.RIGHT)
INWARD = {
    Face.FRONT: (-1.0, 0.0, 0.0),
    Face.REAR: (1.0, 0.0, 0.0),
    Face.LEFT: (0.0, -1.0, 0.0),
    Face.RIGHT: (0.0, 1.0, 0.0),
}
BUCKLES_M = 0.045
"""A deeper blow on an end bends bonnet or boot lid."""
TEARS_M = 0.06
"""A deeper one tears the bumper off its beam."""
_FRONT_REACH = 0.34
_SIDE_REACH = 0.16
MARKS_REACH = (0.42, 0.13)
"""How far behind the struck surface marks still lie: front and rear, sides."""


@dataclass(frozen=True, slots=True, eq=False)
class Local:
    """Points as the blow sees them: ``u`` along the face and ``v`` up from its middle, metres; ``deep`` metres behind
    the struck surface; ``side`` whether they are on the struck side at all."""

    u: Floats
    v: Floats
    deep: Floats
    side: Floats


def centre(spec: CarSpec, blow: Blow) -> tuple[float, float, float]:
    """The blow's middle on the undamaged skin, car coordinates (the skin's bow is reckoned, its bulge is not)."""
    wide = half_width(spec)
    if blow.face in SIDES:
        sign = 1 if blow.face is Face.LEFT else -1
        return blow.at * spec.front, sign * wide, blow.z
    ahead = blow.face is Face.FRONT
    bow = spec.profile.nose_bow if ahead else spec.profile.tail_bow
    if spec.overall and not ahead:
        bow = 0.0
    back = bow * abs(blow.at) ** 2.6
    return (1 if ahead else -1) * (spec.front - back), blow.at * wide, blow.z


def local(spec: CarSpec, blow: Blow, points: Floats) -> Local:
    """``points`` (..., 3), car coordinates."""
    x0, y0, z0 = centre(spec, blow)
    x, y, z = points[..., 0], points[..., 1], points[..., 2]
    if blow.face in SIDES:
        sign = 1.0 if blow.face is Face.LEFT else -1.0
        return Local(x - x0, z - z0, half_width(spec) - sign * y, (sign * y > 0.15).astype(np.float64))
    sign = 1.0 if blow.face is Face.FRONT else -1.0
    return Local(y - y0, z - z0, sign * (x0 - x), (sign * x > 0).astype(np.float64))


def envelope(blow: Blow, where: Local) -> Floats:
    """1 in the struck area's middle, 0 well outside of it; shape of ``where.u``."""
    r = (np.abs(where.u / (blow.width / 2)) ** 2.6 + np.abs(where.v / (blow.height / 2)) ** 2.6) ** (1 / 2.6)
    t = np.clip((1.25 - r) / 0.95, 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float64)


def depth_at(blow: Blow, where: Local) -> Floats:
    """How far points go in, metres: a hollow with folds as sheet metal has; its rim stands out a little (< 0)."""
    rng = np.random.default_rng([blow.seed, 7])
    reach = _SIDE_REACH if blow.face in SIDES else _FRONT_REACH
    fade = np.exp(-((np.clip(where.deep, 0, None) / reach) ** 2)) * where.side
    u, v = where.u / (blow.width / 2), where.v / (blow.height / 2)
    folds = np.zeros_like(u)
    flat = 0.35 if blow.face in SIDES else 1.2
    for k in range(14):
        angle = rng.normal(0, flat) + (np.pi / 2 if k % 3 == 2 else 0)
        across = -np.sin(angle) * u + np.cos(angle) * v - rng.uniform(-0.7, 0.7)
        along = np.cos(angle) * u + np.sin(angle) * v - rng.uniform(-0.5, 0.5)
        tent = np.clip(1 - np.abs(across) / rng.uniform(0.06, 0.24), 0, None)
        run = np.exp(-((along / rng.uniform(0.4, 0.9)) ** 2))
        folds += rng.choice([-1, -1, 1]) * rng.uniform(0.16, 0.48) * tent * run
    hollow = envelope(blow, where)
    rim = (
        0.16
        * np.exp(-(((np.hypot(u, v) - 1.15) / 0.16) ** 2))
        * np.exp(-((np.arctan2(v, u) - rng.uniform(-1, 1)) ** 2))
    )
    depth = hollow + np.clip(folds, -0.5, 0.85) * np.sqrt(hollow)
    return np.asarray(blow.depth * (np.clip(depth, 0, None) - rim) * fade)


def displacement(spec: CarSpec, blows: tuple[Blow, ...], points: Floats) -> Floats:
    """By how much the blows move ``points`` (..., 3), same shape."""
    moved = np.zeros_like(points)
    for blow in blows:
        if blow.depth <= 0:
            continue
        where = local(spec, blow, points)
        depth = depth_at(blow, where)
        moved += depth[..., None] * np.asarray(INWARD[blow.face])
        if blow.face not in SIDES and blow.depth > BUCKLES_M:
            moved[..., 2] += _buckle(blow, where, points[..., 2])
    return moved


def _buckle(blow: Blow, where: Local, z: Floats) -> Floats:
    """Sheet that lies flat (bonnet, boot lid) rises in a ridge behind the struck edge."""
    rng = np.random.default_rng([blow.seed, 8])
    ridge = blow.depth * 0.9 + 0.10
    skew = rng.uniform(-0.35, 0.35)
    tent = np.clip(1 - np.abs(where.deep - ridge - skew * where.u) / 0.16, 0, None)
    over = np.clip((z - blow.z - 0.02) / 0.12, 0, 1)
    near = np.exp(-((where.u / (0.55 * blow.width)) ** 2))
    return np.asarray(0.32 * blow.depth * tent * over * near * where.side)
