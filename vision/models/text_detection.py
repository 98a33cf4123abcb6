"""Pure parts of the text detector: sizing, input, and boxes from the probability map (DB, differentiable binarization).

Source of the formulas: Liao et al., "Real-time Scene Text Detection with Differentiable Binarization", AAAI 2020
(eq. 10: offset D = A * r / L of the shrunk polygon), with the constants of PP-OCRv6 as the `rapidocr` wheel ships them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
import pyclipper

from vision.types import Pixels

Quad: TypeAlias = npt.NDArray[np.float32]
"""Shape (4, 2): top left, top right, bottom right, bottom left."""
FloatMap: TypeAlias = npt.NDArray[np.float32]

PIXEL_THRESHOLD = 0.3
BOX_THRESHOLD = 0.5
UNCLIP_RATIO = 1.6
MAX_CANDIDATES = 1000
MIN_SIDE_PX = 3
STRIDE = 32
SAME_LINE_PX = 10
"""Boxes whose top left corners differ by less are read as one line, left to right."""


@dataclass(frozen=True, slots=True)
class DetectionSize:
    """How far a picture is scaled before detection: the short side up to ``min_side``, the long one to ``max_side``.

    Where most lines come out lower than ``small_px`` there (a page of paper, a card far away), or lean, the part that
    holds text is looked at again, level and so large that lines are twice that, no larger than ``second_max_side``
    (`vision.models.text_closer`). 0: never.
    """

    min_side: int = 736
    max_side: int = 960
    small_px: float = 14.0
    second_max_side: int = 1600


def detection_size_wh(size_wh: tuple[int, int], limits: DetectionSize) -> tuple[int, int]:
    """Width and height at which the detector runs: both multiples of 32, at least 32."""
    width, height = size_wh
    ratio = max(1.0, limits.min_side / min(width, height))
    ratio = min(ratio, limits.max_side / max(width, height))
    return round_to_stride(int(width * ratio)), round_to_stride(int(height * ratio))


def round_to_stride(side: int) -> int:
    return max(STRIDE, round(side / STRIDE) * STRIDE)


def detector_input(pixels: Pixels, limits: DetectionSize) -> npt.NDArray[np.float32]:
    """RGB picture to the network's input: BGR, -1..1, shape (1, 3, H, W). PP-OCR was trained on BGR."""
    size_wh = detection_size_wh((pixels.shape[1], pixels.shape[0]), limits)
    return network_input(cv2.resize(pixels, size_wh).astype(np.uint8))


def network_input(scaled: Pixels) -> npt.NDArray[np.float32]:
    """Pixels whose sides are multiples of 32 as the network's input."""
    blob = cv2.dnn.blobFromImage(scaled, 1 / 127.5, mean=(127.5, 127.5, 127.5), swapRB=True)
    return np.asarray(blob, dtype=np.float32)


def boxes_from_map(probability: FloatMap, size_wh: tuple[int, int]) -> tuple[tuple[Quad, float], ...]:
    """Text boxes and scores from the detector's map (H, W), in pixels of a picture of ``size_wh``, in reading order."""
    mask = (probability > PIXEL_THRESHOLD).astype(np.uint8)
    mask = cv2.dilate(mask, np.ones((2, 2), np.uint8)).astype(np.uint8)
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    scale = np.array([size_wh[0] / probability.shape[1], size_wh[1] / probability.shape[0]], np.float32)
    found = []
    for contour in contours[:MAX_CANDIDATES]:
        boxed = _box_of_contour(probability, np.asarray(contour, np.int32), scale, size_wh)
        if boxed is not None:
            found.append(boxed)
    return _in_reading_order(found)


def _box_of_contour(
    probability: FloatMap, contour: npt.NDArray[np.int32], scale: npt.NDArray[np.float32], size_wh: tuple[int, int]
) -> tuple[Quad, float] | None:
    quad, short_side = _smallest_rectangle(contour)
    if short_side < MIN_SIDE_PX:
        return None
    score = _mean_inside(probability, quad)
    if score < BOX_THRESHOLD:
        return None
    grown, short_side = _smallest_rectangle(_unclip(quad))
    if short_side < MIN_SIDE_PX + 2:
        return None
    limit = np.array([size_wh[0] - 1, size_wh[1] - 1], np.float32)
    placed = _clockwise(np.clip(np.round(grown * scale), 0, limit))
    if min(np.linalg.norm(placed[0] - placed[1]), np.linalg.norm(placed[0] - placed[3])) <= MIN_SIDE_PX:
        return None
    return placed, score


def _smallest_rectangle(points: npt.NDArray[np.int32]) -> tuple[Quad, float]:
    rectangle = cv2.minAreaRect(points)
    corners = np.asarray(cv2.boxPoints(rectangle), np.float32)
    return _clockwise(corners), float(min(rectangle[1]))


def _clockwise(corners: npt.NDArray[np.float32]) -> Quad:
    """Orders corners from the top left: the two leftmost by height, then the two rightmost."""
    by_x = corners[np.argsort(corners[:, 0], kind="stable")]
    left, right = by_x[:2], by_x[2:]
    top_left, bottom_left = left[np.argsort(left[:, 1], kind="stable")]
    top_right, bottom_right = right[np.argsort(right[:, 1], kind="stable")]
    return np.array([top_left, top_right, bottom_right, bottom_left], np.float32)


def _mean_inside(probability: FloatMap, quad: Quad) -> float:
    height, width = probability.shape
    x0, y0 = np.clip(np.floor(quad.min(axis=0)).astype(int), 0, (width - 1, height - 1))
    x1, y1 = np.clip(np.ceil(quad.max(axis=0)).astype(int), 0, (width - 1, height - 1))
    mask = np.zeros((y1 - y0 + 1, x1 - x0 + 1), np.uint8)
    inside = (quad - np.array([x0, y0], np.float32)).astype(np.int32)
    cv2.fillPoly(mask, [inside.reshape(-1, 1, 2)], (1.0,))
    return float(cv2.mean(probability[y0 : y1 + 1, x0 : x1 + 1], mask)[0])


def _unclip(quad: Quad) -> npt.NDArray[np.int32]:
    """Grows a shrunk text polygon by D = area * ratio / perimeter (DB, eq. 10)."""
    area = abs(float(cv2.contourArea(quad)))
    perimeter = float(cv2.arcLength(quad, True))
    offset = pyclipper.PyclipperOffset()
    offset.AddPath(quad, pyclipper.JT_ROUND, pyclipper.ET_CLOSEDPOLYGON)
    grown = offset.Execute(area * UNCLIP_RATIO / perimeter)
    return np.concatenate([np.asarray(path, np.int32) for path in grown]).reshape(-1, 1, 2)


def _in_reading_order(found: list[tuple[Quad, float]]) -> tuple[tuple[Quad, float], ...]:
    """Top to bottom; boxes of one line (chained by less than ten pixels of height) left to right."""
    rows: list[list[tuple[Quad, float]]] = []
    previous = -np.inf
    for item in sorted(found, key=lambda item: item[0][0, 1]):
        if item[0][0, 1] - previous >= SAME_LINE_PX:
            rows.append([])
        rows[-1].append(item)
        previous = item[0][0, 1]
    return tuple(item for row in rows for item in sorted(row, key=lambda item: item[0][0, 0]))
