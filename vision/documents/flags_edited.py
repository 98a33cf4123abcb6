"""A break of the camera's noise inside one field: a reason to look, never a verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from vision.documents.signs import Piece, box_of
from vision.types import Box, DocumentFlag, DocumentFlagKind, Field, Pixels

LEAST_NOISE = 1.2
"""Where the whole page is smoother, smoothness tells nothing."""
SMOOTH, NATURAL = 0.42, 0.6
"""Noise of the smooth part and of the rest of a field, as shares of the page's."""
CLEAR = 7
"""Noise is asked for in squares of paper of so many pixels without a stroke: JPEG rings around strokes."""
RUN = 2
"""Least neighbouring windows, each as wide as the line is high, that are smooth."""


def edited_flags(pixels: Pixels, fields: Mapping[str, Field], pieces: Sequence[Piece]) -> Iterator[DocumentFlag]:
    """``tampered_suspect`` for fields of which a part has lost the noise that the page has everywhere else."""
    usual = page_noise(pixels, pieces)
    if usual < LEAST_NOISE:
        return
    for field in fields.values():
        broken = noise_break(noise_along(pixels, field.box_xyxy) / usual)
        if broken is not None:
            yield DocumentFlag(DocumentFlagKind.TAMPERED_SUSPECT, broken, field.box_xyxy)


def page_noise(pixels: Pixels, pieces: Sequence[Piece]) -> float:
    """Median noise of the paper behind the lines of text, grey levels; 0 without text."""
    levels = [noise for piece in pieces for noise in noise_along(pixels, box_of(piece)).tolist()]
    return float(np.median(levels)) if levels else 0.0


def noise_along(pixels: Pixels, box: Box) -> npt.NDArray[np.float64]:
    """Noise of the paper between the strokes, in windows as wide as the box is high, left to right; grey levels."""
    height, width = pixels.shape[:2]
    x0, y0, x1, y1 = max(0, int(box[0])), max(0, int(box[1])), min(width, int(box[2])), min(height, int(box[3]))
    if y1 - y0 < 12 or x1 - x0 < 2 * (y1 - y0):
        return np.zeros(0)
    grey = cv2.cvtColor(pixels[y0:y1, x0:x1], cv2.COLOR_RGB2GRAY).astype(np.float32)
    rough = np.abs(grey - cv2.GaussianBlur(grey, (0, 0), 1.0))
    paper = (grey > 0.5 * (np.percentile(grey, 5) + np.percentile(grey, 90))).astype(np.uint8)
    clear = cv2.erode(paper, np.ones((CLEAR, CLEAR), np.uint8)) > 0
    side = y1 - y0
    told = []
    for left in range(0, x1 - x0 - side // 2, side):
        kept = rough[:, left : left + side][clear[:, left : left + side]]
        if kept.size >= 12:
            told.append(float(np.mean(kept)) / 0.8)
    return np.asarray(told)


def noise_break(shares: npt.NDArray[np.float64]) -> float | None:
    """Score of a run of smooth windows beside natural ones; None where the noise goes on evenly."""
    smooth = shares < SMOOTH
    longest = run = 0
    for one in smooth.tolist():
        run = run + 1 if one else 0
        longest = max(longest, run)
    rest = shares[~smooth]
    if longest < RUN or len(rest) < 1 or float(np.median(rest)) < NATURAL:
        return None
    return float(min(1.0, 0.5 + 0.5 * (1 - shares[smooth].mean() / SMOOTH)))
