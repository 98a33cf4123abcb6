"""The part a damage sits on: what the network is shown, and the shipped network's answers."""

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
from datasets.training.damage_part_set import TABLE, Place, flipped, on_a_part, turned, varied
from vision.geometry import GREY
from vision.models.card import card_of
from vision.models.damage_part import LEAST, NONE, SIDE, DamagePart, around, placed, seen, whole
from vision.models.session import open_model
from vision.types import Box, PartKind, Pixels


def striped(width: int = 400, height: int = 200) -> Pixels:
    """Left half black, right half white."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, width // 2 :] = 255
    return pixels


def test_the_whole_photo_lies_in_the_middle_of_its_square() -> None:
    photo = striped()
    assert whole(photo) == (0, -100, 400, 300)
    look = seen(photo, whole(photo))
    assert look.shape == (SIDE, SIDE, 3)
    assert (look[: SIDE // 4 - 1] == GREY).all() and (look[-SIDE // 4 + 1 :] == GREY).all()
    middle = look[SIDE // 4 : -SIDE // 4]
    assert (middle[:, : SIDE // 2] == 0).all() and (middle[:, SIDE // 2 :] == 255).all()


@pytest.mark.parametrize(
    ("box", "window"),
    [((180, 80, 220, 100), (140, 30, 260, 150)), ((198, 99, 202, 101), (140, 40, 260, 160)),
     ((0, 0, 100, 20), (-100, -140, 200, 160))],
)  # fmt: skip
def test_the_surroundings_are_a_square_of_three_times_the_damage_or_a_third_of_the_photo(box: Box, window: Box) -> None:
    assert around(box, striped()) == pytest.approx(window)


def test_what_lies_beyond_the_photo_is_grey() -> None:
    look = seen(striped(), (-100, -140, 200, 160))
    assert (look[:, : SIDE // 3 - 1] == GREY).all()
    assert (look[SIDE // 2, SIDE // 3 + 1 :] == 0).all()


def test_a_window_wholly_outside_and_a_photo_of_one_pixel_can_be_looked_at() -> None:
    assert seen(striped(), (1000, 1000, 1200, 1200)).shape == (SIDE, SIDE, 3)
    dot = np.zeros((1, 1, 3), np.uint8)
    assert (seen(dot, whole(dot)) == 0).all()


@given(st.tuples(*[st.floats(-900, 900)] * 2), st.floats(1, 2000))
def test_every_window_can_be_looked_at(corner: tuple[float, float], side: float) -> None:
    x, y = corner
    assert seen(striped(), (x, y, x + side, y + side)).shape == (SIDE, SIDE, 3)


def test_a_place_is_told_in_shares_of_the_window() -> None:
    assert placed((180, 80, 220, 100), (140, 30, 260, 150)) == pytest.approx((1 / 3, 5 / 12, 2 / 3, 7 / 12))
    assert placed((-50, 0, 999, 10), (0, 0, 100, 100)) == pytest.approx((0, 0, 1, 0.1))


def test_a_mirrored_box_keeps_its_size_and_turns_back() -> None:
    assert turned((10, 5, 30, 9), 100) == (70, 5, 90, 9)
    assert turned(turned((10, 5, 30, 9), 100), 100) == (10, 5, 30, 9)


def test_a_flipped_place_is_on_the_other_side() -> None:
    left, right = (ANSWERS.index(p) for p in (PartKind.FRONT_LEFT_DOOR.value, PartKind.FRONT_RIGHT_DOOR.value))
    place = Place(striped(), (10, 5, 30, 9), (left, len(ANSWERS) - 1), 1.0)
    back = flipped(place)
    assert (back.box, set(back.right)) == ((370, 5, 390, 9), {right, len(ANSWERS) - 1})
    assert (back.pixels[:, :200] == 255).all()


def test_a_place_on_a_part_is_on_all_parts_that_hold_much_of_it() -> None:
    boxes = ((1, (100.0, 50.0, 200.0, 150.0)), (4, (90.0, 40.0, 210.0, 160.0)), (7, (300.0, 0.0, 400.0, 50.0)))
    for seed in range(50):
        rng = np.random.default_rng(seed)
        place = on_a_part(striped(), boxes, rng)
        x0, y0, x1, y1 = place.box
        assert 0 <= x0 < x1 <= 400 and 0 <= y0 < y1 <= 200
        assert set(place.right) in ({1, 4}, {7}, {1}, {4})
        shown = varied(place, rng)
        assert shown.afar.shape == shown.near.shape == (SIDE, SIDE, 3)
        x0, y0, x1, y1 = shown.places[1]
        assert x1 - x0 <= 0.6 and y1 - y0 <= 0.6  # the surroundings are larger than the damage


def test_the_shipped_network_tells_a_part_or_none_whatever_is_asked_with_it() -> None:
    reader = DamagePart(open_model(card_of("damage_part"), "cpu"))
    boxes: list[Box] = [(240.0, 120.0, 300.0, 160.0), (0.0, 0.0, 4.0, 4.0)] * 5
    chances = reader.chances(striped(), boxes)
    assert reader.session.labels == ANSWERS == (*(p.value for p in PartKind), NONE)
    assert chances.shape == (10, len(ANSWERS))
    assert chances.sum(1) == pytest.approx(np.ones(10), abs=1e-4)
    assert chances[8:] == pytest.approx(reader.chances(striped(), boxes[:2]), abs=1e-3)
    told = reader.tell(striped(), boxes)
    assert [score for _, score in told] == pytest.approx(chances.max(1))
    assert reader.tell(striped(), []) == ()
    smaller = reader.chances(striped(), boxes[:2], striped(200, 100))
    assert smaller == pytest.approx(chances[:2], abs=0.05)


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
        ((told, score),) = reader.tell(striped(), [(0.0, 0.0, 9.0, 9.0)])
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
