"""The committed plate models on plates drawn with the system's fonts: found, read, or honestly not read."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from datasets.plates.draw import draw
from datasets.plates.glyphs import FONT_PAIRS, glyph_sets
from datasets.plates.place import Quad, paste, random_view
from datasets.plates.texts import random_text
from vision.geometry import bounds, iou
from vision.models.card import card_of
from vision.models.plate_detector import PlateDetector
from vision.models.plate_reader import PlateReader
from vision.models.plates import find_plates
from vision.models.session import open_model
from vision.types import Pixels, PlateKind

pytestmark = pytest.mark.skipif(
    not all(Path(p).exists() for p in FONT_PAIRS[0]), reason="fonts-noto-cjk and fonts-liberation are not installed"
)
Models = tuple[PlateDetector, PlateReader]


@pytest.fixture(scope="module")
def models() -> Models:
    return PlateDetector(open_model(card_of("plate_detector"))), PlateReader(open_model(card_of("plate_reader")))


def scene(text: str, kind: PlateKind, seed: int) -> tuple[Pixels, Quad]:
    """A grey wall with a dark car's rear, and the plate on it, a little from the side."""
    rng = np.random.default_rng(seed)
    wall = np.full((720, 960, 3), 150, np.uint8)
    cv2.rectangle(wall, (180, 160), (780, 640), (60, 62, 70), -1)
    wall = np.asarray(cv2.GaussianBlur(wall, (0, 0), 3), np.uint8)
    plate = draw(text, kind, glyph_sets(None)[0], rng).pixels
    view = random_view((plate.shape[1], plate.shape[0]), 200, rng, 0.5)
    quad = (view + np.array([480, 480])).astype(np.float32)
    return paste(wall, plate, quad), quad


def read_share(models: Models, kind: PlateKind, count: int = 8) -> float:
    hits = 0
    for seed in range(count):
        text = random_text(kind, np.random.default_rng(900 + seed))
        photo, quad = scene(text, kind, seed)
        near = [p for p in find_plates(*models, photo) if iou(bounds(p.corners), bounds(quad)) > 0.5]
        hits += any(p.text == text for p in near)
    return hits / count


@pytest.mark.parametrize("kind", [PlateKind.BLUE, PlateKind.YELLOW_SINGLE, PlateKind.GREEN_SMALL])
def test_common_plates_are_read(models: Models, kind: PlateKind) -> None:
    assert read_share(models, kind) >= 0.75


def test_corners_run_clockwise_from_the_top_left_and_are_near(models: Models) -> None:
    photo, quad = scene("皖A12345", PlateKind.BLUE, 1)
    plate = find_plates(*models, photo)[0]
    width = float(np.linalg.norm(quad[1] - quad[0]))
    assert np.abs(np.array(plate.corners) - quad).max() < 0.12 * width


@pytest.mark.parametrize("size", [(176, 56), (1280, 407)])
def test_a_bare_crop_is_read_whatever_its_size(models: Models, size: tuple[int, int]) -> None:
    crop = cv2.resize(draw("苏E12F45", PlateKind.BLUE, glyph_sets(None)[0], np.random.default_rng(0)).pixels, size)
    assert "苏E12F45" in [p.text for p in find_plates(*models, np.asarray(crop, np.uint8))]


def test_where_there_is_no_plate_no_text_is_told(models: Models) -> None:
    rng = np.random.default_rng(0)
    noise = np.asarray(cv2.resize(rng.integers(0, 256, (12, 16, 3)).astype(np.uint8), (640, 480)), np.uint8)
    for picture in (np.full((480, 640, 3), 128, np.uint8), noise, noise[:60, :160]):
        assert [p.text for p in find_plates(*models, picture) if p.text is not None] == []


def test_an_illegible_plate_is_not_guessed(models: Models) -> None:
    photo, _ = scene("皖A12345", PlateKind.BLUE, 1)
    blurred = np.asarray(cv2.GaussianBlur(photo, (0, 0), 14), np.uint8)
    assert all(p.text is None for p in find_plates(*models, blurred))


def test_the_same_pixels_give_the_same_plates(models: Models) -> None:
    photo, _ = scene("皖A12345", PlateKind.BLUE, 2)
    assert find_plates(*models, photo) == find_plates(*models, photo)
