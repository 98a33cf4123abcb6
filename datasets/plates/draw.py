"""Draws a plate as it leaves the press: colours, border, bolts, characters. Wear comes after (`wear`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from datasets.plates.glyphs import Glyphs
from datasets.plates.layout import Cell, Layout, layout
from vision.types import Pixels, PlateKind

Colour = tuple[float, float, float]
_WHITE: Final[Colour] = (240, 240, 240)
_BLACK: Final[Colour] = (25, 25, 28)
_BLUE: Final[Colour] = (22, 60, 160)
_YELLOW: Final[Colour] = (240, 180, 20)
_GREEN: Final[Colour] = (120, 200, 130)
_RED: Final[Colour] = (200, 30, 35)
_INK: Final[dict[PlateKind, tuple[Colour, Colour]]] = {
    PlateKind.BLUE: (_BLUE, _WHITE),
    PlateKind.YELLOW_SINGLE: (_YELLOW, _BLACK),
    PlateKind.YELLOW_DOUBLE: (_YELLOW, _BLACK),
    PlateKind.GREEN_SMALL: (_GREEN, _BLACK),
    PlateKind.GREEN_LARGE: (_GREEN, _BLACK),
    PlateKind.WHITE_POLICE: (_WHITE, _BLACK),
    PlateKind.WHITE_ARMED_POLICE: (_WHITE, _BLACK),
    PlateKind.WHITE_ARMY: (_WHITE, _BLACK),
    PlateKind.BLACK_CONSULATE: (_BLACK, _WHITE),
    PlateKind.BLACK_EMBASSY: (_BLACK, _WHITE),
    PlateKind.BLACK_HK_MACAU: (_BLACK, _WHITE),
    PlateKind.COACH: (_YELLOW, _BLACK),
    PlateKind.TRAILER: (_YELLOW, _BLACK),
    PlateKind.CIVIL_AVIATION: ((20, 120, 70), _WHITE),
    PlateKind.TEMPORARY: ((175, 205, 235), _BLACK),
    PlateKind.MOTORCYCLE: (_BLUE, _WHITE),
}
"""Background and ink."""


@dataclass(frozen=True, slots=True)
class DrawnPlate:
    pixels: Pixels
    text: str
    kind: PlateKind
    double: bool
    plan: Layout
    """Where each character stands."""


def _vary(colour: Colour, rng: np.random.Generator, spread: float = 18) -> npt.NDArray[np.float32]:
    return np.clip(np.array(colour) + rng.normal(0, spread, 3), 0, 255).astype(np.float32)


def _colours(kind: PlateKind, rng: np.random.Generator) -> tuple[Colour, Colour]:
    ground, ink = _INK[kind]
    if kind is PlateKind.MOTORCYCLE and rng.random() < 0.5:
        return _YELLOW, _BLACK
    if kind is PlateKind.COACH and rng.random() < 0.2:
        return _GREEN, _BLACK
    if kind is PlateKind.TEMPORARY and rng.random() < 0.3:
        return (235, 215, 205), _BLACK
    return ground, ink


def _background(
    kind: PlateKind, size: tuple[int, int], ground: Colour, rng: np.random.Generator
) -> npt.NDArray[np.float32]:
    width, height = size
    canvas = np.empty((height, width, 3), np.float32)
    canvas[:] = _vary(ground, rng)
    fade = kind is PlateKind.GREEN_SMALL or (kind is PlateKind.COACH and ground is _GREEN)
    if fade:
        top, bottom = _vary((235, 245, 235), rng, 10), _vary(_GREEN, rng)
        t = np.clip(np.linspace(-rng.uniform(0, 0.3), 1, height), 0, 1)[:, None, None].astype(np.float32)
        canvas = np.broadcast_to(top * (1 - t) + bottom * t, (height, width, 3)).copy()
    if kind is PlateKind.GREEN_LARGE:
        canvas[:, : int(width * rng.uniform(0.27, 0.31))] = _vary(_YELLOW, rng)
    if kind is PlateKind.TEMPORARY and rng.random() < 0.7:
        x, y = np.meshgrid(np.arange(width), np.arange(height))
        wave = np.sin(x / rng.uniform(4, 15) + np.sin(y / rng.uniform(6, 20)) * 2) * rng.uniform(3, 14)
        canvas += wave[..., None].astype(np.float32)
    return canvas


def _furniture(
    canvas: npt.NDArray[np.float32], plan: Layout, ink: npt.NDArray[np.float32], k: float, rng: np.random.Generator
) -> None:
    """Border line, bolts and the middle dot; changes ``canvas``."""
    height, width = canvas.shape[:2]
    colour = [float(c) for c in ink]
    if rng.random() < 0.85:
        inset, thick = int(4 * k), max(1, round(k * rng.uniform(2, 4)))
        cv2.rectangle(canvas, (inset, inset), (width - 1 - inset, height - 1 - inset), colour, thick, cv2.LINE_AA)
    if plan.dot_mm is not None and rng.random() < 0.85:
        x, y = plan.dot_mm
        cv2.circle(canvas, (round(x * k), round(y * k)), max(1, round(5 * k)), colour, -1, cv2.LINE_AA)
    if rng.random() < 0.7:
        grey = float(rng.uniform(90, 240))
        for x in (0.25, 0.75):
            for y in (0.08, 0.92):
                if rng.random() < 0.7:
                    centre = (round(width * x), round(height * y))
                    cv2.circle(canvas, centre, max(1, round(k * rng.uniform(4, 8))), [grey] * 3, -1, cv2.LINE_AA)


def _stamp(
    canvas: npt.NDArray[np.float32], cell: Cell, glyphs: Glyphs, colour: npt.NDArray[np.float32], k: float, bold: int
) -> None:
    """One character, scaled to its cell (a narrow one keeps its shape); changes ``canvas``."""
    x, y, w, h = (v * k for v in cell.box)
    mask = glyphs.mask(cell.char, cell.style)
    natural = mask.shape[1] / mask.shape[0] * h
    if cell.char == "1" or natural < 0.45 * w:
        narrow = max(3.0, min(w, natural * (1.0 if cell.style != "220_down" else 1.3)))
        x, w = x + (w - narrow) / 2, narrow
    ink = cv2.resize(mask, (max(2, round(w)), max(2, round(h))), interpolation=cv2.INTER_AREA)
    if bold:
        kernel = np.ones((2, 2), np.uint8)
        ink = cv2.dilate(ink, kernel) if bold > 0 else cv2.erode(ink, kernel)
    x0, y0 = max(0, round(x)), max(0, round(y))
    part = canvas[y0 : y0 + ink.shape[0], x0 : x0 + ink.shape[1]]
    alpha = ink[: part.shape[0], : part.shape[1], None]
    part[:] = part * (1 - alpha) + colour * alpha


def draw(text: str, kind: PlateKind, glyphs: Glyphs, rng: np.random.Generator, px_per_mm: float = 1.0) -> DrawnPlate:
    """A clean plate: RGB, 440 x 140 mm and the like at ``px_per_mm``. Every character of ``text`` is on it."""
    plan = layout(text, kind, rng)
    size = (round(plan.size_mm[0] * px_per_mm), round(plan.size_mm[1] * px_per_mm))
    ground, ink_colour = _colours(kind, rng)
    canvas = _background(kind, size, ground, rng)
    ink, red = _vary(ink_colour, rng, 12), _vary(_RED, rng, 12)
    _furniture(canvas, plan, ink, px_per_mm, rng)
    bold = int(rng.choice([-1, 0, 0, 0, 1]))
    red_suffix = kind is not PlateKind.BLACK_EMBASSY or rng.random() < 0.5
    for cell in plan.cells:
        _stamp(canvas, cell, glyphs, red if cell.red and red_suffix else ink, px_per_mm, bold)
    return DrawnPlate(np.clip(canvas, 0, 255).astype(np.uint8), text, kind, plan.double, plan)
