"""Plates of a photo: found on the whole picture and on the vehicles, made flat at full resolution, read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from vision.geometry import GREY, area, bounds, clip, crop, grow, overlap
from vision.models.plate_detector import FoundPlate, PlateDetector, as_corners, convex
from vision.models.plate_reader import CANVAS_WH, INSET, PlateReader, Reading
from vision.types import Box, Corners, Pixels, Plate

Quad = npt.NDArray[np.float32]

GAIN = 1.5
"""A vehicle is looked at again by itself when it then comes out this much larger in the detector's square."""
SAME = 0.5
"""Share of the smaller of two boxes that lies on the other when both are one plate."""
CROP_SHAPE = (1.2, 5.5)
"""Width over height of a picture that may be nothing but a plate."""
CROP_WIDTH = 800
"""A picture wider than that is taken for a bare plate crop only if no phone takes pictures so flat."""
BORDERED_WIDTH = 1600
"""A wider one is made smaller before it gets its border: a phone's panorama is flat too, and large."""
FLAT = 2.4
"""Width over height of such a picture: the longest screens have 2.2."""


def _shrunk(pixels: Pixels, points: Quad, width: float) -> tuple[Pixels, Quad]:
    """Picture and points, averaged down so that the plate's upper edge is no longer than ``width``."""
    shrink = min(1.0, width / max(float(np.linalg.norm(points[1] - points[0])), 1.0))
    if shrink == 1.0:
        return pixels, points
    size = max(round(pixels.shape[1] * shrink), 1), max(round(pixels.shape[0] * shrink), 1)
    scale = np.array([size[0] / pixels.shape[1], size[1] / pixels.shape[0]], np.float32)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8), points * scale


def canvas(pixels: Pixels, corners: Corners) -> tuple[Pixels, Quad]:
    """The plate at ``corners`` with its margin as the reader takes it, from full resolution; and the way back.

    The way back is the 3 x 3 matrix from canvas to photo pixels. Outside the photo its edge is repeated: a corner
    may lie a little beyond it.
    """
    part, (x0, y0) = crop(pixels, grow(bounds(corners), 0.8, (pixels.shape[1], pixels.shape[0])))
    there = np.array(corners, np.float32)
    small, points = _shrunk(part, there - np.array([x0, y0], np.float32), 1.6 * float(INSET[1, 0] - INSET[0, 0]))
    matrix = cv2.getPerspectiveTransform(points.astype(np.float32), INSET)
    made = cv2.warpPerspective(small, matrix, CANVAS_WH, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(made, np.uint8), np.asarray(cv2.getPerspectiveTransform(INSET, there), np.float32)


def _refined(found: FoundPlate, reading: Reading, back: Quad) -> Corners:
    """The corners that the reader saw, on the photo; the detector's where those make no plate's shape."""
    points = (reading.corners_01 * np.array(CANVAS_WH)).astype(np.float32)
    seen = cv2.perspectiveTransform(points[None], back.astype(np.float64))[0]
    return as_corners(seen) if convex(seen) else found.corners


def _regions(size_wh: tuple[int, int], vehicles: Iterable[Box]) -> list[Box]:
    """Boxes of the vehicles that are small on the picture, a little larger."""
    boxes = [grow(clip(v, size_wh), 0.05, size_wh) for v in vehicles]
    return [b for b in boxes if area(b) > 0 and max(size_wh) / max(b[2] - b[0], b[3] - b[1]) >= GAIN]


def _moved(plate: FoundPlate, x0: int, y0: int) -> FoundPlate:
    return FoundPlate(as_corners(np.array(plate.corners) + np.array([x0, y0])), plate.score, plate.double)


def _like_a_crop(size_wh: tuple[int, int]) -> bool:
    """Whether a picture may be nothing but a plate: flat, and small or flatter than a photo."""
    shape = size_wh[0] / size_wh[1]
    return CROP_SHAPE[0] <= shape <= CROP_SHAPE[1] and (size_wh[0] <= CROP_WIDTH or shape >= FLAT)


def _bare(detector: PlateDetector, pixels: Pixels) -> list[FoundPlate]:
    """Finds on a picture that may be a bare crop: with a grey border, for plates stand free in what the detector
    learnt; and the whole picture itself, which nobody but the reader vouches for.
    """
    height, width = pixels.shape[:2]
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float64)
    small, _ = _shrunk(pixels, corners.astype(np.float32), BORDERED_WIDTH)
    pad = small.shape[1] // 2
    bordered = cv2.copyMakeBorder(small, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=(GREY, GREY, GREY))
    (plates,) = detector.detect([np.asarray(bordered, np.uint8)])
    scale = np.array([width / small.shape[1], height / small.shape[0]])
    back = [as_corners((np.array(plate.corners) - pad) * scale) for plate in plates]
    found = [FoundPlate(points, plate.score, plate.double) for points, plate in zip(back, plates, strict=True)]
    return [*found, FoundPlate(as_corners(corners), 0.0, width / height < 2.2)]


def candidates(
    detector: PlateDetector, pixels: Pixels, vehicles: Sequence[Box], small: Pixels | None = None
) -> list[FoundPlate]:
    """All finds on the photo, on its small vehicles and, of a small flat picture, as a bare crop; with repeats."""
    height, width = pixels.shape[:2]
    parts = [crop(pixels, box) for box in [(0.0, 0.0, width, height), *_regions((width, height), vehicles)]]
    answers = detector.detect([p for p, _ in parts], small)
    found = [_moved(plate, *origin) for (_, origin), plates in zip(parts, answers, strict=True) for plate in plates]
    return found + (_bare(detector, pixels) if _like_a_crop((width, height)) else [])


def _same(a: Plate, b: Plate) -> bool:
    box, other = bounds(a.corners), bounds(b.corners)
    return overlap(box, other) > SAME * min(area(box), area(other))


def _plate(found: FoundPlate, reading: Reading, back: Quad) -> Plate:
    score = found.score if reading.text is None else reading.score
    corners = _refined(found, reading, back) if reading.text is not None else found.corners
    return Plate(reading.text, reading.kind, corners, score, reading.char_scores)


def find_plates(
    detector: PlateDetector,
    reader: PlateReader,
    pixels: Pixels,
    vehicles: Sequence[Box] = (),
    small: Pixels | None = None,
) -> tuple[Plate, ...]:
    """Plates of one photo (h, w, 3 uint8 RGB, full resolution), those that could be read first, best first.

    ``vehicles`` are boxes to look at again by themselves, ``small`` is the photo as `vision.geometry.shrunk` makes it,
    where one is at hand. ``sharpness_01`` is left to the caller. Raises `ModelError`.
    """
    found = candidates(detector, pixels, vehicles, small)
    flat = [canvas(pixels, f.corners) for f in found]
    readings = reader.read([c for c, _ in flat])
    # A whole picture that is taken for a plate without the detector's word counts only if it can be read.
    told = [
        (f, r, back) for f, r, (_, back) in zip(found, readings, flat, strict=True) if f.score > 0 or r.text is not None
    ]
    told.sort(key=lambda t: (t[1].text is None, -t[1].score * max(t[0].score, 0.05)))
    kept: list[Plate] = []
    for plate in (_plate(*one) for one in told):
        if not any(_same(plate, k) for k in kept):
            kept.append(plate)
    return tuple(kept)
