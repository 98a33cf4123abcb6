"""A rendered picture as it is uploaded: framed anew, with the phone's look and fault, in a file's bytes."""

from __future__ import annotations

import zlib
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from datasets.cases.happening import happening
from datasets.cases.nouns import Picture, PlannedPicture
from datasets.cases.reframe import Window, bent, cutting_window, reframed, whole_window, zoomed_window
from datasets.scenes.exif import Capture
from datasets.scenes.phone import capture_of, jpeg_bytes, phone_photo, quality_of
from datasets.scenes.phone_faults import with_fault
from datasets.scenes.plan import Scene
from datasets.scenes.seen import Seen
from vision.types import Pixels

SMALL_PX, SMALL_QUALITY = 640, 40
"""Longer side of what a messenger passes on."""
FAULTS = {"blurred": "motion_blur", "dark": "too_dark", "glare": "against_the_sun"}
"""Change of a planned picture -> fault of the phone."""


def picture_name(planned: PlannedPicture) -> str:
    """Of the file in the case's folder: tells nothing of its fault."""
    return f"{'z_' if planned.old else ''}{planned.role}{'_2' if planned.change == 'zoomed' else ''}.jpg"


def take(
    planned: PlannedPicture, pixels: Pixels, seen: Seen, scene: Scene, longer_px: int = 0, quality: int = 0
) -> tuple[bytes, Picture]:
    """The photo's bytes and what is true of it. ``longer_px``: of the longer side, 0 as it was rendered; ``quality``:
    of the JPEG, 0 as the phone has it."""
    seed = _seed(planned)
    photo = phone_photo(_cut(pixels, _window(planned, seen)), seen.light, seed).pixels
    if planned.change in FAULTS:
        photo = with_fault(photo, FAULTS[planned.change], seed).pixels
    known = truth_of(planned, seen, scene, longer_px)
    photo = _sized(photo, known.seen.size_wh)
    quality = SMALL_QUALITY if planned.change == "small" else quality or quality_of(seed)
    return jpeg_bytes(photo, quality, _capture(planned, scene)), known


def truth_of(planned: PlannedPicture, seen: Seen, scene: Scene, longer_px: int = 0) -> Picture:
    """What is true of the photo, without its pixels."""
    capture = _capture(planned, scene)
    framed = bent(reframed(_light(seen), _window(planned, seen)), _bend(seen.light, _seed(planned)))
    most = SMALL_PX if planned.change == "small" else longer_px or max(framed.size_wh)
    if most < max(framed.size_wh):
        framed = reframed(framed, whole_window(framed, most))
    return Picture(
        picture_name(planned),
        framed,
        planned.change if planned.change in FAULTS else "",
        None if capture is None else capture.taken_at,
        None if capture is None else (capture.latitude, capture.longitude),
        planned.old,
    )


def read_rgb(path: Path) -> Pixels:
    """Raises OSError where there is no picture."""
    pixels = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if pixels is None:
        raise OSError(f"{path}: no picture")
    return np.ascontiguousarray(np.asarray(pixels, np.uint8)[..., ::-1])


def _seed(planned: PlannedPicture) -> int:
    return zlib.crc32(f"{planned.scene}/{planned.role}/{planned.change}".encode())


def _bend(light: str, seed: int) -> float:
    """The lens' distortion, the same for pictures of all sizes."""
    return phone_photo(np.zeros((6, 8, 3), np.uint8), light, seed).warp.k1


def _window(planned: PlannedPicture, seen: Seen) -> Window:
    if planned.change == "cut_off":
        return cutting_window(seen)
    if planned.change == "zoomed":
        return zoomed_window(seen)
    return whole_window(seen, max(seen.size_wh))


def _cut(pixels: Pixels, window: Window) -> Pixels:
    left, top, right, bottom = (round(v) for v in window.box_xyxy)
    return _sized(np.ascontiguousarray(pixels[top:bottom, left:right]), window.size_wh)


def _sized(pixels: Pixels, size_wh: tuple[int, int]) -> Pixels:
    if (pixels.shape[1], pixels.shape[0]) == size_wh:
        return pixels
    return np.asarray(cv2.resize(pixels, size_wh, interpolation=cv2.INTER_AREA), np.uint8)


def _capture(planned: PlannedPicture, scene: Scene) -> Capture | None:
    """What the phone notes: always in an old photo, else as the scene's photos keep it."""
    if not planned.old and not happening(scene).exif:
        return None
    order = next(number for number, shot in enumerate(scene.shots) if shot.role == planned.role)
    party = "B" if planned.role in ("damage_b", "plate_b") else "A"
    return capture_of(scene.seed, scene.air.light, order, party)


def _light(seen: Seen) -> Seen:
    """Without outlines and parts, which nobody asks for here."""
    vehicles = tuple(
        replace(v, polygons=(), parts=(), damages=tuple(replace(d, polygons=()) for d in v.damages))
        for v in seen.vehicles
    )
    return replace(seen, vehicles=vehicles)
