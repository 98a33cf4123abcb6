"""Drawn traffic lights: three lamps in a dark housing, upright or lying, one lit or none, with glow."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vision.types import Pixels

STATES = ("red", "yellow", "green", "unknown")
LIT = {"red": (255, 45, 30), "yellow": (255, 190, 40), "green": (40, 255, 150)}
DULL = {"red": (70, 18, 15), "yellow": (75, 55, 12), "green": (12, 60, 42)}


@dataclass(frozen=True, slots=True, eq=False)
class DrawnLight:
    pixels: Pixels
    mask: npt.NDArray[np.float32]
    """0..1 of the housing (and the glow around it)."""
    housing: npt.NDArray[np.bool_]
    state: str


def draw_light(random: np.random.Generator, height_px: int) -> DrawnLight:
    """A light whose longer side is about ``height_px``; drawn four times as large and shrunk."""
    side = max(height_px, 4) * 4
    w, h = int(side * random.uniform(0.32, 0.42)), side
    border = side // 5
    canvas = np.zeros((h + 2 * border, w + 2 * border, 3), np.float32)
    mask = np.zeros(canvas.shape[:2], np.float32)
    shade = np.array((1.0, 1.0, 1.0)) * random.uniform(8, 60)
    if random.random() < 0.1:
        shade = np.array((150.0, 130.0, 30.0))  # yellow housings
    if random.random() < 0.25:
        plate = border // 2
        canvas[border - plate : border + h + plate, border - plate : border + w + plate] = random.uniform(5, 40)
        mask[border - plate : border + h + plate, border - plate : border + w + plate] = 1
    canvas[border : border + h, border : border + w] = shade
    mask[border : border + h, border : border + w] = 1
    state = str(random.choice(STATES, p=(0.4, 0.1, 0.4, 0.1)))
    _lamps(canvas, mask, (w, h, border), state, random)
    if random.random() < 0.3:
        canvas, mask = np.rot90(canvas).copy(), np.rot90(mask).copy()
    return _shrunk(canvas, mask, side // 4, state)


def _lamps(
    canvas: npt.NDArray[np.float32],
    mask: npt.NDArray[np.float32],
    wh_border: tuple[int, int, int],
    state: str,
    random: np.random.Generator,
) -> None:
    w, h, border = wh_border
    radius = int(min(w * 0.42, h / 6 * 0.88))
    for i, colour in enumerate(("red", "yellow", "green")):
        centre = (border + w // 2, border + int(h * (i + 0.5) / 3))
        if colour != state:
            cv2.circle(canvas, centre, radius, DULL[colour], -1, cv2.LINE_AA)
            continue
        if random.random() < 0.25:
            _digits_or_arrow(canvas, centre, radius, LIT[colour], random)
        else:
            cv2.circle(canvas, centre, radius, LIT[colour], -1, cv2.LINE_AA)
            if random.random() < 0.5:
                cv2.circle(canvas, centre, int(radius * 0.6), (255, 250, 230), -1, cv2.LINE_AA)
        if random.random() < 0.5:
            glow = np.zeros(mask.shape, np.float32)
            cv2.circle(glow, centre, int(radius * random.uniform(1.2, 2.0)), 1.0, -1)
            glow = cv2.GaussianBlur(glow, (0, 0), radius * 0.6) * random.uniform(0.3, 0.9)
            canvas += glow[..., None] * np.array(LIT[colour], np.float32)
            np.maximum(mask, glow, out=mask)


def _digits_or_arrow(
    canvas: npt.NDArray[np.float32],
    centre: tuple[int, int],
    radius: int,
    colour: tuple[int, int, int],
    random: np.random.Generator,
) -> None:
    stamp = np.zeros(canvas.shape[:2], np.uint8)
    thick = max(radius // 4, 1)
    if random.random() < 0.5:
        origin = (centre[0] - radius, centre[1] + radius // 2)
        cv2.putText(stamp, str(random.integers(3, 60)), origin, cv2.FONT_HERSHEY_SIMPLEX, radius / 18, 255, thick)
    else:
        tip = int(radius * 0.8) * int(random.choice((-1, 1)))
        start, end = (centre[0] - tip, centre[1]), (centre[0] + tip, centre[1])
        cv2.arrowedLine(stamp, start, end, 255, thick, tipLength=0.5)
    canvas[stamp > 127] = colour


def _shrunk(canvas: npt.NDArray[np.float32], mask: npt.NDArray[np.float32], height_px: int, state: str) -> DrawnLight:
    scale = 0.25
    size = max(round(canvas.shape[1] * scale), 2), max(round(canvas.shape[0] * scale), 2)
    small = cv2.resize(np.clip(canvas, 0, 255), size, interpolation=cv2.INTER_AREA)
    soft = np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_AREA), np.float32)
    border = max(height_px // 5, 1)
    housing = np.zeros(soft.shape, np.bool_)
    housing[border : soft.shape[0] - border, border : soft.shape[1] - border] = True
    return DrawnLight(small.astype(np.uint8), np.clip(soft, 0, 1), housing, state)
