"""Outlines from a YOLO segmentation head: each find has coefficients, each picture prototypes; a mask is their product.

Source: Bolya et al., YOLACT: Real-time Instance Segmentation, ICCV 2019, eq. 1 (mask = sigmoid(P C^T), cut to the box).
"""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from vision.geometry import Letterbox, from_letterbox
from vision.types import Box, Point

Floats = npt.NDArray[np.floating]
TOLERANCE = 0.004
"""Of the outline's length: how far the polygon may leave it."""
FINE = 4
"""Prototypes are a quarter of the square's size: masks are drawn at the square's own."""


def outline(
    coefficients: Floats, prototypes: Floats, box: Box, square: Letterbox, size_wh: tuple[int, int]
) -> tuple[Point, ...]:
    """The outline of one find, pixels of the picture; empty where the mask is.

    ``coefficients`` (k,), ``prototypes`` (k, h, w), ``box`` xyxy in pixels of the letterboxed square (FINE x the
    prototypes' size). Of several pieces the largest is told.
    """
    height, width = prototypes.shape[1:]
    x0, y0 = max(math.floor(box[0] / FINE), 0), max(math.floor(box[1] / FINE), 0)
    x1, y1 = min(math.ceil(box[2] / FINE), width), min(math.ceil(box[3] / FINE), height)
    if x1 <= x0 or y1 <= y0:
        return ()
    logits = np.tensordot(coefficients, prototypes[:, y0:y1, x0:x1], 1).astype(np.float32)
    fine = cv2.resize(logits, None, fx=FINE, fy=FINE, interpolation=cv2.INTER_LINEAR)
    mask = (np.asarray(fine) > 0).astype(np.uint8)
    mask = _cut(mask, box, (x0 * FINE, y0 * FINE))
    rings, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not rings:
        return ()
    ring = max(rings, key=cv2.contourArea)
    simple = cv2.approxPolyDP(ring, TOLERANCE * cv2.arcLength(ring, True), True).reshape(-1, 2)
    if len(simple) < 3:
        return ()
    points = from_letterbox(simple + np.array([x0 * FINE, y0 * FINE]) + 0.5, square)
    inside = np.clip(points, 0, np.array(size_wh, np.float64))
    return tuple((float(x), float(y)) for x, y in inside)


def _cut(mask: npt.NDArray[np.uint8], box: Box, origin: tuple[int, int]) -> npt.NDArray[np.uint8]:
    """The mask inside the box; ``origin`` is the mask's place in the square."""
    left, top = round(box[0]) - origin[0], round(box[1]) - origin[1]
    right, bottom = round(box[2]) - origin[0], round(box[3]) - origin[1]
    cut = np.zeros_like(mask)
    rows, columns = slice(max(top, 0), max(bottom, 0)), slice(max(left, 0), max(right, 0))
    cut[rows, columns] = mask[rows, columns]
    return cut
