"""Quality tells worse pictures from better ones, at any resolution; a broken model is an error."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets.degrade import KINDS, gaussian, grain, motion
from datasets.quality_eval import LABELLED, scored
from datasets.quality_photos import QualityPhoto, photos
from datasets.quality_twins import SCORES
from datasets.splits import SplitRow
from vision import quality
from vision.errors import ModelError
from vision.facts import _sharpness
from vision.models.card import card_of
from vision.models.session import Session
from vision.quality import measure, sharpness
from vision.quality_features import at_working_size, blur_features, light_features
from vision.types import Box, Pixels, Quality, QualityVerdict


def drawn(width: int = 640, height: int = 480) -> Pixels:
    """Lines, letters and boxes over a shaded ground: edges of all directions, full range of light."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:] = np.linspace(60, 170, width).astype(np.uint8)[None, :, None]
    rng = np.random.default_rng(3)
    for _ in range(60):
        x, y = int(rng.integers(0, width)), int(rng.integers(0, height))
        colour = tuple(int(v) for v in rng.integers(0, 255, 3))
        cv2.line(pixels, (x, y), (int(rng.integers(0, width)), int(rng.integers(0, height))), colour, 2, cv2.LINE_AA)
        cv2.putText(pixels, "A12345", (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.7, colour, 2, cv2.LINE_AA)
    return np.asarray(np.clip(pixels + rng.normal(0, 1.0, pixels.shape), 0, 255), np.uint8)


def sharp(pixels: Pixels) -> float:
    return measure(pixels).sharpness_01


def test_sharper_is_never_told_less_sharp() -> None:
    scores = [sharp(drawn()), *(sharp(gaussian(drawn(), sigma)) for sigma in (1.0, 2.0, 4.0))]
    assert scores[0] > 0.9 > scores[1]
    assert max(scores[2:]) < 0.2


@pytest.mark.parametrize("angle", [0, 30, 90, 135])
def test_motion_of_any_direction_is_blur(angle: float) -> None:
    assert sharp(motion(drawn(), 17, angle)) < 0.5


@pytest.mark.parametrize("length", [5, 9, 17])
@pytest.mark.parametrize("angle", [0.0, 17.0, 90.0])
def test_motion_keeps_the_light(length: int, angle: float) -> None:
    flat = np.full((40, 50, 3), 90, np.uint8)
    assert (motion(flat, length, angle) == 90).all()
    point = np.zeros((41, 41, 3), np.uint8)
    point[20, 20] = 255
    ys, xs = np.nonzero(motion(point, length, angle)[..., 0])
    assert length - 2 <= np.hypot(np.ptp(xs), np.ptp(ys)) <= length + 2


def test_resolution_does_not_matter() -> None:
    large = np.asarray(cv2.resize(drawn(), None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC), np.uint8)
    assert abs(sharp(large) - sharp(drawn())) < 0.15
    assert at_working_size(large).shape == (480, 640, 3)
    assert at_working_size(drawn(100, 50)).shape == (50, 100, 3)


def test_only_the_region_counts() -> None:
    half = drawn().copy()
    half[:, 320:] = gaussian(half, 4.0)[:, 320:]
    assert sharpness(half[:, :300]) > sharpness(half[:, 340:]) + 0.5


@pytest.mark.parametrize(("value", "verdict"), [(4, QualityVerdict.DARK), (254, QualityVerdict.OVEREXPOSED)])
def test_no_light_and_all_light(value: int, verdict: QualityVerdict) -> None:
    noise = np.random.default_rng(0).integers(-3, 2, (480, 640, 3))
    assert measure(np.clip(value + noise, 0, 255).astype(np.uint8)).verdict is verdict


def test_a_few_pixels_are_small() -> None:
    assert measure(np.zeros((15, 400, 3), np.uint8)).verdict is QualityVerdict.SMALL
    assert sharpness(np.zeros((15, 400, 3), np.uint8)) == 0.0


@settings(max_examples=40)
@given(st.integers(1, 90), st.integers(1, 90), st.integers(0, 255), st.integers(0, 2**16))
def test_features_are_numbers_for_any_picture(width: int, height: int, value: int, seed: int) -> None:
    flat = np.full((height, width, 3), value, np.uint8)
    noisy = np.random.default_rng(seed).integers(0, 255, (height, width, 3), dtype=np.uint8)
    for pixels in (flat, noisy):
        before = pixels.copy()
        assert np.isfinite(blur_features(pixels)).all()
        assert np.isfinite(light_features(pixels)).all()
        assert (pixels == before).all()


def test_the_same_picture_gives_the_same_numbers() -> None:
    assert measure(drawn()) == measure(drawn())


def graph(labels: str, limits: str | None) -> bytes:
    """The shipped file with other words inside."""
    data = card_of("quality").path.read_bytes()
    changed = data.replace(b"blur\ndark\noverexposed\nglare", labels.encode())
    return changed if limits is None else changed.replace(b'"dark":', limits.encode())


@pytest.mark.parametrize(
    ("labels", "limits"),
    [("blur\nglare\noverexposed\ndark", None), ("blur\ndark\noverexposed\nglare", '"damp":')],
)
def test_a_model_of_other_kinds_is_an_error(monkeypatch: pytest.MonkeyPatch, labels: str, limits: str | None) -> None:
    broken = Session(graph(labels, limits))
    monkeypatch.setattr(quality, "open_model", lambda card, provider: broken)
    with pytest.raises(ModelError, match="labels"):
        quality.load_model(card_of("quality"))


def test_a_missing_model_is_an_error() -> None:
    with pytest.raises(ModelError):
        quality.load_model(card_of("quality").model_copy(update={"file": "none.onnx"}))


def test_one_number_per_input() -> None:
    model = Session(card_of("quality").path)
    features = (len(blur_features(drawn())), len(light_features(drawn())))
    assert [shape[1] for shape in model.inputs.values()] == list(features)


@pytest.mark.shared
def test_real_photos_and_their_twins(shared: Path) -> None:
    """A few of the validation photos: each kind of twin scores worse than its original nearly always."""
    some = [p.pixels() for p in photos(shared / "data", "val", ("damage/train",)) if p.quality == "ok"][::20]
    rng = np.random.default_rng(2)
    # Grain over blur must not pass for detail, nor take sharpness away.
    assert np.mean([measure(grain(gaussian(at_working_size(p), 4.0), rng)).sharpness_01 < 0.5 for p in some]) >= 0.9
    assert np.mean([measure(grain(at_working_size(p), rng)).sharpness_01 >= 0.5 for p in some]) >= 0.9
    for kind, verdict, degrade in KINDS:
        pairs = [(measure(p), measure(degrade(p, np.random.default_rng(1)))) for p in map(at_working_size, some)]
        score = SCORES[verdict]
        assert np.mean([score(twin) > score(original) for original, twin in pairs]) >= 0.9, kind


def test_each_labelled_fault_is_a_score_of_its_own_on_good_photos_too() -> None:
    def photo(word: str) -> QualityPhoto:
        return QualityPhoto(SplitRow(word * 9, "cars", f"{word}.jpg", "test"), word, Path(word))

    seen = Quality(QualityVerdict.DARK, 0.8, 0.7, 0.0, 0.1)
    told = scored([(photo("ok"), seen), (photo("dark"), seen)])
    assert told.scores.tolist() == pytest.approx([0.2, 0.7, 0.1] * 2)
    assert told.right.tolist() == [False] * 3 + [kind == "dark" for kind in LABELLED]
    assert len(set(told.groups)) == 2


@pytest.mark.parametrize(("box", "told"), [
    ((100, 100, 3900, 500), True),  # 9 times as long as high: 320 x 34 pixels are looked at
    ((100, 100, 3900, 250), False),  # a scratch along two doors: 320 x 15
    ((100, 100, 110, 110), False),
])  # fmt: skip
def test_of_a_scratch_too_thin_to_tell_no_sharpness_is_told(box: Box, told: bool) -> None:
    """0 would say that it is blurred, and send somebody back for another photo of it."""
    blocks = np.random.default_rng(0).integers(0, 2, (100, 400, 1), np.uint8) * 255
    photo = blocks.repeat(10, 0).repeat(10, 1).repeat(3, 2)
    sharpness = _sharpness(photo, box, 0.9)
    assert sharpness is None if not told else sharpness is not None and sharpness > 0.9
