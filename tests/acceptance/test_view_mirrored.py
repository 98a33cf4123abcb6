"""The shipped view net says of a mirrored photo what it says of the photo, sides swapped."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vision.image import decode
from vision.models.card import card_of
from vision.models.session import open_model
from vision.models.view import ViewClassifier
from vision.types import Photo

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def test_a_mirrored_photo_has_the_mirrored_view() -> None:
    net = ViewClassifier(open_model(card_of("view")))
    path = EXAMPLES / "rear_end_complete" / "front_panorama.jpg"
    photo = decode(path.read_bytes(), path.name)
    assert isinstance(photo, Photo)
    high, wide = photo.pixels.shape[:2]
    left = (0, high // 4, wide // 2, high)
    mirror = (wide - left[2], left[1], wide - left[0], left[3])
    there = net.raw(photo.pixels, (left,))[0]
    back = net.raw(np.ascontiguousarray(photo.pixels[:, ::-1]), (mirror,))[0]
    assert back[net.mirrored] == pytest.approx(there, abs=0.02)
    assert there.max() > 0.3
