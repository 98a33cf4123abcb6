"""What a picture truly shows beside the vehicles: lane lines, traffic light, signs, the object hit, the contact."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from datasets.scenes.built import Thing
from datasets.scenes.look_truth_masks import clipped
from datasets.scenes.look_truth_rays import Solid
from datasets.scenes.pinhole import NEAR_M, Floats, Pinhole, project, within
from datasets.scenes.plan import Road
from datasets.scenes.road_lines import Stripe, stripes
from datasets.scenes.seen import Box

LINE_REACH_M = 45.0
LINE_STEP_M = 0.2
THINNEST_PX = 1.2
"""Lines thinner than this on the picture are not told."""
CONTACT_REACH_M = 0.25
CONTACT_PROBES = 40
CONTACT_SHARE = 0.25
FACING = 0.3
"""Cosine of the widest angle under which a sign or a light can be told."""
FLAT_SLACK_M, ROUND_SLACK_M = 0.3, 0.1
"""Things are hidden by themselves, too; of those that face somebody all their depth counts as seen."""


def free_points(camera: Pinhole, points: Floats, solids: Sequence[Solid], slack_m: float) -> np.ndarray[
    tuple[int, ...], np.dtype[np.bool_]
]:  # fmt: skip
    """Which points (n, 3) are in the picture with nothing before them, but for the last ``slack_m``."""
    pixels, depth = project(camera, points)
    free = within(pixels, camera.size_wh) & (depth > NEAR_M)
    for solid in solids:
        asked = np.nonzero(free)[0]
        rays = points[asked] - camera.eye
        reach = np.linalg.norm(rays, axis=1)
        blocked = np.isfinite(solid.distances(camera.eye, rays / reach[:, None], reach - slack_m))
        free[asked[blocked]] = False
    return free


def seen_lines(camera: Pinhole, road: Road, solids: Sequence[Solid]) -> tuple[tuple[str, int], ...]:
    """Types of lane lines with the pixels that their visible paint covers, most first. Zebras are none."""
    covered: Counter[str] = Counter()
    for stripe in stripes(road):
        pixels = _stripe_pixels(camera, stripe, solids)
        if pixels >= 1:
            covered[stripe[0].value] += pixels
    return tuple(covered.most_common())


def _stripe_pixels(camera: Pinhole, stripe: Stripe, solids: Sequence[Solid]) -> int:
    _, x0, y0, x1, y1 = stripe
    across = 0 if x1 - x0 < y1 - y0 else 1
    low, high = np.array([x0, y0]), np.array([x1, y1])
    along = 1 - across
    start = max(low[along], camera.eye[along] - LINE_REACH_M)
    end = min(high[along], camera.eye[along] + LINE_REACH_M)
    middle = (low + high) / 2
    if end <= start or abs(middle[across] - camera.eye[across]) > LINE_REACH_M:
        return 0
    count = max(1, math.ceil((end - start) / LINE_STEP_M))
    edges = np.linspace(start, end, count + 1)
    area, depth = _quad_areas(camera, edges, low[across], high[across], along)
    points = np.full((count, 3), 0.02)
    points[:, along], points[:, across] = (edges[:-1] + edges[1:]) / 2, middle[across]
    wide = (high[across] - low[across]) * camera.focal_px / np.maximum(depth, NEAR_M)
    told = (depth > NEAR_M) & (wide * _slant(camera, points, across) >= THINNEST_PX)
    told[told] = free_points(camera, points[told], solids, 0.15)
    return round(float(area[told].sum()))


def _quad_areas(camera: Pinhole, edges: Floats, low: float, high: float, along: int) -> tuple[Floats, Floats]:
    """Pixels that each piece between ``edges`` covers, and its depth (the nearest corner's)."""
    corners = []
    for values, side in ((edges[:-1], low), (edges[1:], low), (edges[1:], high), (edges[:-1], high)):
        points = np.zeros((len(values), 3))
        points[:, along], points[:, 1 - along] = values, side
        corners.append(project(camera, points))
    depth = np.min([d for _, d in corners], axis=0)
    x, y = np.stack([p for p, _ in corners], axis=1).transpose(2, 0, 1)
    shoelace = (x * np.roll(y, -1, axis=1) - y * np.roll(x, -1, axis=1)).sum(axis=1)
    return np.abs(shoelace) / 2, depth


def _slant(camera: Pinhole, points: Floats, across: int) -> Floats:
    """How much of a width on the ground the camera sees: the sine of the angle between it and the line of sight."""
    sight = points - camera.eye
    cosine = sight[:, across] / np.linalg.norm(sight, axis=1)
    return np.asarray(np.sqrt(np.clip(1 - cosine**2, 0, 1)), np.float64)


def seen_thing(
    camera: Pinhole, thing: Thing, solids: Sequence[Solid], least_px: float, least_share: float = 1 / 3
) -> Box | None:
    """The box of what is seen of it; null where it is seen from behind or too slantwise, or too little of it is seen.

    ``least_share``: of its points; those on its far side count as hidden.
    """
    if thing.facing is not None:
        sight = camera.eye - thing.points.mean(axis=0)
        if sight @ np.array(thing.facing) < FACING * np.linalg.norm(sight):
            return None
    free = free_points(camera, thing.points, solids, FLAT_SLACK_M if thing.facing else ROUND_SLACK_M)
    if free.mean() < least_share:
        return None
    pixels, _ = project(camera, thing.points[free])
    box = clipped((*pixels.min(axis=0), *pixels.max(axis=0)), camera.size_wh)
    return box if box and max(box[2] - box[0], box[3] - box[1]) >= least_px else None


def seen_contact(camera: Pinhole, contact: Floats, solids: Sequence[Solid]) -> tuple[float, float] | None:
    """Where the contact is on the picture; null where it is outside or hidden.

    It lies between two skins, so points round it are asked: a quarter of those within 25 cm have to be seen, where
    what stands up to 35 cm before a point does not hide it.
    """
    pixel, depth = project(camera, contact[None])
    if depth[0] < NEAR_M or not within(pixel, camera.size_wh)[0]:
        return None
    rng = np.random.default_rng(0)
    away = rng.normal(size=(CONTACT_PROBES, 3))
    away *= (CONTACT_REACH_M * rng.uniform(size=CONTACT_PROBES) ** (1 / 3) / np.linalg.norm(away, axis=1))[:, None]
    points = contact + away
    points[:, 2] = np.maximum(points[:, 2], 0.05)
    if free_points(camera, points, solids, CONTACT_REACH_M + 0.1).mean() < CONTACT_SHARE:
        return None
    return round(float(pixel[0, 0]), 1), round(float(pixel[0, 1]), 1)
