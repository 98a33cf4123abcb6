"""What training and evaluation both hold of a photo. Needs no torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from vision.geometry import area
from vision.types import Box, Pixels

Boxes = dict[str, list[tuple[Box, float]]]
"""sha256 -> vehicle boxes with scores."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    pixels: Pixels
    box: Box
    targets: tuple[int, ...]


def rgb(path: Path) -> Pixels:
    """A picture of the data folder. Raises `ValueError` if it cannot be read."""
    pixels = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)
    if pixels is None:
        raise ValueError(f"{path.name} is not a picture")
    return pixels.astype(np.uint8)


def main_box(boxes: list[tuple[Box, float]], size_wh: tuple[int, int]) -> Box:
    """The vehicle that a photo is about: large, near the middle, surely seen. The whole picture if there is none."""
    w, h = size_wh

    def weight(item: tuple[Box, float]) -> float:
        box, score = item
        off = np.hypot((box[0] + box[2]) / 2 / w - 0.5, (box[1] + box[3]) / 2 / h - 0.5)
        return float(area(box) * score * (1.0 - off))

    best = max(boxes, key=weight, default=None)
    return best[0] if best and area(best[0]) > 0.05 * w * h else (0.0, 0.0, float(w), float(h))
