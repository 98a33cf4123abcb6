"""Numbers that tell a sharp, well-lit picture from one that is not; whatever its content, at one fixed size.

Blur: how much a picture loses when it is blurred once more (a sharp edge loses much, a soft one little), where its
edges are strongest: the re-blur ratio of Zhuo & Sim 2011 ("Defocus map estimation from a single image") and the
local blur measure of Crete et al. 2007. Motion softens one direction only, so the ratios are taken along the
direction that lost most: generalised eigenvalues of the structure tensors at a fine and at a coarse scale.
Grain of the sensor is measured beside it, or a blurred photo taken at night would look crisp.
Light: shares of dark, burnt-out and veiled pixels, how large the burnt-out patches are and how soft their borders.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from vision.types import Pixels

Floats = npt.NDArray[np.float32]

WORKING_SIDE = 640
LIGHT_KINDS = ("dark", "overexposed", "glare")
"""Faults of the light, in the order of the model's outputs."""
_NOISE = 2.0**2
"""Power of noise and compression, grey levels squared: below it an edge says nothing."""
_CELL = 16
_EDGE_SHARES = (50.0, 75.0, 90.0, 97.0)
_EPS = 1e-6


def at_working_size(pixels: Pixels, side: int = WORKING_SIDE) -> Pixels:
    """The picture with its longer side ``side`` pixels or less: made smaller by area mean, never larger."""
    height, width = pixels.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return pixels
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def blur_features(pixels: Pixels) -> Floats:
    """What the sharpness of a region shows in, shape (F,). ``pixels``: RGB uint8 at working size, any shape."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    levels = [grey, *(np.asarray(cv2.GaussianBlur(grey, (0, 0), s), np.float32) for s in (0.7, 1.4, 2.8, 5.6))]
    tensors = [_tensor(level) for level in levels]
    energies = [tensor[0] + tensor[1] for tensor in tensors]
    means = [float(energy.mean()) for energy in energies]
    parts = [_log_ratio(fine, coarse) for fine, coarse in pairwise(means)]
    parts.append(float(np.log(means[2] + _NOISE)))
    for strength in (energies[2], energies[3]):
        parts.extend(_noise(levels, strength))
        for edges in _edges(strength):
            at = np.flatnonzero(edges)
            parts.extend(_edge_ratios([energy.ravel()[at] for energy in energies]))
    for side in (max(pixels.shape), 64):
        cells = [[_cells(values, side) for values in tensor] for tensor in tensors]
        for fine, coarse in ((0, 2), (1, 3), (2, 4)):
            parts.extend(_directional(cells[fine], cells[coarse], cells[3]))
    parts.extend(_band_ratios([fine - coarse for fine, coarse in pairwise(levels[:4])]))
    return np.asarray(parts, np.float32)


def light_features(pixels: Pixels) -> Floats:
    """What exposure and glare show in, shape (G,). ``pixels``: RGB uint8 at working size."""
    small = pixels
    while max(small.shape[:2]) >= 320:
        small = np.asarray(cv2.resize(small, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    bright, faint = small.max(axis=2), small.min(axis=2)
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8)
    parts = [float(v) / 255 for v in _percentiles(grey, (1, 5, 25, 50, 75, 95, 99))]
    parts += [float(v) / 255 for v in _percentiles(bright, (50, 90, 99.5))]
    parts += [float((grey < limit).mean()) for limit in (8, 20, 45)]
    parts += [float((faint > limit).mean()) for limit in (200, 235, 250)]
    parts += [float((bright > 252).mean()), float(grey.std()) / 128]
    parts += _burnt_patches(faint, small)
    return np.asarray(parts, np.float32)


def _tensor(level: Floats) -> tuple[Floats, Floats, Floats]:
    dx = cv2.Sobel(level, cv2.CV_32F, 1, 0, ksize=3, scale=0.25)
    dy = cv2.Sobel(level, cv2.CV_32F, 0, 1, ksize=3, scale=0.25)
    return np.asarray(dx * dx, np.float32), np.asarray(dy * dy, np.float32), np.asarray(dx * dy, np.float32)


def _percentiles(values: npt.NDArray[Any], shares: tuple[float, ...]) -> list[float]:
    """As `np.percentile` with its linear rule, for several shares at once: one sort is faster than its partitions."""
    ordered = np.sort(values, axis=None)
    out = []
    for share in shares:
        at = share / 100 * (ordered.size - 1)
        low = int(at)
        high = min(low + 1, ordered.size - 1)
        out.append(float(ordered[low]) + (at - low) * (float(ordered[high]) - float(ordered[low])))
    return out


def _noise(levels: list[Floats], strength: Floats) -> list[float]:
    """Log spread of the two finest bands where there are no edges: grain that must not pass for detail."""
    flat = strength <= np.median(strength)
    bands = (cv2.subtract(levels[0], levels[1])[flat], cv2.subtract(levels[1], levels[2])[flat])
    return [float(np.log(band.std() + 0.1)) for band in bands]


def _log_ratio(fine: float, coarse: float) -> float:
    return float(np.log((fine + _NOISE) / (coarse + _NOISE)))


def _edges(strength: Floats) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """The strongest tenth and fiftieth of the pixels, their limits taken from every ninth pixel."""
    tenth, fiftieth = np.percentile(strength[1::3, 1::3] if min(strength.shape) > 64 else strength, (90.0, 98.0))
    return strength >= max(tenth, _NOISE), strength >= max(fiftieth, _NOISE)


def _edge_ratios(energies: list[Floats]) -> list[float]:
    """Percentiles of the log ratio of gradient energy between scales, at edge pixels."""
    pairs = ((0, 1), (1, 2), (0, 2), (1, 3), (2, 3), (2, 4))
    if energies[0].size < 16:
        return [0.0] * len(pairs) * len(_EDGE_SHARES)
    logs = [np.log(energy + _NOISE) for energy in energies]
    return [v for i, j in pairs for v in _percentiles(logs[i] - logs[j], _EDGE_SHARES)]


def _cells(values: Floats, side: int) -> Floats:
    """Means over squares of ``side`` pixels, flat; what is left over at the right and below is not looked at."""
    height, width = values.shape
    if side >= max(height, width):  # one cell, all of it
        return np.asarray([values.mean()], np.float32)
    high, wide = min(side, height), min(side, width)
    whole = values[: height // high * high, : width // wide * wide]
    return np.asarray(
        cv2.resize(whole, (width // wide, height // high), interpolation=cv2.INTER_AREA), np.float32
    ).ravel()


def _directional(fine: list[Floats], coarse: list[Floats], strength: list[Floats]) -> list[float]:
    """Energy left along the direction that lost most and least; of many cells, over the half with the most edges."""
    low, high = _eigenvalues(fine, coarse)
    good = strength[0] + strength[1]
    kept = good >= np.percentile(good, 50)
    out: list[float] = []
    for values in (np.log(low[kept]), np.log(high[kept]), np.log(high[kept] / low[kept])):
        out += _percentiles(values, (20, 50, 80)) if len(good) > 1 else [float(values[0])] * 3
    return out


def _eigenvalues(a: list[Floats], b: list[Floats]) -> tuple[Floats, Floats]:
    """Generalised eigenvalues of symmetric 2x2 tensors (xx, yy, xy) ``a`` over ``b``, smaller first."""
    axx, ayy, axy = a[0] + _NOISE / 4, a[1] + _NOISE / 4, a[2]
    bxx, byy, bxy = b[0] + _NOISE / 4, b[1] + _NOISE / 4, b[2]
    det = np.maximum(bxx * byy - bxy * bxy, _EPS)
    half = (axx * byy + ayy * bxx - 2 * axy * bxy) / det / 2
    root = np.sqrt(np.maximum(half * half - (axx * ayy - axy * axy) / det, 0.0))
    return np.maximum(half - root, 1e-3), np.maximum(half + root, 1e-3)


def _band_ratios(bands: list[Floats]) -> list[float]:
    """Percentiles over cells of the log ratio of neighbouring frequency bands, where there is anything to see."""
    power = [_cells(band * band, _CELL) for band in bands]
    seen = power[2] >= np.percentile(power[2], 60)
    out: list[float] = []
    for fine, coarse in ((0, 1), (1, 2)):
        ratios = np.log((power[fine][seen] + 0.5) / (power[coarse][seen] + 0.5))
        out += _percentiles(ratios, (25, 50, 75, 95))
    return out


def _burnt_patches(faint: npt.NDArray[np.uint8], small: Pixels) -> list[float]:
    """Largest patch of burnt-out pixels: share, roundness, softness and colour of its border; and the veil around."""
    mask = (faint >= 250).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    if count < 2:
        return [0.0] * 6
    best = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    area = int(stats[best, cv2.CC_STAT_AREA])
    patch = (labels == best).astype(np.uint8)
    box = int(stats[best, cv2.CC_STAT_WIDTH]) * int(stats[best, cv2.CC_STAT_HEIGHT])
    rings = [cv2.dilate(patch, np.ones((2 * r + 1, 2 * r + 1), np.uint8)) for r in (2, 6)]
    near, far = rings[0] - patch, rings[1] - rings[0]
    shares = [float(faint[ring > 0].mean()) / 255 if ring.any() else 1.0 for ring in (near, far)]
    drop = float(np.percentile(faint[near > 0], 10)) / 255 if near.any() else 1.0
    return [area / mask.size, area / box, *shares, drop, float(mask.sum()) / mask.size]
