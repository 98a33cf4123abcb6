"""Copies: grey where the page has colour, and with toner specks on its blank paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from vision.documents.flags_source import hull_of
from vision.documents.signs import Piece, box_of, height_of
from vision.types import DocumentFlag, DocumentFlagKind, Pixels

COLOUR_LEFT = 0.06
"""Strongest colours of a page, log ratio to its own cast; a copy has none but noise."""
LITTLE_COLOUR = 0.1
"""Least colour of pages whose own print is black on a pale ground; there and below only specks tell a copy."""
SPECKS = 0.3
"""Isolated dark dots on blank paper, a square of the line height; clean drawn prints have .17 at most, copies .4."""
LINE_PX = 48
"""Line height at which specks are looked for: toner dots are then two to five pixels wide."""
LEAST_LINE_PX = 36
"""Line height below which toner dots are as small as what JPEG leaves of dotted rules: .5 to .9 on genuine pages."""
SPECK_DEPTH = 3.5
"""How much darker than its surroundings a speck is, in robust deviations of the blank paper."""
LEAST_DEPTH = 0.05
"""The same as a share of the paper's lightness: pale waves under the print are .02 to .05 deep, toner dots .05 to .1 at
this size. On a clean photo of little noise the waves stand out as far as toner does. Of 24 drawn copies with tuning
fonts those that only specks can tell have .55 specks a square and more, genuine second pages .14 at most."""
SPECK_PX = (3, 6)
"""Least area and largest side of a speck; the dashes of dotted rules are longer."""
LEAST_PAPER = 12.0
"""Blank paper, in squares of the line height, below which specks are not counted."""


def copy_flags(pixels: Pixels, pieces: Sequence[Piece], bears_colour: bool) -> Iterator[DocumentFlag]:
    """``photocopy``: a page without the colour of its seal or portrait, or with little colour and with toner specks."""
    if not pieces:
        return
    hull = hull_of(pieces)
    colour = colour_left(pixels, hull)
    grey = bears_colour and colour < COLOUR_LEFT
    if grey or (colour < LITTLE_COLOUR and toner_specks(pixels, pieces, hull) > SPECKS):
        box = box_of([sign for piece in pieces for sign in piece])
        yield DocumentFlag(DocumentFlagKind.PHOTOCOPY, 1 - 0.5 * colour / LITTLE_COLOUR, box)


def colour_left(pixels: Pixels, hull: npt.NDArray[np.float32]) -> float:
    """How far the most coloured two hundredth of a page is from its cast: log ratios of the planes, 0 for grey."""
    x0, y0 = np.maximum(hull.min(axis=0), 0).astype(int)
    x1, y1 = np.ceil(hull.max(axis=0)).astype(int)
    crop = pixels[y0:y1, x0:x1]
    if min(crop.shape[:2]) < 8:
        return 1.0
    scale = min(1.0, 400 / max(crop.shape[:2]))
    # Averaging takes out noise and what JPEG does to colours.
    small = cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.float32)
    mask = np.zeros(small.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, ((hull - (x0, y0)) * scale).astype(np.int32), (1.0,))
    light = small[..., 1]
    kept = (mask > 0) & (light > 0.45 * np.percentile(light, 90)) & (small.max(axis=2) < 250)
    if kept.sum() < 50:
        return 1.0
    ratios = np.log((small[kept][:, [0, 2]] + 4) / (small[kept][:, [1]] + 4))
    away = np.hypot(*(ratios - np.median(ratios, axis=0)).T)
    return float(np.percentile(away, 99.5))


def toner_specks(pixels: Pixels, pieces: Sequence[Piece], hull: npt.NDArray[np.float32]) -> float:
    """Isolated dark dots on the paper between the lines, a square of the line height; 0 where little paper is seen
    or its text is small."""
    x0, y0 = np.maximum(hull.min(axis=0), 0).astype(int)
    x1, y1 = np.ceil(hull.max(axis=0)).astype(int)
    crop = pixels[y0:y1, x0:x1]
    if min(crop.shape[:2]) < 8:
        return 0.0
    line_px = float(np.median([height_of(piece) for piece in pieces]))
    if line_px < LEAST_LINE_PX:
        return 0.0
    scale = min(1.0, LINE_PX / line_px)
    small = cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32)
    paper = np.zeros(grey.shape, np.uint8)
    cv2.fillConvexPoly(paper, ((hull - (x0, y0)) * scale).astype(np.int32), (1.0,))
    for piece in pieces:
        left, top, right, bottom = (round((v - o) * scale) for v, o in zip(box_of(piece), (x0, y0) * 2, strict=True))
        cv2.rectangle(paper, (left - 3, top - 3), (right + 3, bottom + 3), (0.0,), -1)
    around = cv2.GaussianBlur(grey, (0, 0), 3)
    rough = cv2.GaussianBlur(grey, (0, 0), 0.8) - around
    print_near = cv2.dilate((cv2.GaussianBlur(grey, (0, 0), 1.5) < 0.85 * cv2.blur(grey, (41, 41))).astype(np.uint8),
                            np.ones((9, 9), np.uint8))  # fmt: skip
    blank = rough[(paper > 0) & (print_near == 0)]
    squares = float(paper.sum()) / LINE_PX**2
    if squares < LEAST_PAPER or len(blank) < 500:
        return 0.0
    deviation = 1.4826 * float(np.median(np.abs(blank - np.median(blank)))) + 0.3
    deep = np.maximum(SPECK_DEPTH * deviation, LEAST_DEPTH * around)
    dark = ((rough < -deep) & (paper > 0)).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark)
    least, most = SPECK_PX
    specks = (stats[1:, 4] >= least) & (stats[1:, 2] <= most) & (stats[1:, 3] <= most)
    return float(specks.sum() / squares)
