"""A rendered picture as it is uploaded: framed anew, with the phone's look and fault, in a file's bytes."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import timedelta

import cv2
import numpy as np

from datasets.cases.happening import Happening
from datasets.cases.jpeg import jpeg
from datasets.cases.nouns import Picture, PlannedPicture
from datasets.cases.reframe import Window, cutting_window, reframed, whole_window, zoomed_window
from datasets.scenes.camera_look import phone_look, shake
from datasets.scenes.exif import Capture
from datasets.scenes.seen import Seen
from vision.types import Pixels

QUALITY = 87
SMALL_PX = 640
"""Longer side of what a messenger passes on."""
PHONE_FAULTS = ("blurred", "dark", "glare")


def picture_name(planned: PlannedPicture) -> str:
    """Of the file in the case's folder: tells nothing of its fault."""
    return f"{'z_' if planned.old else ''}{planned.role}{'_2' if planned.change == 'zoomed' else ''}.jpg"


def take(
    planned: PlannedPicture, pixels: Pixels, seen: Seen, about: Happening, longer_px: int = 0, quality: int = QUALITY
) -> tuple[bytes, Picture]:
    """The photo's bytes and what is true of it. ``longer_px``: of the longer side, 0 as it was rendered."""
    window, seed = _window(planned, seen, longer_px), _seed(planned)
    pixels = phone_look(_cut(pixels, window), seed)
    if planned.change in PHONE_FAULTS:
        pixels = _spoilt(pixels, planned.change, seed)
    return jpeg(pixels, quality, _capture(planned, about)), truth_of(planned, seen, about, longer_px)


def truth_of(planned: PlannedPicture, seen: Seen, about: Happening, longer_px: int = 0) -> Picture:
    """What is true of the photo, without its pixels."""
    capture = _capture(planned, about)
    return Picture(
        picture_name(planned),
        _light(reframed(seen, _window(planned, seen, longer_px))),
        planned.change if planned.change in PHONE_FAULTS else "",
        None if capture is None else capture.taken_at,
        None if capture is None or about.exif == "no_place" else about.place,
        planned.old,
    )


def _seed(planned: PlannedPicture) -> int:
    return zlib.crc32(f"{planned.scene}/{planned.role}/{planned.change}".encode())


def _window(planned: PlannedPicture, seen: Seen, longer_px: int) -> Window:
    if planned.change == "cut_off":
        window = cutting_window(seen)
    elif planned.change == "zoomed":
        window = zoomed_window(seen)
    else:
        window = whole_window(seen, max(seen.size_wh))
    most = SMALL_PX if planned.change == "small" else longer_px or max(window.size_wh)
    factor = min(1.0, most / max(window.size_wh))
    width, height = window.size_wh
    return Window(window.box_xyxy, (round(width * factor), round(height * factor)))


def _cut(pixels: Pixels, window: Window) -> Pixels:
    left, top, right, bottom = (round(v) for v in window.box_xyxy)
    part = pixels[top:bottom, left:right]
    if part.shape[1::-1] == window.size_wh:
        return np.ascontiguousarray(part)
    return np.asarray(cv2.resize(part, window.size_wh, interpolation=cv2.INTER_AREA), np.uint8)


def _spoilt(pixels: Pixels, fault: str, seed: int) -> Pixels:
    """Shaken, hardly exposed, or with the sun in the lens."""
    rng = np.random.default_rng(seed)
    unit = max(pixels.shape[:2]) / 1280
    if fault == "blurred":
        return shake(pixels, max(3, round(36 * unit)), float(rng.uniform(0, 180)), 3.5 * unit)
    light = pixels.astype(np.float32)
    if fault == "dark":
        return np.asarray(np.clip(light * 0.09 + rng.normal(0, 2.5, light.shape), 0, 255), np.uint8)
    height, width = pixels.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    away = np.hypot(x - width * rng.uniform(0.3, 0.7), y - height * rng.uniform(0.25, 0.5)) / width
    veil = np.exp(-((away / 0.22) ** 2))[..., None]
    return np.asarray(np.clip(light * (1 - 0.55 * veil) + 275 * veil, 0, 255), np.uint8)


def _capture(planned: PlannedPicture, about: Happening) -> Capture | None:
    """Within some minutes of the accident, within some metres of it."""
    if about.exif == "none" and not planned.old:
        return None
    rng = np.random.default_rng((_seed(planned), 5))
    taken = about.happened_at + timedelta(seconds=float(rng.integers(120, 720)))
    latitude, longitude = np.asarray(about.place) + rng.normal(0, 2e-5, 2)
    return Capture(taken, float(latitude), float(longitude), *about.phone)


def _light(seen: Seen) -> Seen:
    """Without outlines and parts, which nobody asks for here."""
    vehicles = tuple(
        replace(v, polygons=(), parts=(), damages=tuple(replace(d, polygons=()) for d in v.damages))
        for v in seen.vehicles
    )
    return replace(seen, vehicles=vehicles)
