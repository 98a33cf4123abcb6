"""Outlines: a mask drawn into prototypes comes back as its polygon."""

import cv2
import numpy as np
import pytest

from vision.geometry import Letterbox
from vision.models.outline import outline

NO_PAD = Letterbox(1.0, 0.0, 0.0)


def prototypes() -> np.ndarray:
    """Two prototypes of 40 x 40: a disc of radius 10 round (20, 20), and everything."""
    y, x = np.mgrid[0:40, 0:40]
    disc = np.where(np.hypot(x - 19.5, y - 19.5) < 10, 4.0, -4.0)
    return np.stack([disc, np.full((40, 40), 1.0)]).astype(np.float32)


def polygon_area(points: tuple[tuple[float, float], ...]) -> float:
    return float(cv2.contourArea(np.array(points, np.float32)))


def test_disc() -> None:
    points = outline(np.array([1.0, 0.0]), prototypes(), (0, 0, 160, 160), NO_PAD, (160, 160))
    assert polygon_area(points) == pytest.approx(np.pi * 40**2, rel=0.06)
    assert np.mean(points, 0) == pytest.approx([80, 80], abs=4)


def test_cut_to_the_box() -> None:
    points = outline(np.array([0.0, 1.0]), prototypes(), (30, 50, 90, 110), NO_PAD, (160, 160))
    x, y = np.array(points).T
    assert (x.min(), y.min()) == pytest.approx((30, 50), abs=1) and (x.max(), y.max()) == pytest.approx(
        (90, 110), abs=1
    )


def test_back_to_the_picture() -> None:
    points = outline(np.array([1.0, 0.0]), prototypes(), (0, 0, 160, 160), Letterbox(0.5, 0, 20), (320, 240))
    assert np.mean(points, 0) == pytest.approx([160, 120], abs=8)
    assert polygon_area(points) == pytest.approx(np.pi * 80**2, rel=0.06)


@pytest.mark.parametrize(
    ("coefficients", "box"),
    [((-1.0, -9.0), (0, 0, 160, 160)), ((1.0, 0.0), (10, 10, 10, 60)), ((1.0, 0.0), (170, 0, 200, 90))],
)
def test_nothing(coefficients: tuple[float, float], box: tuple[float, float, float, float]) -> None:
    assert outline(np.array(coefficients), prototypes(), box, NO_PAD, (160, 160)) == ()
