"""The part a damage sits on: pooling over a place, evidence for parts there, and the shipped network's answers."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.evaluation.damage_parts import FOLDERS, LABELS
from datasets.splits import rows
from datasets.training.damage_part_set import LABELS as ANSWERS
from datasets.training.damage_part_set import TABLE, turned
from datasets.training.samples import rgb
from vision.geometry import Letterbox
from vision.models.card import card_of
from vision.models.damage_part import LEAST, NONE, DamagePart, around, covered, evidence, features, pool
from vision.models.session import open_model
from vision.models.yolo import Detector, Sight
from vision.types import Box, PartKind

SIDE, CLASSES = 416, 18


def sight(cells: list[tuple[Box, int, float]], side: int = SIDE) -> Sight:
    """Boxes xyxy in pixels of the square with class and score, over empty maps."""
    made = np.zeros((4 + CLASSES, max(len(cells), 1)), np.float32)
    for k, ((x0, y0, x1, y1), label, score) in enumerate(cells):
        made[:4, k] = (x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0
        made[4 + label, k] = score
    maps = (np.zeros((128, 26, 26), np.float32), np.zeros((256, 13, 13), np.float32))
    return Sight(made, maps, Letterbox(0.5, 0.0, 52.0), side)


@pytest.mark.parametrize(
    ("low", "high", "cells", "shares"),
    [
        (0.0, 1.0, 4, [0.25, 0.25, 0.25, 0.25]),
        (0.0, 0.25, 4, [1, 0, 0, 0]),
        (0.125, 0.5, 4, [1 / 3, 2 / 3, 0, 0]),
        (0.6, 0.6, 4, [0, 0, 1, 0]),
        (1.0, 1.0, 4, [0, 0, 0, 1]),
    ],
)
def test_a_place_takes_the_cells_it_covers(low: float, high: float, cells: int, shares: list[float]) -> None:
    assert covered(low, high, cells) == pytest.approx(shares, abs=1e-6)


shares = st.floats(0, 1)


@given(shares, shares, st.integers(1, 60))
def test_covered_shares_are_a_mean(a: float, b: float, cells: int) -> None:
    found = covered(min(a, b), max(a, b), cells)
    assert found.min() >= 0
    assert found.sum() == pytest.approx(1, abs=1e-5)


def test_pooling_means_what_lies_under_the_place() -> None:
    values = np.zeros((2, 4, 4), np.float32)
    values[0, :, :2], values[1, 3, 3] = 1, 16
    assert pool(values, (0, 0, 1, 1)) == pytest.approx([0.5, 1])
    assert pool(values, (0.25, 0, 0.75, 1)) == pytest.approx([0.5, 0])
    assert pool(values, (0.75, 0.75, 1, 1)) == pytest.approx([0, 16])


@pytest.mark.parametrize(
    ("place", "grown"),
    [((0.4, 0.4, 0.6, 0.6), (0.3, 0.3, 0.7, 0.7)), ((0.5, 0.5, 0.51, 0.51), (0.405, 0.405, 0.605, 0.605)),
     ((0.0, 0.9, 0.2, 1.0), (0.0, 0.85, 0.3, 1.0))],
)  # fmt: skip
def test_surroundings_have_a_least_size_and_end_at_the_square(place: Box, grown: Box) -> None:
    assert around(place, 2.0, 0.2) == pytest.approx(grown)


def test_evidence_weighs_a_score_by_its_overlap() -> None:
    seen = sight([((0, 0, 208, 208), 3, 0.8), ((208, 208, 416, 416), 5, 0.9)])
    anywhere, of_own, of_both, of_smaller = evidence(seen, (0.0, 0.0, 0.5, 0.25)).reshape(4, CLASSES)
    assert (anywhere[3], anywhere[5]) == pytest.approx((0.8, 0.9))
    assert (of_own[3], of_own[5]) == pytest.approx((0.8, 0))
    assert of_both[3] == pytest.approx(0.4)
    assert of_smaller[3] == pytest.approx(0.8)


def test_a_box_is_placed_where_the_letterbox_put_it() -> None:
    assert sight([]).placed((0, 0, 832, 624)) == pytest.approx((0, 0.125, 1, 0.875))


def test_a_mirrored_box_keeps_its_size_and_turns_back() -> None:
    assert turned((10, 5, 30, 9), 100) == (70, 5, 90, 9)
    assert turned(turned((10, 5, 30, 9), 100), 100) == (10, 5, 30, 9)


def test_the_shipped_network_takes_these_features_and_tells_a_part_or_none() -> None:
    reader = DamagePart(open_model(card_of("damage_part"), "cpu"))
    seen = sight([((100, 100, 300, 200), list(PartKind).index(PartKind.HOOD), 0.95)])
    boxes = [(240.0, 120.0, 500.0, 260.0), (0.0, 0.0, 4.0, 4.0)]
    chances = reader.chances(seen, boxes)
    assert reader.session.labels == ANSWERS == (*(p.value for p in PartKind), NONE)
    assert chances.shape == (2, len(ANSWERS))
    assert chances.sum(1) == pytest.approx([1, 1], abs=1e-4)
    assert len(features(seen, boxes[0])) == reader.session.inputs["features"][1]
    told = reader.tell(seen, boxes)
    assert [score for _, score in told] == pytest.approx(chances.max(1))
    assert reader.tell(seen, []) == ()


@pytest.mark.parametrize(
    ("label", "chance", "part"),
    [
        (PartKind.HOOD.value, 0.9, PartKind.HOOD),
        (PartKind.HOOD.value, LEAST, PartKind.HOOD),
        (PartKind.HOOD.value, LEAST - 0.01, None),
        (NONE, 0.9, None),
    ],
)
def test_a_part_that_is_likelier_wrong_than_right_is_not_told(label: str, chance: float, part: PartKind | None) -> None:
    reader = DamagePart(open_model(card_of("damage_part"), "cpu"))
    row = np.full((1, len(ANSWERS)), (1 - chance) / (len(ANSWERS) - 1), np.float32)
    row[0, ANSWERS.index(label)] = chance
    with mock.patch.object(DamagePart, "chances", return_value=row):
        ((told, score),) = reader.tell(sight([]), [(0.0, 0.0, 9.0, 9.0)])
    assert told == part
    assert score == pytest.approx(chance)


@pytest.mark.parametrize(
    ("table", "splits"), [(LABELS, {"val", "test"}), (TABLE, {"train"})], ids=["measured", "train"]
)
def test_labels_name_parts_of_photos_of_their_own_split(table: Path, splits: set[str]) -> None:
    known = {row.sha256: row for folder in FOLDERS for row in rows(folder)}
    lines = table.read_text("utf-8").splitlines()[1:]
    seen = set()
    for line in lines:
        sha, folder, file, damage, parts, *second = line.split(",")
        assert (known[sha].folder, known[sha].file, known[sha].split in splits) == (folder, file, True)
        assert set(parts.split("|")) <= set(ANSWERS)
        assert all(set(told.split("|")) <= set(ANSWERS) for told in second if told)
        assert (sha, damage) not in seen
        seen.add((sha, damage))
    assert len(lines) > 100


def test_looking_finds_what_detecting_finds_and_tells_both_maps() -> None:
    detector = Detector(open_model(card_of("parts"), "cpu"))
    photo = rgb(Path(__file__).resolve().parents[2] / "examples/rear_end_complete/contact_far.jpg")
    (found,) = detector.detect((photo,))
    looked, seen = detector.look(photo)
    assert found
    assert looked == found
    assert [m.shape for m in seen.maps] == [(128, 26, 26), (256, 13, 13)]
    h, w = photo.shape[:2]
    x0, y0, x1, y1 = seen.placed((0, 0, w, h))
    assert (x1 - x0, y1 - y0) == pytest.approx((w / max(w, h), h / max(w, h)), abs=0.01)
