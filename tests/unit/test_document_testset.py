"""The drawn test set: every condition leaves its trace in picture and truth, and a seed gives the same again."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from datasets.documents.fonts import TUNING, installed
from datasets.documents.spoiled import curled, edited, photocopied
from datasets.documents.testset import CONDITIONS, sample
from datasets.documents.truth import FieldTruth, PageTruth, Truth, corners_of
from vision.types import DocumentKind, Page

NEEDS_FONTS = pytest.mark.skipif(not set(TUNING) <= set(installed()), reason="fonts are missing: make fonts")
FIELD = FieldTruth("vin", "LSGCLGMN2M2959238", corners_of((40.0, 50.0, 240.0, 70.0)), Page.MAIN)


def test_600_pictures() -> None:
    assert sum(CONDITIONS.values()) == 600


def test_a_copy_is_grey_and_as_large() -> None:
    page = np.full((90, 120, 3), (240, 200, 180), np.uint8)
    copied = photocopied(page, np.random.default_rng(0))
    assert copied.shape == page.shape
    assert (np.ptp(copied, axis=2) == 0).all()


def test_boxes_follow_the_curl() -> None:
    page = np.full((200, 300, 3), 255, np.uint8)
    page[50:70, 40:240] = 0
    truth = Truth((PageTruth(DocumentKind.VEHICLE_LICENCE, Page.MAIN, corners_of((0, 0, 300, 200)), (FIELD,)),))
    bent, moved = curled(page, truth, np.random.default_rng(3))
    rows = np.flatnonzero(bent[:, 140, 0] < 128)
    _, y0, _, y1 = moved.pages[0].fields[0].box_xyxy
    assert (y0 + y1) / 2 == pytest.approx(rows.mean(), abs=2)


@NEEDS_FONTS
def test_an_edit_changes_the_second_half_only() -> None:
    noise = np.random.default_rng(0).normal(200, 8, (120, 300, 3))
    photo = np.clip(noise, 0, 255).astype(np.uint8)
    photo[52:68, 44:236:8] = 20
    changed = (edited(photo, FIELD, np.random.default_rng(0), "noto-sans") != photo).any(axis=2)
    assert changed[:, :139].sum() == 0
    assert changed[50:70, 142:238].mean() > 0.8


@NEEDS_FONTS
@pytest.mark.parametrize("defect", ["two pages", "screen", "tampered"])
def test_a_small_picture_shows_the_same(defect: str) -> None:
    small = sample(900_001, defect, 0, TUNING, scale=0.3)
    assert max(small.pixels.shape) <= 0.3 * 3000
    height, width = small.pixels.shape[:2]
    boxes = np.array([f.box_xyxy for page in small.truth.pages for f in page.fields])
    assert (boxes >= 0).all()
    assert (boxes <= (width, height, width, height)).all()


@NEEDS_FONTS
@pytest.mark.parametrize("defect", ["screenshot", "lookalike"])
def test_a_seed_gives_the_same_picture(defect: str) -> None:
    first, again = (sample(900_001, defect, 1, TUNING) for _ in range(2))
    assert (first.pixels == again.pixels).all()
    assert first.truth == again.truth
    height, width = first.pixels.shape[:2]
    boxes = np.array([f.box_xyxy for page in first.truth.pages for f in page.fields]).reshape(-1, 4)
    assert (boxes >= 0).all() and (boxes[:, 2] <= width).all() and (boxes[:, 3] <= height).all()
    assert cv2.cvtColor(first.pixels, cv2.COLOR_RGB2GRAY).std() > 5


@NEEDS_FONTS
def test_fields_that_the_edge_cuts_off_are_kept_apart() -> None:
    one = sample(16, "cropped", 0, TUNING, scale=0.3)
    height, width = one.pixels.shape[:2]
    (page,) = one.truth.pages
    assert page.fields and page.cut
    for field in page.cut:
        x0, y0, x1, y1 = field.box_xyxy
        assert x0 < 0 or y0 < 0 or x1 > width or y1 > height
