"""Pure parts of the text recogniser: line crops, batches by width, and CTC decoding.

CTC: Graves et al. 2006; best path: the most likely class of each step, repeats merged, blanks dropped. Constants as the
`rapidocr` wheel uses PP-OCRv6: 48 px high, BGR in -1..1, padded with 0 (grey).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vision.models.text_detection import Quad
from vision.types import Pixels

LINE_HEIGHT = 48
MIN_WIDTH = 320
"""Width to which `rapidocr` pads short lines."""
UPRIGHT_RATIO = 1.5
"""A box that is this much taller than wide is vertical writing: turned by 90 degrees."""


def line_crop(pixels: Pixels, quad: Quad) -> Pixels:
    """The text line inside ``quad``, warped upright, at the picture's own scale."""
    width = int(max(np.linalg.norm(quad[0] - quad[1]), np.linalg.norm(quad[2] - quad[3])))
    height = int(max(np.linalg.norm(quad[0] - quad[3]), np.linalg.norm(quad[1] - quad[2])))
    width, height = max(width, 1), max(height, 1)
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(quad, target)
    crop = cv2.warpPerspective(
        pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    ).astype(np.uint8)
    return np.rot90(crop) if height / width >= UPRIGHT_RATIO else crop


@dataclass(frozen=True, slots=True)
class Batching:
    """How lines are put together. Padding costs time and gives the same texts: measured on a licence of 35 lines on
    the CPU provider, .66 s with `rapidocr`'s values (6, 320), .38 s of processor time with these."""

    size: int = 1
    min_width: int = 96


def batches(crops: Sequence[Pixels], batching: Batching) -> Iterator[tuple[list[int], npt.NDArray[np.float32]]]:
    """Crops as network inputs (N, 3, 48, W), sorted by width so that padding stays small, with their indices."""
    ratios = [crop.shape[1] / crop.shape[0] for crop in crops]
    order = np.argsort(np.array(ratios)).tolist()
    for start in range(0, len(order), batching.size):
        indices = order[start : start + batching.size]
        width = int(LINE_HEIGHT * max(batching.min_width / LINE_HEIGHT, max(ratios[index] for index in indices)))
        stack = np.zeros((len(indices), 3, LINE_HEIGHT, width), np.float32)
        for row, index in enumerate(indices):
            scaled = _scaled(crops[index], width)
            stack[row, :, :, : scaled.shape[1]] = scaled[:, :, ::-1].transpose(2, 0, 1) / 127.5 - 1.0
        yield indices, stack


def _scaled(crop: Pixels, width: int) -> npt.NDArray[np.float32]:
    wanted = min(width, math.ceil(LINE_HEIGHT * crop.shape[1] / crop.shape[0]))
    return cv2.resize(np.ascontiguousarray(crop), (wanted, LINE_HEIGHT)).astype(np.float32)


def decode(probabilities: npt.NDArray[np.float32], alphabet: Sequence[str]) -> tuple[str, float]:
    """Best path of one line: ``probabilities`` (T, C), ``alphabet`` of C signs with the blank first.

    Returns the text and the mean probability of its characters (0 for an empty text).
    """
    best = probabilities.argmax(axis=1)
    kept = best != 0
    kept[1:] &= best[1:] != best[:-1]
    if not kept.any():
        return "", 0.0
    scores = probabilities.max(axis=1)[kept]
    return "".join(alphabet[index] for index in best[kept]), float(scores.mean())


def alphabet_of(characters: str) -> tuple[str, ...]:
    """Signs of the recogniser from its metadata (one a line): blank first, space last."""
    return ("", *characters.splitlines(), " ")
