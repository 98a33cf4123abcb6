"""The histogram of a vehicle's box, its packed vector, and what is told of small boxes."""

from __future__ import annotations

import base64
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.labels.same_vehicle import Pair, load_pairs, vehicles_of
from datasets.splits import rows
from tests.handmade import scene
from vision import wire
from vision.geometry import Letterbox
from vision.models.appearance import BINS, Appearance, features, histogram, packed
from vision.models.card import card_of
from vision.models.session import open_model
from vision.models.squares import square, squares
from vision.models.yolo import Sight
from vision.types import Box, PhotoFacts, VehicleColour

WHOLE: Box = (0, 0, 120, 90)


def plain(colour: tuple[int, int, int]) -> np.ndarray:
    return np.full((90, 120, 3), colour, np.uint8)


def seen(maps: tuple[np.ndarray, ...] | None = None) -> Sight:
    """The parts network's maps of a photo of 120 x 90, in a square of 416; drawn by chance where not given."""
    scale = 416 / 120
    random = np.random.default_rng(2)
    drawn = tuple(random.normal(size=size).astype(np.float32) for size in ((128, 26, 26), (256, 13, 13)))
    return Sight(maps or drawn, Letterbox(scale, 0.0, (416 - 90 * scale) / 2), 416)


def test_the_histogram_holds_every_pixel_once() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (90, 120, 3), np.uint8)
    counted = histogram(square(noise, WHOLE))
    assert len(counted) == np.prod(BINS)
    assert (counted**2).sum() == pytest.approx(1.0, abs=1e-4)


def test_what_lies_outside_the_box_does_not_count() -> None:
    half = plain((200, 20, 20))
    half[:, 60:] = (20, 20, 200)
    assert np.allclose(histogram(square(half, (0, 0, 60, 90))), histogram(plain((200, 20, 20))))


@pytest.mark.parametrize(
    ("one", "other"), [((128, 128, 128), (131, 128, 125)), ((200, 30, 10), (220, 120, 0)), ((60, 60, 60), (66, 66, 66))]
)
def test_cells_tell_what_paints_differ_by(one: tuple[int, int, int], other: tuple[int, int, int]) -> None:
    """A tint of grey, red from orange, a shade: the farther apart, the less the cells share."""
    first, second = (histogram(plain(colour)) for colour in (one, other))
    assert first @ second < 0.97


def test_maps_count_within_the_box_only() -> None:
    middle, coarse = np.zeros((128, 26, 26), np.float32), np.zeros((256, 13, 13), np.float32)
    middle[5, :, :13], coarse[7] = 1.0, 2.0
    left, right = (
        features(plain((90, 90, 95)), seen((middle, coarse)), box)[-384:] for box in ((0, 0, 60, 90), (60, 0, 120, 90))
    )
    assert left[5] == pytest.approx(1.0)
    assert right[5] == pytest.approx(0.0)
    assert left[128 + 7] == right[128 + 7] == pytest.approx(2.0)


@pytest.fixture(scope="module")
def model() -> Appearance:
    return Appearance(open_model(card_of("appearance"), "cpu"))


@pytest.mark.parametrize("box", [(0, 0, 120, 40), (0, 0, 47, 90)])
def test_nothing_is_told_of_a_small_box(model: Appearance, box: Box) -> None:
    (told,) = model.look(squares(plain((200, 20, 20)), (box,)), seen(), (box,))
    assert told is None


def test_boxes_keep_their_order(model: Appearance) -> None:
    pixels = plain((240, 240, 240))
    pixels[:, 60:] = (190, 10, 20)
    halves: tuple[Box, ...] = ((0, 0, 60, 90), (60, 0, 120, 90))
    boxes: tuple[Box, ...] = ((0, 0, 9, 9), *halves)
    small, left, right = model.look(squares(pixels, boxes), seen(), boxes)
    assert small is None and left != right
    assert [left, right] == [model.look(squares(pixels, (box,)), seen(), (box,))[0] for box in halves]


def test_a_vector_is_of_length_one_and_packs_to_88_characters(model: Appearance) -> None:
    vectors = model.raw(np.stack([features(plain((90, 90, 95)), seen(), WHOLE)]))
    assert np.linalg.norm(vectors[0]) == pytest.approx(1.0, abs=1e-5)
    assert len(packed(vectors[0])) == 88


def test_colours_and_maps_have_their_shares_of_the_vector(model: Appearance) -> None:
    """The vector of what is seen in another photo's maps keeps the colours' part and changes the other."""
    one = features(plain((90, 90, 95)), seen(), WHOLE)
    other = one.copy()
    other[np.prod(BINS) :] = 0.0
    a, b = model.raw(np.stack([one, other]))
    assert np.allclose(a[:48], b[:48], atol=1e-6)
    assert not np.allclose(a[48:], b[48:], atol=1e-2)
    assert (a[48:] ** 2).sum() == pytest.approx(0.25, abs=1e-5)


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=64))
def test_a_packed_vector_comes_back_within_half_a_step(values: list[float]) -> None:
    vector = np.array(values, np.float32)
    back = np.frombuffer(base64.b64decode(packed(vector)), np.int8) / 127
    assert np.abs(back - vector).max() <= 0.5 / 127 + 1e-6


def test_what_a_vehicle_looks_like_goes_through_the_contract_and_may_lack_in_older_lines() -> None:
    facts = scene()
    car = replace(facts.vehicles[0], colour=VehicleColour.RED, colour_score=0.9, appearance="AAAA")
    line = wire.facts_to_json(replace(facts, vehicles=(car,)))
    assert line["vehicles"][0]["colour"] == "red"
    back = wire.facts_from_json(line)
    assert isinstance(back, PhotoFacts)
    assert back.vehicles == (car,)
    for key in ("colour", "colour_score", "appearance"):
        del line["vehicles"][0][key]
    older = wire.facts_from_json(line)
    assert isinstance(older, PhotoFacts)
    assert older.vehicles[0].appearance is None


def test_pairs_lie_within_one_split_and_agree_with_each_other() -> None:
    pairs, split = load_pairs(), {row.sha256: row.split for row in rows()}
    assert all(split[p.sha256_a] == split[p.sha256_b] == p.split for p in pairs)
    assert {p.split for p in pairs} == {"val", "test"}
    vehicles = vehicles_of(pairs)
    assert all((vehicles[p.sha256_a] == vehicles[p.sha256_b]) is p.same for p in pairs)


def test_vehicles_are_joined_through_a_third_photo() -> None:
    chain = [Pair("a", "b", True, "val", ""), Pair("c", "d", True, "val", ""), Pair("b", "c", True, "val", "")]
    assert len(set(vehicles_of(tuple(chain)).values())) == 1
