"""Text lines of a picture: PP-OCRv6 small, detector and recogniser, from the `rapidocr` wheel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from vision.errors import ModelError
from vision.models.session import Session
from vision.models.text_closer import from_second_look, look_again, second_look
from vision.models.text_detection import (
    DetectionSize,
    Quad,
    boxes_from_map,
    detector_input,
    network_input,
    round_to_stride,
)
from vision.models.text_recognition import Batching, alphabet_of, batches, decode, line_crop
from vision.types import Box, Corners, Pixels, TextLine

MIN_SCORE = 0.5
"""Lines that the recogniser believes less are dropped: texture read as text."""


@dataclass(frozen=True, slots=True)
class TextReader:
    """Reads the text lines of upright pictures. Shared by threads: holds no state."""

    det: Session
    rec: Session
    size: DetectionSize = field(default_factory=DetectionSize)
    batching: Batching = field(default_factory=Batching)
    crop_max_side: int = 4000
    """Lines are cut from the picture scaled down to this long side; small print on a page of paper needs its pixels."""

    def __post_init__(self) -> None:
        """Raises `ModelError` for a recogniser that does not tell its characters."""
        if not self.rec.metadata.get("character"):
            raise ModelError("the text recogniser tells no characters in its metadata")

    def read(self, pixels: Pixels, within: Box | None = None) -> tuple[TextLine, ...]:
        """Lines of an RGB picture (H, W, 3), or of its part ``within``, in reading order, in the picture's pixels."""
        x0, y0 = 0, 0
        if within is not None:
            x0, y0 = max(0, int(within[0])), max(0, int(within[1]))
            pixels = pixels[y0 : int(np.ceil(within[3])), x0 : int(np.ceil(within[2]))]
        if min(pixels.shape[:2]) < 2:
            return ()
        working = _limited(pixels, self.crop_max_side)
        boxes = self.find(working)
        texts = self.read_boxes(working, boxes)
        scale = np.array([pixels.shape[1] / working.shape[1], pixels.shape[0] / working.shape[0]])
        return tuple(
            TextLine(text, score, _corners(box * scale + (x0, y0)))
            for box, (text, score) in zip(boxes, texts, strict=True)
            if text.strip() and score >= MIN_SCORE
        )

    def find(self, pixels: Pixels) -> tuple[Quad, ...]:
        """Boxes of text lines, not read yet, in reading order; small print and leaning lines are looked at twice."""
        boxes = self._detect(detector_input(pixels, self.size), (pixels.shape[1], pixels.shape[0]))
        look = second_look(boxes, (pixels.shape[1], pixels.shape[0]), self.size)
        if look is None:
            return boxes
        closer = self._detect(network_input(look_again(pixels, look)), look.size_wh)
        return tuple(from_second_look(box, look) for box in closer)

    def _detect(self, blob: npt.NDArray[np.float32], size_wh: tuple[int, int]) -> tuple[Quad, ...]:
        (maps,) = self.det.run(blob)
        return tuple(quad for quad, _ in boxes_from_map(maps[0, 0], size_wh))

    def read_boxes(self, pixels: Pixels, boxes: Sequence[Quad]) -> tuple[tuple[str, float], ...]:
        """Text and score of each box, in the order given. Raises `ModelError`."""
        alphabet = alphabet_of(self.rec.metadata["character"])
        crops = [line_crop(pixels, box) for box in boxes]
        read: list[tuple[str, float]] = [("", 0.0)] * len(crops)
        for indices, stack in batches(crops, self.batching):
            (steps,) = self.rec.run(stack)
            if steps.shape[-1] != len(alphabet):
                raise ModelError(f"the text recogniser knows {steps.shape[-1]} signs and names {len(alphabet)}")
            for index, probabilities in zip(indices, steps, strict=True):
                read[index] = decode(probabilities, alphabet)
        return tuple(read)


def text_model_files() -> tuple[Path, Path]:
    """Paths of the detector's and the recogniser's ONNX files inside the `rapidocr` wheel."""
    folder = Path(str(files("rapidocr"))) / "models"
    return folder / "PP-OCRv6_det_small.onnx", folder / "PP-OCRv6_rec_small.onnx"


def _limited(pixels: Pixels, max_side: int) -> Pixels:
    height, width = pixels.shape[:2]
    ratio = max_side / max(height, width)
    if ratio >= 1:
        return pixels
    size_wh = (round_to_stride(int(width * ratio)), round_to_stride(int(height * ratio)))
    return cv2.resize(pixels, size_wh).astype(np.uint8)


def _corners(quad: np.ndarray) -> Corners:
    points = [(float(x), float(y)) for x, y in quad]
    return points[0], points[1], points[2], points[3]
