"""The second look of the text detector: small print scaled up, leaning lines turned level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vision.models.text_detection import DetectionSize, Quad, detection_size_wh, round_to_stride
from vision.types import Pixels

STEEP = 0.14
"""Lean of lines, radians, from which the detector misses some and cuts others."""


@dataclass(frozen=True, slots=True)
class SecondLook:
    """The part of a picture that holds text, turned so that lines run level, and scaled."""

    matrix: npt.NDArray[np.float64]
    """(2, 3), from the picture to the second look."""
    size_wh: tuple[int, int]


def second_look(boxes: Sequence[Quad], size_wh: tuple[int, int], limits: DetectionSize) -> SecondLook | None:
    """How to look again, from what the first look found; None where that was good enough."""
    if not boxes or not limits.small_px:
        return None
    height = float(np.median([np.linalg.norm(box[0] - box[3]) for box in boxes]))
    first = max(detection_size_wh(size_wh, limits)) / max(size_wh)
    turn = _lean(boxes)
    if height * first >= limits.small_px and abs(turn) < STEEP:
        return None
    cos, sin = np.cos(turn), np.sin(turn)
    level = np.array([[cos, sin], [-sin, cos]])
    points = np.concatenate(boxes) @ level.T
    low, high = points.min(axis=0) - 3 * height, points.max(axis=0) + 3 * height
    scale = min(2 * limits.small_px / height, limits.second_max_side / float(max(high - low)))
    if scale < 1.25 * first and abs(turn) < STEEP:
        return None
    scale = max(scale, first)
    width_px, height_px = ((high - low) * scale).tolist()
    matrix = np.column_stack([level * scale, -low * scale])
    return SecondLook(matrix, (round_to_stride(int(width_px)), round_to_stride(int(height_px))))


def look_again(pixels: Pixels, look: SecondLook) -> Pixels:
    """The pixels of a second look; what lies outside the picture is grey."""
    grey = (128, 128, 128)
    return cv2.warpAffine(pixels, look.matrix, look.size_wh, flags=cv2.INTER_LINEAR, borderValue=grey).astype(np.uint8)


def from_second_look(quad: Quad, look: SecondLook) -> Quad:
    """A box of the second look in pixels of the picture."""
    back = np.asarray(cv2.invertAffineTransform(look.matrix), np.float64)
    return (quad @ back[:, :2].T + back[:, 2]).astype(np.float32)


def _lean(boxes: Sequence[Quad]) -> float:
    """Median direction of long lines, radians; 0 where there are too few."""
    tops = np.array([box[1] - box[0] for box in boxes])
    sides = np.array([np.linalg.norm(box[0] - box[3]) for box in boxes])
    long = np.hypot(tops[:, 0], tops[:, 1]) > 3 * sides
    return float(np.median(np.arctan2(tops[long, 1], tops[long, 0]))) if long.sum() >= 3 else 0.0
