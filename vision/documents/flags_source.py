"""Whether a page was photographed itself, or a screen that shows it, or no camera at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from vision.documents.signs import Piece, box_of
from vision.types import Box, DocumentFlag, DocumentFlagKind, Pixels

MOIRE = 3.1
"""Power of the strongest line of the spectrum over what is usual at its pitch, decades; median over tiles."""
FLAT, FLAT_BAR = 0.35, 0.5
"""Shares of flat blocks: of a picture that no camera took, and of the bar with the clock above a phone's screen."""
PHONE_RATIO = 1.85
"""Height to width of phones' screens; their cameras give 1.78 at most."""
BURNT = 252
TILE, MOST_TILES = 256, 12
LOWEST, HIGHEST = 0.05, 0.5
"""Band of a beat's frequency, cycles a pixel."""
JPEG_BLOCK = 8

Plane = npt.NDArray[np.float32]


def source_flags(pixels: Pixels, pieces: Sequence[Piece]) -> Iterator[DocumentFlag]:
    """``screenshot`` or ``screen_recapture``; the region is the page's text."""
    if not pieces:
        return
    box = box_of([sign for piece in pieces for sign in piece])
    flat = max(flat_share(pixels) / FLAT, top_bar(pixels) / FLAT_BAR)
    if flat > 1:
        yield DocumentFlag(DocumentFlagKind.SCREENSHOT, min(1.0, 0.5 * flat), box)
        return
    beat = moire(pixels, box)
    if beat > MOIRE:
        yield DocumentFlag(DocumentFlagKind.SCREEN_RECAPTURE, min(1.0, 0.5 * beat / MOIRE), box)


def hull_of(pieces: Sequence[Piece]) -> npt.NDArray[np.float32]:
    """Convex outline of all text, (N, 2) pixels."""
    boxes = np.array([sign.box_xyxy for piece in pieces for sign in piece], np.float32)
    corners = np.concatenate([boxes[:, [0, 1]], boxes[:, [2, 1]], boxes[:, [2, 3]], boxes[:, [0, 3]]])
    return np.asarray(cv2.convexHull(corners), np.float32).reshape(-1, 2)


def moire(pixels: Pixels, box: Box) -> float:
    """Strongest line of the spectrum over the median at its frequency, decades: median over tiles inside a box.

    A display's grid beats against the camera's: a line far above all that print, paper and noise have there.
    """
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    height, width = grey.shape
    x0, y0 = max(0, int(box[0])), max(0, int(box[1]))
    x1, y1 = min(width, int(box[2])), min(height, int(box[3]))
    if x1 - x0 < TILE or y1 - y0 < TILE:
        return 0.0
    across = max(1, min(4, (x1 - x0) // TILE))
    down = max(1, min(MOST_TILES // across, (y1 - y0) // TILE))
    window = np.outer(np.hanning(TILE), np.hanning(TILE)).astype(np.float32)
    told = [
        _spectral_line(grey[y : y + TILE, x : x + TILE].astype(np.float32), window)
        for y in np.linspace(y0, y1 - TILE, down).astype(int)
        for x in np.linspace(x0, x1 - TILE, across).astype(int)
    ]
    return float(np.median(told))


def _bands() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Ring number of each bin, and the bins that count: inside the band, off JPEG's block frequencies."""
    fy, fx = np.meshgrid(np.fft.fftfreq(TILE), np.fft.rfftfreq(TILE), indexing="ij")
    radius = np.hypot(fx, fy)
    near = [np.abs(f * JPEG_BLOCK - np.round(f * JPEG_BLOCK)) < 2.5 * JPEG_BLOCK / TILE for f in (fx, fy)]
    # Rules and rows of print lie along the axes, the camera's own grid at their ends.
    off_axes = (np.abs(fx) > 0.008) | (np.abs(fy) > 0.2)
    kept = (radius > LOWEST) & (radius < HIGHEST) & ~(near[0] & near[1]) & off_axes
    return (radius * 64).astype(np.int64), kept


_RING, _KEPT = _bands()


def _spectral_line(tile: Plane, window: Plane) -> float:
    rough = tile - cv2.GaussianBlur(tile, (0, 0), 8)
    power = (np.abs(np.fft.rfft2(rough * window)) ** 2)[_KEPT] + 1e-3
    rings = _RING[_KEPT]
    usual = np.ones(rings.max() + 1)
    for ring in np.unique(rings):
        usual[ring] = np.median(power[rings == ring])
    # What is darker than faint noise has no spectrum worth asking.
    return float(np.log10((power / np.maximum(usual[rings], 50.0)).max()))


def flat_share(pixels: Pixels) -> float:
    """Share of JPEG's blocks that are of one tone and the same as their left neighbour; no camera leaves many.

    Burnt-out blocks are not counted: a camera gives them too.
    """
    grey = np.ascontiguousarray(pixels[..., 1])
    height, width = (side // JPEG_BLOCK * JPEG_BLOCK for side in grey.shape)
    if not height or width < 2 * JPEG_BLOCK:
        return 0.0
    blocks = grey[:height, :width].reshape(height // JPEG_BLOCK, JPEG_BLOCK, width // JPEG_BLOCK, JPEG_BLOCK)
    low, high = blocks.min(axis=(1, 3)).astype(int), blocks.max(axis=(1, 3)).astype(int)
    flat = high - low <= 1
    same = flat[:, 1:] & flat[:, :-1] & (np.abs(high[:, 1:] - high[:, :-1]) <= 1)
    told = low[:, 1:] < BURNT
    return float((same & told).sum() / told.sum()) if told.any() else 0.0


def top_bar(pixels: Pixels) -> float:
    """Share of flat blocks in the first thirtieth of a picture as tall as a phone's screen; 0 for other shapes."""
    height, width = pixels.shape[:2]
    if height < PHONE_RATIO * width:
        return 0.0
    band = pixels[: height // 30 // JPEG_BLOCK * JPEG_BLOCK, : width // JPEG_BLOCK * JPEG_BLOCK, 1]
    blocks = band.reshape(band.shape[0] // JPEG_BLOCK, JPEG_BLOCK, -1, JPEG_BLOCK)
    return float((blocks.max(axis=(1, 3)).astype(int) - blocks.min(axis=(1, 3)) <= 1).mean()) if blocks.size else 0.0
