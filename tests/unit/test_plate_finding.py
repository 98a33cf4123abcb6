"""Reading the plate detector's raw outputs, and putting detector and reader together, with models made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from vision.geometry import Letterbox
from vision.models.plate_detector import LABELS, FoundPlate, PlateDetector, as_corners, decode
from vision.models.plate_reader import CANVAS_WH, INSET, PlateReader, Reading
from vision.models.plates import canvas, find_plates
from vision.models.session import Session
from vision.models.yolo import BATCH
from vision.types import Pixels, PlateKind

HERE = INSET / np.array(CANVAS_WH)
"""Corners on the canvas just where the detector saw them."""


def test_decoding_the_detector() -> None:
    """Two overlapping cells give one plate, in pixels of the photo, with rows and corners of the best one."""
    raw = np.zeros((18, 3), np.float32)
    raw[:4] = np.array([[320, 322, 100], [320, 321, 100], [100, 100, 20], [40, 40, 20]])
    raw[4], raw[5] = [0.2, 0.1, 0.01], [0.9, 0.6, 0.02]
    points = [(270, 300), (370, 302), (370, 340), (270, 338)]
    for k, (x, y) in enumerate(points):
        raw[6 + 3 * k], raw[7 + 3 * k] = x, y
    (plate,) = decode(raw, Letterbox(0.5, 0.0, 80.0))
    assert plate.double
    assert plate.score == pytest.approx(0.9)
    assert plate.corners[0] == (540.0, 440.0)
    assert plate.corners[2] == (740.0, 520.0)
    assert decode(np.zeros((18, 4), np.float32), Letterbox(1, 0, 0)) == ()


def test_corners_that_cross_give_way_to_the_box() -> None:
    raw = np.zeros((18, 1), np.float32)
    raw[:5, 0] = 100, 60, 40, 20, 0.9
    for k, (x, y) in enumerate([(80, 50), (120, 70), (120, 50), (80, 70)]):
        raw[6 + 3 * k, 0], raw[7 + 3 * k, 0] = x, y
    (plate,) = decode(raw, Letterbox(1.0, 0.0, 0.0))
    assert plate.corners == ((80.0, 50.0), (120.0, 50.0), (120.0, 70.0), (80.0, 70.0))


class Answering:
    """A session with one answer, for pictures of any size."""

    def __init__(self, raw: npt.NDArray[np.float32]) -> None:
        self.raw = raw
        self.labels = LABELS
        self.metadata: dict[str, str] = {}
        self.inputs = {"image": ("n", 64, 64, 3)}

    def run(self, squares: Pixels) -> tuple[npt.NDArray[np.float32]]:
        return (np.stack([self.raw] * len(squares)),)


def test_a_plate_in_the_grey_beside_the_picture_is_none() -> None:
    """The square is 64 pixels, a picture of 2:1 lies in rows 16 to 48 of it."""
    raw = np.zeros((18, 2), np.float32)
    raw[:5] = np.array([[32, 32], [8, 17], [20, 20], [8, 8], [0.9, 0.8]])
    detector = PlateDetector(cast(Session, Answering(raw)))
    ((plate,),) = detector.detect([np.zeros((32, 64, 3), np.uint8)])
    assert plate.corners == ((22, -3), (42, -3), (42, 5), (22, 5))


def test_the_photo_shrunk_already_is_looked_at_in_its_place() -> None:
    seen: list[Pixels] = []

    class Watching(Answering):
        def run(self, squares: Pixels) -> tuple[npt.NDArray[np.float32]]:
            seen.extend(squares)
            return super().run(squares)

    detector = PlateDetector(cast(Session, Watching(np.zeros((18, 1), np.float32))))
    photo, part = (np.full((300, 600, 3), value, np.uint8) for value in (10, 20))
    detector.detect([photo, part], np.full((32, 64, 3), 30, np.uint8))
    detector.detect([photo] * BATCH + [part], np.full((16, 32, 3), 30, np.uint8))
    assert [int(square[32, 32, 0]) for square in seen] == [30, 20, *[10] * BATCH, 20]


def test_a_sliver_is_made_flat_without_a_crash() -> None:
    photo = np.zeros((200, 3000, 3), np.uint8)
    made, _ = canvas(photo, ((0.0, 100.0), (2900.0, 100.2), (2900.0, 101.0), (0.0, 100.9)))
    assert made.shape == (CANVAS_WH[1], CANVAS_WH[0], 3)


class HandDetector:
    """Finds a rectangle of pure red."""

    def detect(self, pictures: Sequence[Pixels], small: Pixels | None = None) -> tuple[tuple[FoundPlate, ...], ...]:
        return tuple(self._one(p) for p in pictures)

    def _one(self, picture: Pixels) -> tuple[FoundPlate, ...]:
        y, x = np.nonzero((picture == (255, 0, 0)).all(-1))
        if not len(x):
            return ()
        x0, y0, x1, y1 = x.min(), y.min(), x.max() + 1, y.max() + 1
        return (FoundPlate(as_corners(np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])), 0.7, False),)


class HandReader:
    """Reads a red plate, nothing from anything else."""

    def read(self, plates: Sequence[Pixels]) -> tuple[Reading, ...]:
        return tuple(self._one(p) for p in plates)

    def _one(self, plate: Pixels) -> Reading:
        assert plate.shape == (CANVAS_WH[1], CANVAS_WH[0], 3)
        red = np.abs(plate[38:106, 34:222].astype(int) - (255, 0, 0)).mean() < 10
        return Reading("皖A12345" if red else None, "皖A12345", PlateKind.BLUE, 0.96 if red else 0.1, (0.99,) * 7, HERE)


def find(pixels: Pixels, vehicles: Sequence[tuple[float, float, float, float]] = ()) -> Any:
    return find_plates(cast(PlateDetector, HandDetector()), cast(PlateReader, HandReader()), pixels, vehicles)


def test_a_plate_seen_on_the_photo_and_on_its_vehicle_is_one_plate() -> None:
    photo = np.zeros((900, 1600, 3), np.uint8)
    photo[500:540, 700:820] = (255, 0, 0)
    (plate,) = find(photo, [(600, 300, 1000, 600)])
    assert plate.text == "皖A12345"
    assert plate.score == pytest.approx(0.96)
    assert np.abs(np.array(plate.corners) - [(700, 500), (820, 500), (820, 540), (700, 540)]).max() <= 1


def test_a_bare_crop_is_a_photo_too_and_a_flat_photo_without_a_plate_has_none() -> None:
    crop = np.zeros((40, 120, 3), np.uint8)
    assert find(crop) == ()
    crop[:] = (255, 0, 0)
    (plate,) = find(crop)
    assert plate.text == "皖A12345"


def test_an_abstention_keeps_the_detectors_score() -> None:
    photo = np.zeros((400, 600, 3), np.uint8)
    photo[100:140, 100:220] = (255, 0, 0)
    photo[100:140, 150:200] = (0, 0, 255)
    (plate,) = find(photo)
    assert plate.text is None
    assert plate.score == pytest.approx(0.7)


def test_the_canvas_repeats_the_edge_outside_and_averages_what_is_large() -> None:
    photo = np.full((50, 100, 3), 200, np.uint8)
    made, _ = canvas(photo, ((-10.0, -5.0), (110.0, -5.0), (110.0, 55.0), (-10.0, 55.0)))
    assert (made == 200).all()
    stripes = np.zeros((400, 1600, 3), np.uint8)
    stripes[:, ::2] = 255
    grey, _ = canvas(stripes, ((0.0, 0.0), (1600.0, 0.0), (1600.0, 400.0), (0.0, 400.0)))
    assert np.abs(grey.astype(int) - 127).max() < 30


def test_the_way_back_from_the_canvas() -> None:
    corners = ((100.0, 50.0), (300.0, 60.0), (310.0, 130.0), (95.0, 110.0))
    made, back = canvas(np.zeros((400, 600, 3), np.uint8), corners)
    assert made.shape == (CANVAS_WH[1], CANVAS_WH[0], 3)
    there = cv2.perspectiveTransform(INSET[None], back.astype(np.float64))[0]
    assert np.abs(there - np.array(corners)).max() < 0.01
