"""Looks at a photo the right way up and tells what was found in pixels of the photo as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np

from vision.geometry import bounds
from vision.types import (
    Box,
    Corners,
    Damage,
    Document,
    DocumentFlag,
    Lane,
    Pixels,
    Plate,
    Point,
    RoadObject,
    TextLine,
    TrafficLight,
    Vehicle,
)

ToPhoto = Callable[[Point], Point]
_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


def turned(pixels: Pixels, degrees: int) -> Pixels:
    """The picture turned clockwise by 90, 180 or 270 degrees, or itself for 0."""
    # Not a view: OpenCV would copy one with negative strides at every use.
    return pixels if degrees == 0 else np.asarray(cv2.rotate(pixels, _TURNS[degrees]), np.uint8)


def to_photo(size_wh: tuple[int, int], degrees: int) -> ToPhoto:
    """From a point of the turned picture to the same point of the photo of ``size_wh``."""
    w, h = size_wh
    return {
        0: lambda p: p,
        90: lambda p: (p[1], h - p[0]),
        180: lambda p: (w - p[0], h - p[1]),
        270: lambda p: (w - p[1], p[0]),
    }[degrees]


def box(b: Box, back: ToPhoto) -> Box:
    return bounds([back((b[0], b[1])), back((b[2], b[3]))])


def corners(c: Corners, back: ToPhoto) -> Corners:
    return back(c[0]), back(c[1]), back(c[2]), back(c[3])


def vehicle(v: Vehicle, back: ToPhoto) -> Vehicle:
    parts = tuple(replace(p, box_xyxy=box(p.box_xyxy, back)) for p in v.parts)
    return replace(v, box_xyxy=box(v.box_xyxy, back), parts=parts)


def damage(d: Damage, back: ToPhoto) -> Damage:
    return replace(d, box_xyxy=box(d.box_xyxy, back), polygon=tuple(back(p) for p in d.polygon))


def plate(p: Plate, back: ToPhoto) -> Plate:
    return replace(p, corners=corners(p.corners, back))


def lane(one: Lane, back: ToPhoto) -> Lane:
    lines = tuple(replace(x, points=tuple(back(p) for p in x.points)) for x in one.lines)
    return replace(one, lines=lines)


def light(one: TrafficLight, back: ToPhoto) -> TrafficLight:
    return replace(one, box_xyxy=box(one.box_xyxy, back))


def road_object(one: RoadObject, back: ToPhoto) -> RoadObject:
    return replace(one, box_xyxy=box(one.box_xyxy, back))


def line(t: TextLine, back: ToPhoto) -> TextLine:
    return replace(t, corners=corners(t.corners, back))


def _flag(f: DocumentFlag, back: ToPhoto) -> DocumentFlag:
    return f if f.box_xyxy is None else replace(f, box_xyxy=box(f.box_xyxy, back))


def document(d: Document, back: ToPhoto) -> Document:
    return replace(
        d,
        box_xyxy=box(d.box_xyxy, back),
        flags=tuple(_flag(f, back) for f in d.flags),
        fields={k: replace(f, box_xyxy=box(f.box_xyxy, back)) for k, f in d.fields.items()},
        repeats=tuple(replace(r, box_xyxy=box(r.box_xyxy, back)) for r in d.repeats),
    )
