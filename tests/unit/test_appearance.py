"""Histogram of a vehicle's box, its packed vector, and what is told of small boxes."""

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
from vision.models.appearance import BINS, Appearance, histogram, packed
from vision.models.card import card_of
from vision.models.session import open_model
from vision.types import Box, PhotoFacts, VehicleColour

WHOLE: Box = (0, 0, 120, 90)


def plain(colour: tuple[int, int, int]) -> np.ndarray:
    return np.full((90, 120, 3), colour, np.uint8)


def test_a_histogram_holds_every_pixel_once() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (90, 120, 3), np.uint8)
    counted = histogram(noise, WHOLE)
    assert counted.shape == (BINS**3,)
    assert (counted**2).sum() == pytest.approx(1.0, abs=1e-4)


def test_what_lies_outside_the_box_does_not_count() -> None:
    half = plain((200, 20, 20))
    half[:, 60:] = (20, 20, 200)
    assert np.allclose(histogram(half, (0, 0, 60, 90)), histogram(plain((200, 20, 20)), WHOLE))


@pytest.fixture(scope="module")
def model() -> Appearance:
    return Appearance(open_model(card_of("appearance"), "cpu"))


@pytest.mark.parametrize("box", [(0, 0, 120, 40), (0, 0, 47, 90)])
def test_nothing_is_told_of_a_small_box(model: Appearance, box: Box) -> None:
    (told,) = model.look(plain((200, 20, 20)), (box,))
    assert told == (None, 0.0, None)


def test_boxes_keep_their_order(model: Appearance) -> None:
    pixels = plain((240, 240, 240))
    pixels[:, 60:] = (190, 10, 20)
    small, left, right = model.look(pixels, ((0, 0, 9, 9), (0, 0, 60, 90), (60, 0, 120, 90)))
    assert small[2] is None
    assert right[0] is VehicleColour.RED
    assert left[0] is not VehicleColour.RED
    assert left[2] != right[2]


def test_a_vector_is_of_length_one_and_packs_to_44_characters(model: Appearance) -> None:
    vectors, chances = model.raw(np.stack([histogram(plain((90, 90, 95)), WHOLE)]))
    assert np.linalg.norm(vectors[0]) == pytest.approx(1.0, abs=1e-5)
    assert chances.sum() == pytest.approx(1.0, abs=1e-5)
    assert len(packed(vectors[0])) == 44


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=32))
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
