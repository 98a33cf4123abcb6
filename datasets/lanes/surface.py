"""What a road looks like: asphalt, verge, kerb, wear of paint, shadows, wet, fog, snow, night."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from datasets.lanes.camera import Floats
from datasets.lanes.markings import LABELS, Classes, Layout

TILE = 512
Colours = npt.NDArray[np.float32]


def noise_tile(random: np.random.Generator) -> Floats:
    """Tileable noise of several octaves, (TILE, TILE), mean 0, deviation 1."""
    out = np.zeros((TILE, TILE), np.float32)
    for octave in (4, 16, 64, 256):
        coarse = random.normal(size=(octave, octave)).astype(np.float32)
        coarse = np.pad(coarse, 2, mode="wrap")
        cell = TILE // octave
        fine = cv2.resize(coarse, None, fx=cell, fy=cell, interpolation=cv2.INTER_LINEAR)
        out += fine[2 * cell : 2 * cell + TILE, 2 * cell : 2 * cell + TILE] / np.log2(octave)
    return np.asarray((out - out.mean()) / out.std(), np.float32)


def at(tile: Floats, x: Floats, y: Floats, metres: float) -> Floats:
    """The tile laid on the ground, one tile ``metres`` long."""
    scale = TILE / metres
    return np.asarray(tile[(x * scale).astype(np.int32) % TILE, (y * scale).astype(np.int32) % TILE], np.float32)


@dataclass(frozen=True, slots=True)
class Look:
    """Of one picture; colours RGB 0..255, shares 0..1."""

    asphalt: tuple[float, float, float]
    white: tuple[float, float, float]
    yellow: tuple[float, float, float]
    verge: tuple[float, float, float]
    grain: float
    wear: float
    """0 new paint, 1 nearly gone."""
    fog: float
    fog_colour: tuple[float, float, float]
    night: bool
    snow: float


def look(random: np.random.Generator) -> Look:
    grey = random.uniform(40, 135)
    warm = random.normal(0, 5)
    white = float(np.clip(grey + random.uniform(60, 140), 120, 250))
    level = random.uniform(0.75, 1.1)
    verge = ((150, 145, 135), (95, 110, 60), (120, 115, 110), (175, 170, 160))[int(random.integers(4))]
    fog = float(random.uniform(0.02, 0.08)) if random.random() < 0.3 else 0.0
    tone = random.uniform(120, 230)
    tint = (1.0, 1.0, 1.0) if random.random() < 0.7 else (1.1, 0.85, 0.55)
    return Look(
        (grey + warm, grey, grey - warm),
        (white, white, white * random.uniform(0.92, 1.0)),
        (float(225 * level), float(random.uniform(140, 185) * level), float(random.uniform(20, 80) * level)),
        (float(verge[0]), float(verge[1]), float(verge[2])),
        float(random.uniform(2, 9)),
        float(random.beta(1.5, 3)),
        fog,
        (float(tone * tint[0]), float(tone * tint[1]), float(tone * tint[2])),
        bool(random.random() < 0.15),
        float(random.uniform(0.3, 1.0)) if random.random() < 0.08 else 0.0,
    )


def painted(
    kinds: Classes, road: Layout, x: Floats, y_world: Floats, style: Look, random: np.random.Generator
) -> tuple[Colours, Floats]:
    """Colours (h, w, 3) of the ground and how much paint is left at each spot, 0..1."""
    tile = noise_tile(random)
    y = road.straightened(x, y_world)
    rough = at(tile, x, y, 2.7) * style.grain + at(tile, y, x, 23.0) * style.grain * 0.8
    colours = np.asarray(style.asphalt, np.float32) + rough[..., None]
    off = (y > road.left_m) | (y < road.right_m)
    colours[off] = np.asarray(style.verge, np.float32) + (2.0 * rough[..., None])[off]
    if random.random() < 0.6:  # kerbs: light edges that are no lines
        kerb = (np.abs(y - road.left_m) < 0.12) | (np.abs(y - road.right_m) < 0.12)
        joint = (x % 1.0) < 0.03
        light = random.uniform(0.45, 0.75)
        colours[kerb & ~joint] = np.asarray(style.white, np.float32) * light + rough[kerb & ~joint, None]
    _cracks(colours, tile, x, y, random)
    left = np.clip(1.15 - style.wear * 0.9 - at(tile, x, y, 1.9) * style.wear * 0.45, 0, 1)
    left = np.where(kinds > 0, left, 0).astype(np.float32)
    yellow = np.isin(kinds, [LABELS.index(k) for k in ("solid_yellow", "dashed_yellow", "double_yellow")])
    paint = np.where(yellow[..., None], np.asarray(style.yellow, np.float32), np.asarray(style.white, np.float32))
    colours = colours * (1 - left[..., None]) + (paint + rough[..., None] * 0.5) * left[..., None]
    if style.snow:
        _snow(colours, left, tile, x, y, style)
    return np.asarray(colours, np.float32), left


def _cracks(colours: Colours, tile: Floats, x: Floats, y: Floats, random: np.random.Generator) -> None:
    """Dark seams and patches of newer asphalt, in place."""
    if random.random() < 0.5:
        seam = np.abs(y - random.uniform(-6, 6) + 0.25 * at(tile, x, y, 40.0)) < 0.03
        colours[seam] *= 0.7
    if random.random() < 0.4:
        px, py = random.uniform(2, 15), random.uniform(-5, 5)
        patch = (np.abs(x - px) < random.uniform(0.5, 3)) & (np.abs(y - py) < random.uniform(0.4, 2))
        colours[patch] *= random.uniform(0.6, 1.25)
    if random.random() < 0.3:  # tyre marks
        for off in (0.0, 1.5):
            colours[np.abs(y - random.uniform(-4, 4) - off - 0.02 * x * x) < 0.1] *= 0.75


def _snow(colours: Colours, left: Floats, tile: Floats, x: Floats, y: Floats, style: Look) -> None:
    """Snow with wheel tracks; what it covers is no line any more. In place."""
    tracks = np.abs(np.abs(y % 3.5 - 1.75) - 0.8) < 0.3
    depth = np.clip(style.snow + 0.3 * at(tile, x, y, 9.0) - 0.7 * tracks, 0, 1)
    colours *= 1 - depth[..., None]
    colours += 225 * depth[..., None]
    left *= depth < 0.4


def shaded(colours: Colours, x: Floats, y: Floats, random: np.random.Generator) -> None:
    """Shadows of houses, poles and trees on the ground, in place."""
    if random.random() < 0.5:
        return
    dark = random.uniform(0.35, 0.8)
    angle, start = random.uniform(0, np.pi), random.uniform(-4, 8)
    along = x * np.cos(angle) + y * np.sin(angle) - start
    style = random.random()
    if style < 0.4:
        shadow = along > 0
    elif style < 0.7:
        shadow = np.abs(along % 7.0) < random.uniform(0.1, 0.5)
    else:
        shadow = at(noise_tile(random), x, y, 12.0) + 0.15 * along > 0.3
    colours[shadow] *= dark


def weathered(colours: Colours, distance: Floats, style: Look, random: np.random.Generator) -> Colours:
    """Fog by distance, night with a lit near field."""
    out = colours
    if style.fog:
        share = (1 - np.exp(-style.fog * np.minimum(distance, 300)))[..., None]
        out = out * (1 - share) + np.asarray(style.fog_colour, np.float32) * share
    if style.night:
        h, w = distance.shape
        vv, uu = np.mgrid[0:h, 0:w].astype(np.float32)
        spot = np.exp(
            -(((uu / w - random.uniform(0.2, 0.8)) / 0.5) ** 2) - ((vv / h - random.uniform(0.5, 0.9)) / 0.4) ** 2
        )
        out = (
            out
            * (random.uniform(0.12, 0.35) + 0.5 * spot[..., None])
            * np.array((1.1, 0.95, random.uniform(0.6, 1.0)), np.float32)
        )
    return np.asarray(out, np.float32)


def photographed(colours: Colours, random: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Exposure, colour cast, blur, noise and JPEG of a phone."""
    out = colours * random.uniform(0.75, 1.2) + random.uniform(-15, 15)
    out *= 1 + random.normal(0, 0.05, 3)
    if random.random() < 0.3:
        out = np.asarray(cv2.GaussianBlur(out, (0, 0), random.uniform(0.4, 1.3)), np.float32)
    out = out + random.normal(0, random.uniform(0.5, 8), out.shape)
    eight = np.clip(out, 0, 255).astype(np.uint8)
    if random.random() < 0.7:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(35, 95))]
        _, coded = cv2.imencode(".jpg", eight, quality)
        eight = np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)
    return eight
