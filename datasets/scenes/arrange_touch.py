"""Convex outlines on the ground that are brought together until they touch. Metres, points (n, 2)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Touch:
    """Where two outlines meet: the middle of the zone, its width along the common face and that face's direction."""

    middle: tuple[float, float]
    width: float
    along: tuple[float, float]


def separation(one: Floats, other: Floats) -> float:
    """Distance of two convex outlines, or minus the depth of their overlap (separating axes: outlines' edges and the
    line between their nearest corners)."""
    return _best_axis(one, other)[0]


def bring_together(fixed: Floats, moving: Floats, towards: tuple[float, float], gap: float) -> float:
    """How far ``moving`` has to go along the unit vector ``towards`` until `separation` is ``gap`` (negative: they
    overlap by so much). Raises ValueError where it never comes so near within 60 m."""
    way = np.array(towards)
    steps = np.arange(0.0, 60.0, 0.25)
    reached = next((s for s in steps if separation(fixed, moving + s * way) <= gap), None)
    if reached is None:
        raise ValueError("moving so, the outlines never touch")
    low, high = reached - 0.25, reached
    for _ in range(24):
        middle = (low + high) / 2
        low, high = (low, middle) if separation(fixed, moving + middle * way) <= gap else (middle, high)
    return float((low + high) / 2)


def touch(one: Floats, other: Floats, tolerance: float) -> Touch:
    """The zone in which two touching outlines are within ``tolerance`` of each other."""
    _, axis = _best_axis(one, other)
    along = np.array([-axis[1], axis[0]])
    dense_one, dense_other = dense(one), dense(other)
    edge_one, edge_other = (dense_one @ axis).max(), (dense_other @ axis).min()
    face_one = dense_one[dense_one @ axis >= edge_one - tolerance] @ along
    face_other = dense_other[dense_other @ axis <= edge_other + tolerance] @ along
    low, high = max(face_one.min(), face_other.min()), min(face_one.max(), face_other.max())
    middle = axis * (edge_one + edge_other) / 2 + along * (low + high) / 2
    return Touch((float(middle[0]), float(middle[1])), float(max(high - low, 0.0)), (float(along[0]), float(along[1])))


def dense(points: Floats, step: float = 0.03) -> Floats:
    """The outline with points at most ``step`` apart."""
    ends = np.roll(points, -1, axis=0)
    parts = []
    for start, end in zip(points, ends, strict=True):
        count = max(int(math.hypot(*(end - start)) / step), 1)
        parts.append(start + (end - start) * np.linspace(0, 1, count, endpoint=False)[:, None])
    return np.concatenate(parts)


def crosses(start: Floats, end: Floats, shape: Floats) -> bool:
    """Whether the segment enters the convex, counter-clockwise ``shape``: it is clipped by every edge's half-plane."""
    edges = np.roll(shape, -1, axis=0) - shape
    normals = np.stack([edges[:, 1], -edges[:, 0]], axis=1)
    at, slope = ((start - shape) * normals).sum(axis=1), normals @ (end - start)
    parallel = np.abs(slope) < 1e-12
    if (parallel & (at > 1e-12)).any():
        return False
    shares = -at[~parallel] / slope[~parallel]
    leaving = slope[~parallel] > 0
    return bool(max(0.0, shares[~leaving].max(initial=0.0)) < min(1.0, shares[leaving].min(initial=1.0)))


def distance_to(point: tuple[float, float], shape: Floats) -> float:
    """Distance of a point from a convex, counter-clockwise outline; negative inside."""
    edges = np.roll(shape, -1, axis=0) - shape
    lengths = np.hypot(edges[:, 0], edges[:, 1])
    starts, edges, lengths = shape[lengths > 1e-9], edges[lengths > 1e-9], lengths[lengths > 1e-9]
    away = np.array(point) - starts
    outside = float(((away[:, 0] * edges[:, 1] - away[:, 1] * edges[:, 0]) / lengths).max())
    if outside <= 0:
        return outside
    shares = np.clip((away * edges).sum(axis=1) / lengths**2, 0, 1)
    rest = away - edges * shares[:, None]
    return float(np.hypot(rest[:, 0], rest[:, 1]).min())


def _best_axis(one: Floats, other: Floats) -> tuple[float, Floats]:
    """The axis, from ``one`` to ``other``, along which the two are furthest apart, and how far."""
    axes = np.concatenate([_normals(one), -_normals(other), _between(one, other)])
    gaps = (other @ axes.T).min(axis=0) - (one @ axes.T).max(axis=0)
    best = int(gaps.argmax())
    return float(gaps[best]), axes[best]


def _normals(shape: Floats) -> Floats:
    edges = np.roll(shape, -1, axis=0) - shape
    lengths = np.hypot(edges[:, 0], edges[:, 1])
    kept = edges[lengths > 1e-9] / lengths[lengths > 1e-9][:, None]
    return np.stack([kept[:, 1], -kept[:, 0]], axis=1)


def _between(one: Floats, other: Floats) -> Floats:
    """The direction of the nearest pair of corners; (0, 2) where two of them coincide."""
    apart = other[None, :, :] - one[:, None, :]
    lengths = np.hypot(apart[..., 0], apart[..., 1])
    i, j = np.unravel_index(int(lengths.argmin()), lengths.shape)
    return np.zeros((0, 2)) if lengths[i, j] < 1e-9 else (apart[i, j] / lengths[i, j])[None]
