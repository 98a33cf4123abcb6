"""Near-equal pictures have near-equal hashes, others do not; hamming is a distance."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.phash import hamming, phash
from vision.types import Pixels

HASHES = st.integers(0, 2**64 - 1).map(lambda bits: f"{bits:016x}")


def scene(seed: int, side: int = 480) -> Pixels:
    """Smooth random shapes, like a photo seen from far."""
    coarse = np.random.default_rng(seed).integers(0, 255, (12, 16, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(coarse, (side * 4 // 3, side), interpolation=cv2.INTER_CUBIC), np.uint8)


def changed(pixels: Pixels, kind: str) -> Pixels:
    if kind == "half size":
        return np.asarray(cv2.resize(pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    if kind == "recompressed":
        return np.asarray(cv2.imdecode(cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 40])[1], 1), np.uint8)
    if kind == "brighter":
        return np.asarray(np.clip(pixels.astype(np.int16) + 20, 0, 255), np.uint8)
    return np.asarray(pixels[4:-4, 4:-4])


@pytest.mark.parametrize("kind", ["half size", "recompressed", "brighter", "trimmed"])
@pytest.mark.parametrize("seed", range(5))
def test_same_picture_stays_near(kind: str, seed: int) -> None:
    assert hamming(phash(scene(seed)), phash(changed(scene(seed), kind))) <= 6


@pytest.mark.parametrize("seed", range(1, 8))
def test_other_pictures_are_far(seed: int) -> None:
    assert hamming(phash(scene(0)), phash(scene(seed))) >= 16


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 500, 3), (31, 33, 3), (257, 256, 3), (1024, 300, 3)])
def test_any_size_has_a_hash(shape: tuple[int, int, int]) -> None:
    value = phash(np.random.default_rng(0).integers(0, 255, shape, dtype=np.uint8))
    assert len(value) == 16
    assert int(value, 16) >= 0


def test_flat_picture_is_all_zero() -> None:
    assert phash(np.full((300, 400, 3), 128, np.uint8)) == "0" * 16


@given(HASHES, HASHES, HASHES)
def test_hamming_is_a_distance(a: str, b: str, c: str) -> None:
    assert hamming(a, a) == 0
    assert hamming(a, b) == hamming(b, a) <= 64
    assert hamming(a, c) <= hamming(a, b) + hamming(b, c)


@pytest.mark.parametrize("bad", ["", "0" * 15, "0" * 17, "g" * 16])
def test_what_is_no_hash_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match=r"16 hex digits|invalid literal"):
        hamming(bad, "0" * 16)
