"""Photos and crops for the sheet: turned upright, cut at full resolution, embedded as JPEG of limited size.

A picture keeps the coordinates of its (turned) photo, so that an SVG with this ``viewBox`` takes shapes in them.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
import simplejpeg

from vision.types import Box, Pixels, Point

JPEG_QUALITY = 80
CROP_MARGIN = 0.35
CROP_LEAST = 0.06
"""A crop spans at least this share of the photo's longer side: a plate alone says nothing of where it is."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An embedded JPEG that covers ``box_xyxy`` of its photo after turning."""

    data_uri: str
    box_xyxy: Box

    @property
    def jpeg(self) -> bytes:
        return base64.b64decode(self.data_uri.partition(",")[2])

    @property
    def view_box(self) -> str:
        x0, y0, x1, y1 = self.box_xyxy
        return f"{x0:g} {y0:g} {x1 - x0:g} {y1 - y0:g}"

    @property
    def size_wh(self) -> tuple[float, float]:
        x0, y0, x1, y1 = self.box_xyxy
        return x1 - x0, y1 - y0


@dataclass(frozen=True, slots=True)
class Turn:
    """A photo's turn to upright: ``degrees`` clockwise (0, 90, 180, 270) of a picture of ``size_wh``."""

    degrees: int
    size_wh: tuple[int, int]

    @property
    def turned_wh(self) -> tuple[int, int]:
        width, height = self.size_wh
        return (width, height) if self.degrees in (0, 180) else (height, width)

    def point(self, point: Point) -> Point:
        (width, height), (x, y) = self.size_wh, point
        return {0: (x, y), 90: (height - y, x), 180: (width - x, height - y), 270: (y, width - x)}[self.degrees]

    def points(self, points: Iterable[Point]) -> tuple[Point, ...]:
        return tuple(self.point(point) for point in points)

    def box(self, box: Box) -> Box:
        (xa, ya), (xb, yb) = self.point((box[0], box[1])), self.point((box[2], box[3]))
        return min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb)

    def pixels(self, pixels: Pixels) -> Pixels:
        return np.rot90(pixels, -(self.degrees // 90))


def corners_of(box: Box) -> tuple[Point, ...]:
    x0, y0, x1, y1 = box
    return (x0, y0), (x1, y0), (x1, y1), (x0, y1)


def whole(turned: Pixels, longest_px: int) -> Picture:
    """The whole photo, at most ``longest_px`` on its longer side."""
    height, width = turned.shape[:2]
    return Picture(_embed(turned, longest_px), (0.0, 0.0, float(width), float(height)))


def crop(
    turned: Pixels, boxes: Iterable[Box], longest_px: int, margin: float = CROP_MARGIN, flattest: float = 3.0
) -> Picture:
    """The part of the photo around all ``boxes`` (pixels of the turned photo), at least a glance around them.

    ``margin`` is a share of the boxes' size, ``flattest`` the largest ratio of width to height.
    """
    height, width = turned.shape[:2]
    edges = np.array(list(boxes), np.float64).reshape(-1, 4)
    (x0, y0), (x1, y1) = edges[:, :2].min(axis=0).tolist(), edges[:, 2:].max(axis=0).tolist()
    half_w, half_h = (x1 - x0) * (0.5 + margin), (y1 - y0) * (0.5 + margin)
    least = CROP_LEAST * max(width, height) if margin >= CROP_MARGIN else 1.0
    # Not narrower than 1:2 either, so that the sheet's columns stay even.
    half_w = max(half_w, least / 2, half_h / 2)
    half_h = max(half_h, half_w / flattest)
    (ax, bx), (ay, by) = _span((x0 + x1) / 2, half_w, width), _span((y0 + y1) / 2, half_h, height)
    return Picture(_embed(turned[ay:by, ax:bx], longest_px), (float(ax), float(ay), float(bx), float(by)))


def _span(centre: float, half: float, length: int) -> tuple[int, int]:
    """At least one pixel inside 0..``length``."""
    first = int(np.clip(np.floor(centre - half), 0, length - 1))
    return first, int(np.clip(np.ceil(centre + half), first + 1, length))


def _embed(pixels: Pixels, longest_px: int) -> str:
    height, width = pixels.shape[:2]
    scale = min(1.0, longest_px / max(height, width))
    small = np.ascontiguousarray(pixels)
    if scale < 1.0:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        small = np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_AREA), np.uint8)
    jpeg = simplejpeg.encode_jpeg(small, quality=JPEG_QUALITY, colorspace="RGB", colorsubsampling="420")
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode("ascii")
